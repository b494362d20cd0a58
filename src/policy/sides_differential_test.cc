// Every combination of policies that a request can meet, judged by the module and by a second
// evaluator that is written from the IAM User Guide as one sentence for each case.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/evaluation.h"

namespace hallmark::policy {
namespace {

constexpr std::string_view home = "111122223333";
constexpr std::string_view role = "arn:aws:iam::111122223333:role/r";

struct Caller {
  std::string_view arn, account, issuer;
};
constexpr std::array callers = {
    Caller{"arn:aws:iam::111122223333:user/alice", home, ""},
    Caller{"arn:aws:sts::111122223333:assumed-role/ci/build", home, ""},
    Caller{"", "", "ci.example.com/org"},
};

// How a Principal element names each of the callers: c itself, a by its account, - not at all,
// * only to keep it out.
struct Naming {
  std::string_view json, by_caller;
};
constexpr std::array namings = {
    Naming{R"("*")", "cc*"},
    Naming{R"({"AWS": "*"})", "cc*"},
    Naming{R"({"AWS": "111122223333"})", "aa-"},
    Naming{R"({"AWS": "arn:aws:iam::111122223333:root"})", "aa-"},
    Naming{R"({"AWS": "444455556666"})", "---"},
    Naming{R"({"AWS": "arn:aws:iam::111122223333:user/alice"})", "c--"},
    Naming{R"({"AWS": ["111122223333", "arn:aws:iam::111122223333:user/alice"]})", "ca-"},
    Naming{R"({"AWS": "arn:aws:iam::444455556666:user/alice"})", "---"},
    Naming{R"({"AWS": "arn:aws:iam::111122223333:role/team/ci"})", "-c-"},
    Naming{R"({"AWS": "arn:aws:sts::111122223333:assumed-role/ci/build"})", "-c-"},
    Naming{R"({"AWS": "arn:aws:sts::111122223333:assumed-role/ci/other"})", "---"},
    Naming{R"({"Federated": "ci.example.com/org"})", "--c"},
    Naming{R"({"Federated": "ci.example.com"})", "---"},
    Naming{R"({"Federated": "arn:aws:iam::111122223333:oidc-provider/ci.example.com/org"})", "--c"},
    Naming{R"({"Federated": "arn:aws:iam::444455556666:oidc-provider/ci.example.com/org"})", "---"},
    Naming{R"({"AWS": "111122223333", "Federated": "ci.example.com/org"})", "aac"},
};

// What the policies of one side say: nothing at all, of something else, yes, no.
enum class Says { absent, other, allow, deny };
constexpr std::array all_says = {Says::absent, Says::other, Says::allow, Says::deny};

using Documents = std::array<std::optional<Document>, all_says.size()>;  // by Says

// Identity policies where there is no principal.
Documents documents_of(std::string_view principal) {
  const DocumentKind kind = principal.empty() ? DocumentKind::identity : DocumentKind::resource;
  const std::string whom =
      principal.empty() ? R"("Resource": "*")" : R"("Principal": )" + std::string(principal);
  const auto parse = [&](std::string_view what) {
    const auto parsed =
        Document::parse(R"({"Statement": {)" + std::string(what) + ", " + whom + "}}", kind);
    CHECK(parsed.has_value());
    return *parsed;
  };
  return {std::nullopt, parse(R"("Effect": "Allow", "Action": "s3:Get")"),
          parse(R"("Effect": "Allow", "Action": "sts:*")"),
          parse(R"("Effect": "Deny", "Action": "sts:*")")};
}

const std::optional<Document>& said_by(const Documents& documents, Says says) {
  return documents[std::size_t(says)];
}

struct Case {
  Sides sides;
  Says identity, session, resource;
  char named;  // of the caller by the resource policy
  bool same_account, has_account;
};

bool expected_to_be_denied(const Case& c) {
  if (c.session == Says::deny) return true;
  if (c.sides != Sides::resource_only && c.has_account && c.identity == Says::deny) return true;
  return c.sides != Sides::identity_only && c.resource == Says::deny && c.named != '-';
}

bool expected_to_be_allowed(const Case& c) {
  if (expected_to_be_denied(c)) return false;
  const bool session = c.session == Says::absent || c.session == Says::allow;
  const bool identity = c.has_account && c.identity == Says::allow;
  const bool resource = c.resource == Says::allow && (c.named == 'a' || c.named == 'c');
  const bool directly = c.same_account && c.resource == Says::allow && c.named == 'c';
  switch (c.sides) {
    case Sides::both:
      return session && (c.same_account ? identity || directly : identity && resource);
    case Sides::identity_only: return session && identity;
    case Sides::resource_required: return session && resource && (identity || directly);
    case Sides::resource_only: return session && resource;
  }
  return false;
}

// The side that a refusal names does not allow, or denies.
bool names_a_side_that_refuses(const Case& c, const Evaluation& evaluation) {
  const Says sought = evaluation.decision == Decision::explicit_deny ? Says::deny : Says::allow;
  const bool denied = sought == Says::deny;
  switch (evaluation.policy_type) {
    case PolicyType::identity: return denied == (c.identity == sought && c.has_account);
    case PolicyType::session: return c.session == (denied ? Says::deny : Says::other);
    case PolicyType::resource:
    case PolicyType::trust:
      return denied == (c.resource == sought && c.named != '-' && (denied || c.named != '*'));
  }
  return false;
}

// What the sides can say.
struct Written {
  Documents own;  // identity and session policies
  Documents resource;
};

void judge(const Case& c, const Caller& caller, const Written& written) {
  std::vector<Document> own;
  if (const auto& document = said_by(written.own, c.identity)) own.push_back(*document);
  const Policies policies{.identity = own,
                          .session = said_by(written.own, c.session),
                          .resource = said_by(written.resource, c.resource),
                          .resource_account = c.same_account ? home : "444455556666",
                          .sides = c.sides};
  const Evaluation evaluation = evaluate(policies, {.action = "sts:AssumeRole",
                                                    .resource = role,
                                                    .principal_arn = caller.arn,
                                                    .principal_account = caller.account,
                                                    .federated_issuer = caller.issuer,
                                                    .context = {}});
  EXPECT_EQ(evaluation.is_allowed(), expected_to_be_allowed(c));
  EXPECT_EQ(evaluation.decision == Decision::explicit_deny, expected_to_be_denied(c));
  EXPECT_EQ(evaluation.matched.has_value(), evaluation.decision != Decision::implicit_deny);
  EXPECT_TRUE(evaluation.is_allowed() || names_a_side_that_refuses(c, evaluation));
}

TEST(SidesDifferential, AgreesInEveryCaseWithAnEvaluatorWrittenFromTheGuide) {
  using enum Sides;
  for (std::size_t who = 0; who < callers.size(); ++who) {
    for (const Naming& naming : namings) {
      const Written written = {documents_of(""), documents_of(naming.json)};
      for (const Sides sides : {both, identity_only, resource_required, resource_only}) {
        for (std::size_t bits = 0; bits < 2 * 4 * 4 * 4; ++bits) {
          const Case c = {.sides = sides,
                          .identity = all_says[bits / 2 % 4],
                          .session = all_says[bits / 8 % 4],
                          .resource = all_says[bits / 32],
                          .named = naming.by_caller[who],
                          .same_account = bits % 2 == 0 && !callers[who].account.empty(),
                          .has_account = !callers[who].account.empty()};
          SCOPED_TRACE(testing::Message() << "caller " << who << ", " << naming.json << ", sides "
                                          << int(sides) << ", case " << bits);
          judge(c, callers[who], written);
          ASSERT_FALSE(HasFailure());
        }
      }
    }
  }
}

}  // namespace
}  // namespace hallmark::policy
