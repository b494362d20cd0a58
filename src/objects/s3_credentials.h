// Whose name requests to S3 are signed in: a fixed access key, or a role's passing credentials,
// which STS gives for a base access key (AssumeRole) or for a token in a file
// (AssumeRoleWithWebIdentity, as Kubernetes has it), and which are renewed before they expire.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "http/client.h"

namespace hallmark::objects {

struct S3Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  std::string session_token = {};  // empty: long-term credentials
  std::optional<Timestamp> expires_at = {};
};

// Safe to call from any thread.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // Shared, because a request may still be signed with what has just been replaced.
  virtual Result<std::shared_ptr<const S3Credentials>> get() = 0;
  // The server said that they are expired: the next `get` brings others, if there are any.
  virtual void expire() = 0;
};

// What the operator says of credentials. The secret is in a file of its own.
struct S3Identity {
  std::string access_key_id = {};  // empty: that of the environment
  std::filesystem::path secret_access_key_file = {};
  std::string role_arn = {};  // set: this role is assumed
  std::string external_id = {};
  std::filesystem::path web_identity_token_file = {};  // set: with its token, without a base key
  std::string sts_url = {};                            // empty: https://sts.REGION.amazonaws.com

  bool operator==(const S3Identity&) const = default;
};

// A variable of the environment; empty when it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string variable_of_process(const char* name);

struct CredentialParts {
  const S3Identity& identity;  // copied
  std::string region;
  std::filesystem::path ca_file;
  const Environment& environment;  // used at once
  const Clock& clock;              // outlives the source
};

// What `identity` names; else the environment: AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN, or AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN. Asks nobody yet. Invalid:
// there are none, or they do not fit together.
Result<std::unique_ptr<CredentialSource>> make_credentials(const CredentialParts& parts);

}  // namespace hallmark::objects
