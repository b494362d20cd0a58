#include "pki/intermediates.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "audit/record.h"
#include "crypto/chain_links.h"
#include "pki/certificate_rules.h"
#include "pki/issuers.h"
#include "pki/operators.h"
#include "pki/retired_keys.h"

namespace hallmark::pki {
namespace {

// The root that is to issue it is the newest.
Result<store::CertificateRow> root_of(store::Reader& rows) {
  TRY(auto root, store::find_newest_certificate(rows, store::CertificateRole::root));
  if (!root) return internal_error("the store has no certificate authority");
  return *std::move(root);
}

// The certificate becomes that of the row.
store::CertificateRow fulfilled(store::CertificateRow row, const crypto::Certificate& certificate,
                                const Uuid& root) {
  row.issuer = root;
  row.der = certificate.der;
  row.not_before = certificate.not_before;
  row.not_after = certificate.not_after;
  row.serial = certificate.serial_hex;
  return row;
}

Result<void> check_intermediate(const crypto::Certificate& certificate,
                                const crypto::Certificate& root, Timestamp now) {
  auto checked = crypto::check_links({certificate, root}, now);
  if (checked) checked = crypto::check_issues_leaves(certificate);
  if (!checked) return invalid(checked.error().message);
  if (certificate.not_after <= root.not_after) return {};
  return invalid("The certificate ends after the root.");
}

// That which issues now goes on to if it is the newer one, and nobody would notice that the new one
// is of no use.
Result<void> check_newest(store::Reader& rows, const store::CertificateRow& row, Timestamp now) {
  TRY(const auto all, list_intermediates(rows));
  const StoredIntermediate* present = find_issuing(all, now);
  if (present == nullptr ||
      std::tie(row.not_before, row.id) > std::tie(present->row.not_before, present->row.id)) {
    return {};
  }
  return invalid(fmt::format(
      "The certificate is valid from {}, and the intermediate that issues now from {}: that one is "
      "the newer and would go on issuing. Set the clock where the root's key is, and sign the "
      "request again.",
      to_rfc3339(row.not_before), to_rfc3339(present->row.not_before)));
}

// The root of ours that a certificate says to be issued by.
Result<std::pair<Uuid, crypto::Certificate>> named_root(store::Reader& rows,
                                                        const crypto::Certificate& certificate) {
  TRY(const auto roots, store::list_certificates(rows, store::CertificateRole::root));
  for (const store::CertificateRow& row : roots) {
    TRY(auto root, crypto::Certificate::parse(row.der));
    if (root.subject_der == certificate.issuer_der) return std::pair(row.id, std::move(root));
  }
  return invalid("The certificate is not issued by a root of this installation.");
}

MadeKey key_of(const store::CertificateRow& request) {
  return {request.id, keys::Purpose::intermediate_certificate, request.sealed_key};
}

Error without_key(const Intermediates::Parts& parts, const store::CertificateRow& request,
                  Error error) {
  return without_key(parts.store, parts.keys, key_of(request), std::move(error));
}

AuthorityState state_of(const StoredIntermediate& each, const StoredIntermediate* issuing,
                        Timestamp now) {
  if (each.revocation) return AuthorityState::revoked;
  if (now >= each.certificate.not_after) return AuthorityState::expired;
  if (now < each.certificate.not_before) return AuthorityState::not_yet_valid;
  return &each == issuing ? AuthorityState::issuing : AuthorityState::valid;
}

ListedAuthority listed(store::CertificateRole role, AuthorityState state,
                       const crypto::Certificate& certificate) {
  return {role,
          state,
          certificate.subject,
          certificate.serial_hex,
          certificate.not_before,
          certificate.not_after,
          {}};
}

}  // namespace

std::string_view name_of(AuthorityState state) {
  switch (state) {
    case AuthorityState::trusted: return "TRUSTED";
    case AuthorityState::issuing: return "ISSUING";
    case AuthorityState::valid: return "VALID";
    case AuthorityState::requested: return "REQUESTED";
    case AuthorityState::not_yet_valid: return "NOT_YET_VALID";
    case AuthorityState::expired: return "EXPIRED";
    case AuthorityState::revoked: return "REVOKED";
  }
  return "";
}

std::vector<access::Need> RequestIntermediate::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void RequestIntermediate::describe(JsonWriter&) const {}

std::vector<access::Need> InstallIntermediate::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void InstallIntermediate::describe(JsonWriter& json) const {
  json.member("certificate", certificate);
}

std::vector<access::Need> RenewIntermediate::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void RenewIntermediate::describe(JsonWriter&) const {}

std::vector<access::Need> ListAuthorities::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void ListAuthorities::describe(JsonWriter&) const {}

Result<Intermediates::Requested> Intermediates::make_request() {
  TRY(const auto root_row, parts_.store.read(root_of));
  TRY(const auto before, parts_.store.read([](store::Reader& rows) {
    return store::list_certificates(rows, store::CertificateRole::intermediate);
  }));
  TRY(auto root, crypto::Certificate::parse(root_row.der));
  const Timestamp now = parts_.clock.now();
  const Uuid id = Uuid::v7(now, parts_.random);
  TRY(auto key,
      parts_.keys.create(keys::Purpose::intermediate_certificate, authority_key_kind, id.text()));
  store::CertificateRow row;
  row.id = id;
  row.role = store::CertificateRole::requested_intermediate;
  row.issuer = root_row.id;
  row.key_algorithm = std::string(crypto::name_of(authority_key_kind));
  row.sealed_key = std::move(key.sealed);
  row.not_before = row.not_after = now;
  auto request =
      crypto::request_certificate(name_of_intermediate(home_, before.size() + 1), *key.signer);
  if (!request) return without_key(parts_, row, std::move(request.error()));
  row.der = request->der;
  return Requested{{*std::move(request), std::move(root)}, std::move(row)};
}

// One request is kept at a time: a key that waited for long is one that others had time for.
Result<void> Intermediates::keep_request(const store::CertificateRow& row,
                                         const store::AuditRecord& record) {
  TRY(const auto forgotten,
      parts_.store.write([&](store::Transaction& tx) -> Result<std::vector<store::CertificateRow>> {
        TRY(auto old, store::list_certificates(tx, store::CertificateRole::requested_intermediate));
        // Another node may just have installed it, and issues with its key.
        std::vector<store::CertificateRow> gone;
        for (store::CertificateRow& each : old) {
          TRY(const bool deleted, store::delete_request(tx, each.id));
          if (deleted) gone.push_back(std::move(each));
        }
        TRY(store::insert_certificate(tx, row));
        TRY(store::append_audit(tx, record));
        return gone;
      }));
  for (const store::CertificateRow& old : forgotten) {
    destroy_unused_key(parts_.store, parts_.keys, key_of(old));
  }
  return {};
}

Result<IntermediateOrder> Intermediates::request(
    const access::Permitted<RequestIntermediate>& permitted) {
  TRY(auto made, make_request());
  auto kept = keep_request(
      made.row, audit::record(permitted, home_, {{"subject", made.order.request.subject}}));
  if (!kept) return without_key(parts_, made.row, std::move(kept.error()));
  return std::move(made.order);
}

Result<store::CertificateRow> Intermediates::find_request(const crypto::Certificate& certificate) {
  TRY(const auto rows, parts_.store.read([](store::Reader& reader) {
    return store::list_certificates(reader, store::CertificateRole::requested_intermediate);
  }));
  for (const store::CertificateRow& row : rows) {
    TRY(const auto request, crypto::CertificationRequest::parse(row.der));
    if (request.public_key != certificate.public_key) continue;
    if (request.subject_der == certificate.subject_der) return row;
    return invalid("The certificate has another name than was requested.");
  }
  return invalid(
      "The certificate is not of the key that was requested last: `hallmark authority list` shows "
      "what is installed and requested.");
}

Result<store::CertificateRow> Intermediates::checked(const crypto::Certificate& certificate) {
  TRY(auto row, find_request(certificate));
  TRY(const auto root,
      parts_.store.read([&](store::Reader& rows) { return named_root(rows, certificate); }));
  TRY(check_intermediate(certificate, root.second, parts_.clock.now()));
  return fulfilled(std::move(row), certificate, root.first);
}

Result<void> Intermediates::put_to_use(const store::CertificateRow& row,
                                       const store::AuditRecord& record) {
  const Timestamp now = parts_.clock.now();
  TRY(parts_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(check_newest(tx, row, now));
    TRY(store::fulfil_request(tx, row));
    return store::append_audit(tx, record);
  }));
  parts_.authority.notice_change();
  return {};
}

