#include "objects/s3_upload.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "objects/s3_errors.h"

namespace hallmark::objects {
namespace {

constexpr std::size_t parts_max = 10'000;  // S3's own limit

bool is_taken(const S3Answer& answer) {
  return answer.status == 412 || answer.code == "PreconditionFailed";
}

// It goes into XML, which needs no escape then.
bool is_etag(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 127 && c != '<' && c != '>' && c != '&';
  });
}

std::string base64_of_hex(std::string_view hex) {
  return to_base64(from_hex(hex).value_or(Bytes()));
}

}  // namespace

Result<ContentDigests> digest(const ReadAt& content, std::uint64_t part_bytes) {
  crypto::Hasher whole(crypto::DigestAlgorithm::sha256);
  crypto::Hasher part(crypto::DigestAlgorithm::sha256);
  ContentDigests digests;
  Bytes buffer(std::min<std::uint64_t>(limits::copy_buffer_bytes, part_bytes));
  std::uint64_t offset = 0;
  while (offset < content.size()) {
    const std::uint64_t of_part = part_bytes - offset % part_bytes;
    const MutableByteView piece(
        buffer.data(),
        std::size_t(std::min<std::uint64_t>({buffer.size(), of_part, content.size() - offset})));
    TRY(content.read_at(offset, piece));
    whole.update(piece);
    part.update(piece);
    offset += piece.size();
    if (piece.size() == of_part || offset == content.size()) digests.parts.push_back(part.finish());
  }
  digests.sha256_hex = to_hex(whole.finish());
  return digests;
}

Result<std::optional<Pinned>> S3Upload::run(const MayAppear& may_appear) {
  return what_.content.size() <= what_.limits.single_put_bytes_max ? put_whole(may_appear)
                                                                   : put_parts(may_appear);
}

// Whether a server knows the condition shows when it is asked.
Result<S3Answer> S3Upload::send_unless_taken(S3Request request) {
  request.headers.emplace_back("if-none-match", "*");
  TRY(auto answer, what_.bucket.send(request));
  if (answer.status != 501 && answer.code != "NotImplemented") return answer;
  request.headers.pop_back();
  return what_.bucket.send(request);
}

Result<std::optional<Pinned>> S3Upload::put_whole(const MayAppear& may_appear) {
  TRY(may_appear());
  S3Request request = what_.bucket.request(http::Method::put, what_.destination);
  request.source = {&what_.content, 0, what_.content.size()};
  request.source_sha256_hex = what_.digests.sha256_hex;
  request.headers.emplace_back("x-amz-checksum-sha256", base64_of_hex(what_.digests.sha256_hex));
  TRY(const auto answer, send_unless_taken(std::move(request)));
  if (is_taken(answer)) return std::optional<Pinned>();
  if (!answer.is_done()) return error_of(answer, what_.destination);
  TRY(auto pinned, appeared(answer));
  if (auto may_stay = may_appear(); !may_stay) {
    TRY(what_.bucket.remove_version(pinned->location));
    return std::move(may_stay.error());
  }
  return pinned;
}

// What a killed process left behind costs its owner, and one that only sleeps must not complete.
Result<void> S3Upload::abort_all() {
  TRY(const auto left, what_.bucket.uploads_of(what_.destination.key));
  for (const std::string& id : left) TRY(what_.bucket.abort_upload(what_.destination.key, id));
  return {};
}

Result<std::optional<Pinned>> S3Upload::put_parts(const MayAppear& may_appear) {
  TRY(may_appear());
  TRY(abort_all());
  TRY(const auto upload_id, begin());
  auto done = fill_and_complete(upload_id, may_appear);
  // Also when it is complete: an attempt to begin, whose answer was lost, has begun another.
  if (const auto aborted = abort_all(); !aborted) {
    log::warning("an upload could not be aborted", {{"error", describe(aborted.error())}});
  }
  return done;
}

Result<std::string> S3Upload::begin() {
  S3Request request = what_.bucket.request(http::Method::post, what_.destination);
  request.query.emplace_back("uploads", "");
  request.headers.emplace_back("x-amz-checksum-algorithm", "SHA256");
  TRY(const auto answer, what_.bucket.send(request));
  if (!answer.is_done()) return error_of(answer, what_.destination);
  return parse_upload_id(answer.body);
}

Result<S3Part> S3Upload::put_part(const std::string& upload_id, std::size_t index) {
  const std::uint64_t offset = index * what_.limits.part_bytes;
  const Bytes& hash = what_.digests.parts[index];
  S3Request request = what_.bucket.request(http::Method::put, what_.destination);
  request.query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", upload_id}};
  request.source = {&what_.content, offset,
                    std::min(what_.limits.part_bytes, what_.content.size() - offset)};
  request.source_sha256_hex = to_hex(hash);
  request.headers.emplace_back("x-amz-checksum-sha256", to_base64(hash));
  TRY(const auto answer, what_.bucket.send(request));
  // The upload is gone: somebody who may has ended it.
  if (answer.code == "NoSuchUpload") return unavailable("the upload was aborted");
  if (!answer.is_done()) return error_of(answer, what_.destination);
  S3Part part{answer.header("etag"), answer.header("x-amz-checksum-sha256")};
  if (!is_etag(part.etag)) return internal_error("the object store gives a part no ETag");
  if (!part.sha256_base64.empty() && part.sha256_base64 != to_base64(hash)) {
    return unavailable("the object store has another checksum of a part");
  }
  return part;
}

Result<std::optional<Pinned>> S3Upload::fill_and_complete(const std::string& upload_id,
                                                          const MayAppear& may_appear) {
  const std::size_t count = what_.digests.parts.size();
  if (count > parts_max) return internal_error("the object has too many parts");
  std::vector<S3Part> parts;
  for (std::size_t index = 0; index < count; ++index) {
    TRY(auto part, put_part(upload_id, index));
    parts.push_back(std::move(part));
  }
  TRY(may_appear());
  S3Request request = what_.bucket.request(http::Method::post, what_.destination);
  request.query.emplace_back("uploadId", upload_id);
  request.body = completion_of(parts);
  TRY(const auto answer, send_unless_taken(std::move(request)));
  // Gone: it was aborted, or an earlier attempt's answer was lost and it is complete.
  if (is_taken(answer) || answer.code == "NoSuchUpload") return std::optional<Pinned>();
  if (!answer.is_done()) return error_of(answer, what_.destination);
  return appeared(answer);
}

// What the server says that it holds now. Others than what was sent: it goes again.
Result<std::optional<Pinned>> S3Upload::appeared(const S3Answer& answer) {
  Location written = what_.destination;
  written.version = answer.header("x-amz-version-id");
  TRY(const auto head, what_.bucket.head(written));
  if (!head.is_done()) return error_of(head, written);
  TRY(const auto size, size_of(head));
  const std::string sha256_hex = sha256_hex_of(head);
  const bool fits = size == what_.content.size() &&
                    (sha256_hex.empty() || sha256_hex == what_.digests.sha256_hex);
  if (!fits) {
    TRY(what_.bucket.remove_version(written));
    return unavailable("the object store holds other bytes than it was sent");
  }
  return std::optional(Pinned{std::move(written), size, what_.digests.sha256_hex});
}

}  // namespace hallmark::objects
