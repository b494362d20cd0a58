#include <random>
#include <string>

#include <gtest/gtest.h>

#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

const std::string credential = "Credential=AKIDEXAMPLE/20261122/us-east-1/signer/aws4_request";
const std::string headers = "SignedHeaders=content-type;host;x-amz-date";
const std::string digits(64, 'a');
const std::string signature = "Signature=" + digits;
const std::string whole = "AWS4-HMAC-SHA256 " + credential + ", " + headers + ", " + signature;

std::string error_of(std::string_view header) {
  const auto parsed = parse_authorization(header);
  if (parsed) return "";
  EXPECT_EQ(parsed.error().kind, ErrorKind::incomplete_signature);
  return parsed.error().message;
}

std::string error_of_credential(const std::string& text) {
  return error_of("AWS4-HMAC-SHA256 Credential=" + text + "," + headers + "," + signature);
}
std::string error_of_headers(const std::string& text) {
  return error_of("AWS4-HMAC-SHA256 " + credential + ",SignedHeaders=" + text + "," + signature);
}

TEST(Authorization, IsParsed) {
  const auto parsed = parse_authorization(whole);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed->scope, (Scope{"20261122", "us-east-1", "signer"}));
  EXPECT_EQ(parsed->scope.text(), "20261122/us-east-1/signer/aws4_request");
  EXPECT_EQ(parsed->signed_headers,
            (std::vector<std::string>{"content-type", "host", "x-amz-date"}));
  EXPECT_EQ(parsed->signature_hex, digits);
}

TEST(Authorization, TakesPartsInAnyOrderWithOrWithoutSpaces) {
  EXPECT_TRUE(
      parse_authorization("AWS4-HMAC-SHA256 " + signature + "," + credential + "," + headers));
  EXPECT_TRUE(
      parse_authorization("AWS4-HMAC-SHA256  " + headers + ",  " + signature + ", " + credential));
}

TEST(Authorization, OfAnotherAlgorithmIsRefused) {
  constexpr auto message = "Authorization header requires the algorithm AWS4-HMAC-SHA256.";
  for (const std::string& header :
       {std::string(), std::string("Basic QWxhZGRpbg=="), std::string("AWS4-HMAC-SHA256"),
        "AWS4-ECDSA-P256-SHA256 " + whole.substr(17), "aws4-hmac-sha256 " + whole.substr(17),
        "AWS4-HMAC-SHA256," + whole.substr(17), " " + whole}) {
    EXPECT_EQ(error_of(header), message) << header;
  }
}

TEST(Authorization, NamesTheMissingPart) {
  EXPECT_EQ(error_of("AWS4-HMAC-SHA256 " + headers + "," + signature),
            "Authorization header requires 'Credential' parameter.");
  EXPECT_EQ(error_of("AWS4-HMAC-SHA256 " + credential + "," + signature),
            "Authorization header requires 'SignedHeaders' parameter.");
  EXPECT_EQ(error_of("AWS4-HMAC-SHA256 " + credential + "," + headers),
            "Authorization header requires 'Signature' parameter.");
}

TEST(Authorization, TakesEachPartOnce) {
  EXPECT_EQ(error_of(whole + ", " + signature),
            "Authorization header has two 'Signature' parameters.");
  EXPECT_EQ(error_of(whole + "," + credential),
            "Authorization header has two 'Credential' parameters.");
}

TEST(Authorization, WithUnknownPartsIsRefused) {
  for (const std::string& header :
       {whole + ",", whole + ", Extra=1", whole + ", extra", std::string("AWS4-HMAC-SHA256 "),
        "AWS4-HMAC-SHA256 " + credential + " " + headers + " " + signature + ",=",
        "AWS4-HMAC-SHA256 credential=x," + headers + "," + signature}) {
    EXPECT_EQ(error_of(header),
              "Authorization header has a parameter that is not one of 'Credential', "
              "'SignedHeaders' and 'Signature'.")
        << header;
  }
}

