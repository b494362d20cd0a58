#include "audit/outcome.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::audit {
namespace {

using test::error_of;
using test::value_of;

TEST(Outcome, AnAnswerComesBack) {
  for (const std::string answer : {"", "a revision", "i\nlooks like a refusal", "="}) {
    EXPECT_EQ(value_of(outcome_of(text_of_outcome(answer))), answer);
  }
}

TEST(Outcome, ARefusalComesBackWithItsReasonAndMessage) {
  for (const ErrorKind kind : {ErrorKind::invalid, ErrorKind::not_found, ErrorKind::conflict,
                               ErrorKind::denied, ErrorKind::limit_exceeded}) {
    const Error error{kind, "Two\nlines.", "for the log", "PolicyNotFound"};
    ASSERT_TRUE(is_final(error));
    const Error again = error_of(outcome_of(text_of_outcome(error)));
    EXPECT_EQ(again.kind, kind);
    EXPECT_EQ(again.message, "Two\nlines.");
    EXPECT_EQ(again.reason, "PolicyNotFound");
    EXPECT_EQ(again.detail, "");
  }
}

TEST(Outcome, WhatMayPassIsNotFinal) {
  for (const ErrorKind kind :
       {ErrorKind::unavailable, ErrorKind::internal, ErrorKind::corrupt, ErrorKind::throttled}) {
    EXPECT_FALSE(is_final({kind, "", "", {}}));
  }
}

TEST(Outcome, OtherTextIsDamage) {
  for (const char* text : {"", "i", "x\n", "no line"}) {
    EXPECT_EQ(error_of(outcome_of(text)).kind, ErrorKind::corrupt) << text;
  }
}

}  // namespace
}  // namespace hallmark::audit
