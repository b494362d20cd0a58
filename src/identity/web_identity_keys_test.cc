#include "identity/web_identity_keys.h"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <thread>

#include "base/limits.h"
#include "identity/test_issuer.h"

namespace hallmark::identity {
namespace {

using crypto::JwsAlgorithm;
using crypto::test::TestJwsKey;
using hallmark::test::error_of;
using hallmark::test::value_of;
using std::chrono::hours;
using std::chrono::milliseconds;
using test::Published;
using test::TestIssuer;
using test::TestKeySetSource;

class IssuerKeysTest : public testing::Test {
 protected:
  hallmark::test::TestClock clock_;
  TestIssuer issuer_;
  Published& published_ = *issuer_.published;
  IssuerKeys keys_{std::make_unique<TestKeySetSource>(issuer_.published), clock_};

  std::size_t count(std::string_view id, JwsAlgorithm algorithm = JwsAlgorithm::es256) {
    return value_of(keys_.find(id, algorithm)).size();
  }
  void fail() { published_.document = unavailable("the issuer is away"); }
};

TEST_F(IssuerKeysTest, KeysAreFetchedOnceAndHeld) {
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(published_.fetched, 1);
}

TEST_F(IssuerKeysTest, NothingIsFetchedBeforeAKeyIsWanted) { EXPECT_EQ(published_.fetched, 0); }

TEST_F(IssuerKeysTest, KeysAreFetchedAnewWhenHalfOfTheirTimeIsOver) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(milliseconds(limits::key_set_kept) / 2 - milliseconds(1));
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(published_.fetched, 1);
  issuer_.publish({TestJwsKey::ec("key-2").ec_jwk()});
  clock_.advance(milliseconds(1));
  EXPECT_EQ(count("key-1"), 0u);
  EXPECT_EQ(count("key-2"), 1u);
  EXPECT_EQ(published_.fetched, 2);
}

TEST_F(IssuerKeysTest, ANewKeyIsFetchedAtOnceButNotTooOften) {
  EXPECT_EQ(count("key-1"), 1u);
  issuer_.publish({issuer_.key.ec_jwk(), TestJwsKey::ec("key-2").ec_jwk()});
  EXPECT_EQ(count("key-2"), 0u);
  EXPECT_EQ(published_.fetched, 1);
  clock_.advance(limits::key_set_refetch_interval);
  EXPECT_EQ(count("key-2"), 1u);
  EXPECT_EQ(published_.fetched, 2);
}

TEST_F(IssuerKeysTest, UnknownKeysAreNotFetchedAgainAndAgain) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(limits::key_set_refetch_interval);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(count("nobody's"), 0u);
  EXPECT_EQ(published_.fetched, 2);
}

TEST_F(IssuerKeysTest, AKeyOfAnotherAlgorithmIsNotFetchedAnew) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(limits::key_set_refetch_interval);
  EXPECT_EQ(count("key-1", JwsAlgorithm::rs256), 0u);
  EXPECT_EQ(published_.fetched, 1);
}

TEST_F(IssuerKeysTest, WithoutKeysItIsTheProvidersFault) {
  fail();
  const Error error = error_of(keys_.find("key-1", JwsAlgorithm::es256));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "IDPCommunicationError");
}

TEST_F(IssuerKeysTest, AnIssuerThatIsAwayIsNotAskedAgainAndAgain) {
  fail();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(keys_.find("key-1", JwsAlgorithm::es256));
  EXPECT_EQ(published_.fetched, 1);
  clock_.advance(limits::key_set_refetch_interval);
  issuer_.publish({issuer_.key.ec_jwk()});
  EXPECT_EQ(count("key-1"), 1u);
}

TEST_F(IssuerKeysTest, HeldKeysServeWhileTheIssuerIsAwayUntilTheirTimeIsOver) {
  EXPECT_EQ(count("key-1"), 1u);
  fail();
  clock_.advance(limits::key_set_refetch_interval);
  EXPECT_EQ(count("key-2"), 0u);
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(limits::key_set_kept - limits::key_set_refetch_interval - milliseconds(1));
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(published_.fetched, 3);
  clock_.advance(milliseconds(1));
  EXPECT_FALSE(keys_.find("key-1", JwsAlgorithm::es256));
}

TEST_F(IssuerKeysTest, AClockThatIsSetBackMakesKeysOld) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(-hours(2));
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(published_.fetched, 2);
}

