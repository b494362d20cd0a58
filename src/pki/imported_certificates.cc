#include "pki/imported_certificates.h"

#include <fmt/format.h>

#include "audit/change.h"
#include "base/log.h"
#include "crypto/private_key.h"
#include "crypto/x509.h"
#include "model/tags.h"
#include "pki/imported_chain.h"
#include "pki/retired_keys.h"
#include "store/certificate_revocation.h"
#include "store/identities.h"
#include "store/locks.h"
#include "store/sealing.h"

namespace hallmark::pki {
namespace {

using audit::Changed;
using store::ImportedCertificate;

constexpr std::size_t users_shown_max = 1'000;  // of DescribeCertificate's InUseBy

Error no_such_certificate(const NamedCertificate& certificate) {
  return not_found(fmt::format("Could not find certificate {}.", certificate.arn));
}

Result<ImportedCertificate> get_judged(const access::Facts& facts,
                                       const NamedCertificate& certificate) {
  if (!facts.certificate) return no_such_certificate(certificate);
  return *facts.certificate;
}

// The certificate that the call was judged on, as it is in this transaction. Unavailable: it was
// changed since, so that the judgement may not hold.
Result<ImportedCertificate> certificate_as_judged(store::Transaction& tx,
                                                  const access::Facts& facts,
                                                  const NamedCertificate& named) {
  TRY(const auto judged, get_judged(facts, named));
  TRY(store::lock_imported_certificate(tx, judged.account, judged.id));
  TRY(auto found, store::find_imported_certificate(tx, judged.account, judged.id));
  if (found && found->revision == judged.revision) return *std::move(found);
  return unavailable("the certificate was changed while the request was judged");
}

audit::Elements elements_of(const std::string& arn, const crypto::Certificate& certificate) {
  return {{"certificateArn", arn},
          {"subject", certificate.subject},
          {"serialNumber", certificate.serial_hex},
          {"notBefore", to_rfc3339(certificate.not_before)},
          {"notAfter", to_rfc3339(certificate.not_after)}};
}

Result<void> check_tags_of(const ImportCertificate& call) {
  if (call.replaced && !call.tags.empty()) {
    return invalid("Tags cannot be given with a re-import: use AddTagsToCertificate.",
                   "InvalidParameterException");
  }
  return check_certificate_tags(call.tags);
}

// A caller's own account is there; one that an operator names may not be.
Result<void> check_account(store::Store& store, const model::AccountId& account) {
  TRY(const bool known,
      store.read([&](store::Reader& rows) { return store::has_account(rows, account); }));
  if (known) return {};
  return not_found(fmt::format("The account {} cannot be found.", account.view()));
}

std::vector<std::string> arns_of(const model::Home& home,
                                 const std::vector<store::CertificateProfile>& profiles) {
  std::vector<std::string> arns;
  for (const auto& profile : profiles) {
    arns.push_back(model::profile_arn(home, profile.account, profile.name));
  }
  return arns;
}

// The place for a key of a token that a change takes out of use; nothing where the sealed bytes are
// the key.
using Discarded = std::optional<store::DiscardedKey>;

Result<void> discard_key_of(store::Transaction& tx, const ImportedCertificate& row,
                            Discarded discarded) {
  if (!discarded) return {};
  TRY(auto key, store::find_imported_key(tx, row.account, row.id));
  if (!key) return {};
  discarded->sealed_key = *std::move(key);
  return store::insert_discarded_key(tx, *discarded);
}

}  // namespace

// What is about to be written, be it new or in the place of another.
struct ImportedCertificates::Prepared {
  ImportedCertificate row;
  Bytes sealed_key;
  crypto::Certificate certificate;
  std::string arn;
  Discarded discarded;

  Changed changed() const { return {arn, elements_of(arn, certificate)}; }

  Result<void> check_not_revoked(store::Transaction& tx) const {
    TRY(const auto revocation,
        store::find_certificate_revocation(tx, crypto::tbs_sha384_hex(certificate)));
    if (!revocation) return {};
    return invalid(
        fmt::format("The certificate was revoked here at {}.", to_rfc3339(revocation->revoked_at)));
  }

