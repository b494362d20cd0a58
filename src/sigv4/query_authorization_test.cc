#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/test_support.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

using hallmark::test::value_of;
using std::chrono::seconds;

const std::string digits(64, 'a');

// The parameters of a good query, of which a test changes some.
struct Query {
  std::string algorithm = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
  std::string credential =
      "X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Fus-east-1%2Fsigner%2Faws4_request";
  std::string date = "X-Amz-Date=20261122T090807Z";
  std::string expires = "X-Amz-Expires=60";
  std::string headers = "X-Amz-SignedHeaders=content-type%3Bhost";
  std::string signature = "X-Amz-Signature=" + digits;
  std::string other = "maxResults=5";

  std::string text() const {
    std::string joined;
    for (const auto& part : {other, algorithm, credential, date, expires, headers, signature}) {
      if (part.empty()) continue;
      if (!joined.empty()) joined += '&';
      joined += part;
    }
    return joined;
  }
};

std::string refusal_of(const std::string& query) {
  const auto parsed = parse_query_authorization(query);
  if (parsed) return "";
  EXPECT_EQ(parsed.error().kind, ErrorKind::incomplete_signature);
  return parsed.error().message;
}

template <class Change>
std::string refusal_with(Change change) {
  Query query;
  change(query);
  return refusal_of(query.text());
}

TEST(QueryAuthorization, IsParsed) {
  const auto parsed = value_of(parse_query_authorization(Query().text()));
  EXPECT_EQ(parsed.authorization.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed.authorization.scope, (Scope{"20261122", "us-east-1", "signer"}));
  EXPECT_EQ(parsed.authorization.signed_headers,
            (std::vector<std::string>{"content-type", "host"}));
  EXPECT_EQ(parsed.authorization.signature_hex, digits);
  EXPECT_EQ(parsed.time, "20261122T090807Z");
  EXPECT_EQ(parsed.expires, seconds(60));
  EXPECT_FALSE(parsed.security_token);
}

TEST(QueryAuthorization, IsSignedWithoutItsSignatureAndAsItIsOtherwise) {
  Query query;
  query.other = "b=%7e&a&&c=+";
  const auto parsed = value_of(parse_query_authorization(query.text()));
  query.signature = "";
  EXPECT_EQ(parsed.signed_query, query.text());
}

TEST(QueryAuthorization, IsReadFromAnyPlace) {
  Query query;
  query.other = "X-Amz-Security-Token=a%2Fb%2Bc%3D%3D";
  const std::string first = std::exchange(query.signature, "");
  const auto parsed = value_of(parse_query_authorization(first + "&" + query.text() + "&z=1"));
  EXPECT_EQ(parsed.security_token, "a/b+c==");
  EXPECT_EQ(parsed.signed_query, query.text() + "&z=1");
}

TEST(QueryAuthorization, TakesAPlusForAPlus) {
  EXPECT_EQ(value_of(parse_query_authorization(Query().text() + "&X-Amz-Security-Token=a+b"))
                .security_token,
            "a+b");
}

TEST(QueryAuthorization, NamesTheMissingParameter) {
  const auto missing = [](std::string_view name) {
    return "AWS query-string parameters must include '" + std::string(name) +
           "'. Re-examine the query-string parameters.";
  };
  EXPECT_EQ(refusal_with([](Query& q) { q.algorithm = ""; }), missing("X-Amz-Algorithm"));
  EXPECT_EQ(refusal_with([](Query& q) { q.credential = ""; }), missing("X-Amz-Credential"));
  EXPECT_EQ(refusal_with([](Query& q) { q.headers = ""; }), missing("X-Amz-SignedHeaders"));
  EXPECT_EQ(refusal_with([](Query& q) { q.signature = ""; }), missing("X-Amz-Signature"));
  EXPECT_EQ(refusal_of(""), missing("X-Amz-Algorithm"));
}

TEST(QueryAuthorization, MayLeaveDateAndExpiresOut) {
  Query query;
  query.date = query.expires = "";
  const auto parsed = value_of(parse_query_authorization(query.text()));
  EXPECT_FALSE(parsed.time);
  EXPECT_FALSE(parsed.expires);
}

TEST(QueryAuthorization, TakesEachParameterOnce) {
  const Query query;
  for (const auto& part : {query.algorithm, query.credential, query.date, query.expires,
                           query.headers, query.signature}) {
    const std::string name = part.substr(0, part.find('='));
    EXPECT_EQ(refusal_of(query.text() + "&" + part),
              "AWS query-string has two '" + name + "' parameters.");
    EXPECT_EQ(refusal_of(query.text() + "&" + name),
              "AWS query-string has two '" + name + "' parameters.");
  }
}

TEST(QueryAuthorization, OfAnotherSpellingIsRefused) {
  EXPECT_EQ(refusal_with([](Query& q) { q.other = "x-amz-date=20261122T090807Z"; }),
            "A query-string parameter must be spelled 'X-Amz-Date'.");
  EXPECT_EQ(refusal_with([](Query& q) { q.other = "X-AMZ-SECURITY-TOKEN=a"; }),
            "A query-string parameter must be spelled 'X-Amz-Security-Token'.");
  EXPECT_EQ(refusal_with([](Query& q) { q.other = "%78-amz-signature=a"; }),
            "A query-string parameter must be spelled 'X-Amz-Signature'.");
}

