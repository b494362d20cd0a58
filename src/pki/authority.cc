#include "pki/authority.h"

#include <algorithm>

#include "audit/checkpoint.h"
#include "audit/record.h"
#include "base/limits.h"
#include "base/log.h"
#include "pki/certificate_rules.h"
#include "pki/issuers.h"
#include "pki/retired_keys.h"
#include "store/certificate_revocation.h"
#include "store/change_counts.h"

namespace hallmark::pki {
namespace {

constexpr auto warned_before = std::chrono::days(365);  // an intermediate ends
constexpr auto warned_every = std::chrono::days(1);
constexpr auto audit_lifetime = std::chrono::days(365);
constexpr auto audit_begins_before = std::chrono::hours(1);  // as leaves do

crypto::DistinguishedName name_of_audit(const model::Home& home) {
  return {.common_name = std::string(audit::checkpoint_common_name),
          .organization = "Hallmark",
          .organizational_unit = home.region};
}

// For two thirds of its time: then another takes its place.
bool is_kept(const crypto::Certificate& audit_leaf, Timestamp now) {
  const auto lifetime = audit_leaf.not_after - audit_leaf.not_before;
  return now >= audit_leaf.not_before && now < audit_leaf.not_before + lifetime * 2 / 3;
}

Result<bool> is_revoked(store::Store& store, const crypto::Certificate& certificate) {
  TRY(const auto revocation, store.read([&](store::Reader& rows) {
    return store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(certificate));
  }));
  return revocation.has_value();
}

store::CertificateRow row_of(const Uuid& id, store::CertificateRole role,
                             const crypto::Certificate& certificate, Bytes sealed_key) {
  store::CertificateRow row;
  row.id = id;
  row.role = role;
  row.key_algorithm = std::string(crypto::name_of(authority_key_kind));
  row.sealed_key = std::move(sealed_key);
  row.der = certificate.der;
  row.not_before = certificate.not_before;
  row.not_after = certificate.not_after;
  row.serial = certificate.serial_hex;
  return row;
}

Result<void> write_leaf(store::Store& store, const store::CertificateRow& row,
                        const store::AuditRecord& record) {
  return store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_certificate(tx, row));
    return store::append_audit(tx, record);
  });
}

}  // namespace

Authority::Authority(store::Store& store, keys::KeyProvider& keys, const Clock& clock,
                     Random& random, model::Home home)
    : store_(store), keys_(keys), clock_(clock), random_(random), home_(std::move(home)) {}

Result<void> Authority::create(const RootKey& root_key) {
  const Timestamp now = clock_.now();
  const Uuid intermediate_id = Uuid::v7(now, random_);
  const Period root_period = period_of_root(now);

  TRY(auto root, crypto::issue({.shape = crypto::CertificateShape::root,
                                .subject = name_of_root(home_),
                                .not_before = root_period.begin,
                                .not_after = root_period.end,
                                .public_key = root_key.signer.public_key()},
                               std::nullopt, root_key.signer, random_));
  TRY(auto key, keys_.create(keys::Purpose::intermediate_certificate, authority_key_kind,
                             intermediate_id.text()));
  const MadeKey made{intermediate_id, keys::Purpose::intermediate_certificate, key.sealed};
  const Period period = period_of_intermediate(now, root);
  auto intermediate = crypto::issue({.shape = crypto::CertificateShape::intermediate,
                                     .subject = name_of_intermediate(home_, 1),
                                     .not_before = period.begin,
                                     .not_after = period.end,
                                     .public_key = key.signer->public_key()},
                                    root, root_key.signer, random_);
  if (!intermediate) return without_key(store_, keys_, made, std::move(intermediate.error()));

  const store::CertificateRow root_row =
      row_of(root_key.id, store::CertificateRole::root, root, root_key.sealed);
  store::CertificateRow intermediate_row =
      row_of(intermediate_id, store::CertificateRole::intermediate, *intermediate, key.sealed);
  intermediate_row.issuer = root_key.id;
  const auto root_record = audit::record_event("CreateRootCertificate", now, home_, facts_of(root));
  const auto intermediate_record =
      audit::record_event("CreateIntermediateCertificate", now, home_, facts_of(*intermediate));
  auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_certificate(tx, root_row));
    TRY(store::insert_certificate(tx, intermediate_row));
    TRY(store::append_audit(tx, root_record));
    return store::append_audit(tx, intermediate_record);
  });
  if (!written) return without_key(store_, keys_, made, std::move(written.error()));
  return {};
}

