#include "http/message.h"

#include <gtest/gtest.h>

#include "http/response_text.h"

namespace hallmark::http {
namespace {

using namespace std::string_view_literals;

constexpr AnswerFrame plain{.to = AnswerTo::other, .after = AfterAnswer::keep_alive, .date = "now"};

Response response_of(int status, std::string body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

TEST(Headers, AreFoundInAnyCase) {
  Headers headers;
  headers.add("X-Amz-Date", "now");
  EXPECT_EQ(headers.find("x-amz-date"), "now");
  EXPECT_EQ(headers.count("X-AMZ-DATE"), 1u);
  EXPECT_EQ(headers.find("x-amz"), std::nullopt);
}

TEST(Headers, FindNothingWhereThereAreTwo) {
  Headers headers;
  headers.add("a", "1");
  headers.add("A", "1");
  EXPECT_EQ(headers.find("a"), std::nullopt);
  EXPECT_EQ(headers.count("a"), 2u);
}

TEST(Reply, SendsWhatItIsCalledWith) {
  int status = 0;
  Reply reply([&](Result<Response> response) { status = response->status; });
  reply(response_of(201, ""));
  EXPECT_EQ(status, 201);
}

TEST(Reply, SendsAnInternalErrorWhenDropped) {
  std::optional<Error> error;
  {
    const Reply reply([&](const Result<Response>& response) { error = response.error(); });
  }
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, ErrorKind::internal);
}

TEST(Reply, AnswersOnceWhenMovedAndCalled) {
  int calls = 0;
  {
    Reply first([&](const Result<Response>&) { ++calls; });
    Reply second(std::move(first));
    second({});
  }
  EXPECT_EQ(calls, 1);
}

TEST(Reply, ThrowsNothingWhenItCannotAnswer) {
  const Reply reply([](const Result<Response>&) { throw std::bad_alloc(); });
}

TEST(TextOf, WritesAWholeAnswer) {
  Response response = response_of(200, "body");
  response.headers.add("Content-Type", "text/plain");
  const auto text = text_of(response, plain);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "HTTP/1.1 200 OK\r\nDate: now\r\nServer: hallmark\r\nContent-Length: 4\r\n"
            "Content-Type: text/plain\r\n\r\nbody");
}

TEST(TextOf, SaysCloseWhenClosing) {
  const auto text = text_of(response_of(413, ""), {AnswerTo::other, AfterAnswer::close, "now"});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "HTTP/1.1 413 Content Too Large\r\nDate: now\r\nServer: hallmark\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(TextOf, GivesHeadTheLengthWithoutTheBody) {
  const auto text =
      text_of(response_of(200, "body"), {AnswerTo::head, AfterAnswer::keep_alive, ""});
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(text->ends_with("\r\n\r\n"));
}

// RFC 9110 §8.6: no Content-Length in a 204.
TEST(TextOf, GivesNoContentNeitherBodyNorLength) {
  const auto text = text_of(response_of(204, "body"), plain);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("Content-Length"), std::string::npos);
  EXPECT_TRUE(text->ends_with("\r\n\r\n"));
}

TEST(TextOf, LeavesOutFieldsThatAreTheServersOwn) {
  Response response = response_of(200, "");
  for (const auto* name : {"date", "SERVER", "content-length", "Connection", "transfer-encoding"}) {
    response.headers.add(name, "theirs");
  }
  const auto text = text_of(response, plain);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("theirs"), std::string::npos);
}

TEST(TextOf, WritesAStatusThatItDoesNotKnow) {
  const auto text = text_of(response_of(299, ""), plain);
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("HTTP/1.1 299 \r\n"));
}

TEST(TextOf, FailsOnFieldsThatWouldSplitTheAnswer) {
  for (const std::string_view value : {"a\r\nb: c"sv, "a\n"sv, "\r"sv, "\0"sv}) {
    Response response = response_of(200, "");
    response.headers.add("x", value);
    EXPECT_FALSE(text_of(response, plain));
  }
  for (const std::string_view name : {"", "x y", "x:", "x\r\n"}) {
    Response response = response_of(200, "");
    response.headers.add(name, "value");
    EXPECT_FALSE(text_of(response, plain));
  }
}

TEST(TextOf, FailsOnAStatusThatEndsNoRequest) {
  for (const int status : {0, 100, 199, 600, -1})
    EXPECT_FALSE(text_of(response_of(status, ""), plain));
}

TEST(DateText, ChangesWithTheSecond) {
  DateText date;
  EXPECT_EQ(date.at(from_unix_millis(1'795'338'487'000)), "Sun, 22 Nov 2026 09:08:07 GMT");
  EXPECT_EQ(date.at(from_unix_millis(1'795'338'487'999)), "Sun, 22 Nov 2026 09:08:07 GMT");
  EXPECT_EQ(date.at(from_unix_millis(1'795'338'488'000)), "Sun, 22 Nov 2026 09:08:08 GMT");
}

}  // namespace
}  // namespace hallmark::http
