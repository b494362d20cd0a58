#include "identity/web_identity.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "identity/test_issuer.h"

namespace hallmark::identity {
namespace {

using crypto::test::TestJwsKey;
using hallmark::test::error_of;
using hallmark::test::value_of;
using std::chrono::hours;
using std::chrono::seconds;
using test::TestIssuer;

class WebIdentityTest : public testing::Test {
 protected:
  hallmark::test::TestClock clock_;
  TestIssuer issuer_;
  std::unique_ptr<WebIdentities> identities_ = made_of(issuer_.configuration());

  std::unique_ptr<WebIdentities> made_of(WebIdentityIssuer issuer) {
    std::vector<WebIdentityIssuer> issuers;
    issuers.push_back(std::move(issuer));
    return value_of(web_identities(std::move(issuers), clock_));
  }
  std::int64_t now() const { return unix_seconds(clock_.now()); }
  std::string signed_claims(std::string_view claims) const {
    return issuer_.key.sign("ES256", claims);
  }
  Error refusal(std::string_view token) {
    Error error = error_of(identities_->verify(token));
    EXPECT_EQ(error.kind, ErrorKind::invalid) << error.message;
    return error;
  }
  // The message of an InvalidIdentityToken.
  std::string why_not(std::string_view token) {
    const Error error = refusal(token);
    EXPECT_EQ(error.reason, "InvalidIdentityToken") << error.message;
    return error.message;
  }
  static std::vector<std::string> claim(const WebIdentity& identity, std::string_view key) {
    const auto found =
        std::ranges::find(identity.claims, key, [](const auto& c) { return c.first; });
    return found == identity.claims.end() ? std::vector<std::string>{"absent"} : found->second;
  }
  static std::string unsigned_token(std::string_view header, std::string_view claims,
                                    std::string_view signature = "c2lnbmF0dXJl") {
    return to_base64url(bytes_of(header)) + "." + to_base64url(bytes_of(claims)) + "." +
           std::string(signature);
  }
};

constexpr std::string_view not_a_token =
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
    "Token)";
constexpr std::string_view no_key =
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements";
constexpr std::string_view wrong_signature =
    "The web identity token provided could not be validated";

TEST_F(WebIdentityTest, ATokenProvesIssuerSubjectAndAudience) {
  const auto identity = value_of(identities_->verify(issuer_.token(clock_.now())));
  EXPECT_EQ(identity.issuer, "ci.example.com/a");
  EXPECT_EQ(identity.subject, "project:7");
  EXPECT_EQ(identity.audience, "hallmark");
  EXPECT_EQ(claim(identity, "ci.example.com/a:sub"), std::vector<std::string>{"project:7"});
  EXPECT_EQ(claim(identity, "ci.example.com/a:aud"), std::vector<std::string>{"hallmark"});
}

TEST_F(WebIdentityTest, TextsBecomeConditionKeys) {
  const auto identity = value_of(identities_->verify(issuer_.token(
      clock_.now(), R"(,"ref":"refs/heads/main","amr":["pwd","otp"],"email_verified":true,)"
                    R"("run":7,"nested":{"a":"b"},"mixed":["a",1],"none":null,"empty":[])")));
  EXPECT_EQ(claim(identity, "ci.example.com/a:ref"), std::vector<std::string>{"refs/heads/main"});
  EXPECT_EQ(claim(identity, "ci.example.com/a:amr"), (std::vector<std::string>{"pwd", "otp"}));
  EXPECT_EQ(claim(identity, "ci.example.com/a:empty"), std::vector<std::string>());
  for (const char* name : {"email_verified", "run", "nested", "mixed", "none", "iss", "exp"}) {
    EXPECT_EQ(claim(identity, fmt::format("ci.example.com/a:{}", name)),
              std::vector<std::string>{"absent"});
  }
}

TEST_F(WebIdentityTest, ClaimsThatCouldBeAnotherIssuersKeysAreLeftOut) {
  const auto identity = value_of(identities_->verify(
      issuer_.token(clock_.now(), R"(,"b:sub":"x","/b:sub":"x","a b":"x","":"x")")));
  EXPECT_EQ(identity.claims.size(), 2u);
}

TEST_F(WebIdentityTest, ClaimsThatDifferByCaseAreRefused) {
  EXPECT_EQ(why_not(issuer_.token(clock_.now(), R"(,"Sub":"project:8")")),
            "The names of two claims differ by case alone.");
}

TEST_F(WebIdentityTest, ClaimsAreBounded) {
  std::string many;
  for (int i = 0; i < 130; ++i) many += fmt::format(R"(,"c{}":"x")", i);
  EXPECT_EQ(why_not(issuer_.token(clock_.now(), many)), "The token has too many claims.");
  std::string values = R"(,"groups":["x")";
  for (int i = 0; i < 256; ++i) values += R"(,"x")";
  EXPECT_EQ(why_not(issuer_.token(clock_.now(), values + "]")), "A claim has too many values.");
}

// Keys and algorithms.

TEST_F(WebIdentityTest, AKeyOfRsaServesForItsAlgorithms) {
  const TestJwsKey rsa = TestJwsKey::rsa("rsa-1");
  issuer_.publish({issuer_.key.ec_jwk(), rsa.rsa_jwk()});
  for (const char* algorithm : {"RS256", "RS384", "RS512"}) {
    EXPECT_TRUE(identities_->verify(rsa.sign(algorithm, issuer_.claims(clock_.now()))));
  }
}

TEST_F(WebIdentityTest, AKeyOfP384ServesForEs384) {
  const TestJwsKey key = TestJwsKey::ec("p384", "P-384");
  issuer_.publish({key.ec_jwk("P-384")});
  EXPECT_TRUE(identities_->verify(key.sign("ES384", issuer_.claims(clock_.now()))));
}

TEST_F(WebIdentityTest, AnUnsignedTokenIsRefused) {
  const std::string claims = issuer_.claims(clock_.now());
  for (const char* algorithm : {"none", "None", "nOnE", ""}) {
    const std::string header = fmt::format(R"({{"alg":"{}","kid":"key-1"}})", algorithm);
    EXPECT_EQ(why_not(unsigned_token(header, claims)), "The token's algorithm is not supported.");
    EXPECT_EQ(why_not(unsigned_token(header, claims, "")), not_a_token);
  }
  EXPECT_EQ(why_not(unsigned_token("{}", claims)), "The token's algorithm is not supported.");
}

TEST_F(WebIdentityTest, AMacWithThePublicKeyIsRefused) {
  const TestJwsKey rsa = TestJwsKey::rsa("rsa-1");
  issuer_.publish({rsa.rsa_jwk()});
  const std::string header = R"({"alg":"HS256","kid":"rsa-1"})";
  const std::string input =
      to_base64url(bytes_of(header)) + "." + to_base64url(bytes_of(issuer_.claims(clock_.now())));
  const auto mac = crypto::hmac_sha256(bytes_of(rsa.rsa_jwk()), bytes_of(input));
  EXPECT_EQ(why_not(input + "." + to_base64url(mac)), "The token's algorithm is not supported.");
}

TEST_F(WebIdentityTest, AnAlgorithmThatIsNotTheKeysIsRefused) {
  for (const char* algorithm : {"RS256", "ES384"}) {
    const std::string header = fmt::format(R"({{"alg":"{}","kid":"key-1"}})", algorithm);
    EXPECT_EQ(why_not(issuer_.key.sign_with_header(header, "ES256", issuer_.claims(clock_.now()))),
              no_key);
  }
}

TEST_F(WebIdentityTest, AKeyInTheTokensHeaderIsNotBelieved) {
  const TestJwsKey own = TestJwsKey::ec("key-1");
  const std::string header = fmt::format(
      R"({{"alg":"ES256","kid":"key-1","jwk":{},"jku":"https://evil.example"}})", own.ec_jwk());
  EXPECT_EQ(why_not(own.sign_with_header(header, "ES256", issuer_.claims(clock_.now()))),
            wrong_signature);
}

TEST_F(WebIdentityTest, ExtensionsThatMustBeUnderstoodAreRefused) {
  const std::string header = R"({"alg":"ES256","kid":"key-1","crit":["b64"],"b64":true})";
  EXPECT_EQ(why_not(issuer_.key.sign_with_header(header, "ES256", issuer_.claims(clock_.now()))),
            not_a_token);
}

TEST_F(WebIdentityTest, AWrongSignatureIsRefused) {
  const TestJwsKey other = TestJwsKey::ec("key-1");
  EXPECT_EQ(why_not(other.sign("ES256", issuer_.claims(clock_.now()))), wrong_signature);
}

TEST_F(WebIdentityTest, AnyChangedCharacterIsRefused) {
  const std::string token = issuer_.token(clock_.now());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(identities_->verify(changed)) << i;
  }
}

TEST_F(WebIdentityTest, ClaimsOfOneTokenDoNotServeWithTheSignatureOfAnother) {
  const std::string one = issuer_.token(clock_.now());
  const std::string two = issuer_.token(clock_.now(), R"(,"role":"admin")");
  const std::string mixed = two.substr(0, two.rfind('.')) + one.substr(one.rfind('.'));
  EXPECT_EQ(why_not(mixed), wrong_signature);
}

TEST_F(WebIdentityTest, ATokenWithoutKeyIdServesWhereOneKeyFits) {
  const std::string header = R"({"alg":"ES256"})";
  const std::string token =
      issuer_.key.sign_with_header(header, "ES256", issuer_.claims(clock_.now()));
  const TestJwsKey rsa = TestJwsKey::rsa("rsa-1");
  issuer_.publish({issuer_.key.ec_jwk(), rsa.rsa_jwk()});
  EXPECT_TRUE(identities_->verify(token));
  issuer_.publish({issuer_.key.ec_jwk(), TestJwsKey::ec("key-2").ec_jwk()});
  clock_.advance(std::chrono::milliseconds(limits::key_set_kept) / 2 - seconds(1));
  EXPECT_TRUE(identities_->verify(token));
  identities_ = made_of(issuer_.configuration());
  EXPECT_EQ(why_not(token), no_key);
}

// Tokens that are none.

TEST_F(WebIdentityTest, WhatIsNoTokenIsRefused) {
  const std::string token = issuer_.token(clock_.now());
  const std::string header = R"({"alg":"ES256","kid":"key-1"})";
  for (const std::string& text : {std::string(),
                                  std::string("."),
                                  std::string(".."),
                                  std::string("a.b.c"),
                                  token + ".",
                                  token + ".e30",
                                  token + "=",
                                  token.substr(0, token.rfind('.')),
                                  token.substr(0, token.rfind('.') + 1),
                                  " " + token,
                                  token + "\n",
                                  unsigned_token(header, ""),
                                  unsigned_token(header, "[]"),
                                  unsigned_token(header, "null"),
                                  unsigned_token(header, "{\"iss\":1}"),
                                  unsigned_token("[]", "{}"),
                                  unsigned_token(R"({"alg":["ES256"]})", "{}"),
                                  unsigned_token(R"({"alg":"ES256","kid":1})", "{}"),
                                  unsigned_token(R"({"alg":"ES256","alg":"none"})", "{}"),
                                  std::string(limits::web_identity_token_bytes_max + 1, 'a')}) {
    EXPECT_EQ(refusal(text).reason, "InvalidIdentityToken") << text;
  }
}

TEST_F(WebIdentityTest, ATokenThatIsTooLargeIsRefusedHoweverItIsSigned) {
  const std::string more = fmt::format(R"(,"x":"{}")", std::string(20'000, 'x'));
  EXPECT_EQ(why_not(issuer_.token(clock_.now(), more)), not_a_token);
}

// Claims.

TEST_F(WebIdentityTest, AnotherIssuerIsRefused) {
  for (const char* url :
       {"https://ci.example.com/b", "https://ci.example.com/a/", "https://ci.example.com",
        "ci.example.com/a", "http://ci.example.com/a", "https://CI.example.com/a"}) {
    EXPECT_EQ(why_not(signed_claims(fmt::format(
                  R"({{"iss":"{}","sub":"x","aud":"hallmark","exp":{}}})", url, now() + 60))),
              fmt::format("No OpenIDConnect provider found in your account for {}", url));
  }
  EXPECT_EQ(why_not(signed_claims(R"({"sub":"x"})")), "Missing a required claim: iss");
  EXPECT_EQ(why_not(signed_claims(R"({"iss":"https://x\u0000"})")),
            "Missing a required claim: iss");
}

TEST_F(WebIdentityTest, TheKeysOfOneIssuerDoNotServeForAnother) {
  TestIssuer other;
  other.url = "https://other.example.com";
  std::vector<WebIdentityIssuer> both;
  both.push_back(issuer_.configuration());
  both.push_back(other.configuration());
  identities_ = value_of(web_identities(std::move(both), clock_));
  EXPECT_TRUE(identities_->verify(other.token(clock_.now())));
  EXPECT_EQ(why_not(issuer_.key.sign("ES256", other.claims(clock_.now()))), wrong_signature);
}

TEST_F(WebIdentityTest, TheAudienceMustBeAConfiguredOne) {
  const auto with = [&](std::string_view audience) {
    return signed_claims(fmt::format(R"({{"iss":"{}","sub":"x","aud":{},"exp":{}}})", issuer_.url,
                                     audience, now() + 60));
  };
  EXPECT_TRUE(identities_->verify(with(R"(["other","hallmark"])")));
  for (const char* audience : {R"("other")", R"("Hallmark")", R"("hallmark ")", R"([])",
                               R"([["hallmark"]])", "7", "null", R"({"hallmark":1})", R"("")"}) {
    EXPECT_EQ(why_not(with(audience)), "Incorrect token audience") << audience;
  }
  EXPECT_EQ(why_not(signed_claims(
                fmt::format(R"({{"iss":"{}","sub":"x","exp":{}}})", issuer_.url, now() + 60))),
            "Incorrect token audience");
}

TEST_F(WebIdentityTest, OnlyConfiguredAudiencesBecomeConditionKeys) {
  identities_ = made_of(issuer_.configuration({"one", "two"}));
  const auto identity = value_of(identities_->verify(
      signed_claims(fmt::format(R"({{"iss":"{}","sub":"x","aud":["two","evil","one"],"exp":{}}})",
                                issuer_.url, now() + 60))));
  EXPECT_EQ(claim(identity, "ci.example.com/a:aud"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(identity.audience, "one");
}

TEST_F(WebIdentityTest, ASubjectIsNeeded) {
  const auto with = [&](std::string_view more) {
    return signed_claims(fmt::format(R"({{"iss":"{}","aud":"hallmark","exp":{}{}}})", issuer_.url,
                                     now() + 60, more));
  };
  EXPECT_EQ(why_not(with("")), "Missing a required claim: sub");
  for (const std::string& subject :
       {std::string(R"("")"), std::string("7"), std::string(R"(["a"])"), std::string(R"("a\nb")"),
        '"' + std::string(256, 'x') + '"'}) {
    EXPECT_EQ(why_not(with(R"(,"sub":)" + subject)),
              "The claim sub must be a text of 1 to 255 characters.");
  }
  EXPECT_TRUE(identities_->verify(with(R"(,"sub":")" + std::string(255, 'x') + '"')));
}

// Time.

TEST_F(WebIdentityTest, ATokenIsGoodUntilItExpires) {
  const std::string token = issuer_.token(clock_.now());
  clock_.set(from_unix_seconds(now() + 3599));
  EXPECT_TRUE(identities_->verify(token));
  clock_.advance(seconds(1));
  const Error error = refusal(token);
  EXPECT_EQ(error.reason, "ExpiredTokenException");
  EXPECT_EQ(error.message,
            fmt::format("Token expired: current date/time {} must be before the expiration "
                        "date/time {}",
                        now(), now()));
}

TEST_F(WebIdentityTest, AnExpiryIsNeededAndIsANumber) {
  const auto with = [&](std::string_view more) {
    return signed_claims(
        fmt::format(R"({{"iss":"{}","aud":"hallmark","sub":"x"{}}})", issuer_.url, more));
  };
  EXPECT_EQ(why_not(with("")), "Missing a required claim: exp");
  EXPECT_EQ(why_not(with(R"(,"exp":null)")), "Missing a required claim: exp");
  EXPECT_EQ(why_not(with(R"(,"exp":"2999999999")")), "The claim exp must be a number.");
  EXPECT_EQ(refusal(with(R"(,"exp":-1)")).reason, "ExpiredTokenException");
  EXPECT_EQ(refusal(with(R"(,"exp":0)")).reason, "ExpiredTokenException");
  EXPECT_TRUE(identities_->verify(with(fmt::format(R"(,"exp":{}.5)", now() + 1))));
  EXPECT_FALSE(identities_->verify(with(R"(,"exp":1e999)")));
}

TEST_F(WebIdentityTest, AnIssuersClockMayBeAMinuteAhead) {
  for (const char* name : {"nbf", "iat"}) {
    const auto with = [&](std::int64_t time) {
      return signed_claims(
          fmt::format(R"({{"iss":"{}","aud":"hallmark","sub":"x","exp":{},"{}":{}}})", issuer_.url,
                      now() + 3600, name, time));
    };
    EXPECT_TRUE(identities_->verify(with(now() + 60)));
    EXPECT_EQ(why_not(with(now() + 61)), "The web identity token is not valid yet.");
  }
}

// What is configured.

TEST_F(WebIdentityTest, AnIssuerMustBeOneThatATrustPolicyCanName) {
  for (const char* url :
       {"", "https://", "http://ci.example.com", "ci.example.com", "https://ci.example.com?x=1",
        "https://ci.example.com#x", "https://user@ci.example.com", "https://ci example.com",
        "https://aws", "https://sts", "https://*.example.com"}) {
    std::vector<WebIdentityIssuer> issuers;
    issuers.push_back(issuer_.configuration());
    issuers.back().url = url;
    EXPECT_EQ(error_of(web_identities(std::move(issuers), clock_)).kind, ErrorKind::invalid) << url;
  }
}

TEST_F(WebIdentityTest, AnIssuerNeedsAnAudience) {
  std::vector<WebIdentityIssuer> issuers;
  issuers.push_back(issuer_.configuration({}));
  EXPECT_FALSE(web_identities(std::move(issuers), clock_));
}

TEST_F(WebIdentityTest, AnIssuerIsThereOnce) {
  std::vector<WebIdentityIssuer> issuers;
  issuers.push_back(issuer_.configuration());
  issuers.push_back(issuer_.configuration());
  EXPECT_FALSE(web_identities(std::move(issuers), clock_));
}

TEST_F(WebIdentityTest, WithoutIssuersNobodyHasAWebIdentity) {
  identities_ = value_of(web_identities({}, clock_));
  EXPECT_EQ(why_not(issuer_.token(clock_.now())),
            "No OpenIDConnect provider found in your account for https://ci.example.com/a");
}

}  // namespace
}  // namespace hallmark::identity