Result<std::shared_ptr<const SigningIdentity>> Authority::identity_for(
    const model::AccountId& account, const model::ProfileName& profile) {
  TRY(const Changes changes, count_changes());
  const MutexLock lock(mutex_);
  if (changes != changes_seen_) {
    identities_.clear();
    changes_seen_ = changes;
  }
  const Key key{account.text(), profile.text()};
  const auto held = identities_.find(key);
  if (held != identities_.end()) {
    const crypto::CertificateChain& chain = held->second->chain;
    if (is_fresh(chain[0], chain[1], clock_.now())) return held->second;
  }
  TRY(auto identity, load_or_issue(account, profile));
  if (identities_.size() >= limits::signing_identities_max) identities_.clear();
  identities_.insert_or_assign(key, identity);
  return identity;
}

Result<Authority::Changes> Authority::count_changes() {
  Changes count{.here = changes_.load()};
  if (!store_.is_shared()) return count;
  TRY(count.anywhere, store_.read([](store::Reader& rows) {
    return store::find_change_count(rows, store::Topic::certificates);
  }));
  return count;
}

Result<std::vector<crypto::Certificate>> Authority::roots() {
  TRY(auto rows, store_.read([](store::Reader& reader) {
    return store::list_certificates(reader, store::CertificateRole::root);
  }));
  std::vector<crypto::Certificate> roots;
  for (const store::CertificateRow& row : rows) {
    TRY(auto certificate, crypto::Certificate::parse(row.der));
    roots.push_back(std::move(certificate));
  }
  return roots;
}

// Which of the intermediates issues changes with the time, too: it is looked for whenever a leaf is
// needed. Its key is kept open.
Result<std::shared_ptr<const Authority::Issuer>> Authority::issuer() {
  TRY(const auto all,
      store_.read([](store::Reader& reader) { return list_intermediates(reader); }));
  const StoredIntermediate* issuing = find_issuing(all, clock_.now());
  if (issuing == nullptr) return why_none_issues(all, clock_.now());
  if (issuer_ != nullptr && issuer_->id == issuing->row.id) return issuer_;
  if (!issuing->row.issuer) return corrupt("an intermediate has no issuer");
  TRY(const auto root_row, store_.read([&](store::Reader& reader) {
    return store::find_certificate(reader, *issuing->row.issuer);
  }));
  if (!root_row) return corrupt("an intermediate's issuer is not there");
  TRY(auto root, crypto::Certificate::parse(root_row->der));
  const store::CertificateRow& row = issuing->row;
  TRY(auto signer,
      keys_.open(row.sealed_key, keys::Purpose::intermediate_certificate, row.id.text()));
  issuer_ = std::make_shared<const Issuer>(
      Issuer{std::move(signer), issuing->certificate, std::move(root), row.id});
  return issuer_;
}

void Authority::warn_of_end(Timestamp end) {
  const Timestamp now = clock_.now();
  if (end - now > warned_before || now < warned_at_ + warned_every) return;
  warned_at_ = now;
  log::warning("the intermediate certificate ends: run `hallmark authority renew`",
               {{"not_after", to_rfc3339(end)}});
}

Result<std::shared_ptr<const SigningIdentity>> Authority::load_or_issue(
    const model::AccountId& account, const model::ProfileName& profile) {
  TRY(const auto issuer, this->issuer());
  warn_of_end(issuer->certificate.not_after);
  TRY(auto row, store_.read([&](store::Reader& reader) {
    return store::find_newest_leaf(reader, account, profile);
  }));
  if (row && row->issuer == issuer->id) {
    TRY(auto leaf, crypto::Certificate::parse(row->der));
    TRY(const bool revoked, is_revoked(store_, leaf));
    if (!revoked && is_fresh(leaf, issuer->certificate, clock_.now())) {
      TRY(auto signer, keys_.open(row->sealed_key, keys::Purpose::code_signing, row->id.text()));
      return std::shared_ptr<const SigningIdentity>(std::make_shared<SigningIdentity>(
          SigningIdentity{std::move(signer), {leaf, issuer->certificate, issuer->root}}));
    }
  }
  return issue_leaf(*issuer, account, profile);
}

