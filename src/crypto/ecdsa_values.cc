#include "crypto/ecdsa_values.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"

namespace hallmark::crypto {
namespace {

std::size_t field_bytes(KeyKind curve) {
  const KeyRow& row = row_of(curve);
  CHECK(is_curve(row));
  return row.field_bytes;
}

Error not_der() { return corrupt("The signature is no DER of two numbers."); }

// Reads values one after the other. The content of each is shorter than 128 bytes, as every part of
// a signature is here.
class Values {
 public:
  explicit Values(ByteView der) : rest_(der) {}

  Result<ByteView> take(std::uint8_t tag) {
    if (rest_.size() < 2 || rest_[0] != tag || rest_[1] >= 0x80 || rest_[1] > rest_.size() - 2) {
      return not_der();
    }
    const ByteView content = rest_.subspan(2, rest_[1]);
    rest_ = rest_.subspan(2 + content.size());
    return content;
  }

 private:
  ByteView rest_;
};

// The content of an INTEGER into its place, which is of zeros and has the length of the field.
Result<void> place(ByteView number, MutableByteView field) {
  if (!number.empty() && number[0] == 0) number = number.subspan(1);  // the sign
  if (number.size() > field.size()) return not_der();
  std::ranges::copy(number, field.last(number.size()).begin());
  return {};
}

}  // namespace

Result<Bytes> ecdsa_raw_from_der(KeyKind curve, ByteView der) {
  const std::size_t field = field_bytes(curve);
  TRY(const ByteView content, Values(der).take(der::sequence_tag));
  Values numbers(content);
  TRY(const ByteView first, numbers.take(der::integer_tag));
  TRY(const ByteView second, numbers.take(der::integer_tag));
  Bytes raw(2 * field, 0);
  TRY(place(first, MutableByteView(raw).first(field)));
  TRY(place(second, MutableByteView(raw).last(field)));
  // What is not canonical is not how these numbers are written.
  TRY(const Bytes again, ecdsa_der_from_raw(curve, raw));
  if (!std::ranges::equal(again, der)) return not_der();
  return raw;
}

Result<Bytes> ecdsa_der_from_raw(KeyKind curve, ByteView raw) {
  const std::size_t field = field_bytes(curve);
  if (raw.size() != 2 * field) return corrupt("The signature has another length.");
  return der::sequence({der::integer(raw.first(field)), der::integer(raw.subspan(field))});
}

}  // namespace hallmark::crypto
