// What is the same in all certificates of a kind that we issue: names, times and what is told of
// them. Private to pki.
#pragma once

#include "audit/record.h"
#include "base/clock.h"
#include "crypto/x509.h"
#include "model/arn.h"
#include "model/names.h"

namespace hallmark::pki {

inline constexpr auto authority_key_kind = crypto::KeyKind::p384;

crypto::DistinguishedName name_of_root(const model::Home& home);
// `generation` counts the intermediates of an installation from 1, so that each has a name of its
// own.
crypto::DistinguishedName name_of_intermediate(const model::Home& home, std::size_t generation);
// The form of such names; Hallmark's own machines issue no intermediate with another.
crypto::DistinguishedName name_of_intermediate(std::string common_name);
crypto::DistinguishedName name_of_leaf(const model::AccountId& account,
                                       const model::ProfileName& profile);

// What the audit says of one.
audit::Elements facts_of(const crypto::Certificate& certificate);

// Whole seconds. Each begins an hour ago, because verifiers' clocks differ from ours a little and a
// signature must not seem older than its certificate; but none begins before its issuer's, or ends
// after it.
struct Period {
  Timestamp begin;
  Timestamp end;
};
Period period_of_root(Timestamp now);                                             // 30 years
Period period_of_intermediate(Timestamp now, const crypto::Certificate& issuer);  // 5 years
Period period_of_leaf(Timestamp now, const crypto::Certificate& issuer);          // 7 days

// Whether a leaf still signs: for two thirds of its time, or to its end when the one that would
// take its place would end no later.
bool is_fresh(const crypto::Certificate& leaf, const crypto::Certificate& issuer, Timestamp now);

}  // namespace hallmark::pki
