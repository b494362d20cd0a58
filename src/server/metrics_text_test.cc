#include "server/metrics_text.h"

#include <gtest/gtest.h>

namespace hallmark::server {
namespace {

TEST(MetricsText, IsAFamilyWithItsSamples) {
  MetricsText text;
  text.family({"hallmark_things_total", "counter", "Things."});
  text.sample({{"kind", "good"}, {"colour", "red"}}, 3);
  text.sample({}, 0.25);
  EXPECT_EQ(text.take(),
            "# HELP hallmark_things_total Things.\n"
            "# TYPE hallmark_things_total counter\n"
            "hallmark_things_total{kind=\"good\",colour=\"red\"} 3\n"
            "hallmark_things_total 0.25\n");
}

TEST(MetricsText, EscapesWhatWouldEndALabel) {
  MetricsText text;
  text.family({"a", "gauge", "A."});
  text.sample({{"b", "c\"d\\e\nf"}}, 1);
  EXPECT_NE(text.take().find(R"(a{b="c\"d\\e\nf"} 1)"), std::string::npos);
}

TEST(MetricsText, CountsDurationsUpToEachBound) {
  using namespace std::chrono_literals;
  Durations durations;
  durations.add(500us);  // a bound counts what is as long
  durations.add(1ms);
  durations.add(60s);
  MetricsText text;
  text.family({"d_seconds", "histogram", "D."});
  text.durations({{"k", "v"}}, durations);
  const std::string said = text.take();
  for (const char* line :
       {"d_seconds_bucket{k=\"v\",le=\"0.0005\"} 1\n", "d_seconds_bucket{k=\"v\",le=\"0.002\"} 2\n",
        "d_seconds_bucket{k=\"v\",le=\"30\"} 2\n", "d_seconds_bucket{k=\"v\",le=\"+Inf\"} 3\n",
        "d_seconds_sum{k=\"v\"} 60.0015\n", "d_seconds_count{k=\"v\"} 3\n"}) {
    EXPECT_NE(said.find(line), std::string::npos) << line << said;
  }
}

TEST(MetricsText, KeepsLargeCountsWhole) {
  MetricsText text;
  text.single({"n_total", "counter", "N."}, 123456789012345.0);
  EXPECT_NE(text.take().find("n_total 123456789012345\n"), std::string::npos);
}

}  // namespace
}  // namespace hallmark::server
