// Administration by an operator of the machine, on a directory of its own. Only for tests.
#pragma once

#include <future>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "access/test_caller.h"
#include "identity/administration.h"
#include "identity/test_directory.h"

namespace hallmark::identity::test {

class TestBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    if (bucket == "foreign") return std::optional<std::string>("999999999999");
    return std::optional<std::string>();
  }
};

// One that the admin socket lets in.
inline access::Caller machine_operator() {
  access::Principal who = *access::test::user({access::test::allow_everything});
  who.type = access::PrincipalType::machine_operator;
  who.arn = "arn:aws:hallmark:::operator/uid-0";
  who.unique_id = "0";
  who.name.clear();
  return access::test::caller(std::make_shared<const access::Principal>(std::move(who)));
}

class AdministrationTest : public testing::Test {
 protected:
  template <access::Call C>
  access::Permitted<C> permitted(C call) {
    return value_of(authorizer_.permit(machine_operator(), std::move(call)));
  }
  Target user(std::string_view name) const { return target(PrincipalKind::user, name); }
  Target role(std::string_view name) const { return target(PrincipalKind::role, name); }
  Target root() const { return target(PrincipalKind::root, ""); }
  Target target(PrincipalKind kind, std::string_view name) const {
    return Target::of({}, {made_.account, kind, std::string(name)});
  }

  // Waits for what a verb answers.
  template <class T, class Start>
  Result<T> wait(Start start) {
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    start(Then<T>([&](Result<T> outcome) { promise.set_value(std::move(outcome)); }));
    return future.get();
  }
  Result<store::PrincipalRow> create_user(std::string_view name) {
    return wait<store::PrincipalRow>([&](auto then) {
      administration_.create_user(permitted(CreateUser{user(name)}), std::move(then));
    });
  }
  Result<store::PrincipalRow> create_role(CreateRole call) {
    return wait<store::PrincipalRow>([&](auto then) {
      administration_.create_role(permitted(std::move(call)), std::move(then));
    });
  }
  Result<CreatedAccessKey> create_key(Target owner, std::optional<ChosenKey> chosen = {}) {
    return wait<CreatedAccessKey>([&](auto then) {
      administration_.create_access_key(
          permitted(CreateAccessKey{std::move(owner), std::move(chosen)}), std::move(then));
    });
  }
  Result<void> put_policy(std::string_view user_name, std::string_view name,
                          std::string_view document) {
    return wait<void>([&](auto then) {
      administration_.put_policy(
          permitted(PutUserPolicy{user(user_name), value_of(PolicyName::parse(name)),
                                  std::string(document)}),
          std::move(then));
    });
  }
  Result<Deleted> delete_user(std::string_view name) {
    return wait<Deleted>([&](auto then) {
      administration_.remove(permitted(DeleteUser{user(name)}), std::move(then));
    });
  }
  // Whether the directory lets a key in.
  bool works(const std::string& key_id) { return bool(made_.directory.find(key_id)); }

  TestDirectory made_;
  TestBuckets buckets_;
  access::Authorizer authorizer_{*made_.store, buckets_, {}};
  Administration administration_{
      {*made_.store, made_.sealer, made_.directory, authorizer_, made_.clock, made_.random}};
};

}  // namespace hallmark::identity::test
