#include <gtest/gtest.h>

#include "identity/administration.h"
#include "identity/key_uses.h"
#include "identity/test_administration.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view chosen_secret = "0123456789abcdefghij+/ABCDEFGHIJ01234567";

class AdministrationKeys : public test::AdministrationTest {
 protected:
  Result<void> set_status(const std::string& id, KeyStatus status, std::string_view of = "admin") {
    return wait<void>([&](auto then) {
      administration_.update_access_key(permitted(UpdateAccessKey{user(of), id, status}),
                                        std::move(then));
    });
  }
  Result<void> remove(const std::string& id, std::string_view of = "admin") {
    return wait<void>([&](auto then) {
      administration_.delete_access_key(permitted(DeleteAccessKey{user(of), id}), std::move(then));
    });
  }
  std::vector<store::AccessKeyRow> keys(std::string_view of = "admin") {
    return value_of(administration_.list_access_keys(permitted(ListAccessKeys{user(of)})));
  }
  static ChosenKey chosen(std::string_view id, std::string_view secret = chosen_secret) {
    return {value_of(AccessKeyId::parse(id)), Secret(bytes_of(secret))};
  }
};

TEST_F(AdministrationKeys, ANewKeyWorksAtOnce) {
  const auto created = value_of(create_key(user("admin")));
  const auto found = value_of(made_.directory.find(created.key.id));
  EXPECT_TRUE(found->secret_access_key == created.key.secret);
  EXPECT_EQ(found->principal->name, "admin");
}

TEST_F(AdministrationKeys, AKeyIsBroughtAlong) {
  const auto created = value_of(create_key(user("admin"), chosen("AKIABROUGHTALONG0001")));
  EXPECT_EQ(created.key.id, "AKIABROUGHTALONG0001");
  const auto found = value_of(made_.directory.find("AKIABROUGHTALONG0001"));
  EXPECT_EQ(text_of(found->secret_access_key.reveal()), chosen_secret);
}

TEST_F(AdministrationKeys, AnIdIsTakenOnceByWhomever) {
  value_of(create_user("ci"));
  value_of(create_key(user("admin"), chosen("AKIABROUGHTALONG0001")));
  const Error error = error_of(create_key(user("ci"), chosen("AKIABROUGHTALONG0001")));
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.reason, "EntityAlreadyExists");
}

TEST_F(AdministrationKeys, AWeakSecretIsRefusedAndNotRepeated) {
  for (const char* secret : {"short", "nineteen characters", "with a space in the middle of it",
                             "with\na line break in the middle"}) {
    const Error error = error_of(create_key(user("admin"), chosen("AKIABROUGHTALONG0001", secret)));
    EXPECT_EQ(error.kind, ErrorKind::invalid) << secret;
    EXPECT_EQ(error.message.find(secret), std::string::npos);
  }
}

TEST_F(AdministrationKeys, AnEmptySecretIsRefused) {
  EXPECT_FALSE(create_key(user("admin"), chosen("AKIABROUGHTALONG0001", "")));
}

TEST_F(AdministrationKeys, IdsFollowTheRulesAndAreNotThoseOfSessions) {
  for (const char* id : {"", "AKIASHORT", "AKIA-WITH-DASHES-0000", "ASIA0000000000000000"}) {
    EXPECT_FALSE(AccessKeyId::parse(id)) << id;
  }
  EXPECT_TRUE(AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"));
}

TEST_F(AdministrationKeys, AUserHasTwoKeysAtMost) {
  value_of(create_key(user("admin")));
  const Error error = error_of(create_key(user("admin")));
  EXPECT_EQ(error.kind, ErrorKind::limit_exceeded);
  EXPECT_EQ(error.message, "Cannot exceed quota for AccessKeysPerUser: 2");
}

TEST_F(AdministrationKeys, TheRootHasKeysToo) {
  const auto created = value_of(create_key(root()));
  EXPECT_EQ(value_of(made_.directory.find(created.key.id))->principal->type,
            access::PrincipalType::root);
}

TEST_F(AdministrationKeys, ARoleHasNone) {
  EXPECT_EQ(error_of(create_key(role("deploy"))).kind, ErrorKind::invalid);
}

TEST_F(AdministrationKeys, AnInactiveKeyStopsAtOnceAndGoesOnWhenItIsActiveAgain) {
  ASSERT_TRUE(works(made_.admin.id));
  expect_done(set_status(made_.admin.id, KeyStatus::inactive));
  EXPECT_FALSE(works(made_.admin.id));
  EXPECT_FALSE(keys()[0].active);
  expect_done(set_status(made_.admin.id, KeyStatus::active));
  EXPECT_TRUE(works(made_.admin.id));
}

TEST_F(AdministrationKeys, ADeletedKeyStopsAtOnce) {
  ASSERT_TRUE(works(made_.admin.id));
  expect_done(remove(made_.admin.id));
  EXPECT_FALSE(works(made_.admin.id));
  EXPECT_TRUE(keys().empty());
}

TEST_F(AdministrationKeys, AKeyIsChangedUnderItsOwnersNameOnly) {
  value_of(create_user("ci"));
  for (const auto& outcome : {set_status(made_.admin.id, KeyStatus::inactive, "ci"),
                              remove(made_.admin.id, "ci"), remove("AKIANOBODYNOBODYNOBO")}) {
    EXPECT_EQ(error_of(outcome).kind, ErrorKind::not_found);
  }
  EXPECT_TRUE(works(made_.admin.id));
}

// Last used.

TEST_F(AdministrationKeys, TheLastUseIsShown) {
  EXPECT_FALSE(keys()[0].last_used_at);
  KeyUses uses(*made_.store);
  uses.note(made_.admin.id, "signer", made_.clock.now());
  expect_done(made_.store->write([](store::Transaction&) -> Result<void> { return {}; }));
  EXPECT_EQ(keys()[0].last_used_at, made_.clock.now());
  EXPECT_EQ(keys()[0].last_used_service, "signer");
  made_.store->close();
}

TEST_F(AdministrationKeys, UsesThatComeDuringAWriteAreWrittenTogetherAfterIt) {
  KeyUses uses(*made_.store);
  std::promise<void> go_on;
  made_.store->write(store::Work([&, held = go_on.get_future().share()](store::Transaction&) {
                       held.wait();
                       return Result<void>();
                     }),
                     store::Done([](const Result<void>&) {}));
  const auto before = made_.store->counters().units;
  for (int i = 0; i < 100; ++i) {
    uses.note(made_.admin.id, "signer", made_.clock.now() + std::chrono::seconds(i));
  }
  go_on.set_value();
  // The first waits for the first use, whose end queues the others; the second for those.
  for (int i = 0; i < 2; ++i) {
    expect_done(made_.store->write([](store::Transaction&) -> Result<void> { return {}; }));
  }
  EXPECT_EQ(keys()[0].last_used_at, made_.clock.now() + std::chrono::seconds(99));
  made_.store->close();
  // The one that was held up, the first use, all others, these two, and the record of the look.
  EXPECT_LE(made_.store->counters().units - before, 6u);
}

TEST_F(AdministrationKeys, AClosedStoreLosesTheNoteAndNothingElse) {
  made_.store->close();
  KeyUses uses(*made_.store);
  uses.note(made_.admin.id, "signer", made_.clock.now());
  uses.note(made_.admin.id, "signer", made_.clock.now());
}

}  // namespace
}  // namespace hallmark::identity
