#include "store/sealing.h"

#include "store/driver.h"

namespace hallmark::store {
namespace {

Result<SealedCertificate> sealed_certificate_of(Query& row) {
  TRY(const Uuid id, row.uuid(0));
  TRY(const auto role, row.enumerator(1, CertificateRole::audit));
  return SealedCertificate{.id = id, .role = role, .sealed_key = copy_of(row.bytes(2))};
}

}  // namespace

Result<void> insert_wrapped_key(Transaction& tx, const WrappedKey& key) {
  TRY(execute(tx, "INSERT INTO sealing_keys (number, master, wrapped) VALUES ($1, $2, $3)",
              key.number, key.master, ByteView(key.wrapped)));
  return {};
}

Result<std::vector<WrappedKey>> list_wrapped_keys(Reader& rows) {
  TRY(Query query, ask(rows,
                       "SELECT number, master, wrapped FROM sealing_keys "
                       "ORDER BY number DESC, master"));
  return list_rows(std::move(query), [](Query& row) -> Result<WrappedKey> {
    return WrappedKey{
        .number = row.integer(0), .master = row.text(1), .wrapped = copy_of(row.bytes(2))};
  });
}

Result<void> keep_only_wrapped_key(Transaction& tx, const WrappedKey& key) {
  TRY(execute(tx, "DELETE FROM sealing_keys WHERE number <> $1 OR master <> $2", key.number,
              key.master));
  return {};
}

Result<std::vector<SealedCertificate>> list_sealed_certificates(Reader& rows, const Uuid& after,
                                                                std::size_t count) {
  TRY(Query query, ask(rows,
                       "SELECT id, role, sealed_key FROM certificates "
                       "WHERE id > $1 AND length(sealed_key) > 0 ORDER BY id LIMIT $2",
                       after, count));
  return list_rows(std::move(query), sealed_certificate_of);
}

Result<void> replace_sealed_key(Transaction& tx, const SealedCertificate& old, ByteView sealed) {
  TRY(execute(tx, "UPDATE certificates SET sealed_key = $3 WHERE id = $1 AND sealed_key = $2",
              old.id, ByteView(old.sealed_key), sealed));
  return {};
}

Result<std::vector<SealedImport>> list_sealed_imports(Reader& rows,
                                                      const std::optional<SealedImport>& after,
                                                      std::size_t count) {
  const std::string account = after ? after->account.text() : std::string();
  TRY(Query query, ask(rows,
                       "SELECT account, id, sealed_key FROM imported_certificates "
                       "WHERE (account, id) > ($1, $2) ORDER BY account, id LIMIT $3",
                       account, after ? after->id : Uuid(), count));
  return list_rows(std::move(query), [](Query& row) -> Result<SealedImport> {
    TRY(auto owner, model::AccountId::parse(row.view(0)));
    TRY(const Uuid id, row.uuid(1));
    return SealedImport{.account = std::move(owner), .id = id, .sealed_key = copy_of(row.bytes(2))};
  });
}

Result<void> replace_sealed_key(Transaction& tx, const SealedImport& old, ByteView sealed) {
  TRY(execute(tx,
              "UPDATE imported_certificates SET sealed_key = $4 "
              "WHERE account = $1 AND id = $2 AND sealed_key = $3",
              old.account, old.id, ByteView(old.sealed_key), sealed));
  return {};
}

Result<std::vector<SealedAccessKey>> list_sealed_access_keys(Reader& rows, std::string_view after,
                                                             std::size_t count) {
  TRY(Query query, ask(rows,
                       "SELECT id, secret_sealed FROM access_keys WHERE id > $1 "
                       "ORDER BY id LIMIT $2",
                       after, count));
  return list_rows(std::move(query), [](Query& row) -> Result<SealedAccessKey> {
    return SealedAccessKey{.id = row.text(0), .sealed_secret = copy_of(row.bytes(1))};
  });
}

Result<void> replace_sealed_secret(Transaction& tx, const SealedAccessKey& old, ByteView sealed) {
  TRY(execute(tx, "UPDATE access_keys SET secret_sealed = $3 WHERE id = $1 AND secret_sealed = $2",
              old.id, ByteView(old.sealed_secret), sealed));
  return {};
}

Result<void> insert_discarded_key(Transaction& tx, const DiscardedKey& key) {
  TRY(execute(tx, "INSERT INTO discarded_keys (id, arn, sealed_key) VALUES ($1, $2, $3)", key.id,
              key.arn, ByteView(key.sealed_key)));
  return {};
}

Result<std::vector<DiscardedKey>> list_discarded_keys(Reader& rows, const Uuid& after,
                                                      std::size_t count) {
  TRY(Query query, ask(rows,
                       "SELECT id, arn, sealed_key FROM discarded_keys "
                       "WHERE id > $1 ORDER BY id LIMIT $2",
                       after, count));
  return list_rows(std::move(query), [](Query& row) -> Result<DiscardedKey> {
    TRY(const Uuid id, row.uuid(0));
    return DiscardedKey{.id = id, .arn = row.text(1), .sealed_key = copy_of(row.bytes(2))};
  });
}

Result<void> replace_sealed_key(Transaction& tx, const DiscardedKey& old, ByteView sealed) {
  TRY(execute(tx, "UPDATE discarded_keys SET sealed_key = $3 WHERE id = $1 AND sealed_key = $2",
              old.id, ByteView(old.sealed_key), sealed));
  return {};
}

Result<void> delete_discarded_key(Transaction& tx, const Uuid& id) {
  TRY(execute(tx, "DELETE FROM discarded_keys WHERE id = $1", id));
  return {};
}

Result<std::vector<SealedCertificate>> list_expired_leaf_keys(Reader& rows, Timestamp time,
                                                              std::size_t count) {
  TRY(Query query, ask(rows,
                       "SELECT id, role, sealed_key FROM certificates {by leaves_with_keys} "
                       "WHERE role = 2 AND length(sealed_key) > 0 AND not_after < $1 "
                       "ORDER BY not_after, id LIMIT $2",
                       time, count));
  return list_rows(std::move(query), sealed_certificate_of);
}

}  // namespace hallmark::store
