#include "store/postgresql_url.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

#include "base/handle.h"

namespace hallmark::store {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

using ParsedOptions = Handle<PQconninfoOption, PQconninfoFree>;

// Against what is lost without a word: a peer that vanished is noticed within half a minute. All
// writing and reading is done on the primary.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> defaults = {{
    {"sslmode", "verify-full"},
    {"target_session_attrs", "read-write"},
    {"connect_timeout", "5"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "15000"},
    {"fallback_application_name", "hallmark"},
    {"client_encoding", "UTF8"},
}};

// libpq's own message would repeat the URL.
Error unreadable() {
  return invalid(
      "The store's URL is not of the form "
      "postgresql://[USER@]HOST[:PORT]/DATABASE[?OPTION=VALUE].");
}

bool has(const Options& options, std::string_view name) {
  return std::ranges::find(options, name, &Options::value_type::first) != options.end();
}

Result<void> check(const Options& options) {
  for (const auto& [name, value] : options) {
    if (name == "password" || name == "sslpassword") {
      return invalid(
          "The store's URL holds a password. Put it into a file of mode 0600 and name that with "
          "?passfile=FILE, or use PGPASSFILE.");
    }
    if (name == "sslmode" && (value == "allow" || value == "prefer")) {
      return invalid(
          "The store's URL has an sslmode that falls back to plain text: use "
          "verify-full, or say disable.");
    }
  }
  return {};
}

}  // namespace

Result<PostgresqlUrl> PostgresqlUrl::parse(const std::string& text) {
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) return unreadable();
  char* message = nullptr;
  const ParsedOptions parsed(PQconninfoParse(text.c_str(), &message));
  PQfreemem(message);
  if (parsed == nullptr) return unreadable();
  Options options;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options.emplace_back(option->keyword, option->val);
  }
  TRY(check(options));
  for (const auto& [name, value] : defaults) {
    if (!has(options, name)) options.emplace_back(name, value);
  }
  return PostgresqlUrl(std::move(options));
}

}  // namespace hallmark::store