TEST(QueryAuthorization, WithAnEscapedNameIsTheSameParameter) {
  Query query;
  query.signature = "%58-Amz%2dSignature=" + digits;
  const auto parsed = value_of(parse_query_authorization(query.text()));
  query.signature = "";
  EXPECT_EQ(parsed.signed_query, query.text());
}

TEST(QueryAuthorization, OfAnotherAlgorithmIsRefused) {
  for (const char* name : {"", "AWS4-HMAC-SHA1", "AWS4-ECDSA-P256-SHA256", "aws4-hmac-sha256"}) {
    EXPECT_EQ(refusal_with([&](Query& q) { q.algorithm = std::string("X-Amz-Algorithm=") + name; }),
              "X-Amz-Algorithm must be AWS4-HMAC-SHA256.")
        << name;
  }
}

TEST(QueryAuthorization, KeepsTheRulesOfTheHeader) {
  EXPECT_EQ(refusal_with([](Query& q) { q.credential = "X-Amz-Credential=AKID"; }),
            "Credential must have the form KEY/DATE/REGION/SERVICE/aws4_request.");
  EXPECT_EQ(refusal_with([](Query& q) { q.headers = "X-Amz-SignedHeaders=host;Date"; }),
            "SignedHeaders must be names of headers in lower case, separated by ';'.");
  EXPECT_EQ(refusal_with([](Query& q) { q.headers = "X-Amz-SignedHeaders=x-amz-date;host"; }),
            "SignedHeaders must be sorted, each name once.");
  EXPECT_EQ(refusal_with([](Query& q) { q.signature = "X-Amz-Signature=AB"; }),
            "Signature must be 64 hexadecimal digits in lower case.");
}

TEST(QueryAuthorization, WithABrokenEscapeIsRefused) {
  for (const char* value : {"%", "%2", "%zz", "a%"}) {
    EXPECT_EQ(refusal_with([&](Query& q) { q.date = std::string("X-Amz-Date=") + value; }),
              "'X-Amz-Date' has a broken escape.")
        << value;
  }
}

TEST(QueryAuthorization, LivesFromASecondToAWeek) {
  const auto with = [](std::string_view value) {
    Query query;
    query.expires = "X-Amz-Expires=" + std::string(value);
    return query.text();
  };
  EXPECT_EQ(value_of(parse_query_authorization(with("1"))).expires, seconds(1));
  EXPECT_EQ(value_of(parse_query_authorization(with("604800"))).expires, seconds(604800));
  for (const char* value : {"", "0", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x1", "x", "604801",
                            "4294967297", "999999999999999999999999999999"}) {
    EXPECT_EQ(refusal_of(with(value)),
              "X-Amz-Expires must be a number of seconds from 1 to 604800.")
        << value;
  }
}

TEST(QueryAuthorization, IsThereWhenAnyOfItsParametersIs) {
  for (const char* query :
       {"X-Amz-Signature=", "a=1&X-Amz-Credential", "x-amz-algorithm=a&b", "X-AMZ-DATE=1",
        "X-Amz-Expires=1", "X-Amz-SignedHeaders=", "X-Amz-Security-Token=x",
        "%58%2dAmz-Credential=AKIA", "&&X-Amz-Signature=1&&"}) {
    EXPECT_TRUE(has_query_authentication(query)) << query;
  }
}

TEST(QueryAuthorization, IsNotThereOtherwise) {
  for (const char* query : {"", "&", "a=X-Amz-Signature=1", "X-Amz-Foo=1", "X-Amz-SignatureX=1",
                            "X-Amz-Content-Sha256=", "Action=ListSigningJobs&Version=2017-08-25",
                            "XX-Amz-Date=1", "X-Amz-%zzDate=1"}) {
    EXPECT_FALSE(has_query_authentication(query)) << query;
  }
}

TEST(QueryAuthorization, WithRandomDamageIsRefusedOrStillWellFormed) {
  std::mt19937 dice(1);
  const std::string whole = Query().text();
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = whole;
    for (auto n = dice() % 3; n < 3; ++n) damaged[dice() % damaged.size()] = char(dice());
    if (dice() % 4 == 0) damaged.resize(dice() % damaged.size());
    const auto parsed = parse_query_authorization(damaged);
    if (!parsed) {
      ASSERT_EQ(parsed.error().kind, ErrorKind::incomplete_signature);
    } else {
      ASSERT_EQ(parsed->authorization.signature_hex.size(), 64U);
      ASSERT_EQ(parsed->signed_query.find(parsed->authorization.signature_hex), std::string::npos);
      ASSERT_TRUE(has_query_authentication(damaged));
    }
  }
}

}  // namespace
}  // namespace hallmark::sigv4
