#include "server/configuration.h"

#include <charconv>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/address.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/operator_words.h"
#include "server/configuration_settings.h"

namespace hallmark::server {
namespace {

// toml++ 3.3 descends once more for every dot of a name, without a bound: this many are harmless,
// and no file of configuration_bytes_max needs them.
constexpr std::size_t dots_max = 4'096;

// One value of the file: what it is called and where it stands.
struct Place {
  const toml::node& node;
  std::string name;  // "throttle.burst_seconds"
  const Rule& rule;
};

class Reader {
 public:
  explicit Reader(const ConfigurationSource& source) : source_(source) {}

  template <class Owner>
  Result<void> read_table(const toml::table& table, std::string_view prefix, Owner& owner) const {
    for (auto&& [key, node] : table) {
      const std::string name = fmt::format("{}{}", prefix, key.str());
      const auto& settings = settings_of(owner);
      const auto setting = std::ranges::find(settings, key.str(), &Setting<Owner>::name);
      if (setting == settings.end()) return wrong(key.source(), name, "is not a setting");
      const Place place = {node, name, setting->rule};
      TRY(std::visit([&](auto field) { return read(place, owner.*field); }, setting->field));
    }
    return {};
  }

  Error wrong(const toml::source_region& where, std::string_view name,
              std::string_view fault) const {
    const std::string_view shown = is_printable(name) ? name : "a name that cannot be shown";
    return invalid(
        fmt::format("{}:{}: {} {}.", source_.file.string(), where.begin.line, shown, fault));
  }

 private:
  Error wrong(const Place& place) const {
    return wrong(place.node.source(), place.name, fmt::format("must be {}", place.rule.what));
  }

  Result<std::string> text_of(const Place& place) const {
    const auto text = place.node.value_exact<std::string>();
    if (!text || !place.rule.holds(*text)) return wrong(place);
    return *text;
  }

  Result<void> read(const Place& place, std::optional<ListenAddress>& into) const {
    TRY(const auto text, text_of(place));
    auto address = ListenAddress::parse(text);
    if (!address) return wrong(place);
    into = *std::move(address);
    return {};
  }

  Result<void> read(const Place& place, std::string& into) const {
    TRY(into, text_of(place));
    return {};
  }

  Result<void> read(const Place& place, std::filesystem::path& into) const {
    TRY(const auto text, text_of(place));
    into = std::filesystem::absolute(source_.file).parent_path() / text;
    return {};
  }

  Result<void> read(const Place& place, bool& into) const {
    const auto boolean = place.node.value_exact<bool>();
    if (!boolean) return wrong(place);
    into = *boolean;
    return {};
  }

  Result<void> read(const Place& place, std::size_t& into) const {
    const auto number = place.node.value_exact<std::int64_t>();
    if (!number || *number < 0) return wrong(place);
    into = std::size_t(*number);
    if (into < place.rule.least || into > place.rule.most) return wrong(place);
    return {};
  }

  Result<void> read(const Place& place, std::vector<std::string>& into) const {
    TRY(const auto* const array, array_of(place));
    for (const toml::node& node : *array) {
      const Rule rule = {place.rule.each, place.rule.holds};
      const Place element = {node, fmt::format("{}[{}]", place.name, into.size()), rule};
      TRY(auto text, text_of(element));
      into.push_back(std::move(text));
    }
    return {};
  }

  Result<void> read(const Place& place,
                    std::map<std::string, std::size_t, std::less<>>& into) const {
    TRY(const auto* const table, table_of(place));
    for (auto&& [key, node] : *table) {
      const Place rate = {node, fmt::format("{}.{}", place.name, key.str()), place.rule};
      if (std::ranges::find(source_.operations, key.str()) == source_.operations.end()) {
        return wrong(key.source(), rate.name, "is not an operation");
      }
      TRY(read(rate, into[std::string(key.str())]));
    }
    return {};
  }

  Result<void> read(const Place& place,
                    std::map<std::string, std::string, std::less<>>& into) const {
    TRY(const auto* const table, table_of(place));
    for (auto&& [key, node] : *table) {
      const Place owner = {node, fmt::format("{}.{}", place.name, key.str()), place.rule};
      if (!objects::is_bucket_name(key.str())) {
        return wrong(key.source(), owner.name, "is not the name of a bucket");
      }
      TRY(into[std::string(key.str())], text_of(owner));
    }
    return {};
  }

  Result<void> read(const Place& place, AuditSettings& into) const {
    TRY(const auto* const table, table_of(place));
    TRY(read_table(*table, place.name + ".", into));
    // What goes by UDP is never known to fail.
    const bool can_fail = !into.syslog.empty() && !into.syslog.starts_with("udp:");
    if (!into.required || !into.file.empty() || can_fail) return {};
    return wrong(place.node.source(), place.name,
                 "must have file, or syslog other than udp:, where required is true");
  }

  Result<void> read(const Place& place, Throttle& into) const {
    TRY(const auto* const table, table_of(place));
    return read_table(*table, place.name + ".", into);
  }

