// How the engine means to find jobs: by an index, in its order, without sorting.
#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/job_row.h"
#include "store/job_sql.h"

namespace hallmark::store {
namespace {

using model::JobId;

class JobPlan : public EachEngine {
 protected:
  // In the engine's own words.
  template <class... Arguments>
  std::string plan(Sql explained, const Arguments&... arguments) {
    return *read([&](Reader& rows) -> Result<std::string> {
      TRY(Query query, ask(rows, explained, arguments...));
      std::string text;
      for (;;) {
        TRY(const bool more, query.next());
        if (!more) return text;
        text += query.text(3) + "\n";
      }
    });
  }

  const JobId id = {};
};

TEST_P(JobPlan, OfEveryListIsOneSearchOfItsIndex) {
  static constexpr auto owned = concat("EXPLAIN QUERY PLAN SELECT ", job_columns, owned_jobs);
  static constexpr auto revoked =
      concat("EXPLAIN QUERY PLAN SELECT ", job_columns, owned_revoked_jobs);
  static constexpr auto unsuccessful =
      concat("EXPLAIN QUERY PLAN SELECT ", job_columns, owned_unsuccessful_jobs);
  static constexpr auto of_invoker =
      concat("EXPLAIN QUERY PLAN SELECT ", job_columns, owned_jobs_of_invoker);
  static constexpr auto invoked = concat("EXPLAIN QUERY PLAN SELECT ", job_columns, invoked_jobs);
  EXPECT_EQ(plan(owned.data(), account(), id, id, 1),
            "SEARCH jobs USING PRIMARY KEY (owner=? AND id>? AND id<?)\n");
  EXPECT_EQ(plan(revoked.data(), account(), id, id, 1),
            "SEARCH jobs USING INDEX jobs_revoked (owner=? AND id>? AND id<?)\n");
  EXPECT_EQ(plan(unsuccessful.data(), account(), id, id, 1, model::JobStatus::failed),
            "SEARCH jobs USING INDEX jobs_unsuccessful (owner=? AND status=? AND id>? AND id<?)\n");
  EXPECT_EQ(plan(of_invoker.data(), account(), id, id, 1, account("444455556666")),
            "SEARCH jobs USING INDEX jobs_by_owner_and_invoker "
            "(owner=? AND invoker=? AND id>? AND id<?)\n");
  EXPECT_EQ(plan(invoked.data(), account(), id, id, 1),
            "SEARCH jobs USING INDEX jobs_by_invoker (invoker=? AND id>? AND id<?)\n");
}

TEST_P(JobPlan, OfASignatureIsTwoPrimaryKeys) {
  static constexpr auto signature = concat("EXPLAIN QUERY PLAN ", signature_sql);
  EXPECT_EQ(plan(signature.data(), account(), id, name(), "IrwHQeF7XW"),
            "SEARCH jobs USING PRIMARY KEY (owner=? AND id=?)\n"
            "SEARCH profiles USING PRIMARY KEY (account=? AND name=?)\n");
}

TEST_P(JobPlan, OfTheSweepersWalkIsThePrimaryKey) {
  static constexpr auto next_owner = concat("EXPLAIN QUERY PLAN ", next_owner_sql);
  static constexpr auto kept_jobs = concat("EXPLAIN QUERY PLAN ", kept_jobs_sql);
  EXPECT_EQ(plan(next_owner.data(), account()), "SEARCH jobs USING PRIMARY KEY (owner>?)\n");
  EXPECT_EQ(plan(kept_jobs.data(), account(), id, id, 1),
            "SEARCH jobs USING PRIMARY KEY (owner=? AND id>? AND id<?)\n");
}

std::vector<Engine> sqlite_alone() {
  auto all = engines();
  std::erase_if(all, [](const Engine& engine) { return engine.name != "Sqlite"; });
  return all;
}
// The words are SQLite's.
INSTANTIATE_TEST_SUITE_P(Engines, JobPlan, testing::ValuesIn(sqlite_alone()), engine_name);

}  // namespace
}  // namespace hallmark::store
