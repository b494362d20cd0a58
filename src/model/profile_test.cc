#include "model/profile.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

using Unit = ValidityPeriod::Unit;

Timestamp at(std::string_view text) { return *from_rfc3339(text); }

TEST(Profile, StatusesHaveTheNamesOfTheApi) {
  for (const auto status :
       {ProfileStatus::active, ProfileStatus::canceled, ProfileStatus::revoked}) {
    EXPECT_EQ(find_profile_status(name_of(status)), status);
  }
  EXPECT_EQ(name_of(ProfileStatus::active), "Active");
  EXPECT_EQ(name_of(ProfileStatus::canceled), "Canceled");
  EXPECT_EQ(name_of(ProfileStatus::revoked), "Revoked");
}

TEST(Profile, OtherNamesOfAStatusAreNotFound) {
  for (const char* name : {"", "active", "Active ", "Deleted"}) {
    EXPECT_EQ(find_profile_status(name), std::nullopt);
  }
}

TEST(Profile, UnitsHaveTheNamesOfTheApi) {
  for (const auto unit : {Unit::days, Unit::months, Unit::years}) {
    EXPECT_EQ(find_validity_unit(name_of(unit)), unit);
  }
  EXPECT_EQ(name_of(Unit::days), "DAYS");
  EXPECT_EQ(name_of(Unit::months), "MONTHS");
  EXPECT_EQ(name_of(Unit::years), "YEARS");
  EXPECT_EQ(find_validity_unit("WEEKS"), std::nullopt);
}

// A signature that AWS made: notation inspect of 2023-07-18, "expiry: 2034-10-18".
TEST(Profile, TheDefaultValidityIsElevenYearsAndThreeMonths) {
  EXPECT_EQ(expiry(at("2023-07-18T12:34:56Z"), {}), at("2034-10-18T12:34:56Z"));
}

TEST(Profile, MonthsAreClampedToTheLastDay) {
  EXPECT_EQ(expiry(at("2026-01-31T00:00:00Z"), {.unit = Unit::months, .value = 1}),
            at("2026-02-28T00:00:00Z"));
}

TEST(Profile, YearsAreClampedToTheLastDay) {
  EXPECT_EQ(expiry(at("2024-02-29T10:00:00.250Z"), {.unit = Unit::years, .value = 1}),
            at("2025-02-28T10:00:00.250Z"));
}

TEST(Profile, DaysAreCountedAcrossLeapDays) {
  EXPECT_EQ(expiry(at("2024-02-28T23:59:59Z"), {.unit = Unit::days, .value = 2}),
            at("2024-03-01T23:59:59Z"));
}

}  // namespace
}  // namespace hallmark::model
