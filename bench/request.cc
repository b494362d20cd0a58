#include "bench/request.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace hallmark::bench {
namespace {

Secret secret_of_environment() {
  const char* secret = std::getenv("HALLMARK_BENCH_SECRET");
  return Secret(bytes_of(std::string_view(secret == nullptr ? "none" : secret)));
}

}  // namespace

RequestMaker::RequestMaker(const Options& options)
    : method_(options.text("method", "GET")),
      path_(options.text("path", "/")),
      query_(options.text("query", "")),
      body_(options.text("body", "")),
      host_(fmt::format("127.0.0.1:{}", options.text("port", ""))),
      access_key_(options.text("access_key", "none")),
      scope_{to_basic_date(SystemClock().now()), "us-east-1", "signer"},
      key_(sigv4::derive_signing_key(secret_of_environment(), scope_)),
      number_(std::uint64_t(options.number("first", 0))) {}

std::string RequestMaker::filled(const std::string& text) const {
  const std::size_t at = text.find("{n}");
  if (at == std::string::npos) return text;
  return std::string(text).replace(at, 3, std::to_string(number_));
}

std::string RequestMaker::next() {
  ++number_;
  const std::string path = filled(path_);
  const std::string body = filled(body_);
  const std::string time = to_basic(SystemClock().now());
  const std::string hash = to_hex(crypto::sha256(bytes_of(body)));
  const sigv4::RequestView view{
      .method = method_,
      .path = path,
      .query = query_,
      .headers = {{"content-type", "application/json"}, {"host", host_}, {"x-amz-date", time}}};
  const std::string authorization =
      sigv4::authorize(view, hash, time, access_key_, scope_, key_, sigv4::PathStyle::normalized);
  return fmt::format(
      "{} {}{}{} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Amz-Date: {}\r\n"
      "Authorization: {}\r\nContent-Length: {}\r\n\r\n{}",
      method_, path, query_.empty() ? "" : "?", query_, host_, time, authorization, body.size(),
      body);
}

}  // namespace hallmark::bench
