// What AWS's own client library signs in the query (tests/vectors/sigv4), every stage; and two URLs
// of botocore.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test_support.h"
#include "crypto/digest.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

using hallmark::test::value_of;

constexpr std::size_t suite_bytes_max = 1 << 20;
constexpr std::size_t suite_cases = 34;
constexpr std::string_view secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string hash_of(std::string_view body) { return to_hex(crypto::sha256(bytes_of(body))); }

// "METHOD TARGET HTTP/1.1\nName:value\n…\n\nBODY", borrowed from a text.
struct Message {
  explicit Message(std::string_view text) {
    const std::string_view line = take(text, "\n");
    const std::size_t target = line.find(' ') + 1;
    const std::string_view whole = line.substr(target, line.rfind(' ') - target);
    const std::size_t question = whole.find('?');
    view.method = line.substr(0, target - 1);
    view.path = whole.substr(0, question);
    if (question != std::string_view::npos) view.query = whole.substr(question + 1);
    while (!text.empty() && text.front() != '\n') {
      const std::string_view header = take(text, "\n");
      const std::size_t colon = header.find(':');
      view.headers.emplace_back(header.substr(0, colon), header.substr(colon + 1));
    }
    (void)take(text, "\n");
    body = text;
  }

  RequestView view;
  std::string_view body;

 private:
  static std::string_view take(std::string_view& text, std::string_view end) {
    const std::string_view taken = text.substr(0, text.find(end));
    text.remove_prefix(std::min(taken.size() + end.size(), text.size()));
    return taken;
  }
};

enum class TokenIs { signed_too, added_later };

struct Case {
  std::string name, token, request, canonical_request, string_to_sign, signature, signed_request;
  std::string service, region;
  std::string time = "20150830T123600Z";  // of every case
  PathStyle style = PathStyle::normalized;
  TokenIs token_is = TokenIs::signed_too;

  Scope scope() const { return {time.substr(0, 8), region, service}; }
};

Result<void> read_context(Case& read, const JsonObject& context) {
  TRY(const auto credentials, context.get_object("credentials"));
  TRY(const auto token, credentials.find_text("token"));
  read.token = token.value_or("");
  TRY(read.service, context.get_text("service"));
  TRY(read.region, context.get_text("region"));
  TRY(const auto normalize, context.find_boolean("normalize"));
  if (normalize == false) read.style = PathStyle::s3;
  TRY(const auto omit, context.find_boolean("omit_session_token"));
  if (omit == true) read.token_is = TokenIs::added_later;
  return {};
}

Result<Case> read_case(const JsonValue& value) {
  Case read;
  TRY(const auto texts, value.object());
  TRY(read.name, texts.get_text("name"));
  TRY(read.request, texts.get_text("request"));
  TRY(read.canonical_request, texts.get_text("query-canonical-request"));
  TRY(read.string_to_sign, texts.get_text("query-string-to-sign"));
  TRY(read.signature, texts.get_text("query-signature"));
  TRY(read.signed_request, texts.get_text("query-signed-request"));
  TRY(const auto context, texts.get_object("context"));
  TRY(read_context(read, context));
  return read;
}

Result<std::vector<Case>> read_suite() {
  TRY(auto text, read_file(HALLMARK_VECTORS "/sigv4/aws-c-auth-query.json", suite_bytes_max));
  TRY(auto document, JsonDocument::parse(text));
  TRY(auto root, document.root().object());
  TRY(auto all, root.get("cases"));
  TRY(auto values, all.array());
  std::vector<Case> cases;
  for (const JsonValue& value : values) {
    TRY(auto read, read_case(value));
    cases.push_back(std::move(read));
  }
  return cases;
}

Secret key_of(const Scope& scope) {
  return derive_signing_key(Secret(bytes_of(secret_access_key)), scope);
}

class QuerySuite : public testing::Test {
 protected:
  void SetUp() override {
    cases_ = value_of(read_suite());
    ASSERT_EQ(cases_.size(), suite_cases);
  }

  std::vector<Case> cases_;
};

// As the server does it, from what was sent.
std::string canonical_request_of(const Case& c) {
  const Message sent(c.signed_request);
  const auto parsed = value_of(parse_query_authorization(sent.view.query));
  RequestView view = sent.view;
  view.query = parsed.signed_query;
  return canonical_request(view, parsed.authorization.signed_headers, hash_of(sent.body), c.style);
}

