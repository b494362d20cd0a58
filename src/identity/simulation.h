// What policies would say of an action, for `hallmark policy simulate`: the same judgement that a
// request meets, with the statement that decided.
#pragma once

#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/result.h"
#include "identity/administration_calls.h"
#include "store/identities.h"

namespace hallmark::identity {

struct Simulation {
  access::Judgement judgement;
  std::string policy_name;  // of the user's or role's policy that decided; empty: another decided
  std::string sentence;     // what the caller would read; empty when it is allowed
};

// Who is simulated, as stored.
struct Subject {
  store::PrincipalRow row;
  std::vector<store::PolicyRow> policies;
};

// A role is simulated in a session that it calls "simulation". The context's aws:CurrentTime,
// aws:SecureTransport, aws:SourceIp and aws:UserAgent are facts of the request; what is known of
// the resource (its tags, signer:ProfileVersion) goes before the context. Invalid, naming what is
// wrong: the action, the resource, a value of the context, the session policy.
Result<Simulation> simulate(const access::Authorizer& authorizer, const Subject& subject,
                            const SimulatePrincipalPolicy& call, Timestamp now);

}  // namespace hallmark::identity
