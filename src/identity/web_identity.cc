#include "identity/web_identity.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/limits.h"
#include "identity/web_identity_keys.h"
#include "identity/web_identity_token.h"
#include "policy/policy.h"

namespace hallmark::identity {
namespace {

struct TrustedIssuer {
  TrustedIssuer(WebIdentityIssuer issuer, const Clock& clock)
      : url(std::move(issuer.url)),
        audiences(std::move(issuer.audiences)),
        keys(std::move(issuer.key_set), clock) {}

  const std::string url;
  const std::vector<std::string> audiences;
  IssuerKeys keys;
};

class ConfiguredWebIdentities final : public WebIdentities {
 public:
  ConfiguredWebIdentities(std::vector<WebIdentityIssuer> issuers, const Clock& clock)
      : clock_(clock) {
    for (WebIdentityIssuer& issuer : issuers) {
      issuers_.push_back(std::make_unique<TrustedIssuer>(std::move(issuer), clock));
    }
  }

  Result<WebIdentity> verify(std::string_view text) override {
    TRY(const auto token, parse_web_identity_token(text));
    const auto issuer = std::ranges::find(
        issuers_, token.issuer, [](const auto& trusted) -> const auto& { return trusted->url; });
    if (issuer == issuers_.end()) {
      return invalid_token(
          fmt::format("No OpenIDConnect provider found in your account for {}", token.issuer));
    }
    TRY(check_signature(token, (*issuer)->keys));
    return judge_claims(token.claims, (*issuer)->url, (*issuer)->audiences, clock_.now());
  }

 private:
  static Result<void> check_signature(const WebIdentityToken& token, IssuerKeys& issuer_keys) {
    TRY(const auto keys, issuer_keys.find(token.key_id, token.algorithm));
    if (keys.empty()) {
      return invalid_token(
          "Couldn't retrieve verification key from your identity provider,  please reference "
          "AssumeRoleWithWebIdentity documentation for requirements");
    }
    for (const crypto::JsonWebKey& key : keys) {
      TRY(const bool right,
          key.verify(token.algorithm, bytes_of(token.signing_input), token.signature));
      if (right) return {};
    }
    return invalid_token("The web identity token provided could not be validated");
  }

  const Clock& clock_;
  std::vector<std::unique_ptr<TrustedIssuer>> issuers_;
};

// Whether a trust policy can say Principal: {"Federated": name}.
bool can_be_named(std::string_view name) {
  JsonWriter json;
  json.begin_object().member("Version", "2012-10-17").name("Statement").begin_object();
  json.member("Effect", "Allow").member("Action", "sts:AssumeRoleWithWebIdentity");
  json.name("Principal").begin_object().member("Federated", name).end_object();
  json.end_object().end_object();
  return policy::Document::parse(json.take(), policy::DocumentKind::resource).has_value();
}

Result<void> check_issuer(const WebIdentityIssuer& issuer) {
  const std::string_view name = issuer_name(issuer.url);
  // A name of one word could be the prefix of other condition keys: "aws:SourceIp".
  if (name.size() == issuer.url.size() || !can_be_named(name) ||
      name.find_first_of(".:/") == name.npos) {
    return invalid(
        fmt::format("The issuer {} must be a URL of https with a host of several labels "
                    "or with a port or a path, and without query and fragment.",
                    issuer.url));
  }
  if (issuer.audiences.empty()) {
    return invalid(fmt::format("The issuer {} must have an audience.", issuer.url));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<WebIdentities>> web_identities(std::vector<WebIdentityIssuer> issuers,
                                                      const Clock& clock) {
  if (issuers.size() > limits::web_identity_issuers_max) {
    return invalid(fmt::format("There may be at most {} issuers of web identities.",
                               limits::web_identity_issuers_max));
  }
  for (const WebIdentityIssuer& issuer : issuers) {
    TRY(check_issuer(issuer));
    if (std::ranges::count(issuers, issuer.url, &WebIdentityIssuer::url) > 1) {
      return invalid(fmt::format("The issuer {} is there twice.", issuer.url));
    }
  }
  return std::unique_ptr<WebIdentities>(
      std::make_unique<ConfiguredWebIdentities>(std::move(issuers), clock));
}

}  // namespace hallmark::identity