TEST_F(IssuerKeysTest, ASourceThatThrowsIsOneThatIsAway) {
  published_.meanwhile = [] { throw std::runtime_error("broken"); };
  EXPECT_FALSE(keys_.find("key-1", JwsAlgorithm::es256));
  published_.meanwhile = nullptr;
  clock_.advance(limits::key_set_refetch_interval);
  EXPECT_EQ(count("key-1"), 1u);
}

TEST_F(IssuerKeysTest, NobodyWaitsForTheFetchOfAnother) {
  std::latch asked(1);
  std::latch answer(1);
  published_.meanwhile = [&] {
    asked.count_down();
    answer.wait();
  };
  std::jthread fetching([&] { EXPECT_EQ(count("key-1"), 1u); });
  asked.wait();
  EXPECT_EQ(error_of(keys_.find("key-1", JwsAlgorithm::es256)).reason, "IDPCommunicationError");
  answer.count_down();
  fetching.join();
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(published_.fetched, 1);
}

TEST_F(IssuerKeysTest, AgingKeysServeWhileTheyAreFetchedAnew) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(milliseconds(limits::key_set_kept) / 2);
  std::latch asked(1);
  std::latch answer(1);
  published_.meanwhile = [&] {
    asked.count_down();
    answer.wait();
  };
  std::jthread fetching([&] { EXPECT_EQ(count("key-1"), 1u); });
  asked.wait();
  EXPECT_EQ(count("key-1"), 1u);
  answer.count_down();
}

TEST_F(IssuerKeysTest, NobodyWaitsForAFetchWhileThereAreKeys) {
  EXPECT_EQ(count("key-1"), 1u);
  clock_.advance(limits::key_set_refetch_interval);
  std::latch asked(1);
  std::latch answer(1);
  published_.meanwhile = [&] {
    asked.count_down();
    answer.wait();
  };
  std::jthread fetching([&] { count("key-2"); });
  asked.wait();
  EXPECT_EQ(count("key-1"), 1u);
  EXPECT_EQ(count("key-3"), 0u);
  answer.count_down();
}

// The document.

TEST(KeySet, KeepsTheKeysThatCanBeUsed) {
  const auto keys = value_of(parse_key_set(
      R"({"keys":[{"kty":"oct","k":"AA"},7,{"kty":"OKP","crv":"Ed25519","x":"AA"},)" +
      TestJwsKey::ec("a").ec_jwk() + "," + TestJwsKey::rsa("weak", 1024).rsa_jwk() + "," +
      TestJwsKey::ec("b", "P-384").ec_jwk("P-384", R"(,"x5c":["MII"],"use":"sig")") + "]}"));
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].id(), "a");
  EXPECT_EQ(keys[1].id(), "b");
}

TEST(KeySet, ReadsTheKeysOfRfc7517A1) {
  const auto keys = value_of(parse_key_set(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
      R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},)"
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK)"
      R"(7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf)"
      R"(0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbIS)"
      R"(D08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8aw)"
      R"(apJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]})"));
  ASSERT_EQ(keys.size(), 1u);  // the other is for encryption
  EXPECT_EQ(keys[0].id(), "2011-04-29");
  EXPECT_TRUE(keys[0].fits(JwsAlgorithm::rs256));
}

TEST(KeySet, OfAnotherFormIsRefused) {
  for (const char* json : {"", "{}", "[]", "null", R"({"keys":{}})", R"({"keys":[]})",
                           R"({"keys":[{"kty":"oct"}]})", "<html>", R"({"keys":[)"}) {
    EXPECT_FALSE(parse_key_set(json)) << json;
  }
}

TEST(KeySet, IsBounded) {
  const std::string key = TestJwsKey::ec("a").ec_jwk();
  std::string many = R"({"keys":[)" + key;
  for (std::size_t i = 1; i < limits::key_set_keys_max; ++i) many += "," + key;
  EXPECT_TRUE(parse_key_set(many + "]}"));
  EXPECT_FALSE(parse_key_set(many + "," + key + "]}"));
  const std::string large =
      R"({"keys":[)" + key + "]" + std::string(limits::key_set_bytes_max, ' ');
  EXPECT_FALSE(parse_key_set(large + "}"));
}

}  // namespace
}  // namespace hallmark::identity
