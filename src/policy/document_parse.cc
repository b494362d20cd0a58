#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"
#include "base/limits.h"
#include "policy/statement.h"

namespace hallmark::policy {
namespace {

constexpr std::array<std::string_view, 3> document_elements = {"Version", "Id", "Statement"};

// The reader speaks of a request body, and calls a wrong type malformed.
Error in_words_of_policies(Error error) {
  constexpr std::string_view body = "request body";
  const std::size_t at = error.message.find(body);
  if (at != std::string::npos) error.message.replace(at, body.size(), "policy document");
  return invalid(std::move(error.message));
}

// Of valid JSON: outside strings only null has an 'n'. The reader takes a null member for an absent
// one, and a statement must not grow because its "Condition" is null.
bool has_null(std::string_view json) {
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') {
      in_string = !in_string;
    } else if (in_string && json[i] == '\\') {
      ++i;
    } else if (!in_string && json[i] == 'n') {
      return true;
    }
  }
  return false;
}

// "If you do not include a Version element, the value defaults to 2008-10-17."
Result<Version> parse_version(const JsonObject& document) {
  TRY(auto version, document.find_text("Version"));
  if (!version || *version == "2008-10-17") return Version::v2008_10_17;
  if (*version == "2012-10-17") return Version::v2012_10_17;
  return invalid("Version must be 2012-10-17 or 2008-10-17.");
}

Result<void> check_elements(const JsonObject& document) {
  for (const auto& [name, value] : document.members()) {
    if (std::ranges::find(document_elements, name) == document_elements.end()) {
      return invalid(fmt::format("{} is not an element of a policy document.", value.path()));
    }
  }
  TRY(document.find_text("Id"));
  return {};
}

Result<void> check_unique(const std::vector<Statement>& statements) {
  std::vector<std::string_view> sids;
  for (const Statement& statement : statements) {
    if (!statement.sid.empty()) sids.push_back(statement.sid);
  }
  std::ranges::sort(sids);
  const auto twice = std::ranges::adjacent_find(sids);
  if (twice == sids.end()) return {};
  return invalid(fmt::format("Statement has two statements with the Sid {}.", *twice));
}

Result<std::vector<Statement>> parse_statements(const JsonObject& document, DocumentKind kind) {
  TRY(check_elements(document));
  TRY(auto version, parse_version(document));
  TRY(auto element, document.get("Statement"));
  std::vector<JsonValue> values = {element};
  if (element.is_array()) {
    TRY(values, element.array());
  }
  if (values.empty()) return invalid("Statement must not be empty.");
  std::vector<Statement> statements;
  for (const JsonValue& value : values) {
    TRY(auto statement, parse_statement(value, version, kind));
    statements.push_back(std::move(statement));
  }
  TRY(check_unique(statements));
  return statements;
}

Result<std::vector<Statement>> parse_json(std::string_view json, DocumentKind kind) {
  TRY(auto document, JsonDocument::parse(json));
  TRY(auto root, document.root().object());
  return parse_statements(root, kind);
}

}  // namespace

Result<Document> Document::parse(std::string_view json, DocumentKind kind) {
  if (json.size() > limits::policy_document_bytes_max) {
    return invalid(fmt::format("The policy document must be at most {} bytes.",
                               limits::policy_document_bytes_max));
  }
  auto statements = parse_json(json, kind);
  if (!statements) return in_words_of_policies(std::move(statements.error()));
  if (has_null(json)) {
    return invalid("The policy document must not hold null: leave the element out instead.");
  }
  return Document(std::make_shared<const Parsed>(Parsed{*std::move(statements)}));
}

}  // namespace hallmark::policy
