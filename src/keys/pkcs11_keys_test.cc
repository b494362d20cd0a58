#include "keys/pkcs11_keys.h"

#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "keys/file_keys.h"
#include "keys/pkcs11_token.h"
#include "keys/test_token.h"

namespace hallmark::keys {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr auto p384 = crypto::KeyKind::p384;
constexpr std::string_view id = "0192f0c1-0000-7000-8000-000000000001";

std::vector<Secret> sealing_keys() {
  std::vector<Secret> keys;
  keys.emplace_back(ByteView(Bytes(crypto::aead_key_bytes, 7)));
  return keys;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// As pkcs11-tool lists keys; newer ones tell signatures with recovery (CKA_SIGN_RECOVER) apart.
void expect_for_signing_only(std::string_view objects) {
  EXPECT_TRUE(has(objects, "Usage:      sign\n") || has(objects, "Usage:      sign, signRecover\n"))
      << objects;
}

class Pkcs11KeysTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!token_.usable()) GTEST_SKIP() << "there is no SoftHSM";
  }
  Token& token() { return *value_of(tokens_.open(token_.uri())); }
  std::unique_ptr<KeyProvider> provider() { return pkcs11_keys(token(), sealer_, random_); }
  static Result<Bytes> sign(const crypto::Signer& signer) {
    return signer.sign_digest(crypto::algorithm_of(p384), Bytes(48, 1));
  }
  // The keys in the token, as another program lists them.
  std::string listed() { return token_.pkcs11_tool("--list-objects").output; }
  Error refusal(std::string_view uri) {
    const auto opened = tokens_.open(uri);
    EXPECT_FALSE(opened);
    return opened ? Error() : opened.error();
  }
  // Until the token serves again; at most ten seconds.
  static bool heals(const crypto::Signer& signer) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      if (sign(signer)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  test::TestToken token_;
  crypto::SystemRandom random_;
  Tokens tokens_;
  Sealer sealer_{sealing_keys(), random_};
};

// The keys.

TEST_F(Pkcs11KeysTest, AKeyLiesInTheTokenUnderItsPurposeAndIdAndNeverComesOut) {
  const auto created = value_of(provider()->create(Purpose::code_signing, p384, id));
  const std::string objects = listed();
  EXPECT_TRUE(has(objects, "label:      hallmark code_signing " + std::string(id))) << objects;
  EXPECT_TRUE(has(objects, "Private Key Object; EC")) << objects;
  EXPECT_TRUE(has(objects, "sensitive, always sensitive, never extractable, local")) << objects;
  EXPECT_FALSE(has(objects, "Public Key Object")) << objects;
}

TEST_F(Pkcs11KeysTest, AKeySignsAndDoesNothingElse) {
  expect_done(provider()->create(Purpose::code_signing, p384, id) ? Result<void>()
                                                                  : internal_error("no key"));
  expect_for_signing_only(listed());
}

TEST_F(Pkcs11KeysTest, AKeyThatItsUserBroughtNeverComesOutEither) {
  const auto pem = value_of(read_file(HALLMARK_VECTORS "/keys/rsa-2048.pem", 1 << 16));
  ASSERT_TRUE(provider()->import_key(Purpose::imported_certificate, bytes_of(pem), "arn:x"));
  const std::string objects = listed();
  EXPECT_TRUE(has(objects, "Private Key Object; RSA")) << objects;
  EXPECT_TRUE(has(objects, "Access:     sensitive\n")) << objects;  // and not extractable
  expect_for_signing_only(objects);
}

TEST_F(Pkcs11KeysTest, ADestroyedKeyIsGone) {
  const auto keys = provider();
  const auto created = value_of(keys->create(Purpose::code_signing, p384, id));
  expect_done(keys->destroy(created.sealed, Purpose::code_signing, id));
  EXPECT_FALSE(has(listed(), "Private Key Object"));
  EXPECT_FALSE(keys->open(created.sealed, Purpose::code_signing, id));
  EXPECT_EQ(error_of(sign(*created.signer)).kind, ErrorKind::unavailable);
}

TEST_F(Pkcs11KeysTest, KeysOfTheOtherBackEndAreRefusedInClearWords) {
  const auto in_token = value_of(provider()->create(Purpose::code_signing, p384, id));
  const auto software = file_keys(sealer_, random_);
  const auto in_store = value_of(software->create(Purpose::code_signing, p384, id));
  const auto one = error_of(software->open(in_token.sealed, Purpose::code_signing, id));
  EXPECT_EQ(one.kind, ErrorKind::invalid);
  EXPECT_TRUE(has(one.message, "--keys pkcs11:")) << one.message;
  EXPECT_EQ(error_of(provider()->open(in_store.sealed, Purpose::code_signing, id)).kind,
            ErrorKind::invalid);
}