Result<std::shared_ptr<const SigningIdentity>> Authority::issue_leaf(
    const Issuer& issuer, const model::AccountId& account, const model::ProfileName& profile) {
  const Timestamp now = clock_.now();
  const Period period = period_of_leaf(now, issuer.certificate);
  const Uuid id = Uuid::v7(now, random_);
  TRY(auto key, keys_.create(keys::Purpose::code_signing, authority_key_kind, id.text()));
  const MadeKey made{id, keys::Purpose::code_signing, key.sealed};
  auto leaf = crypto::issue({.shape = crypto::CertificateShape::code_signing_leaf,
                             .subject = name_of_leaf(account, profile),
                             .not_before = period.begin,
                             .not_after = period.end,
                             .public_key = key.signer->public_key()},
                            issuer.certificate, *issuer.signer, random_);
  if (!leaf) return without_key(store_, keys_, made, std::move(leaf.error()));
  store::CertificateRow row = row_of(id, store::CertificateRole::leaf, *leaf, key.sealed);
  row.issuer = issuer.id;
  row.account = account.text();
  row.profile_name = profile.text();
  audit::Elements facts = facts_of(*leaf);
  facts.emplace_back("accountId", account.text());
  const auto record = audit::record_event("IssueSigningCertificate", now, home_, facts);
  auto written = write_leaf(store_, row, record);
  if (!written) return without_key(store_, keys_, made, std::move(written.error()));
  retire_expired_keys(store_, keys_, now);
  return std::shared_ptr<const SigningIdentity>(std::make_shared<SigningIdentity>(
      SigningIdentity{std::move(key.signer), {*leaf, issuer.certificate, issuer.root}}));
}

Result<Authority::AuditIdentity> Authority::audit_identity() {
  const MutexLock lock(mutex_);
  TRY(const auto issuer, this->issuer());
  TRY(auto row, store_.read([](store::Reader& reader) {
    return store::find_newest_certificate(reader, store::CertificateRole::audit);
  }));
  if (!row || row->issuer != issuer->id) return issue_audit_leaf(*issuer);
  TRY(auto leaf, crypto::Certificate::parse(row->der));
  TRY(const bool revoked, is_revoked(store_, leaf));
  if (revoked || !is_kept(leaf, clock_.now())) return issue_audit_leaf(*issuer);
  TRY(auto signer, keys_.open(row->sealed_key, keys::Purpose::audit, row->id.text()));
  return AuditIdentity{row->id, std::make_shared<SigningIdentity>(SigningIdentity{
                                    std::move(signer), {leaf, issuer->certificate, issuer->root}})};
}

Result<Authority::AuditIdentity> Authority::issue_audit_leaf(const Issuer& issuer) {
  const Timestamp now = clock_.now();
  const auto start = Timestamp(std::chrono::floor<std::chrono::seconds>(now - audit_begins_before));
  const Timestamp begin = std::max(start, issuer.certificate.not_before);
  const Uuid id = Uuid::v7(now, random_);
  TRY(auto key, keys_.create(keys::Purpose::audit, authority_key_kind, id.text()));
  const MadeKey made{id, keys::Purpose::audit, key.sealed};
  auto leaf =
      crypto::issue({.shape = crypto::CertificateShape::audit_leaf,
                     .subject = name_of_audit(home_),
                     .not_before = begin,
                     .not_after = std::min(start + audit_lifetime, issuer.certificate.not_after),
                     .public_key = key.signer->public_key()},
                    issuer.certificate, *issuer.signer, random_);
  if (!leaf) return without_key(store_, keys_, made, std::move(leaf.error()));
  store::CertificateRow row = row_of(id, store::CertificateRole::audit, *leaf, key.sealed);
  row.issuer = issuer.id;
  const auto record = audit::record_event("IssueAuditCertificate", now, home_, facts_of(*leaf));
  auto written = write_leaf(store_, row, record);
  if (!written) return without_key(store_, keys_, made, std::move(written.error()));
  return AuditIdentity{id, std::make_shared<SigningIdentity>(SigningIdentity{
                               std::move(key.signer), {*leaf, issuer.certificate, issuer.root}})};
}

Result<std::optional<Timestamp>> issues_until(store::Reader& rows, Timestamp now) {
  TRY(const auto all, list_intermediates(rows));
  const StoredIntermediate* issuing = find_issuing(all, now);
  if (issuing == nullptr) return std::optional<Timestamp>();
  return std::optional(issuing->certificate.not_after);
}

}  // namespace hallmark::pki
