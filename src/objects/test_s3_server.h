// A small S3 server in the test's own process, on a real socket: buckets with versions, uploads in
// parts, conditions, checksums, and signatures that must verify. A test may look at each request
// first and answer it otherwise. Only for tests.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/test_support.h"
#include "crypto/digest.h"
#include "http/server_parts.h"
#include "sigv4/sigv4.h"

namespace hallmark::objects::test {

constexpr std::string_view access_key_id = "AKIDEXAMPLE";
constexpr std::string_view secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

using hallmark::test::value_of;

class FakeS3 {
 public:
  // Nothing: the server answers by itself. `count` is how many requests came before this one.
  using Script = std::function<std::optional<http::Response>(const http::Request&, int count)>;
  struct Version {
    std::string id, content, sha256_base64;
    bool is_marker = false;
  };
  struct Upload {
    std::string key;
    std::map<int, Version> parts;
  };
  struct Bucket {
    std::string versioning = "Enabled";                     // "", "Suspended"
    std::map<std::string, std::vector<Version>> keys = {};  // oldest first
    std::map<std::string, Upload> uploads = {};
  };

  FakeS3() {
    auto server = http::listen_with({.address = "127.0.0.1", .port = 0, .threads = 2},
                                    {handler_, refuse_, clock, random_, {}});
    server_ = value_of(std::move(server));
    server_->start();
  }
  ~FakeS3() { server_->stop(); }

  unsigned short port() const { return server_->port(); }
  std::string url() const { return fmt::format("s3:http://127.0.0.1:{}", port()); }

