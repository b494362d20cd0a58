// Documents and questions for the tests of policy. Not part of the library.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "base/check.h"
#include "policy/policy.h"

namespace hallmark::policy::test {

inline Document document_of(std::string_view json, DocumentKind kind) {
  auto document = Document::parse(json, kind);
  if (!document) ADD_FAILURE() << document.error().message;
  CHECK(document.has_value());
  return *std::move(document);
}

inline Document resource_policy(std::string_view json) {
  return document_of(json, DocumentKind::resource);
}

// Why it is no document; empty if it is one.
inline std::string error_of(std::string_view json, DocumentKind kind) {
  const auto document = Document::parse(json, kind);
  if (document) return "";
  EXPECT_EQ(document.error().kind, ErrorKind::invalid) << json;
  return document.error().message;
}

// What the user johndoe asks.
inline Question ask(std::string_view action, std::string_view resource) {
  return {.action = action,
          .resource = resource,
          .principal_arn = "arn:aws:iam::111122223333:user/johndoe",
          .principal_account = "111122223333",
          .context = {{"aws:username", {"johndoe"}}}};
}

}  // namespace hallmark::policy::test
