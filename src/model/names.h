// The names and ids of the API as types. Each parses its text by the documented rule, over the
// whole text (the reference's patterns lack a `$`), and its error names the field.
#pragma once

#include <cstdint>

#include "base/text.h"
#include "base/uuid.h"

namespace hallmark::model {

struct AccountIdRule {
  static Result<void> check(std::string_view text);
};
using AccountId = Text<AccountIdRule>;  // ^[0-9]{12}$

struct ProfileNameRule {
  static Result<void> check(std::string_view text);
};
using ProfileName = Text<ProfileNameRule>;  // ^[a-zA-Z0-9_]{2,64}$

struct ProfileVersionRule {
  static Result<void> check(std::string_view text);
};
using ProfileVersion = Text<ProfileVersionRule>;  // ^[a-zA-Z0-9]{10}$

struct BucketNameRule {
  static Result<void> check(std::string_view text);
};
using BucketName = Text<BucketNameRule>;  // S3's rules: 3..63 of [a-z0-9.-], no IPv4 form, no ".."

struct ObjectKeyRule {
  static Result<void> check(std::string_view text);
};
using ObjectKey = Text<ObjectKeyRule>;  // 1..1024 bytes of UTF-8 without NUL

struct ObjectVersionRule {
  static Result<void> check(std::string_view text);
};
using ObjectVersion = Text<ObjectVersionRule>;  // 1..1024 printable ASCII characters

using JobId = Uuid;  // version 7; the API shows it as text

}  // namespace hallmark::model
