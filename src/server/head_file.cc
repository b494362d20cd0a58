#include "server/head_file.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/file.h"
#include "server/named_line.h"

namespace hallmark::server {
namespace {

constexpr std::size_t head_file_bytes_max = 4096;
// Of acceptances, each an operator's: what is more was written by somebody else.
constexpr std::int64_t epoch_max = std::int64_t(1) << 32;

Result<std::int64_t> number_of(std::string_view text, std::string_view name) {
  const std::string value = named_line(text, name);
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end && number >= 0) return number;
  return corrupt(fmt::format("The head file has no number {}.", name));
}

}  // namespace

Result<void> write_head_file(const std::filesystem::path& path, const WitnessedHead& witnessed) {
  const std::string text = fmt::format("epoch = {}\nplace = {}\nlink = {}\n", witnessed.epoch,
                                       witnessed.head.place, to_hex(witnessed.head.link));
  return write_file_durably(path, bytes_of(text), 0600);
}

Result<WitnessedHead> read_head_file(const std::filesystem::path& path) {
  TRY(const std::string text, read_file(path, head_file_bytes_max));
  WitnessedHead witnessed;
  TRY(witnessed.epoch, number_of(text, "epoch"));
  if (witnessed.epoch > epoch_max) return corrupt("The head file's epoch is none of a store's.");
  TRY(witnessed.head.place, number_of(text, "place"));
  const auto link = from_hex(named_line(text, "link"));
  if (!link || link->size() != witnessed.head.link.size()) {
    return corrupt("The head file has no link.");
  }
  std::ranges::copy(*link, witnessed.head.link.begin());
  return witnessed;
}

}  // namespace hallmark::server
