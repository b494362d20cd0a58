#include "pki/authority.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "base/limits.h"
#include "pki/retired_keys.h"
#include "store/certificate_revocation.h"
#include "store/change_counts.h"

namespace hallmark::pki {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::seconds;

constexpr auto key_kind = crypto::KeyKind::p384;
constexpr int root_years = 30;
constexpr int intermediate_years = 5;
constexpr auto leaf_lifetime = days(7);
// Verifiers' clocks differ from ours a little; a signature must not seem older than its
// certificate.
constexpr auto backdated = hours(1);

Timestamp whole_seconds(Timestamp time) { return floor<seconds>(time); }

crypto::DistinguishedName name_of_root(const model::Home& home) {
  return {.common_name = fmt::format("Hallmark {} Root CA G1", home.region),
          .organization = "Hallmark",
          .organizational_unit = "Code Signing"};
}
crypto::DistinguishedName name_of_intermediate(const model::Home& home) {
  return {.common_name = fmt::format("Hallmark {} Code Signing CA G1", home.region),
          .organization = "Hallmark",
          .organizational_unit = "Code Signing"};
}
// The profile's name has only letters, digits and '_', so nothing in it can disturb a name.
crypto::DistinguishedName name_of_leaf(const model::AccountId& account,
                                       const model::ProfileName& profile) {
  return {.common_name = profile.text(),
          .organization = "Hallmark",
          .organizational_unit = account.text()};
}

bool fresh(const crypto::Certificate& leaf, Timestamp now) {
  return now >= leaf.not_before && now < leaf.not_before + leaf_lifetime * 2 / 3;
}

audit::Elements facts_of(const crypto::Certificate& certificate) {
  return {{"subject", certificate.subject},
          {"serialNumber", certificate.serial_hex},
          {"notBefore", to_rfc3339(certificate.not_before)},
          {"notAfter", to_rfc3339(certificate.not_after)}};
}

store::CertificateRow row_of(const Uuid& id, store::CertificateRole role,
                             const crypto::Certificate& certificate, Bytes sealed_key) {
  store::CertificateRow row;
  row.id = id;
  row.role = role;
  row.key_algorithm = std::string(crypto::name_of(key_kind));
  row.sealed_key = std::move(sealed_key);
  row.der = certificate.der;
  row.not_before = certificate.not_before;
  row.not_after = certificate.not_after;
  row.serial = certificate.serial_hex;
  return row;
}

Result<bool> is_revoked(store::Store& store, const crypto::Certificate& certificate) {
  TRY(const auto revocation, store.read([&](store::Reader& rows) {
    return store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(certificate));
  }));
  return revocation.has_value();
}

Error no_authority() { return internal_error("the store has no certificate authority"); }

}  // namespace

Authority::Authority(store::Store& store, keys::KeyProvider& keys, const Clock& clock,
                     Random& random, model::Home home)
    : store_(store), keys_(keys), clock_(clock), random_(random), home_(std::move(home)) {}

Result<void> Authority::create(const RootKey& root_key) {
  const Timestamp now = clock_.now();
  const Timestamp start = whole_seconds(now - backdated);
  const Uuid intermediate_id = Uuid::v7(now, random_);

  TRY(auto root, crypto::issue({.shape = crypto::CertificateShape::root,
                                .subject = name_of_root(home_),
                                .not_before = start,
                                .not_after = plus_months(start, root_years * 12),
                                .public_key = root_key.signer.public_key()},
                               std::nullopt, root_key.signer, random_));
  TRY(auto key,
      keys_.create(keys::Purpose::intermediate_certificate, key_kind, intermediate_id.text()));
  TRY(auto intermediate, crypto::issue({.shape = crypto::CertificateShape::intermediate,
                                        .subject = name_of_intermediate(home_),
                                        .not_before = start,
                                        .not_after = plus_months(start, intermediate_years * 12),
                                        .public_key = key.signer->public_key()},
                                       root, root_key.signer, random_));

  const store::CertificateRow root_row =
      row_of(root_key.id, store::CertificateRole::root, root, root_key.sealed);
  store::CertificateRow intermediate_row =
      row_of(intermediate_id, store::CertificateRole::intermediate, intermediate, key.sealed);
  intermediate_row.issuer = root_key.id;
  const auto root_record = audit::record_event("CreateRootCertificate", now, home_, facts_of(root));
  const auto intermediate_record =
      audit::record_event("CreateIntermediateCertificate", now, home_, facts_of(intermediate));
  return store_.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_certificate(tx, root_row));
    TRY(store::insert_certificate(tx, intermediate_row));
    TRY(store::append_audit(tx, root_record));
    return store::append_audit(tx, intermediate_record);
  });
}

