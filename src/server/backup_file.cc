#include "server/backup_file.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "server/named_line.h"

namespace hallmark::server {
namespace {

constexpr std::string_view magic = "hallmark-backup ";
constexpr std::string_view first_line = "hallmark-backup 1\n";
constexpr std::string_view header_end = "\n\n";
constexpr std::string_view key_context = "backup";
constexpr std::string_view more = "more";  // kinds of chunks
constexpr std::string_view last = "last";
constexpr std::size_t sealed_more_bytes = 12 + 16;  // than the plain ones: nonce and tag

std::string digest_of(ByteView header) { return to_hex(crypto::sha256(header)); }

std::string context_of(const std::string& header_digest, std::uint64_t index,
                       std::string_view kind) {
  return fmt::format("backup/{}/{}/{}", header_digest, index, kind);
}

Error no_backup() { return invalid("The file is not a backup of Hallmark."); }
Error damaged() { return corrupt("The backup is damaged or not complete."); }

std::string header_text(const BackupFacts& facts, const std::string& master_key, ByteView key) {
  return fmt::format(
      "{}time = {}\nversion = {}\naccount = {}\nplace = {}\nlink = {}\nmaster_key = {}\nkey = "
      "{}\n\n",
      first_line, to_rfc3339(facts.time), facts.version, facts.account, facts.head.place,
      to_hex(facts.head.link), master_key, to_base64(key));
}

Result<store::Head> head_of(std::string_view text) {
  store::Head head;
  const std::string place = named_line(text, "place");
  const char* end = place.data() + place.size();
  const auto parsed = std::from_chars(place.data(), end, head.place);
  const auto link = from_hex(named_line(text, "link"));
  const bool fine = parsed.ec == std::errc() && parsed.ptr == end && head.place >= 0 && link &&
                    link->size() == head.link.size();
  if (!fine) return no_backup();
  std::ranges::copy(*link, head.link.begin());
  return head;
}

}  // namespace

Result<BackupHeader> parse_backup_header(ByteView start) {
  const std::string_view text =
      text_of(start.first(std::min(start.size(), backup_header_bytes_max)));
  if (!text.starts_with(magic)) return no_backup();
  if (!text.starts_with(first_line)) {
    return invalid("The backup is of a later version of Hallmark than this one.");
  }
  const std::size_t end = text.find(header_end);
  if (end == std::string_view::npos) return no_backup();
  const std::string_view header = text.substr(0, end + 1);
  BackupHeader found;
  auto time = from_rfc3339(named_line(header, "time"));
  if (!time) return no_backup();
  found.facts.time = *time;
  found.facts.version = named_line(header, "version");
  found.facts.account = named_line(header, "account");
  TRY(found.facts.head, head_of(header));
  found.master_key = named_line(header, "master_key");
  auto key = from_base64(named_line(header, "key"));
  if (!key || key->empty()) return no_backup();
  found.wrapped_key = *std::move(key);
  found.bytes = end + header_end.size();
  return found;
}

Result<std::unique_ptr<BackupWriter>> BackupWriter::begin(Sink& to, const BackupFacts& facts,
                                                          keys::MasterKey& master_key,
                                                          Random& random) {
  Secret key(crypto::aead_key_bytes);
  random.fill(key.fill());
  TRY(const Bytes wrapped, master_key.wrap(key.reveal(), key_context));
  const std::string header = header_text(facts, master_key.fingerprint(), wrapped);
  CHECK(parse_backup_header(bytes_of(header)));
  TRY(to.write(bytes_of(header)));
  return std::unique_ptr<BackupWriter>(
      new BackupWriter(to, random, std::move(key), digest_of(bytes_of(header))));
}

Result<void> BackupWriter::write(ByteView bytes) {
  while (!bytes.empty()) {
    // Only when more comes, since the last chunk is never empty unless it is the only one.
    if (chunk_.size() == backup_chunk_bytes) TRY(write_chunk(more));
    const std::size_t count = std::min(bytes.size(), backup_chunk_bytes - chunk_.size());
    append(chunk_, bytes.first(count));
    bytes = bytes.subspan(count);
  }
  return {};
}

Result<void> BackupWriter::finish() { return write_chunk(last); }

Result<void> BackupWriter::write_chunk(std::string_view kind) {
  TRY(to_.write(crypto::seal(key_, chunk_, context_of(header_digest_, index_, kind), random_)));
  ++index_;
  chunk_.clear();
  return {};
}

BackupReader::BackupReader(const ReadAt& file, BackupHeader header, Secret key,
                           std::string header_digest)
    : file_(file),
      facts_(std::move(header.facts)),
      key_(std::move(key)),
      header_digest_(std::move(header_digest)),
      offset_(header.bytes) {}

Result<std::unique_ptr<BackupReader>> BackupReader::open(const ReadAt& file,
                                                         keys::MasterKey& master_key) {
  Bytes start(std::size_t(std::min<std::uint64_t>(file.size(), backup_header_bytes_max)));
  TRY(file.read_at(0, start));
  TRY(auto header, parse_backup_header(start));
  if (header.master_key != master_key.fingerprint()) {
    return invalid(fmt::format(
        "The backup needs the master key {}, and this one is {}: name the master key that was in "
        "use when the backup was made.",
        header.master_key, master_key.fingerprint()));
  }
  auto key = master_key.unwrap(header.wrapped_key, key_context);
  if (!key && key.error().kind != ErrorKind::corrupt) return std::move(key.error());
  if (!key || key->size() != crypto::aead_key_bytes) return damaged();
  std::string digest = digest_of(ByteView(start).first(header.bytes));
  return std::unique_ptr<BackupReader>(
      new BackupReader(file, std::move(header), *std::move(key), std::move(digest)));
}

// Every chunk but the last is full, so where they are follows from the length of the file.
Result<void> BackupReader::next_chunk() {
  const std::uint64_t left = file_.size() - offset_;
  if (left < sealed_more_bytes) return damaged();
  const std::uint64_t full = backup_chunk_bytes + sealed_more_bytes;
  Bytes sealed(std::size_t(std::min(left, full)));
  TRY(file_.read_at(offset_, sealed));
  const std::string_view kind = left <= full ? last : more;
  auto opened = crypto::open(key_, sealed, context_of(header_digest_, index_, kind));
  if (!opened) return damaged();
  offset_ += sealed.size();
  ++index_;
  chunk_ = *std::move(opened);
  used_ = 0;
  return {};
}

Result<void> BackupReader::read(MutableByteView into) {
  while (!into.empty()) {
    if (used_ == chunk_.size()) TRY(next_chunk());
    const ByteView rest = chunk_.reveal().subspan(used_);
    if (rest.empty()) return damaged();
    const std::size_t count = std::min(rest.size(), into.size());
    std::ranges::copy(rest.first(count), into.begin());
    used_ += count;
    into = into.subspan(count);
  }
  return {};
}

Result<void> BackupReader::expect_end() {
  if (used_ == chunk_.size() && offset_ == file_.size()) return {};
  return damaged();
}

}  // namespace hallmark::server
