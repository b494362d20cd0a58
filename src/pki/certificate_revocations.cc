#include "pki/certificate_revocations.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "audit/record.h"
#include "pki/operators.h"
#include "store/certificates.h"
#include "store/keys.h"

namespace hallmark::pki {
namespace {

// RFC 5280 §5.3.1, without certificateHold and removeFromCRL.
constexpr std::array<std::string_view, 8> reasons = {
    "UNSPECIFIED", "KEY_COMPROMISE",         "CA_COMPROMISE",       "AFFILIATION_CHANGED",
    "SUPERSEDED",  "CESSATION_OF_OPERATION", "PRIVILEGE_WITHDRAWN", "A_A_COMPROMISE"};

// A certificate that a call may mean.
struct Candidate {
  crypto::Certificate certificate;
  std::string arn = {};  // of an imported one
  bool is_root = false;
};

Result<Candidate> candidate_of(const model::Home& home, const store::ImportedCertificate& row) {
  TRY(auto chain, crypto::certificates_from_pem(row.chain));
  return Candidate{std::move(chain.front()), model::certificate_arn(home, row.account, row.id)};
}

Result<std::vector<Candidate>> candidates_of_serial(store::Reader& rows, const model::Home& home,
                                                    std::string_view serial) {
  std::vector<Candidate> candidates;
  TRY(const auto issued, store::list_certificates_of_serial(rows, serial));
  for (const store::CertificateRow& row : issued) {
    TRY(auto certificate, crypto::Certificate::parse(row.der));
    candidates.push_back({std::move(certificate), {}, row.role == store::CertificateRole::root});
  }
  TRY(const auto imported, store::list_imported_of_serial(rows, serial));
  for (const store::ImportedCertificate& row : imported) {
    TRY(auto candidate, candidate_of(home, row));
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// A signer may be self-signed too, and is trusted by what it signs alone.
bool is_root(const crypto::Certificate& certificate) {
  return certificate.subject_der == certificate.issuer_der &&
         !crypto::check_signs_code(certificate);
}

Result<std::vector<Candidate>> candidates_of(store::Reader& rows, const model::Home& home,
                                             const RevokeCertificate& call) {
  if (!call.serial.empty()) return candidates_of_serial(rows, home, call.serial);
  if (call.imported) {
    TRY(const auto row,
        store::find_imported_certificate(rows, call.imported->account, call.imported->id));
    if (!row) return std::vector<Candidate>();
    TRY(auto candidate, candidate_of(home, *row));
    return std::vector<Candidate>{std::move(candidate)};
  }
  TRY(const auto given, crypto::certificates_from_pem(call.certificate));
  TRY(auto candidates, candidates_of_serial(rows, home, given.front().serial_hex));
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return candidate.certificate.der != given.front().der;
  });
  // One that was deleted or replaced since, and signed before, can still have to be revoked.
  if (candidates.empty()) candidates.push_back({given.front(), {}, is_root(given.front())});
  return candidates;
}

// The one that is meant. The same certificate may have been imported more than once.
Result<Candidate> choose(std::vector<Candidate> candidates) {
  if (candidates.empty()) {
    return not_found(
        "No such certificate was issued or imported here: `hallmark certificate list` shows all "
        "that can be revoked.");
  }
  const bool is_one = std::ranges::all_of(candidates, [&](const Candidate& candidate) {
    return candidate.certificate.der == candidates.front().certificate.der;
  });
  if (!is_one) {
    return invalid(
        "Several certificates have this serial number: name the one by its file or its ARN.");
  }
  if (candidates.front().is_root) {
    return invalid(
        "A root is trusted by itself and cannot be revoked: take it out of the verifiers' trust "
        "stores.");
  }
  return std::move(candidates.front());
}

Result<RevokedCertificate> revoke_in(store::Transaction& tx, const model::Home& home,
                                     const access::Permitted<RevokeCertificate>& permitted,
                                     Timestamp now) {
  TRY(auto candidates, candidates_of(tx, home, permitted.call()));
  TRY(auto chosen, choose(std::move(candidates)));
  const std::string tbs = crypto::tbs_sha384_hex(chosen.certificate);
  TRY(auto revocation, store::find_certificate_revocation(tx, tbs));
  if (!revocation) {
    revocation = store::CertificateRevocation{.tbs_sha384 = tbs,
                                              .reason = permitted.call().reason,
                                              .revoked_at = now,
                                              .revoked_by = permitted.caller().principal().arn};
    TRY(store::insert_certificate_revocation(tx, *revocation));
  }
  audit::Elements elements = {{"subject", chosen.certificate.subject},
                              {"serialNumber", chosen.certificate.serial_hex},
                              {"tbsCertificateSha384", tbs},
                              {"revokedAt", to_rfc3339(revocation->revoked_at)}};
  if (!chosen.arn.empty()) elements.emplace_back("certificateArn", chosen.arn);
  TRY(store::append_audit(tx, audit::record(permitted, home, elements)));
  return RevokedCertificate{std::move(chosen.arn), std::move(chosen.certificate),
                            *std::move(revocation)};
}

Result<IssuedCertificate> issued_of(store::Reader& rows, const store::CertificateRow& row) {
  TRY(auto certificate, crypto::Certificate::parse(row.der));
  TRY(auto revocation,
      store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(certificate)));
  return IssuedCertificate{row.id, row.profile_name, std::move(certificate), std::move(revocation)};
}

Result<store::LeafPlace> place_of(store::Reader& rows, const ListIssuedCertificates& call) {
  if (!call.after) return store::LeafPlace{call.account};
  TRY(const auto row, store::find_certificate(rows, *call.after));
  if (!row) return invalid("Marker is not one that a list was answered with.");
  return store::LeafPlace{call.account, row->profile_name, row->not_before, row->id};
}

// The rows of a page.
Result<std::vector<store::CertificateRow>> rows_of(store::Reader& rows,
                                                   const ListIssuedCertificates& call) {
  TRY(const auto place, place_of(rows, call));
  TRY(auto leaves, store::list_leaves(rows, place, call.count));
  if (call.after) return leaves;
  TRY(auto all, store::list_certificates(rows, store::CertificateRole::intermediate));
  std::ranges::move(leaves, std::back_inserter(all));
  return all;
}

}  // namespace

