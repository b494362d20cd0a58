// Taking the parameters of STS, and writing what its answers share. Every error names the
// parameter.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/operation.h"
#include "api/sts/xml.h"
#include "identity/sts.h"

namespace hallmark::api {

// The value; invalid when it is absent. `name` is the parameter's, "RoleArn".
Result<std::string> get_parameter(const Query& query, std::string_view name);

// DurationSeconds: 900 to `seconds_max`; nothing when absent.
Result<std::optional<std::int64_t>> read_duration(const Query& query, std::int64_t seconds_max);

// Invalid when one of the parameters is there, or, for a list, an element of it: what would not be
// honoured is refused.
Result<void> refuse_parameters(const Query& query, std::span<const std::string_view> names);

// RoleArn, RoleSessionName, Policy and DurationSeconds: what both calls that assume a role have.
struct RoleParameters {
  access::RoleResource role;
  std::string role_arn;
  identity::RoleSessionName session_name;
  std::optional<identity::SessionPolicy> policy;
  std::optional<std::int64_t> duration_seconds;
};
Result<RoleParameters> read_role_parameters(const Query& query, const model::Home& home);

void write_credentials(XmlWriter& xml, const identity::TemporaryCredentials& credentials);
// AssumedRoleUser and PackedPolicySize around the credentials.
void write_assumed_role(XmlWriter& xml, const identity::AssumedRole& role);

}  // namespace hallmark::api
