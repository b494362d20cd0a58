#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/encoding.h"
#include "sigv4/parts.h"

namespace hallmark::sigv4 {
namespace {

// The values of the seven parameters, decoded, each at most once.
struct Parameters {
  std::optional<std::string> algorithm, credential, time, expires, security_token, signed_headers,
      signature;
};

enum class Need { required, optional };

struct ParameterName {
  std::string_view name;
  std::optional<std::string> Parameters::*value;
  Need need;
};
// X-Amz-Date may be a header, and X-Amz-Expires is S3's own and known to few other services.
constexpr std::array parameter_names = {
    ParameterName{"X-Amz-Algorithm", &Parameters::algorithm, Need::required},
    ParameterName{"X-Amz-Credential", &Parameters::credential, Need::required},
    ParameterName{"X-Amz-Date", &Parameters::time, Need::optional},
    ParameterName{"X-Amz-Expires", &Parameters::expires, Need::optional},
    ParameterName{"X-Amz-Security-Token", &Parameters::security_token, Need::optional},
    ParameterName{"X-Amz-SignedHeaders", &Parameters::signed_headers, Need::required},
    ParameterName{"X-Amz-Signature", &Parameters::signature, Need::required},
};
constexpr std::string_view signature_name = "X-Amz-Signature";

// As the canonical request reads it: a broken escape stands for itself.
std::string decoded_name(std::string_view parameter) {
  const std::string_view name = parameter.substr(0, parameter.find('='));
  return percent_decode(name).value_or(std::string(name));
}

// The parameter of authentication that `name` is but for its case; null: none.
const ParameterName* find_parameter(std::string_view name) {
  const auto* found = std::ranges::find_if(parameter_names, [&](const ParameterName& known) {
    return equal_without_case(known.name, name);
  });
  return found == parameter_names.end() ? nullptr : found;
}

// Long enough and begun as one: what most parameters of most requests are not.
bool may_be_authentication(std::string_view parameter) {
  constexpr std::size_t shortest = std::string_view("X-Amz-Date").size();
  return parameter.size() >= shortest &&
         (lower(parameter.front()) == 'x' || parameter.front() == '%');
}

Result<void> read_parameter(Parameters& into, std::string_view parameter) {
  const std::string name = decoded_name(parameter);
  const ParameterName* known = find_parameter(name);
  if (known == nullptr) return {};
  if (name != known->name) {
    return incomplete(fmt::format("A query-string parameter must be spelled '{}'.", known->name));
  }
  if (into.*known->value) {
    return incomplete(fmt::format("AWS query-string has two '{}' parameters.", known->name));
  }
  const std::size_t equals = parameter.find('=');
  const auto value = equals == std::string_view::npos
                         ? std::optional(std::string())
                         : percent_decode(parameter.substr(equals + 1));
  if (!value) return incomplete(fmt::format("'{}' has a broken escape.", known->name));
  into.*known->value = *value;
  return {};
}

Result<Parameters> read_parameters(std::string_view query) {
  Parameters parameters;
  for (const std::string_view parameter : split(query, '&')) {
    if (may_be_authentication(parameter)) TRY(read_parameter(parameters, parameter));
  }
  for (const ParameterName& named : parameter_names) {
    if (named.need == Need::required && !(parameters.*named.value)) {
      return incomplete(
          fmt::format("AWS query-string parameters must include '{}'. Re-examine the query-string "
                      "parameters.",
                      named.name));
    }
  }
  return parameters;
}

Result<std::optional<std::chrono::seconds>> parse_expires(const std::optional<std::string>& text) {
  if (!text) return std::optional<std::chrono::seconds>();
  unsigned seconds = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, seconds);
  if (error != std::errc() || rest != end || seconds == 0 ||
      std::chrono::seconds(seconds) > presigned_life_max) {
    return incomplete(fmt::format("X-Amz-Expires must be a number of seconds from 1 to {}.",
                                  presigned_life_max.count()));
  }
  return std::optional(std::chrono::seconds(seconds));
}

std::string without_signature(std::string_view query) {
  std::string rest;
  rest.reserve(query.size());
  for (const std::string_view parameter : split(query, '&')) {
    if (may_be_authentication(parameter) && decoded_name(parameter) == signature_name) continue;
    if (!rest.empty()) rest += '&';
    rest += parameter;
  }
  return rest;
}

}  // namespace

bool has_query_authentication(std::string_view query) {
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    if (may_be_authentication(parameter) && find_parameter(decoded_name(parameter)) != nullptr) {
      return true;
    }
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
  }
  return false;
}

Result<QueryAuthorization> parse_query_authorization(std::string_view query) {
  TRY(auto parameters, read_parameters(query));
  if (parameters.algorithm != algorithm) {
    return incomplete("X-Amz-Algorithm must be AWS4-HMAC-SHA256.");
  }
  TRY(auto expires, parse_expires(parameters.expires));
  TRY(auto authorization, read_authorization({*parameters.credential, *parameters.signed_headers,
                                              *parameters.signature}));
  return QueryAuthorization{.authorization = std::move(authorization),
                            .time = std::move(parameters.time),
                            .expires = expires,
                            .security_token = std::move(parameters.security_token),
                            .signed_query = without_signature(query)};
}

std::string presign(const RequestView& request, std::string_view payload_sha256_hex,
                    const Presigning& how, PathStyle style) {
  const std::vector<std::string> names = signed_header_names(request);
  const std::string credential = fmt::format("{}/{}", how.access_key_id, how.scope.text());
  std::string query(request.query);
  const auto append = [&](std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query += fmt::format("{}={}", name, percent_encode(value));
  };
  append("X-Amz-Algorithm", algorithm);
  append("X-Amz-Credential", credential);
  append("X-Amz-Date", how.time);
  append("X-Amz-SignedHeaders", fmt::format("{}", fmt::join(names, ";")));
  append("X-Amz-Expires", fmt::format("{}", how.expires.count()));
  if (!how.security_token.empty()) append("X-Amz-Security-Token", how.security_token);

  RequestView with_query = request;
  with_query.query = query;
  const std::string canonical = canonical_request(with_query, names, payload_sha256_hex, style);
  append(signature_name,
         signature_hex(how.signing_key, string_to_sign(how.time, how.scope, canonical)));
  return query;
}

}  // namespace hallmark::sigv4
