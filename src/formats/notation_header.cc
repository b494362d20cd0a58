#include "formats/notation_header.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"

namespace hallmark::formats {
namespace {

constexpr std::string_view algorithm = "ES384";
constexpr std::string_view content_type = "application/vnd.cncf.notary.payload.v1+json";
constexpr std::string_view scheme = "notary.x509.signingAuthority";
constexpr std::string_view plugin = "com.amazonaws.signer.notation.plugin";

constexpr std::string_view scheme_member = "io.cncf.notary.signingScheme";
constexpr std::string_view time_member = "io.cncf.notary.authenticSigningTime";
constexpr std::string_view expiry_member = "io.cncf.notary.expiry";
constexpr std::string_view plugin_member = "io.cncf.notary.verificationPlugin";
constexpr std::string_view profile_member = "com.amazonaws.signer.signingProfileVersion";
constexpr std::string_view job_member = "com.amazonaws.signer.signingJob";

// RFC 7515 §4.1.11: what a verifier must understand. The registered alg, cty and crit are not
// named.
constexpr std::array critical = {scheme_member, time_member,    expiry_member,
                                 plugin_member, profile_member, job_member};
constexpr std::size_t protected_members = 3 + critical.size();

// The specification allows no fraction of a second.
std::string whole_seconds(Timestamp time) {
  return to_rfc3339(from_unix_seconds(unix_seconds(time)));
}

Result<Timestamp> read_time(const JsonObject& object, std::string_view name) {
  TRY(const auto text, of_envelope(object.get_text(name)));
  const auto time = from_rfc3339(text);
  if (time && whole_seconds(*time) == text) return *time;
  return corrupt(fmt::format("{} is no time in whole seconds.", name));
}

Result<void> check_text(const JsonObject& object, std::string_view name,
                        std::string_view expected) {
  TRY(const auto text, of_envelope(object.get_text(name)));
  if (text == expected) return {};
  return corrupt(fmt::format("{} is not {}.", name, expected));
}

Result<void> check_critical(const JsonObject& object) {
  TRY(const auto member, of_envelope(object.get("crit")));
  TRY(const auto elements, of_envelope(member.array()));
  std::set<std::string_view> named;
  for (const JsonValue& element : elements) {
    TRY(const auto name, of_envelope(element.text()));
    named.insert(name);
  }
  const std::set<std::string_view> expected(critical.begin(), critical.end());
  if (named == expected && elements.size() == expected.size()) return {};
  return corrupt("crit does not name exactly the members of the scheme.");
}

}  // namespace

std::string notation_protected_header(const Statement& statement) {
  JsonWriter json;
  json.begin_object().member("alg", algorithm);
  json.name("crit").begin_array();
  for (const std::string_view name : critical) json.text(name);
  json.end_array();
  json.member("cty", content_type).member(scheme_member, scheme);
  json.member(time_member, whole_seconds(statement.signing_time));
  json.member(expiry_member, whole_seconds(statement.expires_at));
  json.member(plugin_member, plugin);
  json.member(profile_member, statement.profile_version_arn);
  json.member(job_member, statement.job_arn).end_object();
  return json.take();
}

Result<Statement> read_notation_protected_header(std::string_view json) {
  TRY(const auto document, of_envelope(JsonDocument::parse(json)));
  TRY(const auto object, of_envelope(document.root().object()));
  TRY(check_member_count(object, protected_members));
  TRY(check_text(object, "alg", algorithm));
  TRY(check_text(object, "cty", content_type));
  TRY(check_text(object, scheme_member, scheme));
  TRY(check_text(object, plugin_member, plugin));
  TRY(check_critical(object));
  Statement statement;
  TRY(statement.signing_time, read_time(object, time_member));
  TRY(statement.expires_at, read_time(object, expiry_member));
  TRY(const auto profile, of_envelope(object.get_text(profile_member)));
  TRY(const auto job, of_envelope(object.get_text(job_member)));
  statement.profile_version_arn = profile;
  statement.job_arn = job;
  return statement;
}

std::string notation_unprotected_header(const crypto::CertificateChain& chain) {
  JsonWriter json;
  json.begin_object().name("x5c").begin_array();
  for (const crypto::Certificate& certificate : chain) json.text(to_base64(certificate.der));
  json.end_array().end_object();
  return json.take();
}

Result<crypto::CertificateChain> read_notation_chain(const JsonObject& header) {
  TRY(check_member_count(header, 1));
  TRY(const auto member, of_envelope(header.get("x5c")));
  TRY(const auto elements, of_envelope(member.array()));
  if (elements.empty() || elements.size() > limits::certificate_chain_max) {
    return corrupt("x5c is no chain of certificates.");
  }
  crypto::CertificateChain chain;
  for (const JsonValue& element : elements) {
    TRY(const auto text, of_envelope(element.text()));
    const auto der = from_base64(text);
    if (!der) return corrupt("x5c holds what is no base64.");
    TRY(auto certificate, of_envelope(crypto::Certificate::parse(*der)));
    chain.push_back(std::move(certificate));
  }
  return chain;
}

Result<void> check_notation_chain(const JsonObject& header, const crypto::CertificateChain& chain) {
  TRY(check_member_count(header, 1));
  TRY(const auto member, of_envelope(header.get("x5c")));
  TRY(const auto elements, of_envelope(member.array()));
  bool is_same = elements.size() == chain.size();
  for (std::size_t i = 0; is_same && i < elements.size(); ++i) {
    TRY(const auto text, of_envelope(elements[i].text()));
    is_same = text == to_base64(chain[i].der);
  }
  if (is_same) return {};
  return corrupt("x5c is not the chain that was expected.");
}

Result<void> check_member_count(const JsonObject& object, std::size_t count) {
  if (object.members().size() == count) return {};
  return corrupt("The envelope has other members than a signature of ours.");
}

}  // namespace hallmark::formats
