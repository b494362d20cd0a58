#include <gtest/gtest.h>

#include "api/acm/test_acm.h"

namespace hallmark::api {
namespace {

using AcmOperationsTest = test::AcmApiTest;

std::string described(const test::Answer& answer, std::string_view member) {
  const JsonDocument document = answer.json();
  const auto object = test::value_of(document.root().object());
  const auto certificate = test::value_of(object.get_object("Certificate"));
  return std::string(test::value_of(certificate.get_text(member)));
}

TEST_F(AcmOperationsTest, ImportCertificateAnswersTheArn) {
  const auto answer = call("ImportCertificate", import_body("unrelated"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(
      answer.text("CertificateArn").starts_with("arn:aws:acm:us-east-1:111122223333:certificate/"));
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(answer.headers.find("x-amzn-RequestId"), test::request_id);
}

TEST_F(AcmOperationsTest, ARepeatOfASignedImportMakesNoSecondCertificate) {
  http::Request request =
      acm_request("CertificateManager.ImportCertificate", import_body("unrelated"));
  auth::test::sign(request, acm_client());
  EXPECT_EQ(send(request).body, send(request).body);
  EXPECT_EQ(call("ListCertificates", "{}").body.find("CertificateArn"),
            call("ListCertificates", "{}").body.rfind("CertificateArn"));
}

TEST_F(AcmOperationsTest, ImportCertificateReplacesTheOneItNames) {
  const std::string arn = imported("unrelated");
  const auto answer = call("ImportCertificate",
                           import_body("short", fmt::format(R"(,"CertificateArn":"{}")", arn)));
  EXPECT_EQ(answer.text("CertificateArn"), arn);
  EXPECT_EQ(described(call("DescribeCertificate", named(arn)), "DomainName"), "short");
}

TEST_F(AcmOperationsTest, ImportCertificateWantsItsMembers) {
  EXPECT_EQ(call("ImportCertificate", "{}").type(), "ValidationException");
  EXPECT_EQ(call("ImportCertificate", R"({"Certificate":"AA=="})").type(), "ValidationException");
  EXPECT_EQ(call("ImportCertificate", R"({"Certificate":"!","PrivateKey":"AA=="})").type(),
            "SerializationException");
  EXPECT_EQ(call("ImportCertificate", R"({"Certificate":3})").type(), "SerializationException");
  EXPECT_EQ(call("ImportCertificate", R"({"Certificate":"","PrivateKey":""})").type(),
            "ValidationException");
}

TEST_F(AcmOperationsTest, ImportCertificateSaysWhatIsWrongInJsonOfVersion11) {
  const auto answer = call("ImportCertificate", import_body("expired"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.type(), "ValidationException");
  EXPECT_EQ(answer.body, R"({"__type":"ValidationException",)"
                         R"("message":"The certificate expired on 2026-02-01T00:00:00Z."})");
}

TEST_F(AcmOperationsTest, ImportCertificateTakesTags) {
  const std::string arn = imported("unrelated", R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"b"}])");
  EXPECT_EQ(call("ListTagsForCertificate", named(arn)).body,
            R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]})");
  EXPECT_EQ(call("ImportCertificate", import_body("tls", R"(,"Tags":[])")).type(),
            "ValidationException");
  EXPECT_EQ(call("ImportCertificate", import_body("tls", R"(,"Tags":[{"Key":"aws:x"}])")).type(),
            "InvalidTagException");
}

TEST_F(AcmOperationsTest, DescribeCertificateShowsTheCertificate) {
  const auto answer = call("DescribeCertificate", named(imported("rsa2048")));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(described(answer, "DomainName"), "rsa2048");
  EXPECT_EQ(described(answer, "Status"), "ISSUED");
  EXPECT_EQ(described(answer, "Type"), "IMPORTED");
  EXPECT_EQ(described(answer, "KeyAlgorithm"), "RSA_2048");
  EXPECT_EQ(described(answer, "SignatureAlgorithm"), "SHA256WITHRSA");
  for (const std::string_view part :
       {R"("NotBefore":1767225600,"NotAfter":2713910400,)", R"("InUseBy":[],)",
        R"("KeyUsages":[{"Name":"DIGITAL_SIGNATURE"}])",
        R"("ExtendedKeyUsages":[{"Name":"CODE_SIGNING","OID":"1.3.6.1.5.5.7.3.3"}])"}) {
    EXPECT_NE(answer.body.find(part), std::string::npos) << part << answer.body;
  }
}

TEST_F(AcmOperationsTest, GetCertificateAnswersThePemAndNeverTheKey) {
  const auto answer = call("GetCertificate", named(imported("unrelated")));
  EXPECT_EQ(answer.text("Certificate"), file("unrelated.pem"));
  EXPECT_EQ(answer.body.find("CertificateChain"), std::string::npos);
  EXPECT_EQ(answer.body.find("PRIVATE"), std::string::npos);
}

TEST_F(AcmOperationsTest, GetCertificateAnswersTheChain) {
  const std::string arn =
      imported("signer", fmt::format(R"(,"CertificateChain":"{}")", base64("signer.chain.pem")));
  EXPECT_EQ(call("GetCertificate", named(arn)).text("CertificateChain"), file("signer.chain.pem"));
}

TEST_F(AcmOperationsTest, DeleteCertificateTakesItAway) {
  const std::string arn = imported();
  const auto answer = call("DeleteCertificate", named(arn));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  const auto gone = call("DescribeCertificate", named(arn));
  EXPECT_EQ(gone.status, 400);
  EXPECT_EQ(gone.type(), "ResourceNotFoundException");
}

TEST_F(AcmOperationsTest, TagsComeAndGo) {
  const std::string arn = imported();
  EXPECT_EQ(call("AddTagsToCertificate", named(arn, R"(,"Tags":[{"Key":"a","Value":"1"}])")).status,
            200);
  EXPECT_EQ(call("AddTagsToCertificate", named(arn)).type(), "ValidationException");
  EXPECT_EQ(call("RemoveTagsFromCertificate", named(arn, R"(,"Tags":[{"Key":"a"}])")).status, 200);
  EXPECT_EQ(call("ListTagsForCertificate", named(arn)).body, R"({"Tags":[]})");
}

TEST_F(AcmOperationsTest, AnArnOfSomethingElseIsNoArn) {
  for (const std::string_view operation :
       {"DescribeCertificate", "GetCertificate", "DeleteCertificate", "ListTagsForCertificate"}) {
    EXPECT_EQ(call(operation, named("arn:aws:acm:us-east-1:111122223333:certificate/x")).type(),
              "InvalidArnException");
    EXPECT_EQ(call(operation, "{}").type(), "ValidationException");
  }
}

TEST_F(AcmOperationsTest, ACertificateOfAnotherAccountIsDenied) {
  const auto answer = call(
      "DescribeCertificate",
      named("arn:aws:acm:us-east-1:999999999999:certificate/0192f0c1-0000-7000-8000-000000000001"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.type(), "AccessDeniedException");
  EXPECT_NE(answer.text("Message").find("is not authorized to perform: acm:DescribeCertificate"),
            std::string::npos);
}

TEST_F(AcmOperationsTest, ListCertificatesGoesFromPageToPage) {
  const std::string first = imported("unrelated");
  const std::string second = imported("rsa2048");
  const auto page = call("ListCertificates", R"({"MaxItems":1})");
  EXPECT_NE(page.body.find(first), std::string::npos);
  EXPECT_EQ(page.body.find(second), std::string::npos);
  const auto next = call("ListCertificates", fmt::format(R"({{"MaxItems":1,"NextToken":"{}"}})",
                                                         page.text("NextToken")));
  EXPECT_NE(next.body.find(second), std::string::npos);
  EXPECT_EQ(next.body.find("NextToken"), std::string::npos);
}

TEST_F(AcmOperationsTest, ListCertificatesKnowsATokenOfAnotherFilter) {
  imported("unrelated");
  imported("rsa2048");
  const auto page = call("ListCertificates", R"({"MaxItems":1})");
  const std::string token = page.text("NextToken");
  EXPECT_EQ(call("ListCertificates",
                 fmt::format(R"({{"NextToken":"{}","CertificateStatuses":["ISSUED"]}})", token))
                .type(),
            "ValidationException");
}

TEST_F(AcmOperationsTest, ListCertificatesFilters) {
  imported("unrelated");
  imported("tls");
  const auto listed = [&](std::string_view body) {
    const auto answer = call("ListCertificates", std::string(body));
    std::string names;
    for (const std::string_view name : {"unrelated", "tls"}) {
      if (answer.body.find(fmt::format(R"("DomainName":"{}")", name)) != std::string::npos) {
        names += std::string(name) + " ";
      }
    }
    return answer.status == 200 ? names : answer.type();
  };
  EXPECT_EQ(listed("{}"), "unrelated tls ");
  EXPECT_EQ(listed(R"({"Includes":{"extendedKeyUsage":["CODE_SIGNING"]}})"), "unrelated ");
  EXPECT_EQ(listed(R"({"Includes":{"keyTypes":["RSA_2048"]}})"), "");
  EXPECT_EQ(listed(R"({"Includes":{"managedBy":"CLOUDFRONT"}})"), "");
  EXPECT_EQ(listed(R"({"CertificateStatuses":["EXPIRED"]})"), "");
  EXPECT_EQ(listed(R"({"CertificateKeyPairOrigins":["ACME"]})"), "");
  EXPECT_EQ(listed(R"({"SortBy":"CREATED_AT","SortOrder":"DESCENDING"})"), "unrelated tls ");
  EXPECT_EQ(listed(R"({"CertificateStatuses":["Issued"]})"), "ValidationException");
  EXPECT_EQ(listed(R"({"SortBy":"CREATED_AT"})"), "InvalidArgsException");
  EXPECT_EQ(listed(R"({"MaxItems":1001})"), "ValidationException");
  EXPECT_EQ(listed(R"({"MaxItems":0})"), "ValidationException");
}

TEST_F(AcmOperationsTest, AnOperationThatIsNotServedIsUnknown) {
  for (const std::string_view operation : {"RequestCertificate", "UpdateCertificateOptions", ""}) {
    const auto answer = call(operation, "{}");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.type(), "UnknownOperationException");
  }
}

TEST_F(AcmOperationsTest, TheTargetMustBeOfThisServiceAndOnce) {
  http::Request other = acm_request("Signer.ListCertificates", "{}");
  auth::test::sign(other, acm_client());
  EXPECT_EQ(send(std::move(other)).type(), "UnknownOperationException");
  http::Request twice = acm_request("CertificateManager.ListCertificates", "{}");
  twice.headers.add("X-Amz-Target", "CertificateManager.DeleteCertificate");
  auth::test::sign(twice, acm_client());
  EXPECT_EQ(send(std::move(twice)).type(), "UnknownOperationException");
}

TEST_F(AcmOperationsTest, ARequestSignedForAnotherServiceIsNotOfThisOne) {
  http::Request request = acm_request("CertificateManager.ListCertificates", "{}");
  auth::test::sign(request, client());
  EXPECT_NE(send(std::move(request)).status, 200);
}

TEST_F(AcmOperationsTest, AnUnsignedRequestIsRefusedInItsProtocol) {
  const auto answer = send(acm_request("CertificateManager.ListCertificates", "{}"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.type(), "MissingAuthenticationTokenException");
  EXPECT_EQ(answer.text("__type"), "MissingAuthenticationTokenException");
}

TEST_F(AcmOperationsTest, BodiesOfAnotherTypeAreNotRead) {
  http::Request request = auth::test::unsigned_request(http::Method::post, "/", {}, "{}");
  request.headers.add("X-Amz-Target", "CertificateManager.ListCertificates");
  auth::test::sign(request, acm_client());
  EXPECT_EQ(send(std::move(request)).type(), "SerializationException");
}

}  // namespace
}  // namespace hallmark::api