bool is_revocation_reason(std::string_view reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

std::string all_revocation_reasons() { return fmt::format("{}", fmt::join(reasons, ", ")); }

std::vector<access::Need> RevokeCertificate::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void RevokeCertificate::describe(JsonWriter& json) const {
  if (imported) json.member("certificateArn", imported->arn);
  if (!serial.empty()) json.member("serialNumber", serial);
  json.member("revocationReason", reason);
}

std::vector<access::Need> ListIssuedCertificates::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}
void ListIssuedCertificates::describe(JsonWriter& json) const {
  json.member("accountId", account.view());
}

void CertificateRevocations::revoke(access::Permitted<RevokeCertificate> permitted,
                                    Then<RevokedCertificate> then) {
  const auto shared =
      std::make_shared<const access::Permitted<RevokeCertificate>>(std::move(permitted));
  store_.write([shared, home = home_, now = clock_.now()](
                   store::Transaction& tx) { return revoke_in(tx, home, *shared, now); },
               [&authority = authority_,
                then = std::move(then)](Result<RevokedCertificate> revoked) mutable {
                 if (revoked) authority.notice_change();
                 then(std::move(revoked));
               });
}

Result<IssuedCertificatePage> CertificateRevocations::list_issued(
    const access::Permitted<ListIssuedCertificates>& permitted) {
  const ListIssuedCertificates& call = permitted.call();
  return store_.read([&](store::Reader& rows) -> Result<IssuedCertificatePage> {
    TRY(const auto found, rows_of(rows, call));
    IssuedCertificatePage page;
    std::size_t leaves = 0;
    for (const store::CertificateRow& row : found) {
      TRY(auto issued, issued_of(rows, row));
      page.certificates.push_back(std::move(issued));
      leaves += row.role == store::CertificateRole::leaf ? 1 : 0;
    }
    if (leaves == call.count) page.continue_after = found.back().id;
    return page;
  });
}

}  // namespace hallmark::pki
