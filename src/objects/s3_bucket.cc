#include "objects/s3_bucket.h"

#include <charconv>

#include "base/encoding.h"
#include "objects/s3_errors.h"

namespace hallmark::objects {
namespace {

// Keys of ours end in a UUID: more than one page means that somebody else fills the bucket.
constexpr int pages_max = 10;

}  // namespace

struct S3Bucket::List {
  const char* query;  // "versions"
  const char* id_marker;
  Result<S3ListPage> (*parse)(std::string_view xml);
};

S3Request S3Bucket::request(http::Method method, const Location& location) const {
  S3Request request{.method = method, .bucket = name_, .key = location.key};
  if (!location.version.empty()) request.query.emplace_back("versionId", location.version);
  if (!expected_owner_.empty()) {
    request.headers.emplace_back("x-amz-expected-bucket-owner", expected_owner_);
  }
  return request;
}

Result<S3Answer> S3Bucket::head(const Location& location) const {
  S3Request asked = request(http::Method::head, location);
  asked.headers.emplace_back("x-amz-checksum-mode", "ENABLED");
  return send(asked);
}

Result<S3Answer> S3Bucket::head_bucket() const { return send(request(http::Method::head, {})); }

Result<Versioning> S3Bucket::versioning() const {
  S3Request asked = request(http::Method::get, {});
  asked.query.emplace_back("versioning", "");
  TRY(const auto answer, send(asked));
  if (!answer.is_done()) return error_of(answer, {name_, {}});
  return parse_versioning(answer.body);
}

Result<std::vector<std::string>> S3Bucket::list(const std::string& key, const List& what) const {
  std::vector<std::string> ids;
  S3ListPage page;
  for (int pages = 0; pages < pages_max; ++pages) {
    S3Request asked = request(http::Method::get, {});
    asked.query = {{what.query, ""}, {"prefix", key}, {"encoding-type", "url"}};
    if (!page.next_key.empty()) asked.query.emplace_back("key-marker", page.next_key);
    if (!page.next_id.empty()) asked.query.emplace_back(what.id_marker, page.next_id);
    TRY(const auto answer, send(asked));
    if (!answer.is_done()) return error_of(answer, {name_, key});
    TRY(page, what.parse(answer.body));
    for (auto& entry : page.entries) {
      if (entry.key == key) ids.push_back(std::move(entry.id));
    }
    if (page.is_last) return ids;
  }
  return ids;  // those that begin with the key, and are longer, come after it
}

Result<std::vector<std::string>> S3Bucket::versions_of(const std::string& key) const {
  return list(key, {"versions", "version-id-marker", parse_versions});
}

Result<std::vector<std::string>> S3Bucket::uploads_of(const std::string& key) const {
  return list(key, {"uploads", "upload-id-marker", parse_uploads});
}

Result<void> S3Bucket::remove(const S3Request& request, const Location& location) const {
  TRY(const auto answer, send(request));
  if (answer.is_done() || answer.status == 404) return {};
  return error_of(answer, location);
}

Result<void> S3Bucket::remove_version(const Location& location) const {
  return remove(request(http::Method::del, location), location);
}

Result<void> S3Bucket::abort_upload(const std::string& key, const std::string& upload_id) const {
  S3Request asked = request(http::Method::del, {name_, key});
  asked.query.emplace_back("uploadId", upload_id);
  return remove(asked, {name_, key});
}

std::string sha256_hex_of(const S3Answer& answer) {
  const std::string type = answer.header("x-amz-checksum-type");
  // The ETag of an object of several parts ends in their number: "…-2". There are servers that
  // leave the type out.
  const bool has_parts = answer.header("etag").find('-') != std::string::npos;
  if (type == "COMPOSITE" || (has_parts && type != "FULL_OBJECT")) return {};
  const auto hash = from_base64(answer.header("x-amz-checksum-sha256"));
  return hash && hash->size() == 32 ? to_hex(*hash) : std::string();
}

Result<std::uint64_t> size_of(const S3Answer& answer) {
  const std::string text = answer.header("content-length");
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error == std::errc() && !text.empty() && end == text.data() + text.size()) return size;
  return corrupt("The object store does not say how large an object is.");
}

}  // namespace hallmark::objects
