// An audit log in a store of its own, with a key that signs its checkpoints. Only for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audit/checkpointer.h"
#include "audit/log_check.h"
#include "audit/log_walk.h"
#include "audit/record.h"
#include "base/test_support.h"
#include "crypto/random.h"
#include "crypto/x509.h"
#include "store/keys.h"

namespace hallmark::audit::test {

using hallmark::test::expect_done;
using hallmark::test::value_of;

// A root, and the leaf of the audit log that it has issued.
struct TestAuditKey final : CheckpointSigner {
  explicit TestAuditKey(store::Store& to, std::string_view name = "Hallmark audit",
                        crypto::CertificateShape shape = crypto::CertificateShape::audit_leaf)
      : store(to) {
    using std::chrono::hours;
    const auto now = value_of(from_rfc3339("2026-11-22T08:00:00Z"));
    root_signer = make_signer();
    leaf_signer = make_signer();
    root = value_of(crypto::issue({.shape = crypto::CertificateShape::root,
                                   .subject = {.common_name = "Root"},
                                   .not_before = now,
                                   .not_after = now + hours(1000),
                                   .public_key = root_signer->public_key()},
                                  std::nullopt, *root_signer, random));
    leaf = value_of(crypto::issue({.shape = shape,
                                   .subject = {.common_name = std::string(name)},
                                   .not_before = now,
                                   .not_after = now + hours(100),
                                   .public_key = leaf_signer->public_key()},
                                  root, *root_signer, random));
  }

  std::unique_ptr<crypto::Signer> make_signer() {
    const auto key = value_of(crypto::generate_private_key(crypto::KeyKind::p384, random));
    return value_of(crypto::software_signer(key, random));
  }
  static store::CertificateRow row_of(const Uuid& id, const crypto::Certificate& certificate) {
    store::CertificateRow row;
    row.id = id;
    row.der = certificate.der;
    row.not_before = certificate.not_before;
    row.not_after = certificate.not_after;
    row.serial = certificate.serial_hex;
    return row;
  }

  Result<void> prepare() override {
    if (!std::exchange(is_new, false)) return {};
    auto root_row = row_of(root_id, root);
    root_row.role = store::CertificateRole::root;
    auto leaf_row = row_of(leaf_id, leaf);
    leaf_row.role = store::CertificateRole::audit;
    leaf_row.issuer = root_id;
    return store.write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_certificate(tx, root_row));
      return store::insert_certificate(tx, leaf_row);
    });
  }
  Result<Signature> sign(ByteView digest) override {
    TRY(auto signature, leaf_signer->sign_digest(crypto::SignatureAlgorithm::ecdsa_sha384, digest));
    return Signature{leaf_id, std::move(signature)};
  }

  store::Store& store;
  crypto::SystemRandom random;
  std::unique_ptr<crypto::Signer> root_signer, leaf_signer;
  crypto::Certificate root, leaf;
  Uuid root_id = Uuid::v7(Timestamp(), random);
  Uuid leaf_id = Uuid::v7(Timestamp(), random);
  bool is_new = true;
};

struct TestLog {
  hallmark::test::TemporaryFolder folder;
  hallmark::test::TestClock clock;
  std::unique_ptr<store::Store> store =
      value_of(store::open_sqlite(folder.path() / "store.db", link));
  TestAuditKey key{*store};
  Checkpointer checkpointer{*store, key, clock};

  // Records named Event1, Event2, …
  void append(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(std::chrono::seconds(1));
      const auto record = record_event("Event" + std::to_string(++events), clock.now(), {}, {});
      expect_done(
          store->write([&](store::Transaction& tx) { return store::append_audit(tx, record); }));
    }
  }
  void checkpoint() { EXPECT_TRUE(value_of(checkpointer.make())); }

  // The log as its lines.
  std::vector<std::string> lines(const LogRange& range = {}) {
    std::vector<std::string> found;
    for (const auto& stretch : value_of(find_stretches(*store, range))) {
      expect_done(walk_log(*store, stretch, [&](const LogLine& line) -> Result<void> {
        found.push_back(std::visit([](const auto& one) { return text_of(one); }, line));
        return {};
      }));
    }
    return found;
  }

  int events = 0;
};

}  // namespace hallmark::audit::test
