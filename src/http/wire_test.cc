// What a stranger's bytes get for an answer: the requirements of RFC 9112 that others test servers
// for, and our own that go beyond them.
#include <atomic>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "http/testing.h"

namespace hallmark::http {
namespace {

using namespace std::string_view_literals;
using testing::Answer;
using testing::Client;
using testing::TestServer;

enum class Then { kept, closed };

struct Case {
  std::string_view name;
  std::string_view bytes;
  int status;
  Then then;
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

// Macros, because only literals are concatenated by the compiler.
#define LINE "GET / HTTP/1.1\r\n"
#define GET LINE "Host: a\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"

constexpr Case cases[] = {
    // The request line (RFC 9112 §3).
    {"Get", GET "\r\n", 200, Then::kept},
    {"Put", "PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"Delete", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"Patch", "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"Options", "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"LowerCaseMethod", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"MethodWithWrongCharacter", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400, Then::closed},
    {"EmptyLineFirst", "\r\n" GET "\r\n", 400, Then::closed},
    {"SpaceFirst", " " GET "\r\n", 400, Then::closed},
    {"NoTarget", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"TwoSpacesBeforeTarget", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"TwoSpacesBeforeVersion", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"TabInsteadOfSpace", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"SpaceAfterVersion", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, Then::closed},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Http09", "GET /\r\n\r\n", 400, Then::closed},
    {"Http10", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Http12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Http20", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, Then::closed},
    {"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"VersionWithTwoDigits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"VersionWithoutMinor", "GET / HTTP/1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"TlsClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv, 400, Then::closed},
    {"Garbage", "\xff\xfe\x00\x01\r\n\r\n"sv, 400, Then::closed},

    // The target (§3.2).
    {"Query", "GET /p?q=1?2 HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"AsteriskForm", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AsteriskFormWithGet", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AuthorityForm", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, Then::closed},
    {"RelativeTarget", "GET p HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"Fragment", "GET /p#f HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"NulInTarget", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, Then::closed},
    {"DeleteInTarget", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"NonAsciiInTarget", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AbsoluteForm", "GET http://a/p HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"AbsoluteFormOfHttps", "GET https://a/p HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"AbsoluteFormInOtherCase", "GET HTTP://A/p HTTP/1.1\r\nHost: a\r\n\r\n", 200, Then::kept},
    {"AbsoluteFormOfOtherHost", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AbsoluteFormOfOtherPort", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AbsoluteFormWithUser", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AbsoluteFormOfOtherScheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"AbsoluteFormWithoutHost", "GET http://a/ HTTP/1.1\r\n\r\n", 400, Then::closed},

    // Host (§3.2, RFC 9110 §7.2).
    {"HostWithPort", LINE "Host: a.example:80\r\n\r\n", 200, Then::kept},
    {"HostAsAddress", LINE "Host: [::1]:9400\r\n\r\n", 200, Then::kept},
    {"NoHost", LINE "\r\n", 400, Then::closed},
    {"TwoHosts", GET "Host: b\r\n\r\n", 400, Then::closed},
    {"TwoEqualHosts", GET "host: a\r\n\r\n", 400, Then::closed},
    {"EmptyHost", LINE "Host:\r\n\r\n", 400, Then::closed},
    {"HostsInOneField", LINE "Host: a, b\r\n\r\n", 400, Then::closed},
    {"HostWithUser", LINE "Host: u@a\r\n\r\n", 400, Then::closed},
    {"HostWithPath", LINE "Host: a/b\r\n\r\n", 400, Then::closed},
    {"HostWithWrongPort", LINE "Host: a:b\r\n\r\n", 400, Then::closed},
    {"HostWithOpenBracket", LINE "Host: [::1\r\n\r\n", 400, Then::closed},

    // Lines and fields (§2.2, §5).
    {"BareFeedAfterRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, Then::closed},
    {"BareFeedAfterField", LINE "Host: a\n\r\n", 400, Then::closed},
    {"BareFeedAtEnd", GET "\n", 400, Then::closed},
    {"BareFeedsOnly", "GET / HTTP/1.1\nHost: a\n\n", 400, Then::closed},
    {"BareReturnsOnly", "GET / HTTP/1.1\rHost: a\r\r", 400, Then::closed},
    {"BareReturnInValue", GET "x: a\rb\r\n\r\n", 400, Then::closed},
    {"TwoReturns", GET "x: a\r\r\n\r\n", 400, Then::closed},
    {"FoldedField", GET "x: a\r\n b\r\n\r\n", 400, Then::closed},
    {"FoldedFieldByTab", GET "x: a\r\n\tb\r\n\r\n", 400, Then::closed},
    {"FoldBeforeFirstField", LINE " x: a\r\nHost: a\r\n\r\n", 400, Then::closed},
    {"LineOfWhiteSpace", GET "x: a\r\n \r\n\r\n", 400, Then::closed},
    {"SpaceBeforeColon", GET "x : a\r\n\r\n", 400, Then::closed},
    {"TabBeforeColon", GET "x\t: a\r\n\r\n", 400, Then::closed},
    {"NoColon", GET "x\r\n\r\n", 400, Then::closed},
    {"NoName", GET ": a\r\n\r\n", 400, Then::closed},
    {"WrongCharacterInName", GET "x(y): a\r\n\r\n", 400, Then::closed},
    {"NonAsciiName", GET "x\xc3\xa4: a\r\n\r\n", 400, Then::closed},
    {"NulInName", GET "x\0y: a\r\n\r\n"sv, 400, Then::closed},
    {"NulInValue", GET "x: a\0b\r\n\r\n"sv, 400, Then::closed},
    {"ControlCharacterInValue", GET "x: a\x01\r\n\r\n", 400, Then::closed},
    {"DeleteInValue", GET "x: a\x7f\r\n\r\n", 400, Then::closed},
    {"EmptyValue", GET "x:\r\n\r\n", 200, Then::kept},
    {"TabInValue", GET "x:\ta\tb\t\r\n\r\n", 200, Then::kept},
    {"NonAsciiValue", GET "x: \xc3\xa4\r\n\r\n", 200, Then::kept},
    {"Upgrade", GET "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 200, Then::kept},
    {"Close", GET "Connection: close\r\n\r\n", 200, Then::closed},
    {"CloseAmongOthers", GET "Connection: x, Close\r\n\r\n", 200, Then::closed},

    // Content-Length (§6.2, RFC 9110 §8.6).
    {"Body", POST "Content-Length: 3\r\n\r\nabc", 200, Then::kept},
    {"BodyOfGet", GET "Content-Length: 3\r\n\r\nabc", 200, Then::kept},
    {"NoLength", POST "\r\n", 200, Then::kept},
    {"LengthZero", POST "Content-Length: 0\r\n\r\n", 200, Then::kept},
    {"LengthWithSpaces", POST "Content-Length: \t 3 \t\r\n\r\nabc", 200, Then::kept},
    {"TwoLengths", POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400, Then::closed},
    {"TwoEqualLengths", POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400,
     Then::closed},
    {"LengthsInOneField", POST "Content-Length: 3, 3\r\n\r\nabc", 400, Then::closed},
    {"DifferentLengthsInOneField", POST "Content-Length: 3, 4\r\n\r\nabc", 400, Then::closed},
    {"LengthWithComma", POST "Content-Length: 3,\r\n\r\nabc", 400, Then::closed},
    {"LengthWithPlus", POST "Content-Length: +3\r\n\r\nabc", 400, Then::closed},
    {"NegativeLength", POST "Content-Length: -1\r\n\r\nabc", 400, Then::closed},
    {"NegativeZeroLength", POST "Content-Length: -0\r\n\r\n", 400, Then::closed},
    {"HexLength", POST "Content-Length: 0x3\r\n\r\nabc", 400, Then::closed},
    {"LengthWithZeros", POST "Content-Length: 003\r\n\r\nabc", 400, Then::closed},
    {"LengthWithFraction", POST "Content-Length: 3.0\r\n\r\nabc", 400, Then::closed},
    {"LengthWithUnderscore", POST "Content-Length: 1_0\r\n\r\n0123456789", 400, Then::closed},
    {"LengthWithInnerSpace", POST "Content-Length: 1 0\r\n\r\n0123456789", 400, Then::closed},
    {"EmptyLength", POST "Content-Length:\r\n\r\n", 400, Then::closed},
    {"WordAsLength", POST "Content-Length: three\r\n\r\nabc", 400, Then::closed},
    {"LengthBeyondIntegers", POST "Content-Length: 99999999999999999999\r\n\r\n", 400,
     Then::closed},
    {"LengthOverLimit", POST "Content-Length: 10737418240\r\n\r\n", 413, Then::closed},
    {"SpaceBeforeColonOfLength", POST "Content-Length : 3\r\n\r\nabc", 400, Then::closed},

    // Transfer-Encoding (§6.1): none is supported, so none can be misread.
    {"Chunked", POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411, Then::closed},
    {"ChunkedInOtherCase", POST "transfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n", 411, Then::closed},
    {"Gzip", POST "Transfer-Encoding: gzip\r\n\r\n", 411, Then::closed},
    {"ChunkedThenGzip", POST "Transfer-Encoding: chunked, gzip\r\n\r\n", 411, Then::closed},
    {"Identity", POST "Transfer-Encoding: identity\r\n\r\n", 411, Then::closed},
    {"AlmostChunked", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 411, Then::closed},
    {"EmptyEncoding", POST "Transfer-Encoding:\r\n\r\n", 411, Then::closed},
    {"TwoEncodings",
     POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411,
     Then::closed},
    {"LengthThenEncoding", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     411, Then::closed},
    {"EncodingThenLength", POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
     411, Then::closed},
    {"LengthThenOtherEncoding", POST "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nabcde",
     411, Then::closed},
    {"SpaceBeforeColonOfEncoding", POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400,
     Then::closed},
    {"EncodingAfterVerticalTab",
     POST "Transfer-Encoding: \x0b"
          "chunked\r\n\r\n0\r\n\r\n",
     400, Then::closed},
    {"FoldedEncoding", POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400, Then::closed},
    {"EncodingInHttp10",
     "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     Then::closed},

    // Expect (RFC 9110 §10.1.1).
    {"UnknownExpectation", POST "Content-Length: 3\r\nExpect: 200-ok\r\n\r\nabc", 400,
     Then::closed},
    {"ExpectationWithoutBody", POST "Expect: 100-continue\r\n\r\n", 200, Then::kept},
    {"ExpectationMetAlready", POST "Content-Length: 3\r\nExpect: 100-Continue\r\n\r\nabc", 200,
     Then::kept},
    {"ExpectationOfTooMuch", POST "Content-Length: 10737418240\r\nExpect: 100-continue\r\n\r\n",
     413, Then::closed},
};

class Wire : public ::testing::TestWithParam<Case> {};

// Each request is followed, in the same packet, by another one, which only those that leave no
// doubt about their end may let through.
TEST_P(Wire, GetsItsAnswer) {
  std::atomic<int> followers = 0;
  TestServer server([&](Request request, Reply reply) {
    if (request.path == "/follower") ++followers;
    testing::echo(request, std::move(reply));
  });
  Client client(server.port());
  client.send(std::string(GetParam().bytes) + "GET /follower HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_EQ(client.read_answer().status, GetParam().status);
  if (GetParam().then == Then::kept) {
    EXPECT_EQ(client.read_answer().body, "GET /follower? ");
  } else {
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(followers, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Http, Wire, ::testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(WireByteByByte, EveryAcceptedRequestIsAcceptedInPieces) {
  TestServer server(testing::echo);
  for (const Case& one : cases) {
    if (one.status != 200) continue;
    Client client(server.port());
    for (const char c : one.bytes) client.send({&c, 1});
    auto answer = client.read_answer();
    // Whether the body was expected or there already depends on how fast the pieces arrive.
    if (answer.status == 100) answer = client.read_answer();
    EXPECT_EQ(answer.status, 200) << one.name;
  }
}

}  // namespace
}  // namespace hallmark::http