TEST(Authorization, NeedsAWholeCredential) {
  constexpr auto form = "Credential must have the form KEY/DATE/REGION/SERVICE/aws4_request.";
  EXPECT_EQ(error_of_credential(""), form);
  EXPECT_EQ(error_of_credential("AKID/20261122/us-east-1/signer"), form);
  EXPECT_EQ(error_of_credential("AKID/20261122/us-east-1/signer/aws4_request/x"), form);
  EXPECT_EQ(error_of_credential("AKID/20261122/us-east-1/signer/aws5_request"), form);
  EXPECT_EQ(error_of_credential("AKID/20261122/us-east-1/signer/aws4_request "), form);
  EXPECT_EQ(error_of_credential("/20261122/us-east-1/signer/aws4_request"),
            "Credential must name an access key id.");
  EXPECT_EQ(error_of_credential("AK ID/20261122/us-east-1/signer/aws4_request"),
            "Credential must name an access key id.");
  EXPECT_EQ(error_of_credential("AKID/20261122//signer/aws4_request"),
            "Credential must name a region.");
  EXPECT_EQ(error_of_credential("AKID/20261122/us-east-1//aws4_request"),
            "Credential must name a service.");
}

TEST(Authorization, NeedsADateOfTheCalendar) {
  for (const std::string date :
       {"", "2026112", "202611221", "20261322", "20260229", "2026-1-2", "2026112x"}) {
    EXPECT_EQ(error_of_credential("AKID/" + date + "/us-east-1/signer/aws4_request"),
              "Credential must have a date of the form YYYYMMDD.")
        << date;
  }
}

TEST(Authorization, NeedsSignedHeadersInLowerCase) {
  for (const std::string names :
       {"", ";host", "host;", "host;;x-amz-date", "Host", "host;x amz", "host "}) {
    EXPECT_EQ(error_of_headers(names),
              "SignedHeaders must be names of headers in lower case, separated by ';'.")
        << names;
  }
}

TEST(Authorization, NeedsSignedHeadersSortedAndOnce) {
  EXPECT_EQ(error_of_headers("x-amz-date;host"), "SignedHeaders must be sorted, each name once.");
  EXPECT_EQ(error_of_headers("host;host"), "SignedHeaders must be sorted, each name once.");
}

TEST(Authorization, NeedsASignatureOf64Digits) {
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
        std::string(63, 'a') + "g", std::string(64, 'a') + " "}) {
    EXPECT_EQ(error_of("AWS4-HMAC-SHA256 " + credential + "," + headers + ",Signature=" + text),
              "Signature must be 64 hexadecimal digits in lower case.")
        << text;
  }
}

TEST(Authorization, WithRandomDamageIsRefusedOrStillWellFormed) {
  std::mt19937 dice(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = whole;
    for (auto n = dice() % 3; n < 3; ++n) damaged[dice() % damaged.size()] = char(dice());
    if (dice() % 4 == 0) damaged.resize(dice() % damaged.size());
    const auto parsed = parse_authorization(damaged);
    if (!parsed) {
      ASSERT_EQ(parsed.error().kind, ErrorKind::incomplete_signature);
    } else {
      ASSERT_EQ(parsed->signature_hex.size(), 64U);
      ASSERT_FALSE(parsed->signed_headers.empty() || parsed->access_key_id.empty());
    }
  }
}

TEST(Authorize, SignsAllHeadersSortedAndOnce) {
  const RequestView request = {
      .method = "GET",
      .path = "/",
      .query = {},
      .headers = {{"X-Amz-Date", "20261122T000000Z"}, {"Host", "h"}, {"host", "i"}}};
  const Scope scope = {"20261122", "us-east-1", "signer"};
  const auto parsed = parse_authorization(
      authorize(request, "hash", "20261122T000000Z", "AKID", scope, Secret(32), PathStyle::s3));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->access_key_id, "AKID");
  EXPECT_EQ(parsed->scope, scope);
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
}

}  // namespace
}  // namespace hallmark::sigv4
