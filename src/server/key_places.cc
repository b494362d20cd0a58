#include "server/key_places.h"

#include <fmt/format.h>

#include "base/file.h"
#include "server/named_line.h"

namespace hallmark::server {
namespace {

constexpr std::size_t places_bytes_max = 8 * 1024;

Result<keys::KeyPlaces> read_places(const DataDirectory& directory) {
  auto text = read_file(directory.key_places(), places_bytes_max);
  if (text) return keys::KeyPlaces{named_line(*text, "keys"), named_line(*text, "master_key")};
  if (text.error().kind == ErrorKind::not_found) return keys::KeyPlaces();
  return std::move(text.error());
}

}  // namespace

Result<keys::KeyPlaces> find_key_places(const DataDirectory& directory,
                                        const keys::KeyPlaces& given) {
  TRY(auto places, read_places(directory));
  if (!given.keys.empty()) places.keys = given.keys;
  if (!given.master_key.empty()) places.master_key = given.master_key;
  std::error_code unreadable;  // is not there for us
  if (places.master_key.empty() && std::filesystem::exists(directory.master_key(), unreadable)) {
    places.master_key = directory.master_key().string();
  }
  return places;
}

Result<void> write_key_places(const DataDirectory& directory, const keys::KeyPlaces& places) {
  if ((places.keys + places.master_key).find('\n') != std::string::npos) {
    return invalid("The name of a place of keys has a line break.");
  }
  std::string text;
  if (!places.keys.empty()) text += fmt::format("keys = {}\n", places.keys);
  if (!places.master_key.empty()) text += fmt::format("master_key = {}\n", places.master_key);
  return write_file_durably(directory.key_places(), bytes_of(text), 0600);
}

}  // namespace hallmark::server
