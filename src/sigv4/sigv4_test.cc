// AWS's published test suite (tests/vectors/sigv4): every case, every stage.
//
// Two of the 28 cases contradict themselves as published: post-x-www-form-urlencoded and
// post-x-www-form-urlencoded-parameters have Content-Length in the canonical request, but their
// string to sign and signature are of the request without it; and those of the second are of
// charset=utf8, where its request says utf-8 (and its authorization header names content-length).
// They are checked in full all the same, each stage against the request that the stage is of; a
// test of its own shows that no other case needs this.
#include "sigv4/sigv4.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/digest.h"

namespace hallmark::sigv4 {
namespace {

constexpr std::size_t suite_bytes_max = 1 << 20;
constexpr std::size_t suite_cases = 28;
constexpr std::string_view secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view time = "20150830T123600Z";
const Scope scope = {.date = "20150830", .region = "us-east-1", .service = "service"};

struct Case {
  std::string name, method, path, query, body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string canonical_request, string_to_sign, authorization;

  RequestView view() const {
    return {.method = method,
            .path = path,
            .query = query,
            .headers = {headers.begin(), headers.end()}};
  }
  std::string payload_hash() const { return to_hex(crypto::sha256(bytes_of(body))); }
};

Result<Case> read_case(const JsonValue& value) {
  Case read;
  TRY(auto test, value.object());
  TRY(auto request, test.get_object("request"));
  TRY(read.name, test.get_text("name"));
  TRY(read.method, request.get_text("method"));
  TRY(read.path, request.get_text("path"));
  TRY(read.query, request.get_text("query"));
  TRY(read.body, request.get_text("body"));
  TRY(read.canonical_request, test.get_text("creq"));
  TRY(read.string_to_sign, test.get_text("sts"));
  TRY(read.authorization, test.get_text("authz"));
  TRY(auto headers, request.get("headers"));
  TRY(auto pairs, headers.array());
  for (const JsonValue& pair : pairs) {
    TRY(auto texts, pair.array());
    TRY(auto header, texts.at(0).text());
    TRY(auto content, texts.at(1).text());
    read.headers.emplace_back(header, content);
  }
  return read;
}

Result<std::vector<Case>> read_suite() {
  TRY(auto text, read_file(HALLMARK_VECTORS "/sigv4/aws-sig-v4-test-suite.json", suite_bytes_max));
  TRY(auto document, JsonDocument::parse(text));
  TRY(auto root, document.root().object());
  TRY(auto tests, root.get_object("tests"));
  TRY(auto all, tests.get("all"));
  TRY(auto values, all.array());
  std::vector<Case> cases;
  for (const JsonValue& value : values) {
    TRY(auto read, read_case(value));
    cases.push_back(std::move(read));
  }
  return cases;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// What the published canonical request signs: its line before the last.
std::vector<std::string> headers_of_canonical_request(const Case& c) {
  const std::vector<std::string> lines = split(c.canonical_request, '\n');
  return split(lines.at(lines.size() - 2), ';');
}

bool contradicts_itself(const Case& c) {
  return c.name == "post-x-www-form-urlencoded" ||
         c.name == "post-x-www-form-urlencoded-parameters";
}

// The request that the published string to sign and signature are of.
Case as_signed(Case c) {
  if (!contradicts_itself(c)) return c;
  std::erase_if(c.headers, [](const auto& header) { return header.first == "Content-Length"; });
  for (auto& [name, value] : c.headers) {
    if (value.ends_with("charset=utf-8")) value.erase(value.rfind('-'), 1);
  }
  return c;
}

std::vector<std::string> headers_of_signature(const Case& c) {
  std::vector<std::string> headers = headers_of_canonical_request(c);
  if (contradicts_itself(c)) std::erase(headers, "content-length");
  return headers;
}

std::string canonical_request_of(const Case& c, const std::vector<std::string>& signed_headers) {
  return canonical_request(c.view(), signed_headers, c.payload_hash(), PathStyle::normalized);
}

Secret signing_key() { return derive_signing_key(Secret(bytes_of(secret_access_key)), scope); }

std::string signature_of(const Case& c) {
  const std::string canonical = canonical_request_of(c, headers_of_signature(c));
  return signature_hex(signing_key(), string_to_sign(time, scope, canonical));
}

std::string published_signature(const Case& c) {
  constexpr std::size_t digits = 64;
  return c.authorization.substr(c.authorization.size() - digits);
}

class AwsSuite : public testing::Test {
 protected:
  void SetUp() override {
    auto suite = read_suite();
    ASSERT_TRUE(suite) << suite.error().message;
    cases_ = *std::move(suite);
    ASSERT_EQ(cases_.size(), suite_cases);
  }

  std::vector<Case> cases_;
};

TEST_F(AwsSuite, GivesEveryCanonicalRequest) {
  for (const Case& c : cases_) {
    EXPECT_EQ(canonical_request_of(c, headers_of_canonical_request(c)), c.canonical_request)
        << c.name;
  }
}

TEST_F(AwsSuite, GivesEveryStringToSign) {
  for (const Case& c : cases_) {
    const std::string canonical = canonical_request_of(as_signed(c), headers_of_signature(c));
    EXPECT_EQ(string_to_sign(time, scope, canonical), c.string_to_sign) << c.name;
  }
}

TEST_F(AwsSuite, GivesEverySignature) {
  for (const Case& c : cases_) {
    EXPECT_EQ(signature_of(as_signed(c)), published_signature(c)) << c.name;
  }
}

// `authorize` signs all headers that it is given, so it is given those that the case signs.
TEST_F(AwsSuite, GivesEveryAuthorizationHeader) {
  for (const Case& c : cases_) {
    const Case request = as_signed(c);
    std::string expected = c.authorization;
    if (c.name == "post-x-www-form-urlencoded-parameters") {
      expected.erase(expected.find("content-length;"), std::string_view("content-length;").size());
    }
    EXPECT_EQ(authorize(request.view(), c.payload_hash(), time, "AKIDEXAMPLE", scope, signing_key(),
                        PathStyle::normalized),
              expected)
        << c.name;
  }
}

TEST_F(AwsSuite, IsReadAsItIsSent) {
  for (const Case& c : cases_) {
    const auto parsed = parse_authorization(c.authorization);
    ASSERT_TRUE(parsed) << c.name;
    EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
    EXPECT_EQ(parsed->scope, scope);
    EXPECT_EQ(parsed->signature_hex, published_signature(c));
  }
}

TEST_F(AwsSuite, ContradictsItselfInTwoCasesOnly) {
  for (const Case& c : cases_) {
    const bool consistent = string_to_sign(time, scope, c.canonical_request) == c.string_to_sign;
    EXPECT_EQ(consistent, !contradicts_itself(c)) << c.name;
  }
}

std::vector<std::string*> signed_texts(Case& c) {
  std::vector<std::string*> texts = {&c.method, &c.query, &c.body};
  for (auto& [name, value] : c.headers) texts.push_back(&value);
  return texts;
}

char other(char byte) { return byte == 'Z' ? 'Y' : 'Z'; }

// The case with one byte changed, for each byte that is signed. Of the path only the last:
// "/a/../b" and "/x/../b" are one path. Spaces stay: a run of them in a header is one.
std::vector<Case> mutants_of(Case c) {
  std::vector<Case> mutants = {c};
  mutants.front().path.back() = other(c.path.back());
  const std::vector<std::string*> texts = signed_texts(c);
  for (std::size_t t = 0; t < texts.size(); ++t) {
    for (std::size_t i = 0; i < texts[t]->size(); ++i) {
      if (texts[t]->at(i) == ' ') continue;
      Case mutant = c;
      signed_texts(mutant)[t]->at(i) = other(texts[t]->at(i));
      mutants.push_back(std::move(mutant));
    }
  }
  return mutants;
}

TEST_F(AwsSuite, SignsEveryByte) {
  for (const Case& c : cases_) {
    const std::vector<Case> mutants = mutants_of(as_signed(c));
    EXPECT_GT(mutants.size(), 30U) << c.name;
    for (const Case& mutant : mutants) {
      ASSERT_NE(signature_of(mutant), published_signature(c)) << c.name;
    }
  }
}

TEST(SigningKey, IsTheOneOfTheDocumentation) {
  // AWS General Reference, "Examples of how to derive a signing key for Signature Version 4".
  const Secret key =
      derive_signing_key(Secret(bytes_of(secret_access_key)),
                         {.date = "20150830", .region = "us-east-1", .service = "iam"});
  EXPECT_EQ(to_hex(key.reveal()),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(SigningKey, DependsOnEveryPartOfTheScope) {
  const Secret secret(bytes_of(secret_access_key));
  const Secret key = derive_signing_key(secret, {"20150830", "us-east-1", "signer"});
  EXPECT_FALSE(key == derive_signing_key(secret, {"20150831", "us-east-1", "signer"}));
  EXPECT_FALSE(key == derive_signing_key(secret, {"20150830", "us-west-1", "signer"}));
  EXPECT_FALSE(key == derive_signing_key(secret, {"20150830", "us-east-1", "acm"}));
}

}  // namespace
}  // namespace hallmark::sigv4
