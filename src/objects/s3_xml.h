// What S3 and STS say in XML. The texts come from a server that may be anybody: they are bounded
// by the client, entities are not expanded, and what is missing is an error (corrupt).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::objects {

// <Error>, of S3, or within the <ErrorResponse> of STS.
struct S3Fault {
  std::string code;
  std::string message;
  bool operator==(const S3Fault&) const = default;
};
std::optional<S3Fault> find_fault(std::string_view xml);  // nothing: the text is something else

enum class Versioning { never, enabled, suspended };
Result<Versioning> parse_versioning(std::string_view xml);  // of GetBucketVersioning

Result<std::string> parse_upload_id(std::string_view xml);  // of CreateMultipartUpload

// Of ListObjectVersions and ListMultipartUploads.
struct S3Listed {
  std::string key;
  std::string id;  // the version's, or the upload's
};
struct S3ListPage {
  std::vector<S3Listed> entries;  // delete markers are left out
  std::string next_key, next_id;  // where the next page begins
  bool is_last = true;
};
Result<S3ListPage> parse_versions(std::string_view xml);
Result<S3ListPage> parse_uploads(std::string_view xml);

struct S3Part {
  std::string etag;
  std::string sha256_base64;  // empty: the server keeps none
};
std::string completion_of(const std::vector<S3Part>& parts);  // of CompleteMultipartUpload

// Of AssumeRole and AssumeRoleWithWebIdentity.
struct StsCredentials {
  std::string access_key_id;
  Secret secret_access_key;
  std::string session_token;
  Timestamp expires_at;
};
Result<StsCredentials> parse_sts_credentials(std::string_view xml);

}  // namespace hallmark::objects
