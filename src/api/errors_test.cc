#include "api/errors.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/test_support.h"

namespace hallmark::api {
namespace {

using test::value_of;

struct Expected {
  ErrorKind kind;
  std::string_view name;
  int status;
};

// Rulings, "Errors at the front door", and the API's own errors.
constexpr Expected all[] = {
    {ErrorKind::invalid, "ValidationException", 400},
    {ErrorKind::not_found, "ResourceNotFoundException", 404},
    {ErrorKind::conflict, "ConflictException", 409},
    {ErrorKind::denied, "AccessDeniedException", 403},
    {ErrorKind::limit_exceeded, "ServiceLimitExceededException", 402},
    {ErrorKind::throttled, "TooManyRequestsException", 429},
    {ErrorKind::bad_request, "MalformedHttpRequestException", 400},
    {ErrorKind::malformed, "SerializationException", 400},
    {ErrorKind::too_large, "RequestEntityTooLargeException", 413},
    {ErrorKind::too_slow, "RequestTimeoutException", 408},
    {ErrorKind::length_required, "MalformedHttpRequestException", 411},
    {ErrorKind::no_such_operation, "UnknownOperationException", 404},
    {ErrorKind::unauthenticated, "MissingAuthenticationTokenException", 403},
    {ErrorKind::incomplete_signature, "IncompleteSignature", 403},
    {ErrorKind::unknown_access_key, "UnrecognizedClientException", 403},
    {ErrorKind::wrong_signature, "InvalidSignatureException", 403},
    {ErrorKind::request_expired, "RequestExpired", 400},
    {ErrorKind::session_expired, "ExpiredTokenException", 403},
    {ErrorKind::unavailable, "ServiceUnavailable", 503},
    {ErrorKind::corrupt, "InternalServiceErrorException", 500},
    {ErrorKind::internal, "InternalServiceErrorException", 500},
};

Error error_with(ErrorKind kind) { return {kind, "What went wrong.", "the detail", {}}; }

class EveryError : public testing::TestWithParam<Expected> {};

TEST_P(EveryError, HasItsNameAndStatus) {
  const auto response = render_error(error_with(GetParam().kind), ErrorDialect::plain, "id-1");
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_EQ(response.headers.find("x-amzn-ErrorType"), GetParam().name);
}

TEST_P(EveryError, CarriesTheRequestIdAndJson) {
  const auto response = render_error(error_with(GetParam().kind), ErrorDialect::plain, "id-1");
  EXPECT_EQ(response.headers.find("x-amzn-RequestId"), "id-1");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_TRUE(JsonDocument::parse(response.body));
}

TEST_P(EveryError, KeepsItsDetailForTheLog) {
  const auto response = render_error(error_with(GetParam().kind), ErrorDialect::plain, "id-1");
  EXPECT_EQ(response.body.find("detail"), std::string::npos);
}

TEST_P(EveryError, SaysRetryAfterOnlyWhereARetryHelps) {
  const auto response = render_error(error_with(GetParam().kind), ErrorDialect::plain, "id-1");
  const bool helps = GetParam().status == 503 || GetParam().status == 429;
  EXPECT_EQ(response.headers.count("Retry-After"), helps ? 1u : 0u);
}

TEST_P(EveryError, HasTheSameFaceBeforeRoutingUnlessItIsOurs) {
  const auto response =
      render_error(error_with(GetParam().kind), ErrorDialect::no_operation, "id-1");
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_EQ(response.headers.find("x-amzn-ErrorType"),
            GetParam().status == 500 ? "InternalFailure" : GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryError, testing::ValuesIn(all), [](const auto& each) {
  std::string name(name_of(each.param.kind));
  std::ranges::replace(name, ' ', '_');
  return name;
});

TEST(RenderError, TheCodeIsTheNameWithoutAReason) {
  EXPECT_EQ(render_error(invalid("No."), ErrorDialect::plain, "id").body,
            R"({"message":"No.","code":"ValidationException"})");
}

TEST(RenderError, TheCodeIsTheReasonWhereThereIsOne) {
  EXPECT_EQ(render_error(invalid("No.", "ProfileAlreadyExists"), ErrorDialect::plain, "id").body,
            R"({"message":"No.","code":"ProfileAlreadyExists"})");
}

TEST(RenderError, AReasonOfAFaultThatIsNotTheCallersIsNotTold) {
  const Error error{ErrorKind::unavailable, "Not now.", {}, "TokenRefuses"};
  EXPECT_EQ(render_error(error, ErrorDialect::plain, "id").body,
            R"({"message":"Not now.","code":"ServiceUnavailable"})");
}

TEST(RenderError, ADenialHasACapitalMessageAndNoCode) {
  EXPECT_EQ(render_error(denied("Not you."), ErrorDialect::plain, "id").body,
            R"({"Message":"Not you."})");
}

TEST(RenderError, WhatWentWrongInsideIsNotTold) {
  for (const Error& error :
       {corrupt("row 7 of profiles"), internal_error("/var/lib/hallmark.db: disk I/O error"),
        system_error("open /etc/secret", 13), Error{ErrorKind::internal, "SELECT 1", "x", {}}}) {
    EXPECT_EQ(
        render_error(error, ErrorDialect::plain, "id").body,
        R"({"message":"An internal error occurred.","code":"InternalServiceErrorException"})");
  }
}

TEST(RenderError, AMessageCannotEndItsText) {
  const auto response =
      render_error(invalid("a\",\"code\":\"x\"}\r\n\xff"), ErrorDialect::plain, "id");
  const auto document = value_of(JsonDocument::parse(response.body));
  EXPECT_EQ(value_of(value_of(document.root().object()).get_text("code")), "ValidationException");
}

TEST(RenderError, TagOperationsHaveNamesOfTheirOwn) {
  const auto name = [](const Error& error) {
    return std::string(
        *render_error(error, ErrorDialect::tags, "id").headers.find("x-amzn-ErrorType"));
  };
  EXPECT_EQ(name(invalid("No.")), "BadRequestException");
  EXPECT_EQ(name(not_found("No.")), "NotFoundException");
  EXPECT_EQ(name(denied("No.")), "AccessDeniedException");
}

TEST(RenderAnswer, IsJsonWithTheRequestId) {
  const auto response = render_answer("{}", "id-1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(response.headers.find("x-amzn-RequestId"), "id-1");
  EXPECT_EQ(response.headers.count("x-amzn-ErrorType"), 0u);
}

}  // namespace
}  // namespace hallmark::api
