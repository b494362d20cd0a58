#include "objects/s3_snapshot.h"

#include <algorithm>

#include <fmt/format.h>

#include "objects/s3_errors.h"

namespace hallmark::objects {
namespace {

std::size_t blocks_of(std::uint64_t size, std::uint64_t block_bytes) {
  return std::size_t((size + block_bytes - 1) / block_bytes);
}

}  // namespace

S3Snapshot::S3Snapshot(Parts parts, std::unique_ptr<SpoolFile> file)
    : parts_(std::move(parts)),
      file_(std::move(file)),
      is_there_(blocks_of(parts_.pinned.size, parts_.block_bytes)) {}

Result<void> S3Snapshot::read_at(std::uint64_t offset, MutableByteView into) const {
  if (offset > size() || into.size() > size() - offset) {
    return corrupt("a read past the end of the data");
  }
  if (into.empty()) return {};
  const std::size_t last = std::size_t((offset + into.size() - 1) / parts_.block_bytes);
  const MutexLock lock(mutex_);
  for (std::size_t number = std::size_t(offset / parts_.block_bytes); number <= last; ++number) {
    if (!is_there_[number]) TRY(fetch(number));
  }
  return file_->read_at(offset, into);
}

S3Snapshot::Block S3Snapshot::block(std::size_t number) const {
  const std::uint64_t offset = number * parts_.block_bytes;
  return {offset, std::min(parts_.block_bytes, size() - offset)};
}

Result<void> S3Snapshot::fetch(std::size_t number) const {
  const Location& location = parts_.pinned.location;
  const Block wanted = block(number);
  S3Request request = parts_.bucket.request(http::Method::get, location);
  request.headers.emplace_back(
      "range", fmt::format("bytes={}-{}", wanted.offset, wanted.offset + wanted.length - 1));
  if (!etag_.empty()) request.headers.emplace_back("if-match", etag_);
  request.answers = S3Body::content;
  // A little more, so that an answer that is too long is seen and not taken for a broken one.
  request.answer_bytes_max = std::size_t(wanted.length) + 64 * 1024;
  auto answer = parts_.bucket.send(request);
  if (!answer && answer.error().kind == ErrorKind::too_large) {
    return corrupt("The source object has changed its size.");
  }
  if (!answer) return std::move(answer.error());
  if (!answer->is_done()) return error_of(*answer, location);
  TRY(check(*answer, wanted));
  TRY(file_->write_at(wanted.offset, bytes_of(answer->body)));
  etag_ = answer->header("etag");
  is_there_[number] = true;
  return {};
}

Result<void> S3Snapshot::check(const S3Answer& answer, const Block& wanted) const {
  if (answer.header("x-amz-version-id") != parts_.pinned.location.version) {
    return corrupt("The object store answered with another version of the source object.");
  }
  if (!etag_.empty() && answer.header("etag") != etag_) {
    return corrupt("The source object has changed while it was read.");
  }
  const std::string range =
      fmt::format("bytes {}-{}/{}", wanted.offset, wanted.offset + wanted.length - 1, size());
  // A server may answer with all of an object that was asked for from end to end.
  const bool is_range = answer.status == 206 && answer.header("content-range") == range;
  const bool is_whole = answer.status == 200 && wanted.length == size();
  if ((!is_range && !is_whole) || answer.body.size() != wanted.length) {
    return corrupt("The source object has changed its size.");
  }
  return {};
}

}  // namespace hallmark::objects