// The token.

TEST_F(Pkcs11KeysTest, ATokenThatVanishesIsUnavailableAndHealsWhenItIsBack) {
  const auto created = value_of(provider()->create(Purpose::code_signing, p384, id));
  token_.vanish();
  EXPECT_EQ(error_of(sign(*created.signer)).kind, ErrorKind::unavailable);
  EXPECT_EQ(error_of(provider()->check()).kind, ErrorKind::unavailable);
  token_.come_back();
  EXPECT_TRUE(heals(*created.signer));
  EXPECT_TRUE(provider()->check());
}

TEST_F(Pkcs11KeysTest, ATokenThatSeemsEmptyWhileItIsAwayHealsToo) {
  const auto sealed = value_of(provider()->create(Purpose::code_signing, p384, id)).sealed;
  token_.vanish();
  EXPECT_EQ(error_of(provider()->open(sealed, Purpose::code_signing, id)).kind,
            ErrorKind::unavailable);
  token_.come_back();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!provider()->open(sealed, Purpose::code_signing, id)) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

TEST_F(Pkcs11KeysTest, SessionsThatAreClosedBehindItsBackAreOpenedAnew) {
  const auto created = value_of(provider()->create(Purpose::code_signing, p384, id));
  expect_done(token().with_session([](Session& session) -> Result<void> {
    CK_SESSION_INFO info = {};
    EXPECT_EQ(session.functions().C_GetSessionInfo(session.handle(), &info), CKR_OK);
    EXPECT_EQ(session.functions().C_CloseAllSessions(info.slotID), CKR_OK);
    return {};
  }));
  EXPECT_TRUE(heals(*created.signer));
}

TEST_F(Pkcs11KeysTest, AWrongPinIsRefusedInClearWords) {
  token_.write("pin", "1111\n");
  const Error error = refusal(token_.uri());
  EXPECT_TRUE(has(error.message, "CKR_PIN_INCORRECT")) << error.message;
  EXPECT_FALSE(has(describe(error), "1111"));
}

TEST_F(Pkcs11KeysTest, AWrongPinIsTriedOnceAndNeverAgain) {
  const auto keys = provider();
  const auto created = value_of(keys->create(Purpose::code_signing, p384, id));
  token_.vanish();
  EXPECT_FALSE(sign(*created.signer));
  token_.write("pin", "1111\n");
  token_.come_back();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!has(error_of(keys->check()).detail, "CKR_PIN_INCORRECT")) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  token_.write("pin", "2468\n");
  std::this_thread::sleep_for(2 * token_retry_pause);  // when another attempt would be due
  EXPECT_TRUE(has(error_of(keys->check()).detail, "CKR_PIN_INCORRECT"));
}

TEST_F(Pkcs11KeysTest, APinThatOthersCanReadIsRefused) {
  std::filesystem::permissions(token_.folder() / "pin", std::filesystem::perms(0640));
  EXPECT_EQ(refusal(token_.uri()).kind, ErrorKind::invalid);
}

TEST_F(Pkcs11KeysTest, ATokenOfAnotherNameIsNotThere) {
  std::string uri = token_.uri();
  uri.replace(uri.find("token=test"), 10, "token=none");
  EXPECT_TRUE(has(describe(refusal(uri)), "there is no token none"));
}

TEST_F(Pkcs11KeysTest, AModuleThatIsNoneIsRefused) {
  EXPECT_EQ(refusal("pkcs11:token=a?module-path=/missing.so").kind, ErrorKind::invalid);
  EXPECT_EQ(refusal("pkcs11:token=a?module-path=/lib/x86_64-linux-gnu/libc.so.6").kind,
            ErrorKind::invalid);
}

TEST_F(Pkcs11KeysTest, OneTokenIsConnectedToOnce) { EXPECT_EQ(&token(), &token()); }

TEST_F(Pkcs11KeysTest, CallersBeyondTheSessionsWaitForOne) {
  Token& shared = token();
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2 * int(token_sessions_max); ++i) {
    threads.emplace_back([&] {
      expect_done(shared.with_session([&](Session&) -> Result<void> {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --running;
        return {};
      }));
    });
  }
  threads.clear();
  EXPECT_LE(most, int(token_sessions_max));
}

}  // namespace
}  // namespace hallmark::keys
