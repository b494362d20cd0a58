// Rows of keys and certificates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/names.h"
#include "store/store.h"

namespace hallmark::store {

// The numbers are stored. A requested intermediate has a key, and in place of a certificate the
// request for it; its times are that of the request, and it has no serial number. `audit`: of the
// key that signs checkpoints of the audit log.
enum class CertificateRole {
  root = 0,
  intermediate = 1,
  leaf = 2,
  requested_intermediate = 3,
  audit = 4
};

struct CertificateRow {
  Uuid id;
  CertificateRole role = CertificateRole::leaf;
  std::optional<Uuid> issuer;  // nothing for a root
  std::string key_algorithm;   // crypto::name_of
  Bytes sealed_key;            // empty where the key is not kept (an exported root)
  Bytes der;
  Timestamp not_before;
  Timestamp not_after;
  // Of a leaf: the profile it signs for.
  std::string account;
  std::string profile_name;
  std::string serial = {};  // upper-case hex
};

// Where a list of an account's leaves goes on: after this one.
struct LeafPlace {
  model::AccountId account;
  std::string profile_name = {};  // empty: from the first
  Timestamp not_before = {};
  Uuid id = {};
};

Result<void> insert_certificate(Transaction& tx, const CertificateRow& certificate);
Result<std::optional<CertificateRow>> find_certificate(Reader& rows, const Uuid& id);
// The newest of a role; of a leaf, for the profile.
Result<std::optional<CertificateRow>> find_newest_certificate(Reader& rows, CertificateRole role);
Result<std::optional<CertificateRow>> find_newest_leaf(Reader& rows,
                                                       const model::AccountId& account,
                                                       const model::ProfileName& profile);
Result<std::vector<CertificateRow>> list_certificates(Reader& rows, CertificateRole role);
// Up to `count`, by profile and then age.
Result<std::vector<CertificateRow>> list_leaves(Reader& rows, const LeafPlace& after,
                                                std::size_t count);
// Of every role. Serial numbers are random: there is one as a rule.
Result<std::vector<CertificateRow>> list_certificates_of_serial(Reader& rows,
                                                                std::string_view serial);

// A requested intermediate becomes one: its row gets the issuer, der, times and serial of this one,
// and keeps its key. Other nodes hear of it. Conflict: it is requested no more.
Result<void> fulfil_request(Transaction& tx, const CertificateRow& certificate);
Result<bool> delete_request(Transaction& tx, const Uuid& id);  // whether it was one still

}  // namespace hallmark::store