Result<crypto::Certificate> Intermediates::install(
    const access::Permitted<InstallIntermediate>& permitted) {
  auto given = crypto::certificates_from_pem(permitted.call().certificate);
  if (!given) return invalid(given.error().message);
  if (given->size() != 1) return invalid("One certificate is expected.");
  TRY(const auto row, checked(given->front()));
  TRY(put_to_use(row, audit::record(permitted, home_, facts_of(given->front()))));
  return std::move(given->front());
}

Result<crypto::Certificate> Intermediates::renew(
    const access::Permitted<RenewIntermediate>& permitted) {
  TRY(const auto root, parts_.store.read(root_of));
  if (root.sealed_key.empty()) {
    return invalid("The root's key is not kept here: name its file by --root.");
  }
  TRY(const auto root_key,
      parts_.keys.open(root.sealed_key, keys::Purpose::root_certificate, root.id.text()));
  TRY(const auto made, make_request());
  auto certificate = sign_intermediate(made.order, *root_key, parts_.clock.now(), parts_.random);
  if (!certificate) return without_key(parts_, made.row, std::move(certificate.error()));
  auto kept =
      keep_request(made.row, audit::record_event("RequestIntermediate", parts_.clock.now(), home_,
                                                 {{"subject", made.order.request.subject}}));
  if (!kept) return without_key(parts_, made.row, std::move(kept.error()));
  TRY(put_to_use(fulfilled(made.row, *certificate, root.id),
                 audit::record(permitted, home_, facts_of(*certificate))));
  return certificate;
}

