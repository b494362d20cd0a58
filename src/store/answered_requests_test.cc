#include "store/answered_requests.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class AnsweredRequests : public EachEngine {
 public:
  void add(std::string_view signature, Timestamp at, std::string_view answer = "answer") {
    ASSERT_TRUE(write([&](Transaction& tx) {
      return insert_answered_request(tx, {std::string(signature), at, std::string(answer)});
    }));
  }
  std::optional<std::string> find(std::string_view signature) {
    return *read([&](Reader& rows) { return find_answer(rows, signature); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, AnsweredRequests, testing::ValuesIn(engines()), engine_name);

TEST_P(AnsweredRequests, AreFoundByTheirSignature) {
  add("5eed", start, "revision");
  EXPECT_EQ(find("5eed"), "revision");
  EXPECT_EQ(find("5eee"), std::nullopt);
}

TEST_P(AnsweredRequests, AreAnsweredOnce) {
  add("5eed", start);
  EXPECT_EQ(refusal([](Transaction& tx) {
              return insert_answered_request(tx, {"5eed", start, "another"});
            }).kind,
            ErrorKind::conflict);
}

TEST_P(AnsweredRequests, AreSeenToWaitForTheirRemoval) {
  add("5eed", start);
  const auto waits = [&](Timestamp time) {
    return *read([&](Reader& rows) { return old_answers_wait(rows, time); });
  };
  EXPECT_FALSE(waits(start));
  EXPECT_TRUE(waits(start + std::chrono::milliseconds(1)));
}

TEST_P(AnsweredRequests, GoWhenTheirTimeIsOverOldestFirst) {
  add("new", start + std::chrono::seconds(2));
  add("older", start);
  add("old", start + std::chrono::seconds(1));
  const auto remove = [&](std::size_t count) {
    std::size_t removed = 0;
    EXPECT_TRUE(write([&](Transaction& tx) -> Result<void> {
      TRY(removed, remove_answered_requests(tx, start + std::chrono::seconds(2), count));
      return {};
    }));
    return removed;
  };
  EXPECT_EQ(remove(1), 1u);
  EXPECT_EQ(find("older"), std::nullopt);
  EXPECT_EQ(remove(10), 1u);
  EXPECT_EQ(find("old"), std::nullopt);
  EXPECT_EQ(find("new"), "answer");
}

}  // namespace
}  // namespace hallmark::store
