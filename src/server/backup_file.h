// The file of a backup: a readable header, and after it one stream of bytes in chunks, each sealed
// by AES-256-GCM under a key that is made for this file and wrapped by the master key. Who has the
// file learns nothing but its header and its length; who has the master key too can restore it.
//
//   hallmark-backup 1
//   time = 2026-11-22T23:10:58Z
//   version = 1.0.0                the program's
//   account = 111122223333
//   place = 4711                   the head of the store's audit chain (store/head.h)
//   link = 9f86…
//   master_key = 5e884898da280471  the fingerprint of the master key that opens it
//   key = …                        base64
//   (an empty line, and the chunks)
//
// Each chunk is bound to the header, to its place and to whether it is the last: no part of the
// file can be changed, left out, moved or cut off without notice.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/read_at.h"
#include "base/result.h"
#include "base/secret.h"
#include "keys/custody.h"
#include "store/store.h"

namespace hallmark::server {

struct BackupFacts {
  Timestamp time;
  std::string version = {};
  std::string account = {};
  store::Head head = {};
};

struct BackupHeader {
  BackupFacts facts;
  std::string master_key;  // a fingerprint
  Bytes wrapped_key;
  std::size_t bytes = 0;  // of the header itself
};
// Of the file's first bytes. Invalid: it is no backup, or one of a later version of the program.
Result<BackupHeader> parse_backup_header(ByteView start);
inline constexpr std::size_t backup_header_bytes_max = 4096;

inline constexpr std::size_t backup_chunk_bytes = std::size_t(1) << 20;

// Takes the stream. `to` and `random` outlive it.
class BackupWriter final : public Sink {
 public:
  // Writes the header.
  static Result<std::unique_ptr<BackupWriter>> begin(Sink& to, const BackupFacts& facts,
                                                     keys::MasterKey& master_key, Random& random);
  Result<void> write(ByteView bytes) override;
  Result<void> finish();  // once: the last chunk

 private:
  BackupWriter(Sink& to, Random& random, Secret key, std::string header_digest)
      : to_(to), random_(random), key_(std::move(key)), header_digest_(std::move(header_digest)) {}
  Result<void> write_chunk(std::string_view kind);

  Sink& to_;
  Random& random_;
  const Secret key_;
  const std::string header_digest_;
  Bytes chunk_;
  std::uint64_t index_ = 0;
};

// Gives the stream back, checked. `file` outlives it.
class BackupReader {
 public:
  // Invalid: it is no backup, or another master key's, which is said.
  static Result<std::unique_ptr<BackupReader>> open(const ReadAt& file,
                                                    keys::MasterKey& master_key);
  const BackupFacts& facts() const { return facts_; }

  // Fills `into`. Corrupt: a chunk is not what was written, or the stream ends before.
  Result<void> read(MutableByteView into);
  // Corrupt: the stream goes on.
  Result<void> expect_end();

 private:
  BackupReader(const ReadAt& file, BackupHeader header, Secret key, std::string header_digest);
  Result<void> next_chunk();

  const ReadAt& file_;
  const BackupFacts facts_;
  const Secret key_;
  const std::string header_digest_;
  std::uint64_t offset_;
  std::uint64_t index_ = 0;
  Secret chunk_;
  std::size_t used_ = 0;  // of the chunk
};

}  // namespace hallmark::server
