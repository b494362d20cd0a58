#include "api/route.h"

#include <gtest/gtest.h>

#include "api/signer/operations.h"
#include "base/test_support.h"

namespace hallmark::api {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using http::Method;

using Values = std::vector<std::string>;

Result<Route> route(Method method, std::string_view path) {
  return find_route(signer_operations(), method, path);
}
std::string_view name_of_route(Method method, std::string_view path) {
  const auto found = route(method, path);
  return found ? found->operation->name : "";
}

TEST(FindRoute, MethodAndPathDecide) {
  EXPECT_EQ(name_of_route(Method::get, "/signing-jobs"), "ListSigningJobs");
  EXPECT_EQ(name_of_route(Method::post, "/signing-jobs"), "StartSigningJob");
  EXPECT_EQ(name_of_route(Method::get, "/signing-profiles"), "ListSigningProfiles");
  EXPECT_EQ(name_of_route(Method::put, "/signing-profiles/Release"), "PutSigningProfile");
  EXPECT_EQ(name_of_route(Method::get, "/signing-profiles/Release"), "GetSigningProfile");
}

TEST(FindRoute, PlaceholdersAreDecoded) {
  EXPECT_EQ(value_of(route(Method::get, "/signing-platforms/a%20b%2Fc%25")).path,
            (Values{"a b/c%"}));
}

TEST(FindRoute, FixedSegmentsAreDecodedToo) {
  EXPECT_EQ(name_of_route(Method::get, "/signing%2Djobs"), "ListSigningJobs");
}

TEST(FindRoute, AnEncodedSlashSeparatesNoSegments) {
  EXPECT_EQ(name_of_route(Method::get, "/signing-jobs%2Fabc"), "");
}

TEST(FindRoute, WhatIsNotInTheTableIsNoOperation) {
  for (const char* path :
       {"", "/", "signing-jobs", "/signing-jobs/", "/signing-profiles/", "//signing-jobs",
        "/signing-jobs//", "/signing-profiles//Release", "/signing-profiles/a/b", "/SIGNING-JOBS",
        "/signing-jobs;a=b", "/tags", "/livez", "/signing-jobs/%20/x"}) {
    EXPECT_EQ(error_of(route(Method::get, path)).kind, ErrorKind::no_such_operation) << path;
  }
}

TEST(FindRoute, AnotherMethodIsNoOperation) {
  for (const Method method : {Method::del, Method::head, Method::patch, Method::options}) {
    EXPECT_EQ(error_of(route(method, "/signing-jobs")).kind, ErrorKind::no_such_operation);
  }
}

TEST(FindRoute, DotSegmentsAreBadRequestsInWhateverSpelling) {
  for (const char* path :
       {"/signing-jobs/.", "/signing-jobs/..", "/./signing-jobs", "/signing-jobs/%2e%2e",
        "/signing-jobs/%2E", "/signing-jobs/../signing-profiles", "/signing-jobs/.%2e/x"}) {
    EXPECT_EQ(error_of(route(Method::get, path)).kind, ErrorKind::bad_request) << path;
  }
}

TEST(FindRoute, BrokenEscapesAreBadRequests) {
  for (const char* path : {"/signing-jobs/%", "/signing-jobs/%4", "/signing-jobs/%zz"}) {
    EXPECT_EQ(error_of(route(Method::get, path)).kind, ErrorKind::bad_request) << path;
  }
}

TEST(FindRoute, AnEscapeIsDecodedOnce) {
  EXPECT_EQ(value_of(route(Method::get, "/signing-platforms/%252e%252e")).path, (Values{"%2e%2e"}));
}

}  // namespace
}  // namespace hallmark::api
