#include "model/names.h"

#include "model/text_rules.h"

namespace hallmark::model {
namespace {

constexpr std::size_t object_key_bytes_max = 1024;  // S3's own limit
constexpr std::size_t object_version_bytes_max = 1024;

// "10.0.0.1": four groups of digits. S3 refuses such names, since virtual hosts are made of them.
bool is_ipv4_form(std::string_view text) {
  int dots = 0;
  for (const char c : text) {
    if (c != '.' && !is_digit(c)) return false;
    if (c == '.') ++dots;
  }
  return dots == 3;
}

bool is_bucket_name(std::string_view text) {
  const auto allowed = [](char c) { return is_lower_or_digit(c) || c == '.' || c == '-'; };
  return consists_of(text, 3, 63, allowed) && is_lower_or_digit(text.front()) &&
         is_lower_or_digit(text.back()) && text.find("..") == std::string_view::npos &&
         !is_ipv4_form(text);
}

bool is_object_key(std::string_view text) {
  return !text.empty() && text.size() <= object_key_bytes_max &&
         text.find('\0') == std::string_view::npos && count_characters(text).has_value();
}

Result<void> require(bool kept,
                     const char* rule) {  // the outcome of a rule, and what to say if not
  if (kept) return {};
  return invalid(rule);
}

}  // namespace

Result<void> AccountIdRule::check(std::string_view text) {
  return require(consists_of(text, 12, 12, is_digit), "accountId must match ^[0-9]{12}$.");
}

Result<void> ProfileNameRule::check(std::string_view text) {
  const auto allowed = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return require(consists_of(text, 2, 64, allowed), "profileName must match ^[a-zA-Z0-9_]{2,64}$.");
}

Result<void> ProfileVersionRule::check(std::string_view text) {
  return require(consists_of(text, 10, 10, is_alphanumeric),
                 "profileVersion must match ^[a-zA-Z0-9]{10}$.");
}

Result<void> BucketNameRule::check(std::string_view text) {
  return require(is_bucket_name(text),
                 "bucketName must be 3 to 63 lower-case letters, digits, dots and hyphens, begin "
                 "and end with a letter or a digit, have no two dots in a row and not be formed "
                 "like an IP address.");
}

Result<void> ObjectKeyRule::check(std::string_view text) {
  return require(is_object_key(text), "key must be 1 to 1024 bytes of UTF-8 without NUL.");
}

Result<void> ObjectVersionRule::check(std::string_view text) {
  const auto printable = [](char c) { return c >= '!' && c <= '~'; };
  return require(consists_of(text, 1, object_version_bytes_max, printable),
                 "version must be 1 to 1024 printable ASCII characters.");
}

}  // namespace hallmark::model
