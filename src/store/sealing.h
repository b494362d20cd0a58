// The keys that seal, and all rows that hold something sealed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/names.h"
#include "store/keys.h"
#include "store/store.h"

namespace hallmark::store {

// A key that seals, wrapped by a master key; it has a row for each master key that opens it.
struct WrappedKey {
  std::int64_t number = 0;  // the newest is the highest
  std::string master;       // the master key's fingerprint
  Bytes wrapped;
};

Result<void> insert_wrapped_key(Transaction& tx, const WrappedKey& key);
Result<std::vector<WrappedKey>> list_wrapped_keys(Reader& rows);  // newest first
// All that are not this one, and what other master keys open.
Result<void> keep_only_wrapped_key(Transaction& tx, const WrappedKey& key);

// Lists go on after the last row of the list before; each has at most `count`. Replacing does
// nothing where a row has changed meanwhile.

struct SealedCertificate {
  Uuid id;
  CertificateRole role;
  Bytes sealed_key;  // not empty
};
Result<std::vector<SealedCertificate>> list_sealed_certificates(Reader& rows, const Uuid& after,
                                                                std::size_t count);
Result<void> replace_sealed_key(Transaction& tx, const SealedCertificate& old, ByteView sealed);

struct SealedImport {
  model::AccountId account;
  Uuid id;
  Bytes sealed_key;
};
Result<std::vector<SealedImport>> list_sealed_imports(Reader& rows,
                                                      const std::optional<SealedImport>& after,
                                                      std::size_t count);
Result<void> replace_sealed_key(Transaction& tx, const SealedImport& old, ByteView sealed);

struct SealedAccessKey {
  std::string id;
  Bytes sealed_secret;
};
Result<std::vector<SealedAccessKey>> list_sealed_access_keys(Reader& rows, std::string_view after,
                                                             std::size_t count);
Result<void> replace_sealed_secret(Transaction& tx, const SealedAccessKey& old, ByteView sealed);

// The key of an imported certificate that is not there any more, or has another key now.
struct DiscardedKey {
  Uuid id;  // of this row
  std::string arn;
  Bytes sealed_key;
};
Result<void> insert_discarded_key(Transaction& tx, const DiscardedKey& key);
Result<std::vector<DiscardedKey>> list_discarded_keys(Reader& rows, const Uuid& after,
                                                      std::size_t count);  // the oldest first
Result<void> replace_sealed_key(Transaction& tx, const DiscardedKey& old, ByteView sealed);
Result<void> delete_discarded_key(Transaction& tx, const Uuid& id);

// Leaves that expired before `time` and still have a key; the oldest first.
Result<std::vector<SealedCertificate>> list_expired_leaf_keys(Reader& rows, Timestamp time,
                                                              std::size_t count);

}  // namespace hallmark::store