  // The key that was made for nothing. It is destroyed later: this may be the writer's thread.
  void discard(store::Store& store) const {
    if (!discarded) return;
    store::DiscardedKey key = *discarded;
    key.sealed_key = sealed_key;
    store.write([key](store::Transaction& tx) { return store::insert_discarded_key(tx, key); },
                [arn = key.arn](const Result<void>& done) {
                  if (done) return;
                  log::warning("an unused key stays in the token",
                               {{"key", arn}, {"reason", hallmark::describe(done.error())}});
                });
  }

  Result<Changed> insert(store::Transaction& tx) const {
    TRY(check_not_revoked(tx));
    TRY(const std::size_t count, store::count_imported_certificates(tx, row.account));
    if (count >= certificates_per_account_max) {
      return Error{ErrorKind::limit_exceeded,
                   fmt::format("The account has {} certificates, which is the most it may have.",
                               certificates_per_account_max),
                   {},
                   "LimitExceededException"};
    }
    TRY(store::insert_imported_certificate(tx, row, sealed_key));
    return changed();
  }

  Result<Changed> replace_judged(store::Transaction& tx, const access::Facts& facts,
                                 const NamedCertificate& named) const {
    TRY(auto replaced, certificate_as_judged(tx, facts, named));
    return replace(tx, std::move(replaced));
  }

