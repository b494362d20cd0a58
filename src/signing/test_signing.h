// Profiles, jobs and what they work with, all real, in a folder of their own. Only for tests.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "access/test_caller.h"
#include "base/limits.h"
#include "formats/test_zip.h"
#include "pki/imported_certificates.h"
#include "pki/test_authority.h"
#include "signing/test_parts.h"
#include "signing/worker.h"
#include "store/jobs.h"
#include "store/profiles.h"

namespace hallmark::signing::test {

using access::test::account;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

inline constexpr auto patience = std::chrono::seconds(20);  // for what must come
inline constexpr std::string_view lambda = "AWSLambda-SHA384-ECDSA";

// What `start` hands to its completion.
template <class T, class Start>
Result<T> awaited(Start start) {
  std::promise<Result<T>> promise;
  auto outcome = promise.get_future();
  start([&](Result<T> result) { promise.set_value(std::move(result)); });
  return outcome.get();
}

template <class Condition>
bool comes_true(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

inline model::ProfileName profile_name(std::string_view text = "Release") {
  return value_of(model::ProfileName::parse(text));
}

inline PutSigningProfile profile_call(std::string_view name = "Release") {
  return {.name = profile_name(name),
          .platform_id = std::string(lambda),
          .validity = {},
          .certificate_arn = {},
          .overrides = {},
          .signing_parameters = {},
          .tags = {}};
}

inline Bytes package(std::string body = "exports.handler = 1") {
  return formats::test::build({.entries = {{.name = "index.js", .body = std::move(body)}}});
}

class SigningTest : public testing::Test {
 protected:
  SigningTest() { expect_done(objects.create_bucket("bucket", account().view())); }

  pki::test::TestAuthority made;
  hallmark::test::TestClock& clock = made.clock;
  store::Store& store = *made.store;
  TestParts parts{store, clock, made.random, made.folder.path() / "objects"};
  pki::ImportedCertificates certificates{store, *made.keys, clock, made.random, made.home};
  objects::FileObjects& objects = parts.objects;
  access::Authorizer& authorizer = parts.authorizer;
  PageTokens& tokens = parts.tokens;
  Profiles& profiles = parts.profiles;
  Jobs& jobs = parts.jobs;

  template <class C>
  access::Permitted<C> permit(C call, std::string_view of = "111122223333") {
    return value_of(authorizer.permit(
        access::test::caller(access::test::user({access::test::allow_everything}, account(of))),
        std::move(call)));
  }

  Result<model::Profile> put(const PutSigningProfile& call, std::string_view of = "111122223333") {
    return awaited<model::Profile>(
        [&](auto then) { profiles.put(permit(call, of), std::move(then)); });
  }
  void add_profile(std::string_view name = "Release") { value_of(put(profile_call(name))); }
  void cancel(std::string_view name = "Release") {
    expect_done(store.write([&](store::Transaction& tx) -> Result<void> {
      TRY(auto profile, store::find_profile(tx, account(), profile_name(name)));
      profile->status = model::ProfileStatus::canceled;
      profile->canceled_at = clock.now();
      return store::update_status(tx, *profile);
    }));
  }

  // As a caller gets it: nothing before it is durable.
  Result<SignedPayload> sign_with(Payloads& payloads, access::Permitted<SignPayload> permitted) {
    std::optional<SignedPayload> rendered;
    const auto render = [&](const SignedPayload& made_now) {
      rendered = made_now;
      return made_now.id.text();
    };
    TRY(const std::string answer, awaited<std::string>([&](auto then) {
          payloads.sign(std::move(permitted), render, std::move(then));
        }));
    CHECK(answer == rendered->id.text());
    return *std::move(rendered);
  }

  // A source in the bucket, as a job names it.
  model::SourceObject source(const Bytes& content, std::string_view key = "in/a.zip") {
    const auto pinned = value_of(objects.put({"bucket", std::string(key)}, MemoryReadAt(content)));
    return {"bucket", pinned.location.key, pinned.location.version};
  }
  StartSigningJob job_call(const model::SourceObject& of) {
    const Uuid id = Uuid::v7(clock.now(), made.random);
    return {.id = id,
            .profile_name = profile_name(),
            .profile_owner = {},
            .source = of,
            .destination_bucket = "bucket",
            .destination_prefix = "out/",
            .request_token = "token-" + id.text()};
  }
  Result<StartedJob> start(access::Permitted<StartSigningJob> permitted) {
    return awaited<StartedJob>(
        [&](auto then) { jobs.start(std::move(permitted), std::move(then)); });
  }
  Result<StartedJob> start(const StartSigningJob& call) { return start(permit(call)); }
  model::JobId started(const Bytes& content = package()) {
    return value_of(start(job_call(source(content)))).id;
  }

  model::Job job(const model::JobId& id) {
    return *value_of(
        store.read([&](store::Reader& reader) { return store::find_job(reader, account(), id); }));
  }
  bool is_over(const model::JobId& id) { return job(id).status != model::JobStatus::in_progress; }
  // The versions under the job's key; none when nothing was uploaded.
  std::vector<objects::Pinned> uploaded(const model::JobId& id) {
    for (auto& listed : value_of(objects.list("bucket"))) {
      if (listed.key == job(id).destination_key) return std::move(listed.versions);
    }
    return {};
  }
  std::optional<store::ClaimedJob> claim() {
    const Timestamp now = clock.now();
    return value_of(store.write([now](store::Transaction& tx) {
      return store::claim_job(tx, {now, now + limits::job_lease});
    }));
  }
};

}  // namespace hallmark::signing::test
