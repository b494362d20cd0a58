#include "model/job.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

TEST(Job, StatusesHaveTheNamesOfTheApi) {
  for (const auto status : {JobStatus::in_progress, JobStatus::failed, JobStatus::succeeded}) {
    EXPECT_EQ(find_job_status(name_of(status)), status);
  }
  EXPECT_EQ(name_of(JobStatus::in_progress), "InProgress");
  EXPECT_EQ(name_of(JobStatus::failed), "Failed");
  EXPECT_EQ(name_of(JobStatus::succeeded), "Succeeded");
}

TEST(Job, OtherNamesOfAStatusAreNotFound) {
  for (const char* name : {"", "inprogress", "In Progress", "Canceled"}) {
    EXPECT_EQ(find_job_status(name), std::nullopt);
  }
}

}  // namespace
}  // namespace hallmark::model
