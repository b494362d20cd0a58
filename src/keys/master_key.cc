#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/aead.h"
#include "keys/file_keys.h"
#include "keys/secret_file.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t secret_bytes_max = 4096;  // that are read, to say what is wrong
constexpr std::size_t text_bytes = (crypto::aead_key_bytes + 2) / 3 * 4 + 1;  // base64, newline

MutableByteView bytes_in(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

Secret text_of_key(const Secret& key) {
  std::string base64 = to_base64(key.reveal());
  Secret text(base64.size() + 1);
  std::copy(base64.begin(), base64.end(), text.fill().begin());
  text.fill().back() = '\n';
  wipe(bytes_in(base64));
  return text;
}

Result<Secret> key_of_text(const Secret& text) {
  if (text.size() != text_bytes) return invalid("The master key file does not hold a master key.");
  const std::string_view base64 = text_of(text.reveal().first(text.size() - 1));
  auto bytes = from_base64(base64);
  const bool right =
      bytes && bytes->size() == crypto::aead_key_bytes && text.reveal().back() == '\n';
  Secret key = right ? Secret(ByteView(*bytes)) : Secret();
  if (bytes) wipe(*bytes);
  if (!right) return invalid("The master key file does not hold a master key.");
  return key;
}

}  // namespace

Result<void> write_master_key(const std::filesystem::path& path, Random& random) {
  Secret key(crypto::aead_key_bytes);
  random.fill(key.fill());
  const Secret text = text_of_key(key);
  TRY(const auto file, NewFile::create(path.parent_path(), 0400));
  TRY(file->write(text.reveal()));
  auto published = file->publish_new(path);
  if (published || published.error().kind != ErrorKind::conflict) return published;
  return invalid(fmt::format("{} exists; a master key is never replaced.", path.string()));
}

Result<Secret> read_master_key(const std::filesystem::path& where) {
  TRY(const Secret text, read_secret_file(where.native(), secret_bytes_max));
  return key_of_text(text);
}

}  // namespace hallmark::keys
