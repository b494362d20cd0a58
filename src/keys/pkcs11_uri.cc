#include "keys/pkcs11_uri.h"

#include <charconv>

#include <fmt/format.h>

#include "base/encoding.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t uri_bytes_max = 2'048;

Error wrong(std::string_view why) { return invalid(fmt::format("The pkcs11: URI {}.", why)); }

// A zero byte would end the text early where C reads it.
Result<std::string> percent_decoded(std::string_view text) {
  auto decoded = percent_decode(text);
  if (!decoded) return wrong("has a % that two hexadecimal digits do not follow");
  for (const char c : *decoded) {
    if (std::uint8_t(c) < 0x20 || c == 0x7f) return wrong("has a control character");
  }
  return *std::move(decoded);
}

struct Attribute {
  std::string_view name;
  std::string Pkcs11Uri::*field;
};
constexpr Attribute path_attributes[] = {
    {"token", &Pkcs11Uri::token},
    {"serial", &Pkcs11Uri::serial},
    {"manufacturer", &Pkcs11Uri::manufacturer},
    {"model", &Pkcs11Uri::model},
    {"object", &Pkcs11Uri::object},
};

Result<void> set_once(std::string& field, std::string value) {
  if (value.empty()) return wrong("has an attribute without a value");
  if (!field.empty()) return wrong("has an attribute twice");
  field = std::move(value);
  return {};
}

Result<void> read_slot(Pkcs11Uri& uri, std::string_view value) {
  unsigned long number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    return wrong("has a slot-id that is no number");
  }
  if (uri.slot) return wrong("has an attribute twice");
  uri.slot = number;
  return {};
}

Result<void> read_path_attribute(Pkcs11Uri& uri, std::string_view name, std::string value) {
  if (name == "slot-id") return read_slot(uri, value);
  // Says which objects of the token are meant: ours are keys, always.
  if (name == "type" && (value == "private" || value == "secret-key")) return {};
  for (const Attribute& attribute : path_attributes) {
    if (attribute.name == name) return set_once(uri.*attribute.field, std::move(value));
  }
  return wrong("has an attribute that is not known here");
}

Result<void> read_query_attribute(Pkcs11Uri& uri, std::string_view name, std::string value) {
  if (name == "pin-source") return set_once(uri.pin_source, std::move(value));
  if (name == "pin-value") {
    return wrong("must not hold the PIN: name its file by pin-source=file:PATH");
  }
  if (name != "module-path") return wrong("has an attribute in its query that is not known here");
  if (!value.starts_with('/')) return wrong("must have an absolute module-path");
  if (!uri.module_path.empty()) return wrong("has an attribute twice");
  uri.module_path = std::move(value);
  return {};
}

// `name=value` parts with a separator between them, each read by `read`.
Result<void> read_parts(Pkcs11Uri& uri, std::string_view text, char separator,
                        Result<void> (*read)(Pkcs11Uri&, std::string_view, std::string)) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return wrong("has an attribute without a value");
    TRY(auto value, percent_decoded(part.substr(equals + 1)));
    TRY(read(uri, part.substr(0, equals), std::move(value)));
  }
  return {};
}

}  // namespace

Result<Pkcs11Uri> Pkcs11Uri::parse(std::string_view text) {
  if (!text.starts_with(pkcs11_scheme)) return invalid("A pkcs11: URI begins with `pkcs11:`.");
  if (text.size() > uri_bytes_max) return wrong("is too long");
  text.remove_prefix(pkcs11_scheme.size());
  const std::string_view path = text.substr(0, text.find('?'));
  const std::string_view query = text.substr(std::min(text.size(), path.size() + 1));
  Pkcs11Uri uri;
  TRY(read_parts(uri, path, ';', read_path_attribute));
  TRY(read_parts(uri, query, '&', read_query_attribute));
  if (uri.token.empty() && uri.serial.empty() && !uri.slot) {
    return wrong("must name its token by token=, serial= or slot-id=");
  }
  if (uri.module_path.empty()) return wrong("must name the token's module by module-path=");
  return uri;
}

std::string Pkcs11Uri::text() const {
  if (!token.empty()) return fmt::format("token {}", token);
  if (!serial.empty()) return fmt::format("token of serial number {}", serial);
  return fmt::format("token of slot {}", slot.value_or(0));
}

}  // namespace hallmark::keys
