// A directory with one account and its admin, in a store of its own. Only for tests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "audit/record.h"
#include "base/test_support.h"
#include "crypto/aead.h"
#include "identity/directory.h"

namespace hallmark::identity::test {

using hallmark::test::value_of;

// Seals for real, counts, and lets a test do something while a secret is opened.
class TestSealer final : public SecretSealer {
 public:
  explicit TestSealer(Random& random) : random_(random) {}
  Bytes seal(ByteView plain, std::string_view context) override {
    return crypto::seal(key_, plain, context, random_);
  }
  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    ++unsealed;
    if (meanwhile) meanwhile();
    if (replaced) return Secret(bytes_of(*replaced));
    return crypto::open(key_, sealed, context);
  }

  int unsealed = 0;
  std::function<void()> meanwhile;
  std::optional<std::string> replaced;  // instead of what was sealed

 private:
  const Secret key_{crypto::aead_key_bytes};
  Random& random_;
};

struct TestDirectory {
  model::AccountId account = value_of(model::AccountId::parse("111122223333"));
  hallmark::test::TemporaryFolder folder;
  hallmark::test::TestClock clock;
  hallmark::test::CountingRandom random;
  TestSealer sealer{random};
  std::unique_ptr<store::Store> store =
      value_of(store::open_sqlite(folder.path() / "store.db", audit::link));
  Directory directory{*store, sealer, clock, random, {}};
  NewAccessKey admin = value_of(directory.create_account_with_admin(account));
};

}  // namespace hallmark::identity::test