  Result<void> read(const Place& place, S3Settings& into) const {
    TRY(const auto* const table, table_of(place));
    TRY(read_table(*table, place.name + ".", into));
    const auto fault = [&](std::string_view what) {
      return wrong(place.node.source(), place.name, what);
    };
    if (into.access_key_id.empty() != into.secret_access_key_file.empty()) {
      return fault("must have access_key_id and secret_access_key_file, or neither");
    }
    if (!into.web_identity_token_file.empty() && into.role_arn.empty()) {
      return fault("must have role_arn with web_identity_token_file");
    }
    return {};
  }

  Result<void> read(const Place& place, TlsSettings& into) const {
    TRY(const auto* const table, table_of(place));
    TRY(read_table(*table, place.name + ".", into));
    if (!into.certificate_file.empty() && !into.key_file.empty()) return {};
    return wrong(place.node.source(), place.name, "must have certificate_file and key_file");
  }

  Result<void> read(const Place& place, EventSettings& into) const {
    TRY(const auto* const table, table_of(place));
    TRY(read_table(*table, place.name + ".", into));
    if (into.webhook_url.empty() == into.webhook_secret_file.empty()) return {};
    return wrong(place.node.source(), place.name,
                 "must have webhook_url and webhook_secret_file, or neither");
  }

  Result<void> read(const Place& place, std::vector<WebIdentityIssuer>& into) const {
    TRY(const auto* const array, array_of(place));
    for (const toml::node& node : *array) {
      const Place element = {node, fmt::format("{}[{}]", place.name, into.size()), table_rule};
      TRY(const auto* const table, table_of(element));
      WebIdentityIssuer issuer;
      TRY(read_table(*table, element.name + ".", issuer));
      TRY(check(element, issuer));
      if (std::ranges::find(into, issuer.issuer, &WebIdentityIssuer::issuer) != into.end()) {
        return wrong(node.source(), element.name, "has the issuer of another table");
      }
      into.push_back(std::move(issuer));
    }
    return {};
  }

  // What no setting of an issuer says alone.
  Result<void> check(const Place& place, const WebIdentityIssuer& issuer) const {
    const auto fault = [&](std::string_view what) {
      return wrong(place.node.source(), place.name, what);
    };
    if (issuer.issuer.empty()) return fault("must have issuer");
    if (issuer.audiences.empty()) return fault("must have audiences");
    if (issuer.key_set_file.empty() == issuer.key_set_url.empty()) {
      return fault("must have either key_set_file or key_set_url");
    }
    if (!issuer.key_set_ca_file.empty() && issuer.key_set_url.empty()) {
      return fault("has key_set_ca_file, which serves key_set_url only");
    }
    return {};
  }

  Result<const toml::table*> table_of(const Place& place) const {
    const toml::table* const table = place.node.as_table();
    if (table == nullptr) return wrong(place.node.source(), place.name, "must be a table");
    return table;
  }

  Result<const toml::array*> array_of(const Place& place) const {
    const toml::array* const array = place.node.as_array();
    if (array == nullptr || array->size() < place.rule.least || array->size() > place.rule.most) {
      return wrong(place);
    }
    return array;
  }

  const ConfigurationSource& source_;
};

Result<Configuration> parse_table(std::string_view text, const ConfigurationSource& source) {
  const Reader reader(source);
  // Only this exception knows the line: what() leaves it out.
  try {
    Configuration configuration;
    TRY(reader.read_table(toml::parse(text), "", configuration));
    return configuration;
  } catch (const toml::parse_error& error) {
    const std::string why = fmt::format("is not TOML: {}", error.description());
    return reader.wrong(error.source(), "this", is_printable(why) ? why : "is not TOML");
  }
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const Error wrong = invalid(fmt::format("must be {}", address_rule.what));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view address = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  ListenAddress parsed;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return wrong;
  if (address == "localhost") return parsed;
  const bool is_v6 = address.starts_with('[') && address.ends_with(']');
  if (is_v6) address = address.substr(1, address.size() - 2);
  const auto numeric = parse_address(address);
  if (!numeric || is_v6 != (address.find(':') != address.npos)) return wrong;
  parsed.address = address;
  return parsed;
}

bool ListenAddress::is_loopback() const {
  const auto numeric = parse_address(address);
  return numeric && hallmark::is_loopback(*numeric);
}

std::string ListenAddress::text() const {
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

std::size_t Throttle::rate_of(std::string_view operation) const {
  const auto own = operations.find(operation);
  return own == operations.end() ? requests_per_second : own->second;
}

std::string_view WebIdentityIssuer::federated_name() const {
  constexpr std::string_view scheme = "https://";
  std::string_view name = issuer;
  if (name.starts_with(scheme)) name.remove_prefix(scheme.size());
  return name;
}

Result<Configuration> Configuration::read(const ConfigurationSource& source) {
  auto text = read_file(source.file, limits::configuration_bytes_max);
  if (text) return parse(*text, source);
  const auto refusal = find_machine_refusal(text.error());
  return Error{text.error().kind, std::string(refusal.value_or(text.error().message)), {}};
}

Result<Configuration> Configuration::parse(std::string_view toml,
                                           const ConfigurationSource& source) {
  if (std::ranges::count(toml, '.') > std::ptrdiff_t(dots_max)) {
    return invalid(
        fmt::format("{}: the file has more than {} dots.", source.file.string(), dots_max));
  }
  return guarded([&] { return parse_table(toml, source); });
}

}  // namespace hallmark::server