  Result<Changed> replace(store::Transaction& tx, ImportedCertificate replaced) const {
    TRY(check_not_revoked(tx));
    TRY(const auto chain, crypto::certificates_from_pem(replaced.chain));
    TRY(check_replacement(chain.front(), certificate));
    TRY(discard_key_of(tx, replaced, discarded));
    replaced.chain = row.chain;
    replaced.serial = row.serial;
    replaced.imported_at = row.imported_at;
    TRY(store::replace_imported_certificate(tx, replaced, sealed_key));
    return changed();
  }
};

ImportedCertificates::ImportedCertificates(store::Store& store, keys::KeyProvider& keys,
                                           const Clock& clock, Random& random, model::Home home)
    : store_(store), keys_(keys), clock_(clock), random_(random), home_(std::move(home)) {}

Result<std::shared_ptr<const ImportedCertificates::Prepared>> ImportedCertificates::prepare(
    const access::Permitted<ImportCertificate>& permitted) {
  const ImportCertificate& call = permitted.call();
  const Timestamp now = clock_.now();
  TRY(check_tags_of(call));
  if (call.replaced) TRY(get_judged(permitted.facts(), *call.replaced));
  if (call.account) TRY(check_account(store_, *call.account));
  TRY(auto chain, read_given_chain({call.certificate, call.chain}, now));

  const model::AccountId& account =
      call.replaced ? call.replaced->account
                    : call.account.value_or(permitted.caller().principal().account);
  const Uuid id = call.replaced ? call.replaced->id : Uuid::v7(now, random_);
  std::string arn = model::certificate_arn(home_, account, id);
  TRY(auto key,
      keys_.import_key(keys::Purpose::imported_certificate, call.private_key.reveal(), arn));
  ImportedCertificate row{.account = account,
                          .id = id,
                          .chain = crypto::to_pem(chain),
                          .tags = call.tags,
                          .created_at = now,
                          .imported_at = now,
                          .revision = 0,
                          .serial = chain.front().serial_hex};
  auto prepared = std::make_shared<const Prepared>(
      Prepared{std::move(row), std::move(key.sealed), chain.front(), arn, discarded(arn)});
  if (auto fits = crypto::check_certificate_key(chain.front(), *key.signer); !fits) {
    prepared->discard(store_);
    return std::move(fits.error());
  }
  return prepared;
}

std::optional<store::DiscardedKey> ImportedCertificates::discarded(const std::string& arn) {
  if (!keys_.keeps_keys()) return std::nullopt;
  return store::DiscardedKey{Uuid::v7(clock_.now(), random_), arn, {}};
}

void ImportedCertificates::import_certificate(access::Permitted<ImportCertificate> permitted,
                                              Then<std::string> then) {
  if (auto done = destroy_discarded_keys(store_, keys_); !done)
    return then(std::move(done.error()));
  auto prepared = prepare(permitted);
  if (!prepared) return then(std::move(prepared.error()));
  const auto made = *std::move(prepared);
  const auto is_used = std::make_shared<bool>(false);  // the new key, by a row
  const auto work = [made, is_used](
                        store::Transaction& tx,
                        const access::Permitted<ImportCertificate>& permit) -> Result<Changed> {
    const auto& replaced = permit.call().replaced;
    *is_used = false;
    Result<Changed> changed =
        replaced ? made->replace_judged(tx, permit.facts(), *replaced) : made->insert(tx);
    *is_used = changed.has_value();
    return changed;
  };
  audit::change_once(
      store_, home_, std::move(permitted), work,
      [&store = store_, made, is_used, then = std::move(then)](Result<std::string> ended) mutable {
        // Where it is not known whether the change is there, the key stays.
        const bool was_refused = !ended && audit::is_final(ended.error());
        if (was_refused || !*is_used) made->discard(store);
        then(std::move(ended));
      });
}

void ImportedCertificates::add_tags(access::Permitted<AddTagsToCertificate> permitted,
                                    Then<std::string> then) {
  if (auto fit = check_certificate_tags(permitted.call().tags); !fit) return then(fit.error());
  const auto work = [](store::Transaction& tx,
                       const access::Permitted<AddTagsToCertificate>& permit) -> Result<Changed> {
    TRY(auto row, certificate_as_judged(tx, permit.facts(), permit.call().certificate));
    row.tags = model::merged(std::move(row.tags), permit.call().tags);
    TRY(check_certificate_tags(row.tags));
    TRY(store::update_certificate_tags(tx, row));
    return Changed{};
  };
  audit::change_once(store_, home_, std::move(permitted), work, std::move(then));
}

void ImportedCertificates::remove_tags(access::Permitted<RemoveTagsFromCertificate> permitted,
                                       Then<std::string> then) {
  if (auto fit = check_tags_to_remove(permitted.call().tags); !fit) return then(fit.error());
  const auto work =
      [](store::Transaction& tx,
         const access::Permitted<RemoveTagsFromCertificate>& permit) -> Result<Changed> {
    TRY(auto row, certificate_as_judged(tx, permit.facts(), permit.call().certificate));
    row.tags = without(std::move(row.tags), permit.call().tags);
    TRY(store::update_certificate_tags(tx, row));
    return Changed{};
  };
  audit::change_once(store_, home_, std::move(permitted), work, std::move(then));
}

void ImportedCertificates::delete_certificate(access::Permitted<DeleteCertificate> permitted,
                                              Then<std::string> then) {
  const auto work = [gone = discarded(permitted.call().certificate.arn)](
                        store::Transaction& tx,
                        const access::Permitted<DeleteCertificate>& permit) -> Result<Changed> {
    const NamedCertificate& named = permit.call().certificate;
    TRY(const auto row, certificate_as_judged(tx, permit.facts(), named));
    TRY(const auto users, store::list_profiles_of_certificate(tx, named.arn, 1));
    if (!users.empty()) {
      return Error{ErrorKind::conflict,
                   fmt::format("Certificate {} is in use by the signing profile {}.", named.arn,
                               users.front().name.view()),
                   {},
                   "ResourceInUseException"};
    }
    TRY(discard_key_of(tx, row, gone));
    TRY(store::delete_imported_certificate(tx, row));
    return Changed{};
  };
  audit::change_once(store_, home_, std::move(permitted), work, std::move(then));
}

Result<DescribedCertificate> ImportedCertificates::describe(
    const access::Permitted<DescribeCertificate>& permitted) {
  const NamedCertificate& named = permitted.call().certificate;
  TRY(const auto row, get_judged(permitted.facts(), named));
  return store_.read([&](store::Reader& rows) -> Result<DescribedCertificate> {
    TRY(auto facts, facts_of(rows, home_, row, clock_.now()));
    TRY(const auto users, store::list_profiles_of_certificate(rows, named.arn, users_shown_max));
    return DescribedCertificate{std::move(facts), arns_of(home_, users)};
  });
}

Result<CertificatePems> ImportedCertificates::get(
    const access::Permitted<GetCertificate>& permitted) {
  TRY(const auto row, get_judged(permitted.facts(), permitted.call().certificate));
  TRY(auto chain, crypto::certificates_from_pem(row.chain));
  const crypto::CertificateChain issuers(chain.begin() + 1, chain.end());
  return CertificatePems{crypto::to_pem({chain.front()}), crypto::to_pem(issuers)};
}

Result<model::StringMap> ImportedCertificates::list_tags(
    const access::Permitted<ListTagsForCertificate>& permitted) {
  TRY(auto row, get_judged(permitted.facts(), permitted.call().certificate));
  return std::move(row.tags);
}

}  // namespace hallmark::pki