Result<std::vector<ListedAuthority>> Intermediates::list(
    const access::Permitted<ListAuthorities>&) {
  const Timestamp now = parts_.clock.now();
  return parts_.store.read([&](store::Reader& rows) -> Result<std::vector<ListedAuthority>> {
    using Role = store::CertificateRole;
    std::vector<ListedAuthority> all;
    TRY(const auto roots, store::list_certificates(rows, Role::root));
    for (const store::CertificateRow& row : roots) {
      TRY(const auto root, crypto::Certificate::parse(row.der));
      const bool is_over = now >= root.not_after;
      all.push_back(
          listed(Role::root, is_over ? AuthorityState::expired : AuthorityState::trusted, root));
    }
    TRY(auto intermediates, list_intermediates(rows));
    const StoredIntermediate* issuing = find_issuing(intermediates, now);
    for (auto each = intermediates.rbegin(); each != intermediates.rend(); ++each) {
      all.push_back(listed(Role::intermediate, state_of(*each, issuing, now), each->certificate));
      all.back().revocation = std::move(each->revocation);
    }
    TRY(const auto requests, store::list_certificates(rows, Role::requested_intermediate));
    for (const store::CertificateRow& row : requests) {
      TRY(const auto request, crypto::CertificationRequest::parse(row.der));
      all.push_back({row.role,
                     AuthorityState::requested,
                     request.subject,
                     {},
                     row.not_before,
                     row.not_after,
                     {}});
    }
    return all;
  });
}

}  // namespace hallmark::pki
