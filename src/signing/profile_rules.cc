#include "signing/profile_rules.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "model/platform.h"
#include "signing/tag_rules.h"

namespace hallmark::signing {
namespace {

constexpr int validity_months_max = 135;
constexpr std::size_t signing_parameters_max = 100;
constexpr std::size_t signing_parameter_bytes_max = 2048;  // of a name or a value

Result<void> check_override(std::string_view field, std::string_view value,
                            std::span<const std::string_view> allowed) {
  if (value.empty() || std::ranges::find(allowed, value) != allowed.end()) return {};
  return invalid(
      fmt::format("{} must be one of [{}] for this platform.", field, fmt::join(allowed, ", ")));
}

Result<void> check_overrides(const model::PlatformOverrides& overrides,
                             const model::Platform& platform) {
  TRY(check_override("overrides.signingConfiguration.encryptionAlgorithm",
                     overrides.encryption_algorithm, platform.encryption_algorithms));
  TRY(check_override("overrides.signingConfiguration.hashAlgorithm", overrides.hash_algorithm,
                     platform.hash_algorithms));
  return check_override("overrides.signingImageFormat", overrides.image_format,
                        platform.image_formats);
}

Result<void> check_validity(const std::optional<model::ValidityPeriod>& validity, Timestamp now) {
  if (!validity) return {};
  // Bounded before the calendar is asked: its years end at 32767.
  if (validity->value < 1 || validity->value > 10'000 ||
      model::expiry(now, *validity) > plus_months(now, validity_months_max)) {
    return invalid("signatureValidityPeriod must be at least 1 day and at most 135 months.");
  }
  return {};
}

Result<void> check_signing_parameters(const PutSigningProfile& call,
                                      const model::Platform& platform) {
  if (!call.signing_parameters.empty() && !platform.takes_parameters) {
    return invalid(fmt::format("Signing parameters should not be present when using {} platform",
                               call.platform_id));
  }
  if (call.signing_parameters.size() > signing_parameters_max) {
    return invalid(
        fmt::format("signingParameters must have at most {} entries.", signing_parameters_max));
  }
  for (const auto& [name, value] : call.signing_parameters) {
    if (name.empty() || name.size() > signing_parameter_bytes_max ||
        value.size() > signing_parameter_bytes_max) {
      return invalid(fmt::format("signingParameters: names and values must have at most {} bytes.",
                                 signing_parameter_bytes_max));
    }
  }
  return {};
}

}  // namespace

Result<void> check_profile_rules(const PutSigningProfile& call, Timestamp now) {
  const model::Platform* platform = model::find_platform(call.platform_id);
  if (platform == nullptr) {
    return invalid(
        fmt::format("platformId {} does not name a signing platform.", call.platform_id));
  }
  TRY(check_tags(call.tags));
  TRY(check_signing_parameters(call, *platform));
  TRY(check_overrides(call.overrides, *platform));
  TRY(check_validity(call.validity, now));
  if (platform->certificate_required && call.certificate_arn.empty()) {
    return invalid("signing material cannot be null.");
  }
  if (!platform->certificate_required && !call.certificate_arn.empty()) {
    return invalid(fmt::format("signingMaterial must not be present when using {} platform.",
                               call.platform_id));
  }
  return {};
}

}  // namespace hallmark::signing
