#include "store/conformance_test.h"

#include <cstdlib>

#include "model/test_profile.h"
#include "store/postgresql_cluster_test.h"

namespace hallmark::store {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "hallmark-store-XXXXXX").string();
  CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Hash test_link(const Hash& previous, const Hash& record) {
  Hash link = {};
  std::uint32_t state = 17;
  for (std::size_t i = 0; i < 4 * link.size(); ++i) {
    const std::size_t at = i % link.size();
    state = (state ^ previous[at] ^ std::uint32_t(record[at]) << 8) * 16777619u + 1;
    link[at] = std::uint8_t(state >> 11);
  }
  return link;
}

Hash hash_of(std::uint8_t value) {
  Hash hash;
  hash.fill(value);
  return hash;
}

std::vector<Engine> engines() {
  std::vector<Engine> all = {{.name = "Sqlite", .open = [](const auto& folder) {
                                return open_sqlite(folder / "store.db", test_link);
                              }}};
  if (!has_postgresql()) return all;
  all.push_back({.name = "Postgresql", .open = [](const auto& folder) {
                   return open_postgresql({.url = postgresql_url(folder), .node = "node"},
                                          test_link);
                 }});
  return all;
}

std::string engine_name(const testing::TestParamInfo<Engine>& info) { return info.param.name; }

void EachEngine::open() {
  auto opened = GetParam().open(folder_.path());
  if (!opened) ADD_FAILURE() << describe(opened.error());
  CHECK(opened.has_value());
  store_ = *std::move(opened);
}

void EachEngine::reopen() {
  store_->close();
  store_.reset();
  open();
}

Error EachEngine::refusal(Work work) {
  auto outcome = write(std::move(work));
  EXPECT_FALSE(outcome);
  return outcome ? Error() : outcome.error();
}

model::AccountId EachEngine::account(std::string_view digits) {
  return *model::AccountId::parse(digits);
}

model::ProfileName EachEngine::name(std::string_view text) {
  return *model::ProfileName::parse(text);
}

model::Profile EachEngine::profile(std::string_view text) {
  model::Profile made = model::test::profile_named(text);
  made.account = account();
  made.version = *model::ProfileVersion::parse("IrwHQeF7XW");
  made.created_at = start;
  return made;
}

model::Job EachEngine::job() {
  const model::JobId id = next_id();
  return {.id = id,
          .owner = account(),
          .invoker = account("444455556666"),
          .profile_name = name(),
          .profile_version = *model::ProfileVersion::parse("IrwHQeF7XW"),
          .platform_id = "AWSLambda-SHA384-ECDSA",
          .requested_by = "arn:aws:iam::444455556666:user/ci",
          .request_token = id.text(),
          .source = model::SourceObject{.bucket = "in", .key = "app.zip", .version = "v1"},
          .destination_bucket = "out",
          .destination_key = "signed/" + id.text() + ".zip",
          .status = model::JobStatus::in_progress,
          .status_reason = {},
          .created_at = id.time(),
          .completed_at = {},
          .signed_at = {},
          .signature_expires_at = {},
          .certificate_arn = {},
          .revocation = {}};
}

model::Job EachEngine::payload_job() {
  model::Job done = job();
  done.request_token.clear();
  done.source.reset();
  done.destination_bucket.clear();
  done.destination_key.clear();
  done.status = model::JobStatus::succeeded;
  done.status_reason = "Signing Succeeded";
  done.completed_at = done.created_at;
  done.signed_at = done.created_at;
  done.signature_expires_at = done.created_at + std::chrono::days(365);
  return done;
}

void EachEngine::add_profile(const model::Profile& added) {
  ASSERT_TRUE(write([&](Transaction& tx) { return insert_profile(tx, added); }));
}

void EachEngine::add_job(const model::Job& added) {
  const auto earlier = store().write([&](Transaction& tx) { return insert_job(tx, added, 0); });
  ASSERT_TRUE(earlier);
  ASSERT_FALSE(*earlier);
}

}  // namespace hallmark::store
