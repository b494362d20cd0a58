#include "objects/s3_errors.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace hallmark::objects {
namespace {

struct Meaning {
  std::string_view code;
  ErrorKind kind;
};

// The codes that say more than the status.
constexpr std::array<Meaning, 16> meanings = {{
    {"NoSuchBucket", ErrorKind::not_found},
    {"NoSuchKey", ErrorKind::not_found},
    {"NoSuchVersion", ErrorKind::not_found},
    {"MethodNotAllowed", ErrorKind::not_found},  // the version is a delete marker
    {"PermanentRedirect", ErrorKind::invalid},
    {"TemporaryRedirect", ErrorKind::invalid},
    {"AuthorizationHeaderMalformed", ErrorKind::invalid},  // signed for another region
    {"IllegalLocationConstraintException", ErrorKind::invalid},
    {"InvalidAccessKeyId", ErrorKind::unavailable},
    {"SignatureDoesNotMatch", ErrorKind::unavailable},
    {"InvalidToken", ErrorKind::unavailable},
    {"ExpiredToken", ErrorKind::unavailable},
    {"RequestTimeTooSkewed", ErrorKind::unavailable},
    {"QuotaExceeded", ErrorKind::unavailable},
    {"InvalidRange", ErrorKind::corrupt},
    {"PreconditionFailed", ErrorKind::corrupt},
}};

ErrorKind kind_of(const S3Answer& answer) {
  const auto found = std::ranges::find(meanings, answer.code, &Meaning::code);
  if (found != meanings.end()) return found->kind;
  if (answer.status >= 300 && answer.status < 400) return ErrorKind::invalid;
  if (answer.status == 404) return ErrorKind::not_found;
  if (answer.status == 401 || answer.status == 403) return ErrorKind::denied;
  if (answer.status == 412 || answer.status == 416) return ErrorKind::corrupt;
  if (answer.status == 507) return ErrorKind::unavailable;
  return ErrorKind::internal;
}

}  // namespace

Error no_such_bucket(std::string_view bucket) {
  return not_found(fmt::format("The bucket {} does not exist.", bucket));
}

Error no_such_version(const Location& location) {
  if (location.version.empty()) {
    return not_found(
        fmt::format("The key {} does not exist in the bucket {}.", location.key, location.bucket));
  }
  return not_found(fmt::format("The key {} in the bucket {} has no version {}.", location.key,
                               location.bucket, location.version));
}

Error unversioned_bucket(std::string_view bucket) {
  return invalid(fmt::format("The bucket {} is not versioned. A source must be.", bucket));
}

Error error_of(const S3Answer& answer, const Location& location) {
  const std::string detail = fmt::format("the object store answers {} {} for {}/{}", answer.status,
                                         answer.code, location.bucket, location.key);
  Error error{kind_of(answer), {}, detail};
  switch (error.kind) {
    case ErrorKind::not_found:
      if (answer.code == "NoSuchBucket") return no_such_bucket(location.bucket);
      if (answer.code == "NoSuchKey") {
        return no_such_version({location.bucket, location.key, {}});
      }
      return no_such_version(location);
    case ErrorKind::invalid:
      error.message = fmt::format("The bucket {} is in another region.", location.bucket);
      return error;
    case ErrorKind::denied:
      error.message = fmt::format("The object store refuses the service access to the bucket {}.",
                                  location.bucket);
      return error;
    case ErrorKind::corrupt:
      error.message = fmt::format("The object {} has changed.", location.key);
      return error;
    case ErrorKind::unavailable: return unavailable(detail);
    default: return internal_error(detail);
  }
}

}  // namespace hallmark::objects
