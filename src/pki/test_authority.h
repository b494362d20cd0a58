// A certificate authority in a store of its own. Only for tests.
#pragma once

#include <memory>
#include <string>

#include "audit/record.h"
#include "base/test_support.h"
#include "crypto/random.h"
#include "keys/file_keys.h"
#include "pki/authority.h"

namespace hallmark::pki::test {

using hallmark::test::expect_done;
using hallmark::test::value_of;

inline std::unique_ptr<keys::KeyProvider> file_keys(Random& random) {
  return keys::file_keys(Secret(32), random);
}

// The store, the keys and the authority of an installation, without the installation.
struct TestAuthority {
  hallmark::test::TemporaryFolder folder;
  hallmark::test::TestClock clock;
  crypto::SystemRandom random;
  model::Home home;
  std::unique_ptr<store::Store> store =
      value_of(store::open_sqlite(folder.path() / "store.db", audit::link));
  std::unique_ptr<keys::KeyProvider> keys = file_keys(random);
  std::unique_ptr<Authority> authority = make();

  std::unique_ptr<crypto::Signer> root_key;  // as its operator has it

  TestAuthority() {
    const Uuid id = Uuid::v7(clock.now(), random);
    root_key = std::move(
        value_of(keys->create(keys::Purpose::root_certificate, crypto::KeyKind::p384, id.text()))
            .signer);
    expect_done(authority->create({id, *root_key, {}}));
  }

  std::unique_ptr<Authority> make() {
    return std::make_unique<Authority>(*store, *keys, clock, random, home);
  }
  // As after a restart, or with other keys.
  void reopen() {
    authority.reset();
    store->close();
    store = value_of(store::open_sqlite(folder.path() / "store.db", audit::link));
    authority = make();
  }
};

}  // namespace hallmark::pki::test
