#include <algorithm>

#include <fmt/format.h>

#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

constexpr std::int64_t items_max = 1'000;
constexpr std::int64_t items_default = 100;
constexpr std::string_view imported_origin = "CUSTOMER_PROVIDED";

Error invalid_arguments(std::string message) {
  return invalid(std::move(message), "InvalidArgsException");
}

using KnowsName = bool (*)(std::string_view);

// A list of names; empty when absent.
Result<std::vector<std::string>> read_names(const JsonObject& object, std::string_view member,
                                            KnowsName knows) {
  std::vector<std::string> names;
  const auto found = object.find(member);
  if (!found) return names;
  TRY(const auto elements, found->array());
  for (const JsonValue& element : elements) {
    TRY(const auto name, element.text());
    if (!knows(name)) return invalid(fmt::format("{} has an unknown value.", element.path()));
    names.emplace_back(name);
  }
  return names;
}

bool is_origin(std::string_view name) {
  return name == imported_origin || name == "AWS_MANAGED" || name == "ACME";
}

Result<void> read_includes(pki::CertificateFilter& filter, const JsonObject& includes) {
  TRY(filter.key_usages, read_names(includes, "keyUsage", pki::is_key_usage));
  TRY(filter.extended_key_usages,
      read_names(includes, "extendedKeyUsage", pki::is_extended_key_usage));
  TRY(filter.key_algorithms, read_names(includes, "keyTypes", pki::is_key_algorithm));
  // Nothing that is imported can be exported, or is managed by another service.
  TRY(const auto exported, includes.find_text("exportOption"));
  TRY(const auto manager, includes.find_text("managedBy"));
  if (exported == "ENABLED" || manager) filter.imported = false;
  return {};
}

Result<pki::CertificateFilter> read_filter(const JsonObject& body) {
  pki::CertificateFilter filter;
  TRY(filter.statuses, read_names(body, "CertificateStatuses", pki::is_certificate_status));
  TRY(const auto origins, read_names(body, "CertificateKeyPairOrigins", is_origin));
  if (!origins.empty() && std::ranges::find(origins, imported_origin) == origins.end()) {
    filter.imported = false;
  }
  TRY(const auto includes, body.find_object("Includes"));
  if (includes) TRY(read_includes(filter, *includes));
  return filter;
}

Result<pki::CreationOrder> read_order(const JsonObject& body) {
  TRY(const auto by, body.find_text("SortBy"));
  TRY(const auto order, body.find_text("SortOrder"));
  if (by.has_value() != order.has_value()) {
    return invalid_arguments("SortBy and SortOrder must be given together.");
  }
  if (!by) return pki::CreationOrder::oldest_first;
  if (by != "CREATED_AT") return invalid("SortBy must be CREATED_AT.");
  if (order == "ASCENDING") return pki::CreationOrder::oldest_first;
  if (order == "DESCENDING") return pki::CreationOrder::newest_first;
  return invalid("SortOrder must be one of [ASCENDING, DESCENDING].");
}

// What a page's token is good for: this account, this order, this filter.
std::string binding_of(const model::AccountId& account, const pki::ListCertificates& call) {
  std::vector<std::string_view> parts = {
      account.view(), pki::ListCertificates::action,
      call.order == pki::CreationOrder::newest_first ? "DESCENDING" : "ASCENDING"};
  const pki::CertificateFilter& filter = call.filter;
  for (const auto* list : {&filter.statuses, &filter.key_usages, &filter.extended_key_usages,
                           &filter.key_algorithms}) {
    parts.push_back("|");
    parts.insert(parts.end(), list->begin(), list->end());
  }
  return signing::token_binding(parts);
}

Result<std::optional<Uuid>> read_place(const JsonObject& body, const signing::PageTokens& tokens,
                                       const std::string& binding) {
  TRY(const auto token, body.find_text("NextToken"));
  if (!token) return std::optional<Uuid>();
  TRY(const auto position, tokens.open(*token, binding));
  return Uuid::parse(position);
}

Result<pki::ListCertificates> parse(const Incoming& incoming, Services& services) {
  TRY(const auto body, incoming.body_object());
  pki::ListCertificates call;
  TRY(const auto count, body.find_integer("MaxItems"));
  if (count && (*count < 1 || *count > items_max)) {
    return invalid(fmt::format("MaxItems must be from 1 to {}.", items_max));
  }
  call.count = std::size_t(count.value_or(items_default));
  TRY(call.filter, read_filter(body));
  TRY(call.order, read_order(body));
  TRY(call.after, read_place(body, services.page_tokens,
                             binding_of(incoming.caller.principal().account, call)));
  return call;
}

void write_names(JsonWriter& json, const pki::CertificateFacts& facts) {
  json.name("SubjectAlternativeNameSummaries").begin_array();
  for (const std::string& name : facts.alternative_names) json.text(name);
  json.end_array().member("HasAdditionalSubjectAlternativeNames", false);
  json.name("KeyUsages").begin_array();
  for (const std::string_view name : facts.key_usages) json.text(name);
  json.end_array().name("ExtendedKeyUsages").begin_array();
  for (const auto& usage : facts.extended_key_usages) json.text(usage.name);
  json.end_array();
}

Result<std::string> run(Services& services,
                        const access::Permitted<pki::ListCertificates>& permitted) {
  TRY(const auto page, services.certificates.list(permitted));
  JsonWriter json;
  json.begin_object().name("CertificateSummaryList").begin_array();
  for (const auto& [facts, in_use] : page.certificates) {
    json.begin_object();
    write_certificate_facts(json, facts);
    write_names(json, facts);
    json.member("InUse", in_use).end_object();
  }
  json.end_array();
  if (page.continue_after) {
    const auto& account = permitted.caller().principal().account;
    json.member("NextToken", services.page_tokens.seal(page.continue_after->text(),
                                                       binding_of(account, permitted.call())));
  }
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_certificates =
    operation<parse, run>(http::Method::post, "/", {.where = Where::pooled});

}  // namespace hallmark::api
