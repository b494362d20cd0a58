#include <algorithm>

#include "crypto/cms.h"
#include "crypto/der.h"

namespace hallmark::crypto {
namespace {

// The content of one value with this tag, whole and in DER: writing it again gives the same bytes.
Result<std::string_view> content_of(std::uint8_t tag, ByteView der) {
  const Error wrong = corrupt("An attribute's value is not of its type.");
  for (std::size_t header = 2; header <= std::min<std::size_t>(der.size(), 6); ++header) {
    const ByteView content = der.subspan(header);
    if (der::value(tag, content) == copy_of(der)) return text_of(content);
  }
  return wrong;
}

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Bytes der_utf8_string(std::string_view text) { return der::utf8_string(text); }

Bytes der_generalized_time(Timestamp time) { return der::generalized_time(time); }

Result<std::string> utf8_string_from_der(ByteView der) {
  TRY(const auto text, content_of(der::utf8_string_tag, der));
  if (!der::is_utf8(text)) return corrupt("An attribute's text is not UTF-8.");
  return std::string(text);
}

// "YYYYMMDDHHMMSSZ", or with one to three digits of a fraction. DER drops the fraction's trailing
// zeros (X.690 §11.7), but others are known to write all three digits: they mean the same.
Result<Timestamp> generalized_time_from_der(ByteView der) {
  constexpr std::size_t whole_digits = 14;
  constexpr std::size_t fraction_digits_max = 3;
  TRY(auto text, content_of(der::generalized_time_tag, der));
  const Error wrong = corrupt("An attribute's time cannot be read.");
  if (text.size() <= whole_digits || text.back() != 'Z') return wrong;
  text.remove_suffix(1);
  const std::string_view whole = text.substr(0, whole_digits);
  std::string fraction(text.substr(whole_digits));
  if (!is_digits(whole)) return wrong;

  std::int64_t millis = 0;
  if (!fraction.empty()) {
    const bool has_digits = fraction.size() > 1 && fraction.size() <= 1 + fraction_digits_max;
    fraction.erase(0, 1);
    if (text[whole_digits] != '.' || !has_digits || !is_digits(fraction)) return wrong;
    fraction.resize(fraction_digits_max, '0');
    for (const char digit : fraction) millis = millis * 10 + (digit - '0');
  }
  const auto seconds =
      from_basic(std::string(whole.substr(0, 8)) + "T" + std::string(whole.substr(8)) + "Z");
  if (!seconds) return wrong;
  return *seconds + std::chrono::milliseconds(millis);
}

}  // namespace hallmark::crypto