TEST_F(QuerySuite, IsReadAsItIsSent) {
  for (const Case& c : cases_) {
    SCOPED_TRACE(c.name);
    const auto parsed = value_of(parse_query_authorization(Message(c.signed_request).view.query));
    EXPECT_EQ(parsed.authorization.access_key_id, "AKIDEXAMPLE");
    EXPECT_EQ(parsed.authorization.scope, c.scope());
    EXPECT_EQ(parsed.authorization.signature_hex, c.signature);
    EXPECT_EQ(parsed.time, c.time);
    EXPECT_EQ(parsed.expires, std::chrono::seconds(3600));
    EXPECT_EQ(parsed.security_token.value_or(""), c.token);
  }
}

TEST_F(QuerySuite, GivesEveryCanonicalRequest) {
  for (const Case& c : cases_) {
    if (c.token_is == TokenIs::added_later) continue;
    EXPECT_EQ(canonical_request_of(c), c.canonical_request) << c.name;
  }
}

TEST_F(QuerySuite, GivesEverySignature) {
  for (const Case& c : cases_) {
    if (c.token_is == TokenIs::added_later) continue;
    const std::string text = string_to_sign(c.time, c.scope(), canonical_request_of(c));
    EXPECT_EQ(text, c.string_to_sign) << c.name;
    EXPECT_EQ(signature_hex(key_of(c.scope()), text), c.signature) << c.name;
  }
}

TEST_F(QuerySuite, IsPresignedByteForByte) {
  for (const Case& c : cases_) {
    if (c.token_is == TokenIs::added_later) continue;
    const Message request(c.request);
    const Scope scope = c.scope();
    const Secret key = key_of(scope);
    const Presigning how = {.access_key_id = "AKIDEXAMPLE",
                            .security_token = c.token,
                            .scope = scope,
                            .signing_key = key,
                            .time = c.time,
                            .expires = std::chrono::seconds(3600)};
    EXPECT_EQ(presign(request.view, hash_of(request.body), how, c.style),
              Message(c.signed_request).view.query)
        << c.name;
  }
}

// Some services of AWS want it so (AWS IoT); the Signer reference does not, and a token that is not
// signed could be exchanged.
TEST_F(QuerySuite, OfATokenThatIsAddedLaterIsNotTheSignatureOfWhatIsSent) {
  int found = 0;
  for (const Case& c : cases_) {
    if (c.token_is != TokenIs::added_later) continue;
    ++found;
    EXPECT_EQ(string_to_sign(c.time, c.scope(), c.canonical_request), c.string_to_sign);
    EXPECT_NE(canonical_request_of(c), c.canonical_request);
  }
  EXPECT_EQ(found, 1);
}

// botocore 1.43.11's SigV4QueryAuth with a life of 60 s and of 900 s at 2026-11-22T09:08:07Z.
struct Url {
  std::string_view path, query;
};
constexpr Url of_tags = {
    "/tags/arn%3Aaws%3Asigner%3Aus-east-1%3A111122223333%3A%2Fsigning-profiles%2FRelease",
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Fus-east-1%2Fsigner"
    "%2Faws4_request&X-Amz-Date=20261122T090807Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=8766d499f07e55ed7afd07ff6d167aa840dc6bc259bf6611ecd598b6790e35e1"};
constexpr Url of_a_session = {
    "/signing-profiles",
    "statuses=Active&maxResults=5&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE"
    "%2F20261122%2Fus-east-1%2Fsigner%2Faws4_request&X-Amz-Date=20261122T090807Z&X-Amz-Expires=900"
    "&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjE%2B%2Ftoken%3D%3D"
    "&X-Amz-Signature=8430f932ca32734852b408b74f0f5a1d2173c1fbf4aaa37490767b3feee7493b"};

TEST(Botocore, PresignsWhatIsVerified) {
  for (const Url& url : {of_tags, of_a_session}) {
    const auto parsed = value_of(parse_query_authorization(url.query));
    const Authorization& authorization = parsed.authorization;
    const RequestView view = {.method = "GET",
                              .path = url.path,
                              .query = parsed.signed_query,
                              .headers = {{"Host", "signer.us-east-1.amazonaws.com"}}};
    const std::string canonical =
        canonical_request(view, authorization.signed_headers, hash_of(""), PathStyle::normalized);
    EXPECT_EQ(signature_hex(key_of(authorization.scope),
                            string_to_sign(*parsed.time, authorization.scope, canonical)),
              authorization.signature_hex)
        << url.path;
  }
}

}  // namespace
}  // namespace hallmark::sigv4
