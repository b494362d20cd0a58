#include "identity/session_record.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace hallmark::identity {
namespace {

// A version, then the fields in the order of `encode`, each behind its length (2 bytes,
// big-endian).
constexpr std::uint8_t format_version = 1;
constexpr std::size_t length_bytes = 2;
constexpr std::size_t field_bytes_max = 0xffff;
constexpr std::size_t time_bytes = 8;
constexpr std::size_t uuid_bytes = 16;

using TimeBytes = std::array<std::uint8_t, time_bytes>;

TimeBytes bytes_of_time(Timestamp time) {
  TimeBytes bytes;
  auto millis = static_cast<std::uint64_t>(unix_millis(time));
  for (std::size_t i = time_bytes; i-- > 0; millis >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(millis & 0xff);
  }
  return bytes;
}

// Hands out the fields one after the other; nothing once the bytes are not as they should be.
class Fields {
 public:
  explicit Fields(ByteView bytes) : rest_(bytes) {
    broken_ = rest_.empty() || rest_[0] != format_version;
    if (!broken_) rest_ = rest_.subspan(1);
  }

  ByteView bytes() {
    if (broken_ || rest_.size() < length_bytes) return fail();
    const std::size_t size = std::size_t(rest_[0]) << 8 | rest_[1];
    if (rest_.size() - length_bytes < size) return fail();
    const ByteView field = rest_.subspan(length_bytes, size);
    rest_ = rest_.subspan(length_bytes + size);
    return field;
  }
  std::string text() { return std::string(text_of(bytes())); }
  std::optional<Uuid> uuid() {
    const ByteView field = bytes();
    if (field.empty()) return std::nullopt;
    const auto id = Uuid::from(field);
    if (!id) fail();
    return id;
  }
  std::vector<Uuid> uuids() {
    ByteView field = bytes();
    std::vector<Uuid> ids;
    while (!broken_ && !field.empty()) {
      const auto id = Uuid::from(field.first(std::min(field.size(), uuid_bytes)));
      if (!id) {
        fail();
        return {};
      }
      ids.push_back(*id);
      field = field.subspan(uuid_bytes);
    }
    return ids;
  }
  Timestamp time() {
    const ByteView field = bytes();
    if (field.size() != time_bytes) fail();
    std::uint64_t millis = 0;
    for (const std::uint8_t byte : field) millis = millis << 8 | byte;
    return from_unix_millis(static_cast<std::int64_t>(millis));
  }

  bool at_end() const { return !broken_ && rest_.empty(); }

 private:
  ByteView fail() {
    broken_ = true;
    return {};
  }

  ByteView rest_;
  bool broken_ = false;
};

}  // namespace

Secret encode(const SessionRecord& record) {
  Bytes chain;
  for (const Uuid& role : record.chain) append(chain, role.bytes);
  const TimeBytes issued = bytes_of_time(record.issued_at);
  const TimeBytes expires = bytes_of_time(record.expires_at);
  const ByteView fields[] = {record.secret_access_key.reveal(),
                             record.role ? ByteView(record.role->bytes) : ByteView(),
                             chain,
                             bytes_of(record.name),
                             bytes_of(record.parent_access_key_id),
                             bytes_of(record.parent_unique_id),
                             bytes_of(record.policy),
                             issued,
                             expires};
  std::size_t size = 1;
  for (const ByteView field : fields) size += length_bytes + field.size();
  Secret encoded(size);
  auto to = encoded.fill().begin();
  *to++ = format_version;
  for (const ByteView field : fields) {
    CHECK(field.size() <= field_bytes_max);
    *to++ = static_cast<std::uint8_t>(field.size() >> 8);
    *to++ = static_cast<std::uint8_t>(field.size() & 0xff);
    to = std::ranges::copy(field, to).out;
  }
  return encoded;
}

std::optional<SessionRecord> decode_session(ByteView bytes) {
  Fields fields(bytes);
  SessionRecord record;
  record.secret_access_key = Secret(fields.bytes());
  record.role = fields.uuid();
  record.chain = fields.uuids();
  record.name = fields.text();
  record.parent_access_key_id = fields.text();
  record.parent_unique_id = fields.text();
  record.policy = fields.text();
  record.issued_at = fields.time();
  record.expires_at = fields.time();
  if (!fields.at_end()) return std::nullopt;
  return record;
}

}  // namespace hallmark::identity
