// Installations in folders of their own. Only for tests.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/test_support.h"
#include "server/installation.h"

namespace hallmark::server::test {

using hallmark::test::value_of;

inline Secret master_key(std::uint8_t first_byte = 0) {
  Secret key(32);
  key.fill()[0] = first_byte;
  return key;
}

// Keeps the root's key in the store, as `dev` does, or takes it away, as `init` does.
class TestRootKey final : public RootKeyMaker {
 public:
  enum class Fate { kept, taken_away, fails };
  explicit TestRootKey(Fate fate) : fate_(fate) {}
  Result<keys::CreatedKey> make(keys::KeyProvider& keys, const Uuid& id) override {
    if (fate_ == Fate::fails) return internal_error("no root key can be made");
    TRY(auto created,
        keys.create(keys::Purpose::root_certificate, crypto::KeyKind::p384, id.text()));
    if (fate_ == Fate::taken_away) created.sealed.clear();
    return created;
  }

 private:
  const Fate fate_;
};

inline NewInstallation facts() {
  return {value_of(model::AccountId::parse("111122223333")), {"aws-cn", "cn-north-1"}};
}

inline Result<Installation::Created> create(
    const DataDirectory& directory, TestRootKey::Fate fate = TestRootKey::Fate::taken_away) {
  TestRootKey root_key(fate);
  return Installation::create(directory, master_key(), facts(), root_key);
}

// One that is made, finished and closed.
inline void make_installation(const DataDirectory& directory,
                              TestRootKey::Fate fate = TestRootKey::Fate::taken_away) {
  hallmark::test::expect_done(value_of(create(directory, fate)).installation->finish());
}

}  // namespace hallmark::server::test