Result<std::shared_ptr<const SigningIdentity>> Authority::identity_for(
    const model::AccountId& account, const model::ProfileName& profile) {
  TRY(const Revocations revocations, count_revocations());
  const MutexLock lock(mutex_);
  if (revocations != revocations_seen_) {
    intermediate_.reset();
    identities_.clear();
    revocations_seen_ = revocations;
  }
  const Key key{account.text(), profile.text()};
  const auto held = identities_.find(key);
  if (held != identities_.end() && fresh(held->second->chain.front(), clock_.now())) {
    return held->second;
  }
  TRY(auto identity, load_or_issue(account, profile));
  if (identities_.size() >= limits::signing_identities_max) identities_.clear();
  identities_.insert_or_assign(key, identity);
  return identity;
}

Result<Authority::Revocations> Authority::count_revocations() {
  Revocations count{.here = revocations_.load()};
  if (!store_.is_shared()) return count;
  TRY(count.anywhere, store_.read([](store::Reader& rows) {
    return store::find_change_count(rows, store::Topic::certificate_revocations);
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

Result<std::shared_ptr<const Authority::Issuer>> Authority::intermediate() {
  if (intermediate_ != nullptr) return intermediate_;
  TRY(auto row, store_.read([](store::Reader& reader) {
    return store::find_newest_certificate(reader, store::CertificateRole::intermediate);
  }));
  if (!row || !row->issuer) return no_authority();
  TRY(auto root_row, store_.read([&](store::Reader& reader) {
    return store::find_certificate(reader, *row->issuer);
  }));
  if (!root_row) return no_authority();
  TRY(auto certificate, crypto::Certificate::parse(row->der));
  TRY(const bool revoked, is_revoked(store_, certificate));
  if (revoked) {
    return denied("The intermediate certificate that issues all others is revoked.");
  }
  TRY(auto root, crypto::Certificate::parse(root_row->der));
  TRY(auto signer,
      keys_.open(row->sealed_key, keys::Purpose::intermediate_certificate, row->id.text()));
  intermediate_ = std::make_shared<const Issuer>(
      Issuer{std::move(signer), std::move(certificate), std::move(root), row->id});
  return intermediate_;
}

Result<std::shared_ptr<const SigningIdentity>> Authority::load_or_issue(
    const model::AccountId& account, const model::ProfileName& profile) {
  TRY(auto issuer, intermediate());
  TRY(auto row, store_.read([&](store::Reader& reader) {
    return store::find_newest_leaf(reader, account, profile);
  }));
  if (row && row->issuer == issuer->id) {
    TRY(auto leaf, crypto::Certificate::parse(row->der));
    TRY(const bool revoked, is_revoked(store_, leaf));
    if (!revoked && fresh(leaf, clock_.now())) {
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
  const Timestamp start = whole_seconds(now - backdated);
  const Uuid id = Uuid::v7(now, random_);
  TRY(auto key, keys_.create(keys::Purpose::code_signing, key_kind, id.text()));
  TRY(auto leaf, crypto::issue({.shape = crypto::CertificateShape::code_signing_leaf,
                                .subject = name_of_leaf(account, profile),
                                .not_before = start,
                                .not_after = start + leaf_lifetime,
                                .public_key = key.signer->public_key()},
                               issuer.certificate, *issuer.signer, random_));
  store::CertificateRow row = row_of(id, store::CertificateRole::leaf, leaf, key.sealed);
  row.issuer = issuer.id;
  row.account = account.text();
  row.profile_name = profile.text();
  const auto record = audit::record_event("IssueSigningCertificate", now, home_, facts_of(leaf));
  TRY(store_.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_certificate(tx, row));
    return store::append_audit(tx, record);
  }));
  retire_expired_keys(store_, keys_, now);
  return std::shared_ptr<const SigningIdentity>(std::make_shared<SigningIdentity>(
      SigningIdentity{std::move(key.signer), {leaf, issuer.certificate, issuer.root}}));
}

}  // namespace hallmark::pki
