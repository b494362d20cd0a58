// What an object store and the network before it can do to a read or a write, on real sockets.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "objects/test_fault_proxy.h"
#include "objects/test_s3.h"

namespace hallmark::objects {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::FakeS3;
using test::Fault;
using test::FaultProxy;
using test::Side;
using test::TestS3;

constexpr S3Limits small = {.block_bytes = 8, .single_put_bytes_max = 16, .part_bytes = 8};

Result<void> always() { return {}; }
Artifact whole(std::string_view text) { return Artifact{{copy_of(bytes_of(text))}}; }

class S3Faults : public testing::Test {
 protected:
  explicit S3Faults(S3Patience patience = {}) : patience_(std::move(patience)) {}

  Result<std::string> read(const std::string& version) {
    TRY(const auto pinned, s3_->pin({"bucket", "a", version}));
    TRY(const auto source, s3_->snapshot(pinned));
    std::string text(std::size_t(source->size()), '\0');
    TRY(source->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    return text;
  }
  Result<Pinned> put_once(std::string_view text) {
    return s3_->put_once({"bucket", "out"}, whole(text), nothing_, always);
  }
  // Answers requests of a method so, from then on.
  void answer(http::Method method, http::Response response) {
    s3_.server.set_script([=](const http::Request& request, int) -> std::optional<http::Response> {
      if (request.method != method) return std::nullopt;
      return response;
    });
  }
  // The same, for its first request only.
  void answer_once(http::Method method, http::Response response) {
    auto is_done = std::make_shared<bool>(false);
    s3_.server.set_script([=](const http::Request& request, int) -> std::optional<http::Response> {
      if (request.method != method || *is_done) return std::nullopt;
      *is_done = true;
      return response;
    });
  }

  const S3Patience patience_;
  std::unique_ptr<FaultProxy> proxy_;
  TestS3 s3_{{.limits = small, .patience = patience_, .url_of = [this](unsigned short port) {
                proxy_ = std::make_unique<FaultProxy>(port);
                return proxy_->url();
              }}};
  const MemoryReadAt nothing_{ByteView()};
};

// The network.

TEST_F(S3Faults, AReadSurvivesAResetAtAnyByteOfAnAnswer) {
  const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
  for (std::size_t bytes = 0; bytes < 700; bytes += 3) {
    proxy_->arm(Fault::reset, Side::response, bytes);
    EXPECT_EQ(value_of(read(version)), "0123456789abcdef") << bytes;
  }
}

TEST_F(S3Faults, AReadSurvivesAnEndAtAnyByteOfAnAnswer) {
  const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
  for (std::size_t bytes = 1; bytes < 700; bytes += 7) {
    proxy_->arm(Fault::close, Side::response, bytes);
    EXPECT_EQ(value_of(read(version)), "0123456789abcdef") << bytes;
  }
}

TEST_F(S3Faults, APutSurvivesAResetAtAnyByteAndMakesOneVersion) {
  for (const Side side : {Side::request, Side::response}) {
    for (std::size_t bytes = 0; bytes < 1500; bytes += 31) {
      s3_.server.with([](auto& buckets) { buckets["bucket"].keys.clear(); });
      proxy_->arm(Fault::reset, side, bytes);
      EXPECT_EQ(value_of(put_once("signed")).size, 6u) << bytes;
      EXPECT_EQ(s3_.server.versions("bucket", "out"), 1u) << bytes;
    }
  }
}

TEST_F(S3Faults, APutInPartsSurvivesAResetAtAnyByteAndMakesOneVersion) {
  for (std::size_t bytes = 0; bytes < 3000; bytes += 61) {
    s3_.server.with([](auto& buckets) { buckets["bucket"].keys.clear(); });
    proxy_->arm(Fault::reset, Side::response, bytes);
    EXPECT_EQ(value_of(put_once("a content of more than one part")).size, 31u) << bytes;
    EXPECT_EQ(s3_.server.versions("bucket", "out"), 1u) << bytes;
    EXPECT_TRUE(s3_.server.with([](auto& buckets) { return buckets["bucket"].uploads.empty(); }));
  }
}

// Waits for a deadline, and has attempts to spare for a machine that is busy.
class S3Stalls : public S3Faults {
 protected:
  S3Stalls() : S3Faults({.attempts_max = 20, .attempt_deadline = std::chrono::milliseconds(500)}) {}
};

TEST_F(S3Stalls, AStalledAnswerIsGivenUpAndAskedForAgain) {
  const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
  proxy_->arm(Fault::stall, Side::response, 100);
  EXPECT_EQ(value_of(read(version)), "0123456789abcdef");
  EXPECT_FALSE(proxy_->is_armed());
  EXPECT_GT(s3_.waits, 0);
}

TEST_F(S3Faults, AServerThatIsNotThereIsUnavailable) {
  TestS3 s3({.url_of = [](unsigned short) { return std::string("s3:http://127.0.0.1:1"); }});
  EXPECT_EQ(error_of(s3->pin({"bucket", "a", "v1"})).kind, ErrorKind::unavailable);
  EXPECT_EQ(s3.waits, 3) << "the attempts are bounded";
}

// What the server says.

TEST_F(S3Faults, AServerInTroubleIsAskedAgain) {
  const std::string version = s3_.server.put("bucket", "a", "content");
  for (const auto& [status, code] : {std::pair(500, "InternalError"),
                                     {503, "SlowDown"},
                                     {503, "ServiceUnavailable"},
                                     {429, "TooManyRequests"},
                                     {400, "RequestTimeout"}}) {
    answer_once(http::Method::get, FakeS3::error(status, code));
    EXPECT_EQ(value_of(read(version)), "content") << code;
  }
}

TEST_F(S3Faults, AServerThatStaysInTroubleIsUnavailable) {
  const std::string version = s3_.server.put("bucket", "a", "content");
  answer(http::Method::get, FakeS3::error(503, "SlowDown"));
  EXPECT_EQ(error_of(read(version)).kind, ErrorKind::unavailable);
  EXPECT_EQ(s3_.server.count("GET"), 4);
}

TEST_F(S3Faults, ManyFailuresUseUpTheBudgetOfRetries) {
  answer(http::Method::head, FakeS3::error(503, "SlowDown"));
  for (int i = 0; i < 40; ++i) error_of(s3_->check_bucket("bucket"));
  EXPECT_EQ(s3_.waits, 100) << "then each request is tried once";
}

TEST_F(S3Faults, AccessThatIsRefusedIsDenied) {
  const std::string version = s3_.server.put("bucket", "a", "content");
  s3_.server.set_script(
      [](const http::Request&, int) { return FakeS3::error(403, "AccessDenied"); });
  EXPECT_EQ(error_of(read(version)).kind, ErrorKind::denied);
  EXPECT_EQ(error_of(put_once("x")).kind, ErrorKind::denied);
  EXPECT_EQ(error_of(s3_->check_bucket("bucket")).kind, ErrorKind::denied);
  EXPECT_EQ(s3_.waits, 0) << "asking again does not help";
}

TEST_F(S3Faults, WrongCredentialsAreTheOperatorsToRepair) {
  s3_.server.set_script(
      [](const http::Request&, int) { return FakeS3::error(403, "InvalidAccessKeyId"); });
  EXPECT_EQ(error_of(read("v1")).kind, ErrorKind::unavailable);
}

TEST_F(S3Faults, ARedirectIsNotFollowed) {
  FakeS3 elsewhere;
  for (const int status : {301, 302, 307, 308}) {
    http::Response response = FakeS3::error(status, "PermanentRedirect");
    response.headers.add("location", fmt::format("http://127.0.0.1:{}/bucket/a", elsewhere.port()));
    s3_.server.set_script([=](const http::Request&, int) { return response; });
    EXPECT_EQ(error_of(read("v1")).kind, ErrorKind::invalid);
    EXPECT_EQ(error_of(put_once("x")).kind, ErrorKind::invalid);
  }
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST_F(S3Faults, A200WithAnErrorIsNoSuccess) {
  answer_once(http::Method::put, FakeS3::error(200, "InternalError"));
  value_of(put_once("signed"));
  EXPECT_EQ(s3_.server.count("PUT"), 2);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 1u);
}

TEST_F(S3Faults, ACompletionThatSays200AndAnErrorIsAskedForAgain) {
  auto is_done = std::make_shared<bool>(false);
  s3_.server.set_script([=](const http::Request& request, int) -> std::optional<http::Response> {
    const bool completes = request.method == http::Method::post && !request.body.empty();
    if (!completes || *is_done) return std::nullopt;
    *is_done = true;
    return FakeS3::error(200, "InternalError");
  });
  value_of(put_once("a content of more than one part"));
  EXPECT_EQ(s3_.waits, 1);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 1u);
}

TEST_F(S3Faults, A200WithAnErrorIsNotTakenForContent) {
  const std::string version = s3_.server.put("bucket", "a", "content");
  answer(http::Method::get, FakeS3::error(200, "InternalError"));
  EXPECT_EQ(error_of(read(version)).kind, ErrorKind::corrupt);
}

TEST_F(S3Faults, AnObjectThatLooksLikeAnErrorIsAnObject) {
  const std::string text = "<Error><Code>x</Code></Error>";
  EXPECT_EQ(value_of(read(s3_.server.put("bucket", "a", text))), text);
}

TEST_F(S3Faults, AnswersThatAreNoXmlAreErrors) {
  for (const char* body : {"", "<", "not xml", "<a/>", "<ListVersionsResult>"}) {
    answer(http::Method::get, FakeS3::xml(body));
    EXPECT_FALSE(s3_->remove_content({"bucket", "a"}, std::string(64, '0'))) << body;
  }
}

TEST_F(S3Faults, AnAnswerThatDoesNotEndIsCutOff) {
  answer(http::Method::get, FakeS3::xml(std::string(3 * 1024 * 1024, 'x')));
  EXPECT_EQ(error_of(s3_->remove_content({"bucket", "a"}, std::string(64, '0'))).kind,
            ErrorKind::too_large);
}

// Other bytes than those that were pinned.

class Changed : public S3Faults {
 protected:
  // A snapshot of 16 bytes, the first block of which has been read.
  std::unique_ptr<ReadAt> half_read() {
    const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
    auto source = value_of(s3_->snapshot(value_of(s3_->pin({"bucket", "a", version}))));
    std::uint8_t byte = 0;
    expect_done(source->read_at(0, {&byte, 1}));
    return source;
  }
  static Error read_rest(const ReadAt& source) {
    Bytes rest(8);
    return error_of(source.read_at(8, rest));
  }
  void change(std::string content) {
    s3_.server.with(
        [&](auto& buckets) { buckets["bucket"].keys["a"].back().content = std::move(content); });
  }
};

TEST_F(Changed, WhatWasReadOnceIsNotAskedForAgain) {
  const auto source = half_read();
  change("others");
  std::uint8_t byte = 0;
  expect_done(source->read_at(7, {&byte, 1}));
  EXPECT_EQ(byte, '7');
  EXPECT_EQ(s3_.server.count("GET"), 1);
}

TEST_F(Changed, OtherBytesInALaterReadAreCorrupt) {
  const auto source = half_read();
  change("0123456789abcdeX");
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, OtherBytesAreCorruptThoughTheServerIgnoresTheCondition) {
  const auto source = half_read();
  http::Response other = FakeS3::xml("89abcdeX");
  other.status = 206;
  other.headers.add("content-range", "bytes 8-15/16");
  other.headers.add("x-amz-version-id", "v1");
  other.headers.add("etag", "\"another\"");
  answer(http::Method::get, other);
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, AShorterObjectIsCorrupt) {
  const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
  const auto source = value_of(s3_->snapshot(value_of(s3_->pin({"bucket", "a", version}))));
  change("0123456789a");
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, ALongerObjectIsCorrupt) {
  const std::string version = s3_.server.put("bucket", "a", "0123456789abcdef");
  const auto source = value_of(s3_->snapshot(value_of(s3_->pin({"bucket", "a", version}))));
  change("0123456789abcdef0");
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, AnAnswerOfAnotherVersionIsCorrupt) {
  const auto source = half_read();
  http::Response other = FakeS3::xml("89abcdef");
  other.status = 206;
  other.headers.add("content-range", "bytes 8-15/16");
  other.headers.add("x-amz-version-id", "v2");
  answer(http::Method::get, other);
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, AnAnswerOfMoreThanWasAskedForIsCorrupt) {
  const auto source = half_read();
  answer(http::Method::get, FakeS3::xml(std::string(200'000, 'x')));
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::corrupt);
}

TEST_F(Changed, ARemovedVersionIsNotFound) {
  const auto source = half_read();
  s3_.server.with([](auto& buckets) { buckets["bucket"].keys.clear(); });
  EXPECT_EQ(read_rest(*source).kind, ErrorKind::not_found);
}

// Writing.

TEST_F(S3Faults, AServerThatHoldsOtherBytesThanItWasSentIsNotBelieved) {
  s3_.server.set_script([this, done = false](const http::Request& request,
                                             int) mutable -> std::optional<http::Response> {
    if (request.method != http::Method::head || FakeS3::param(request, "versionId").empty()) {
      return std::nullopt;
    }
    http::Response response = FakeS3::xml("signeX");
    response.headers.add("x-amz-version-id", FakeS3::param(request, "versionId"));
    response.headers.add("x-amz-checksum-sha256", std::string(43, 'A') + "=");
    return response;
  });
  EXPECT_EQ(error_of(put_once("signed")).kind, ErrorKind::unavailable);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 0u);
}

TEST_F(S3Faults, AServerWithoutConditionsIsWrittenToAllTheSame) {
  s3_.server.set_script([](const http::Request& request, int) -> std::optional<http::Response> {
    if (request.headers.count("if-none-match") == 0) return std::nullopt;
    return FakeS3::error(501, "NotImplemented");
  });
  value_of(put_once("signed"));
  EXPECT_EQ(error_of(put_once("others")).kind, ErrorKind::conflict);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 1u);
}

TEST_F(S3Faults, AFailedUploadInPartsIsAborted) {
  s3_.server.set_script([](const http::Request& request, int) -> std::optional<http::Response> {
    if (FakeS3::param(request, "partNumber") != "3") return std::nullopt;
    return FakeS3::error(403, "AccessDenied");
  });
  EXPECT_EQ(error_of(put_once("a content of more than one part")).kind, ErrorKind::denied);
  EXPECT_TRUE(s3_.server.with([](auto& buckets) { return buckets["bucket"].uploads.empty(); }));
}

TEST_F(S3Faults, WhatAKilledUploadLeftIsAborted) {
  s3_.server.with([](auto& buckets) { buckets["bucket"].uploads["old"].key = "out"; });
  s3_.server.with([](auto& buckets) { buckets["bucket"].uploads["other"].key = "outer"; });
  value_of(put_once("a content of more than one part"));
  s3_.server.with([](auto& buckets) {
    EXPECT_FALSE(buckets["bucket"].uploads.contains("old"));
    EXPECT_TRUE(buckets["bucket"].uploads.contains("other"));
  });
}

TEST_F(S3Faults, AnUploadThatWasRemovedMeanwhileDoesNotAppear) {
  const auto remove_then_allow = [this]() -> Result<void> {
    expect_done(s3_->remove_content({"bucket", "out"}, std::string(64, '0')));
    return {};
  };
  const auto put = s3_->put_once({"bucket", "out"}, whole("a content of more than one part"),
                                 nothing_, remove_then_allow);
  EXPECT_EQ(error_of(put).kind, ErrorKind::unavailable);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 0u);
}

TEST_F(S3Faults, AnObjectThatMayNoLongerBeThereIsTakenAway) {
  int asked = 0;
  const auto once = [&]() -> Result<void> {
    if (++asked == 1) return {};
    return Error{ErrorKind::conflict, "the lease is lost", {}};
  };
  const auto put = s3_->put_once({"bucket", "out"}, whole("signed"), nothing_, once);
  EXPECT_EQ(error_of(put).kind, ErrorKind::conflict);
  EXPECT_EQ(s3_.server.versions("bucket", "out"), 0u);
}

}  // namespace
}  // namespace hallmark::objects