  // Runs `function` on the buckets while no request does.
  template <class F>
  auto with(F function) {
    const std::lock_guard lock(mutex_);
    return function(buckets_);
  }
  std::string put(const std::string& bucket, const std::string& key, std::string content) {
    const std::lock_guard lock(mutex_);
    return add(buckets_[bucket], key, {{}, std::move(content), {}});
  }
  std::size_t versions(const std::string& bucket, const std::string& key) {
    return with([&](auto& all) { return all[bucket].keys[key].size(); });
  }
  void set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
    requests_.clear();
  }
  std::vector<std::string> requests() {  // "GET /bucket/key?query"
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  int count(std::string_view method) {
    return int(std::ranges::count_if(
        requests(), [&](const auto& request) { return request.starts_with(method); }));
  }

  hallmark::test::TestClock clock;  // of the Date field, and what x-amz-date must be near to

  static http::Response xml(std::string body) {
    return {.status = 200, .headers = {}, .body = std::move(body)};
  }
  static http::Response empty(int status) { return {.status = status, .headers = {}, .body = {}}; }
  static http::Response error(int status, std::string_view code) {
    return {.status = status,
            .headers = {},
            .body = fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code></Error>", code)};
  }
  static std::string param(const http::Request& request, std::string_view name) {
    std::string_view rest = request.query;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      if (one == name) return "yes";
      if (one.starts_with(std::string(name) + "=")) {
        return percent_decode(one.substr(name.size() + 1)).value_or("");
      }
    }
    return {};
  }

 private:
  static std::string header(const http::Request& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
  }
  static std::string hash_of(std::string_view text) {
    return to_base64(crypto::sha256(bytes_of(text)));
  }

  std::string add(Bucket& bucket, const std::string& key, Version version) {
    auto& versions = bucket.keys[key];
    version.id = bucket.versioning.empty() ? "null" : fmt::format("v{}", ++last_version_);
    if (bucket.versioning.empty()) versions.clear();
    versions.push_back(version);
    return version.id;
  }

  std::optional<http::Response> check_signature(const http::Request& request) {
    const auto parsed = sigv4::parse_authorization(header(request, "authorization"));
    if (!parsed) return error(403, "AccessDenied");
    const auto time = from_basic(header(request, "x-amz-date"));
    const auto off = time ? *time - clock.now() : std::chrono::hours(1);
    if (off > std::chrono::minutes(15) || off < -std::chrono::minutes(15)) {
      return error(403, "RequestTimeTooSkewed");
    }
    sigv4::RequestView view{.method = http::name_of(request.method),
                            .path = request.path,
                            .query = request.query,
                            .headers = {}};
    for (const auto& field : request.headers.fields()) {
      const bool is_signed = std::ranges::any_of(parsed->signed_headers, [&](const auto& name) {
        return name.size() == field.name.size() && header(request, name) == field.value;
      });
      if (field.name.starts_with("x-amz-") && !is_signed) return error(403, "AccessDenied");
      view.headers.emplace_back(field.name, field.value);
    }
    const std::string hash = header(request, "x-amz-content-sha256");
    if (hash != to_hex(crypto::sha256(bytes_of(request.body)))) {
      return error(400, "XAmzContentSHA256Mismatch");
    }
    const Secret key =
        sigv4::derive_signing_key(Secret(bytes_of(secret_access_key)), parsed->scope);
    const std::string canonical =
        sigv4::canonical_request(view, parsed->signed_headers, hash, sigv4::PathStyle::s3);
    const std::string expected = sigv4::signature_hex(
        key, sigv4::string_to_sign(header(request, "x-amz-date"), parsed->scope, canonical));
    if (parsed->signature_hex != expected) return error(403, "SignatureDoesNotMatch");
    return std::nullopt;
  }

  http::Response answer(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(fmt::format("{} {}{}{}", http::name_of(request.method), request.path,
                                    request.query.empty() ? "" : "?", request.query));
    if (script_) {
      if (auto scripted = script_(request, int(requests_.size()) - 1)) return *std::move(scripted);
    }
    if (auto refused = check_signature(request)) return *std::move(refused);
    const std::size_t slash = request.path.find('/', 1);
    const auto bucket = buckets_.find(request.path.substr(1, slash - 1));
    if (bucket == buckets_.end()) return error(404, "NoSuchBucket");
    if (slash == std::string::npos) return answer_bucket(request, bucket->second);
    return answer_key(request, bucket->second,
                      percent_decode(request.path.substr(slash + 1)).value_or(""));
  }

  http::Response answer_bucket(const http::Request& request, Bucket& bucket) {
    if (!param(request, "versioning").empty()) {
      const std::string status =
          bucket.versioning.empty() ? "" : "<Status>" + bucket.versioning + "</Status>";
      return xml("<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
                 status + "</VersioningConfiguration>");
    }
    std::string list;
    const std::string prefix = param(request, "prefix");
    if (!param(request, "versions").empty()) {
      for (const auto& [key, versions] : bucket.keys) {
        if (!key.starts_with(prefix)) continue;
        for (const auto& version : versions) {
          list += fmt::format("<{0}><Key>{1}</Key><VersionId>{2}</VersionId></{0}>",
                              version.is_marker ? "DeleteMarker" : "Version", percent_encode(key),
                              version.id);
        }
      }
      return xml("<ListVersionsResult><EncodingType>url</EncodingType>" + list +
                 "</ListVersionsResult>");
    }
    if (!param(request, "uploads").empty()) {
      for (const auto& [id, upload] : bucket.uploads) {
        list += fmt::format("<Upload><Key>{}</Key><UploadId>{}</UploadId></Upload>",
                            percent_encode(upload.key), id);
      }
      return xml("<ListMultipartUploadsResult><EncodingType>url</EncodingType>" + list +
                 "</ListMultipartUploadsResult>");
    }
    return {};
  }

  http::Response answer_key(const http::Request& request, Bucket& bucket, const std::string& key) {
    switch (request.method) {
      case http::Method::get:
      case http::Method::head: return read(request, bucket, key);
      case http::Method::put: return write(request, bucket, key);
      case http::Method::post: return upload(request, bucket, key);
      case http::Method::del: return remove(request, bucket, key);
      default: return error(405, "MethodNotAllowed");
    }
  }

  http::Response read(const http::Request& request, Bucket& bucket, const std::string& key) {
    const auto& versions = bucket.keys[key];
    const std::string wanted = param(request, "versionId");
    auto found = versions.rbegin();
    if (!wanted.empty()) {
      if (bucket.versioning.empty() && wanted != "null") return error(400, "InvalidArgument");
      found = std::find_if(versions.rbegin(), versions.rend(),
                           [&](const Version& version) { return version.id == wanted; });
      if (found == versions.rend()) return error(404, "NoSuchVersion");
    }
    if (found == versions.rend() || found->is_marker) return error(404, "NoSuchKey");
    http::Response response;
    response.headers.add("etag", "\"" + hash_of(found->content).substr(0, 16) + "\"");
    if (!bucket.versioning.empty()) response.headers.add("x-amz-version-id", found->id);
    if (const auto match = header(request, "if-match");
        !match.empty() && match != response.headers.find("etag")) {
      return error(412, "PreconditionFailed");
    }
    if (header(request, "x-amz-checksum-mode") == "ENABLED" && !found->sha256_base64.empty()) {
      response.headers.add("x-amz-checksum-sha256", found->sha256_base64);
    }
    response.body = found->content;
    const std::string range = header(request, "range");
    if (range.empty()) return response;
    if (found->content.empty()) return error(416, "InvalidRange");
    const std::size_t first = std::stoul(range.substr(6));
    const std::size_t last =
        std::min(std::stoul(range.substr(range.find('-') + 1)), found->content.size() - 1);
    response.status = 206;
    response.headers.add("content-range",
                         fmt::format("bytes {}-{}/{}", first, last, found->content.size()));
    response.body = found->content.substr(first, last - first + 1);
    return response;
  }

  static bool is_taken(const http::Request& request, Bucket& bucket, const std::string& key) {
    const auto& versions = bucket.keys[key];
    return header(request, "if-none-match") == "*" && !versions.empty() &&
           !versions.back().is_marker;
  }

  http::Response write(const http::Request& request, Bucket& bucket, const std::string& key) {
    const std::string checksum = header(request, "x-amz-checksum-sha256");
    if (!checksum.empty() && checksum != hash_of(request.body)) return error(400, "BadDigest");
    const std::string id = param(request, "uploadId");
    http::Response response;
    response.headers.add("etag", "\"" + hash_of(request.body).substr(0, 16) + "\"");
    if (!id.empty()) {
      const auto found = bucket.uploads.find(id);
      if (found == bucket.uploads.end()) return error(404, "NoSuchUpload");
      found->second.parts[std::stoi(param(request, "partNumber"))] = {{}, request.body, checksum};
      return response;
    }
    if (is_taken(request, bucket, key)) return error(412, "PreconditionFailed");
    const std::string version = add(bucket, key, {{}, request.body, checksum});
    if (!bucket.versioning.empty()) response.headers.add("x-amz-version-id", version);
    return response;
  }

  http::Response upload(const http::Request& request, Bucket& bucket, const std::string& key) {
    if (!param(request, "uploads").empty()) {
      const std::string id = fmt::format("upload{}", ++last_version_);
      bucket.uploads[id].key = key;
      return xml("<InitiateMultipartUploadResult><UploadId>" + id +
                 "</UploadId></InitiateMultipartUploadResult>");
    }
    const auto found = bucket.uploads.find(param(request, "uploadId"));
    if (found == bucket.uploads.end()) return error(404, "NoSuchUpload");
    if (is_taken(request, bucket, key)) return error(412, "PreconditionFailed");
    std::string content;
    for (const auto& [number, part] : found->second.parts) content += part.content;
    http::Response response;
    response.headers.add("x-amz-version-id", add(bucket, key, {{}, content, "hashofhashes-2"}));
    response.body = "<CompleteMultipartUploadResult/>";
    bucket.uploads.erase(found);
    return response;
  }

  static http::Response remove(const http::Request& request, Bucket& bucket,
                               const std::string& key) {
    if (const std::string id = param(request, "uploadId"); !id.empty()) {
      return bucket.uploads.erase(id) == 1 ? empty(204) : error(404, "NoSuchUpload");
    }
    const std::string version = param(request, "versionId");
    std::erase_if(bucket.keys[key], [&](const Version& one) { return one.id == version; });
    return empty(204);
  }

  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_ = {{"bucket", {}}, {"plain", {.versioning = ""}}};
  Script script_;
  std::vector<std::string> requests_;
  int last_version_ = 0;
  hallmark::test::CountingRandom random_;
  http::Handler handler_ = [this](const http::Request& request, http::Reply reply) {
    reply(answer(request));
  };
  http::RefusalRenderer refuse_ = [](const Error&, std::string_view) {
    return error(400, "InvalidRequest");
  };
  std::unique_ptr<http::Server> server_;
};

}  // namespace hallmark::objects::test
