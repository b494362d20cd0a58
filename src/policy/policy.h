// IAM policy documents: parsed once, evaluated often; pure, no input but the arguments.
// Source: IAM User Guide, "IAM JSON policy elements reference" and "Policy evaluation logic".
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/profile.h"

namespace hallmark::policy {

// One request to judge: who wants to do what with which resource, under which condition keys.
struct Question {
  std::string_view action;             // "signer:PutSigningProfile"
  std::string_view resource;           // an ARN, or "*" for actions without a resource type
  std::string_view principal_arn;      // also aws:PrincipalArn, unless the context says otherwise
  std::string_view principal_account;  // also aws:PrincipalAccount
  std::string_view principal_id = {};  // AIDA…, or AROA…:SESSION; never given to another
  // Of a web identity, which has neither of these: its issuer's URL without "https://", as policies
  // write it.
  std::string_view federated_issuer = {};
  // Condition keys and their values: single-valued keys have one value, a key without any is
  // present and empty, an absent key is not in the list. Names compare without case.
  std::vector<std::pair<std::string, std::vector<std::string>>> context;
};

enum class Effect { allow, deny };
enum class Verdict { not_mentioned, allowed, denied };  // of one document; the stronger is greater

enum class DocumentKind { identity, resource };  // a resource policy has Principal, the other none

// To whom a resource policy speaks. What it grants to an account, the identity policies of that
// account still have to hand on to the caller.
enum class GrantedTo { account, caller };

// What a document says, and which of its statements says it: the first Deny that matches, else the
// first Allow that names the caller itself, else the first Allow.
struct Finding {
  Verdict verdict = Verdict::not_mentioned;
  std::size_t statement = 0;                 // counted from 0
  std::string_view sid;                      // may be empty; borrowed from the document
  GrantedTo granted_to = GrantedTo::caller;  // by an Allow
};

// A parsed document. Immutable; safe to evaluate from any thread; cheap to copy (shared).
class Document {
 public:
  // Invalid, naming the element by its path ("Statement[1].Effect ..."), for everything that is not
  // a policy: a misspelt element grants nothing and says so, rather than being ignored.
  static Result<Document> parse(std::string_view json, DocumentKind kind);

  // Of a trust policy: invalid, naming the condition key that it lacks, unless every Allow for the
  // web identities of an issuer says which subjects and which audiences it means.
  Result<void> check_federation() const;

  // The ARNs of users, roles and sessions in Principal and NotPrincipal, as they are written.
  std::vector<std::string> principal_arns() const;
  // The same policy, in which each of these ARNs means who has that unique id, whatever the name.
  Document bound_to(const model::StringMap& unique_ids) const;

  // Deny wins over Allow within the document.
  Verdict evaluate(const Question& question) const { return explain(question).verdict; }
  Finding explain(const Question& question) const;

  // Whether what it says may depend on the question's context: a statement has a condition or a
  // variable.
  bool asks_for_context() const;

 private:
  struct Parsed;
  explicit Document(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

// '*' any run, '?' any one character; linear in text × stars, never exponential. Case counts.
bool matches_wildcard(std::string_view pattern, std::string_view text);

}  // namespace hallmark::policy
