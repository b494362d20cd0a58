// Amazon Resource Names: arn:partition:service:region:account:resource.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/names.h"

namespace hallmark::model {

// Where this service is, in AWS's terms: every ARN it makes and every credential scope it accepts
// names these. Set at `init`, stored, never changed.
struct Home {
  std::string partition = "aws";
  std::string region = "us-east-1";
};

struct Arn {
  std::string partition;
  std::string service;
  std::string region;    // may be empty
  std::string account;   // may be empty
  std::string resource;  // everything after the fifth colon

  static Result<Arn> parse(std::string_view text);
  std::string text() const;
  bool operator==(const Arn&) const = default;
};

// arn:aws:signer:us-east-1:123456789012:/signing-profiles/NAME[/VERSION]
std::string profile_arn(const Home& home, const AccountId& account, const ProfileName& name);
std::string profile_version_arn(const Home& home, const AccountId& account, const ProfileName& name,
                                const ProfileVersion& version);
// arn:aws:signer:us-east-1:123456789012:/signing-jobs/UUID
std::string job_arn(const Home& home, const AccountId& account, const JobId& id);
// arn:aws:acm:us-east-1:123456789012:certificate/UUID
std::string certificate_arn(const Home& home, const AccountId& account, const Uuid& id);
// The same with an asterisk for the id: all of the account's.
std::string certificates_arn(const Home& home, const AccountId& account);
// arn:aws:iam::123456789012:role/NAME
std::string role_arn(const Home& home, const AccountId& account, std::string_view name);
// arn:aws:s3:::bucket and arn:aws:s3:::bucket/key
std::string object_arn(const Home& home, std::string_view bucket, std::string_view key);

// The reverse. Nothing: the text is no such ARN, or one of another partition or region.
struct ProfileReference {
  AccountId account;
  ProfileName name;
  std::optional<ProfileVersion> version;  // nothing: the ARN is of the profile as a whole
};
std::optional<ProfileReference> find_profile_reference(const Home& home, std::string_view arn);

struct JobReference {
  AccountId account;  // the owner of the job
  JobId id;
};
std::optional<JobReference> find_job_reference(const Home& home, std::string_view arn);

// An imported certificate. Its ARN has one text, with the id in lower case.
struct CertificateReference {
  AccountId account;
  Uuid id;
};
std::optional<CertificateReference> find_certificate_reference(const Home& home,
                                                               std::string_view arn);

}  // namespace hallmark::model
