#include "store/driver.h"

#include <algorithm>

#include <fmt/format.h>

namespace hallmark::store {

std::optional<Timestamp> Query::find_time(int column) {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

Result<Uuid> Query::uuid(int column) {
  const auto id = Uuid::from(bytes(column));
  if (!id) return broken(column, "not 16 bytes");
  return *id;
}

Result<std::optional<Uuid>> Query::find_uuid(int column) {
  if (is_null(column)) return std::optional<Uuid>();
  TRY(Uuid id, uuid(column));
  return std::optional<Uuid>(id);
}

Result<Hash> Query::hash(int column) {
  Hash hash;
  const ByteView held = bytes(column);
  if (held.size() != hash.size()) return broken(column, "not 32 bytes");
  std::ranges::copy(held, hash.begin());
  return hash;
}

Error Query::broken(int column, std::string_view why) {
  Error error = corrupt("A stored row breaks its own rules.");
  error.detail = fmt::format("column {}: {}", column, why);
  return error;
}

Error conflict(std::string message, std::string_view reason) {
  return {ErrorKind::conflict, std::move(message), {}, reason};
}

}  // namespace hallmark::store
