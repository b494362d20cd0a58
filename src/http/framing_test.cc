#include "http/framing.h"

#include <string>

#include <gtest/gtest.h>

namespace hallmark::http {
namespace {

Result<RequestHead> parse(std::string_view head) { return parse_head(head, ServerLimits()); }

// The kind of refusal, or nothing for an accepted head.
std::optional<ErrorKind> refusal(std::string_view head, const ServerLimits& limits = {}) {
  const auto parsed = parse_head(head, limits);
  if (parsed) return std::nullopt;
  return parsed.error().kind;
}

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST(HeadScanner, FindsTheEndWhereverTheBytesAreCut) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string bytes = head + "body\n";
  for (std::size_t cut = 1; cut < head.size(); ++cut) {
    HeadScanner scanner{ServerLimits()};
    const auto first = scanner.scan(bytes.substr(0, cut));
    ASSERT_TRUE(first) << cut;
    EXPECT_FALSE(*first) << cut;
    const auto second = scanner.scan(bytes);
    ASSERT_TRUE(second) << cut;
    EXPECT_EQ(*second, head.size()) << cut;
  }
}

TEST(HeadScanner, RefusesAWrongLineWhenItSeesIt) {
  for (const std::string_view bytes :
       {"\n", "\r\n", " GET", "\x16", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\r", "GET /\rH",
        "GET / HTTP/1.1\r\nHost: a\r\n x", "GET / HTTP/1.1\r\n\t"}) {
    HeadScanner scanner{ServerLimits()};
    const auto scanned = scanner.scan(bytes);
    ASSERT_FALSE(scanned) << bytes;
    EXPECT_EQ(scanned.error().kind, ErrorKind::bad_request);
  }
}

TEST(HeadScanner, RefusesAReturnThatWasTheLastByteOfThePieceBefore) {
  HeadScanner scanner{ServerLimits()};
  ASSERT_TRUE(scanner.scan("GET / HTTP/1.1\r"));
  EXPECT_FALSE(scanner.scan("GET / HTTP/1.1\rx"));
}

TEST(HeadScanner, RefusesAHeadWithoutEndBeyondTheLimits) {
  HeadScanner scanner{{.target_bytes_max = 20, .header_bytes_max = 30}};
  const std::string bytes = "GET /" + std::string(46, 'x');
  EXPECT_TRUE(scanner.scan(std::string_view(bytes).substr(0, 50)));
  const auto scanned = scanner.scan(bytes);
  ASSERT_FALSE(scanned);
  EXPECT_EQ(scanned.error().kind, ErrorKind::too_large);
}

TEST(ParseHead, KeepsTargetAndFieldsAsReceived) {
  const auto head =
      parse("PUT /a%2Fb//c?x=%41&y HTTP/1.1\r\nhOsT: A\r\nX-One:  1 2\t\r\nx-one:\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->request.method, Method::put);
  EXPECT_EQ(head->request.target, "/a%2Fb//c?x=%41&y");
  EXPECT_EQ(head->request.path, "/a%2Fb//c");
  EXPECT_EQ(head->request.query, "x=%41&y");
  const auto& fields = head->request.headers.fields();
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields[0].name, "hOsT");
  EXPECT_EQ(fields[1].name, "X-One");
  EXPECT_EQ(fields[1].value, "1 2");
  EXPECT_EQ(fields[2].value, "");
}

TEST(ParseHead, TakesPathAndQueryOutOfAnAbsoluteForm) {
  const auto head = parse("GET http://A:80/p?q HTTP/1.1\r\nHost: a:80\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->request.target, "http://A:80/p?q");
  EXPECT_EQ(head->request.path, "/p");
  EXPECT_EQ(head->request.query, "q");
}

TEST(ParseHead, GivesAnAbsoluteFormWithoutPathTheRoot) {
  const auto head = parse("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->request.path, "/");
  EXPECT_EQ(head->request.query, "q");
}

TEST(ParseHead, ReadsTheFraming) {
  const auto head = parse(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: 100-continue\r\n"
      "Connection: close\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->body_bytes, 12u);
  EXPECT_TRUE(head->expects_continue);
  EXPECT_FALSE(head->keep_alive);
}

TEST(ParseHead, HoldsTargetAndHeaderAgainstTheirOwnLimits) {
  const std::string longest(limits::request_target_bytes_max - 1, 'x');
  EXPECT_EQ(refusal(get("/" + longest)), std::nullopt);
  EXPECT_EQ(refusal(get("/x" + longest)), ErrorKind::too_large);

  const std::string frame = "GET / HTTP/1.1\r\nHost: a\r\nx: \r\n\r\n";
  const std::string value(limits::request_header_bytes_max - (frame.size() - 1), 'x');
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nx: ";
  EXPECT_EQ(refusal(begin + value + "\r\n\r\n"), std::nullopt);
  EXPECT_EQ(refusal(begin + value + "x\r\n\r\n"), ErrorKind::too_large);
}

TEST(ParseHead, AllowsATargetAndAHeaderOfFullSizeTogether) {
  const std::string target(limits::request_target_bytes_max - 1, 'x');
  const std::string value(limits::request_header_bytes_max - 40, 'x');
  EXPECT_EQ(refusal("GET /" + target + " HTTP/1.1\r\nHost: a\r\nx: " + value + "\r\n\r\n"),
            std::nullopt);
}

TEST(ParseHead, RefusesTooManyFields) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 1; i < limits::request_header_fields_max; ++i) head += "x: y\r\n";
  EXPECT_EQ(refusal(head + "\r\n"), std::nullopt);
  EXPECT_EQ(refusal(head + "x: y\r\n\r\n"), ErrorKind::too_large);
}

TEST(ParseHead, RefusesABodyOverTheLimit) {
  const auto post = [](std::string_view length) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::string(length) + "\r\n\r\n";
  };
  EXPECT_EQ(refusal(post("524288")), std::nullopt);
  EXPECT_EQ(refusal(post("524289")), ErrorKind::too_large);
  EXPECT_EQ(refusal(post("18446744073709551615")), ErrorKind::too_large);
}

TEST(ParseHead, RefusesAHeadThatIsNotWhole) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\n"), ErrorKind::bad_request);
  EXPECT_EQ(refusal(""), ErrorKind::bad_request);
  EXPECT_EQ(refusal(get("/") + "x"), ErrorKind::bad_request);
}

}  // namespace
}  // namespace hallmark::http
