// JSONDetached and JSONEmbedded: what they look like, and what is refused.
#include <gtest/gtest.h>

#include <functional>

#include "crypto/digest.h"
#include "formats/test_json.h"

namespace hallmark::formats::test {
namespace {

constexpr std::string_view content = "firmware of a board";

const Firmware& ecdsa() {
  static const Firmware made("p256");
  return made;
}
const Firmware& rsa() {
  static const Firmware made("rsa-2048");
  return made;
}

Sealing detached() {
  return {json_detached_format, ecdsa(), algorithm_of("AWSIoTDeviceManagement-SHA256-ECDSA")};
}
Sealing embedded() {
  return {json_embedded_format, ecdsa(), algorithm_of("AmazonFreeRTOS-Default")};
}
Sealing for_ti() { return {json_embedded_format, rsa(), sha1_of_ti()}; }

// The document with the base64 of its signature left out.
std::string without_signature(const std::string& document) {
  const std::string_view name = "\"signature\":\"";
  const std::size_t begin = document.find(name) + name.size();
  return std::string(document).erase(begin, document.find('"', begin) - begin);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(JsonFormats, DetachedLooksAsTheServicesDoes) {
  EXPECT_EQ(without_signature(sealed(detached(), content)),
            R"({"rawPayloadSize":19,"signature":"","signatureAlgorithm":"SHA256withECDSA",)"
            R"("payloadLocation":{"s3":{"bucketName":"firmware",)"
            R"("key":"images/board 7/\"a\".bin","version":"v-1"}}})");
}

TEST(JsonFormats, EmbeddedLooksAsTheServicesDoes) {
  EXPECT_EQ(without_signature(sealed(embedded(), content)),
            R"({"rawPayloadSize":19,"signature":"","signatureAlgorithm":"SHA256withECDSA",)"
            R"("payload":"ZmlybXdhcmUgb2YgYSBib2FyZA=="})");
}

TEST(JsonFormats, EmbeddedForTiDiffersInItsAlgorithm) {
  EXPECT_EQ(without_signature(sealed(for_ti(), content)),
            R"({"rawPayloadSize":19,"signature":"","signatureAlgorithm":"SHA1withRSA",)"
            R"("payload":"ZmlybXdhcmUgb2YgYSBib2FyZA=="})");
}

TEST(JsonFormats, VerificationTellsTheCertificateAndTheFacts) {
  const auto one = judge(detached(), sealed(detached(), content), content);
  ASSERT_TRUE(one) << describe(one.error());
  EXPECT_EQ(one->statement, std::nullopt);
  ASSERT_EQ(one->chain.size(), 1U);
  EXPECT_EQ(one->chain[0].der, ecdsa().chain[0].der);
  EXPECT_EQ(one->facts, (std::vector<Fact>{{"signatureAlgorithm", "SHA256withECDSA"},
                                           {"payloadBytes", 19U},
                                           {"payloadBucket", "firmware"},
                                           {"payloadKey", "images/board 7/\"a\".bin"},
                                           {"payloadVersion", "v-1"}}));
  const auto other = judge(embedded(), sealed(embedded(), content), content);
  ASSERT_TRUE(other) << describe(other.error());
  EXPECT_EQ(other->facts,
            (std::vector<Fact>{{"signatureAlgorithm", "SHA256withECDSA"}, {"payloadBytes", 19U}}));
}

TEST(JsonFormats, ADocumentIsRecognizedByItsOwnFormatOnly) {
  const std::string one = sealed(detached(), content);
  const std::string other = sealed(embedded(), content);
  for (const Format* format : all_formats()) {
    EXPECT_EQ(format->recognizes(MemoryReadAt(bytes_of(one))), format == &json_detached_format);
    EXPECT_EQ(format->recognizes(MemoryReadAt(bytes_of(other))), format == &json_embedded_format);
    for (const char* text : {"", "{", "{}", "{\"rawPayloadSize\":", "PK\3"}) {
      EXPECT_FALSE(format->recognizes(MemoryReadAt(bytes_of(text)))) << text;
    }
  }
}

// Sizes: what is too small, just right, and too large.

TEST(JsonFormats, APayloadOfOneByteIsSigned) {
  for (const Sealing& how : {detached(), embedded(), for_ti()}) {
    EXPECT_EQ(refusal(how, sealed(how, "x"), "x"), "");
  }
}

TEST(JsonFormats, AnEmptyPayloadIsRefused) {
  for (const Sealing& how : {detached(), embedded()}) {
    const auto block = seal(how, MemoryReadAt({}));
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().kind, ErrorKind::invalid);
    EXPECT_EQ(block.error().message, "The object is empty.");
  }
}

TEST(JsonFormats, TheLargestPayloadIsSignedAndOneByteMoreIsNot) {
  std::string largest(16 * limits::mebibyte, 'x');
  const std::string document = sealed(embedded(), largest);
  EXPECT_EQ(refusal(embedded(), document, largest), "");
  largest += 'x';
  const auto block = seal(embedded(), MemoryReadAt(bytes_of(largest)));
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::invalid);
  EXPECT_EQ(block.error().message,
            "The object has 16777217 bytes, more than the limit of 16777216 bytes.");
}

TEST(JsonFormats, PayloadsAroundTheSizeOfABufferComeBack) {
  const std::size_t buffer = limits::copy_buffer_bytes / 4 * 3;
  for (const std::size_t size : {buffer - 1, buffer, buffer + 1, 2 * buffer + 2}) {
    const std::string payload(size, 'y');
    EXPECT_EQ(refusal(embedded(), sealed(embedded(), payload), payload), "") << size;
  }
}

// Zeros without end, which take no memory, and how much of them is asked for at once.
class Zeros final : public ReadAt {
 public:
  explicit Zeros(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    EXPECT_LE(offset + into.size(), size_);
    EXPECT_LE(into.size(), limits::copy_buffer_bytes);
    std::ranges::fill(into, std::uint8_t(0));
    return {};
  }

 private:
  std::uint64_t size_;
};

TEST(JsonFormats, ALargePayloadIsReadInSmallParts) {
  const Zeros payload(64 * limits::mebibyte + 1);
  Sealing how = detached();
  how.bytes_max = 2048 * limits::mebibyte;
  const auto block = seal(how, payload);
  ASSERT_TRUE(block) << describe(block.error());
  const auto artifact = how.format.assemble(*block, payload);
  ASSERT_EQ(artifact->pieces.size(), 1U);
  EXPECT_LT(artifact->size(), 1000U);
}

TEST(JsonFormats, BeyondTwoGibibytesNothingIsRead) {
  class Unreadable final : public ReadAt {
    std::uint64_t size() const override { return 2048 * limits::mebibyte + 1; }
    Result<void> read_at(std::uint64_t, MutableByteView) const override {
      ADD_FAILURE();
      return internal_error("read");
    }
  } payload;
  Sealing how = detached();
  how.bytes_max = 2048 * limits::mebibyte;
  const auto block = seal(how, payload);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::invalid);
}

TEST(JsonFormats, TheArtifactOfABlockIsTheSameAgain) {
  const MemoryReadAt payload(bytes_of(content));
  for (const Sealing& how : {detached(), embedded()}) {
    const auto block = seal(how, payload);
    const auto write = [&] {
      MemorySink sink;
      EXPECT_TRUE(how.format.assemble(*block, payload)->write_to(sink, payload));
      return sink.bytes();
    };
    EXPECT_EQ(write(), write());
  }
}

TEST(JsonFormats, AnErrorOfThePayloadStopsTheWork) {
  class Stopped final : public ReadAt {
    std::uint64_t size() const override { return content.size(); }
    Result<void> read_at(std::uint64_t, MutableByteView) const override {
      return unavailable("stop");
    }
  };
  const auto block = seal(detached(), Stopped());
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::unavailable);
}

// Keys.

TEST(JsonFormats, AKeyThatIsNotTheCertificatesIsAFault) {
  const auto block =
      json_detached_format.seal({.statement = statement(),
                                 .chain = rsa().chain,
                                 .algorithm = detached().algorithm,
                                 .source_bytes_max = 100,
                                 .source = place()},
                                MemoryReadAt(bytes_of(content)), *ecdsa().key.signer);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::internal);
}

TEST(JsonFormats, AnAlgorithmThatIsNotTheKeysIsAFault) {
  for (const Sealing& how :
       {Sealing{json_detached_format, ecdsa(), sha1_of_ti()},
        Sealing{json_detached_format, rsa(), detached().algorithm},
        Sealing{json_embedded_format, ecdsa(), algorithm_of("AWSLambda-SHA384-ECDSA")}}) {
    const auto block = seal(how, MemoryReadAt(bytes_of(content)));
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().kind, ErrorKind::internal);
  }
}

TEST(JsonFormats, AnotherCertificateIsNotTheSigners) {
  const std::string document = sealed(embedded(), content);
  const Firmware other("p384");
  const VerifyRequest request = {
      .object = MemoryReadAt(bytes_of(document)), .trusted = other.chain, .now = authority().now};
  EXPECT_EQ(json_embedded_format.verify(request).error().message,
            "The signature is not that of the given certificate's key over this payload.");
}

TEST(JsonFormats, OneOfSeveralCertificatesIsEnough) {
  const std::string document = sealed(embedded(), content);
  const auto verified = json_embedded_format.verify(
      {.object = MemoryReadAt(bytes_of(document)),
       .trusted = {rsa().chain[0], authority().root.certificate, ecdsa().chain[0]},
       .now = authority().now});
  ASSERT_TRUE(verified) << describe(verified.error());
  EXPECT_EQ(verified->chain[0].der, ecdsa().chain[0].der);
}

TEST(JsonFormats, ACertificateOfAnIssuerSignsNoFirmware) {
  crypto::SystemRandom random;
  crypto::CertificateRequest asked = authority().request(crypto::CertificateShape::root);
  asked.public_key = ecdsa().key.signer->public_key();
  const auto issuer = crypto::issue(asked, std::nullopt, *ecdsa().key.signer, random);
  ASSERT_TRUE(issuer) << describe(issuer.error());
  const std::string document = sealed(embedded(), content);
  EXPECT_EQ(json_embedded_format
                .verify({.object = MemoryReadAt(bytes_of(document)),
                         .trusted = {*issuer},
                         .now = authority().now})
                .error()
                .message,
            "The signer's certificate is one of an issuer.");
}

TEST(JsonFormats, WithoutACertificateOrPayloadNothingIsJudged) {
  const std::string document = sealed(detached(), content);
  const MemoryReadAt object(bytes_of(document));
  const MemoryReadAt payload(bytes_of(content));
  EXPECT_EQ(json_detached_format
                .verify({.object = object, .trusted = ecdsa().chain, .now = authority().now})
                .error()
                .kind,
            ErrorKind::invalid);
  EXPECT_EQ(
      json_detached_format
          .verify({.object = object, .trusted = {}, .now = authority().now, .payload = &payload})
          .error()
          .kind,
      ErrorKind::invalid);
}

// SHA-1, and other algorithms that a document may claim.

TEST(JsonFormats, Sha1IsTrustedOnlyOfThePlatformThatNeedsIt) {
  const std::string document = sealed(for_ti(), content);
  EXPECT_EQ(refusal(for_ti(), document, content), "");
  VerifyRequest request = {
      .object = MemoryReadAt(bytes_of(document)), .trusted = rsa().chain, .now = authority().now};
  EXPECT_EQ(json_embedded_format.verify(request).error().message,
            "The signature is SHA1withRSA, which is only trusted of a platform that needs it.");
  request.algorithms = signature_algorithms_of(*model::find_platform("AmazonFreeRTOS-Default"));
  EXPECT_EQ(json_embedded_format.verify(request).error().message,
            "The signature is SHA1withRSA, with which the platform does not sign.");
}

TEST(JsonFormats, ThePlatformOfTiTrustsNothingButItsOwnAlgorithm) {
  const Sealing modern = {
      json_embedded_format, rsa(),
      algorithm_of("AmazonFreeRTOS-Default",
                   {.encryption_algorithm = "RSA", .hash_algorithm = "", .image_format = ""})};
  const std::string document = sealed(modern, content);
  EXPECT_EQ(refusal(modern, document, content), "");
  EXPECT_EQ(refusal(for_ti(), document, content),
            "The signature is SHA256withRSA, with which the platform does not sign.");
}

TEST(JsonFormats, AClaimedAlgorithmChangesNothing) {
  const std::string document = sealed(embedded(), content);
  for (const char* claim : {"SHA256withRSA", "SHA1withRSA", "SHA384withECDSA", "SHA1withECDSA",
                            "NONEwithECDSA", "none", ""}) {
    const std::string changed = replaced(document, "SHA256withECDSA", claim);
    EXPECT_FALSE(json_embedded_format.verify({.object = MemoryReadAt(bytes_of(changed)),
                                              .trusted = ecdsa().chain,
                                              .now = authority().now}))
        << claim;
  }
}

// Documents in any other form.

TEST(JsonFormats, DocumentsInAnotherFormAreRefused) {
  using Change = std::function<std::string(std::string)>;
  const auto swap = [](std::string_view from, std::string_view to) -> Change {
    return [=](std::string text) { return replaced(std::move(text), from, to); };
  };
  const std::vector<Change> changes = {
      [](std::string text) { return text + "\n"; },
      [](std::string text) { return text + text; },
      [](std::string text) { return " " + text; },
      [](std::string text) { return "\xEF\xBB\xBF" + text; },
      [](std::string text) { return text.substr(0, text.size() - 1); },
      swap("{\"raw", "{ \"raw"),
      swap(":19,", ": 19,"),
      swap(":19,", ":19.0,"),
      swap(":19,", ":1.9e1,"),
      swap(":19,", ":019,"),
      swap(":19,", ":-19,"),
      swap(":19,", ":\"19\","),
      swap(":19,", ":18,"),
      swap(":19,", ":20,"),
      swap(":19,", ":9223372036854775807,"),
      swap(":19,", ":99999999999999999999,"),
      swap("\"rawPayloadSize\":19,", ""),
      swap("\"rawPayloadSize\":19,", "\"rawPayloadSize\":19,\"rawPayloadSize\":19,"),
      swap("\"rawPayloadSize\":19,", "\"rawPayloadSize\":19,\"more\":1,"),
      swap("\"rawPayloadSize\":19,", "\"rawPayloadSize\":null,"),
      swap("\"signature\":\"M", "\"signature\":\"\\u004d"),
      swap("\"signature\":\"M", "\"signature\":\"\\nM"),
      swap("\"signature\":\"", "\"signature\":\"=="),
      swap("signatureAlgorithm", "signaturealgorithm"),
      swap("SHA256", "SHA\\u0032\\u0035\\u0036"),
  };
  for (const Sealing& how : {detached(), embedded()}) {
    const std::string document = sealed(how, content);
    EXPECT_EQ(refusal(how, document, content), "");
    for (const Change& change : changes) {
      const std::string changed = change(document);
      EXPECT_NE(refusal(how, changed, content), "") << changed;
    }
  }
}

TEST(JsonFormats, PayloadsInAnotherBase64AreRefused) {
  const std::string document = sealed(embedded(), content);
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{
           {"ZA==", "ZB=="},      // bits behind the last byte
           {"ZA==", "ZA"},        // no padding
           {"ZA==", "ZAA="},      // another byte
           {"ZA==", "ZA==AAAA"},  // something behind the padding
           {"ZmlybXdhcmU", "Zg==bXdhcmU"},
           {"ZmlybXdhcmU", "Zml\\nbXdhcmU"},
           {"ZmlybXdhcmU", "ZmlybXd-cmU"}}) {
    EXPECT_NE(refusal(embedded(), replaced(document, from, to), content), "") << to;
  }
}

TEST(JsonFormats, DocumentsAreRefusedWhateverTheyAre) {
  for (
      const char* text :
      {"", "{}", "[]", "null", "{\"rawPayloadSize\":1}",
       R"({"rawPayloadSize":1,"signature":"","signatureAlgorithm":"SHA256withECDSA","payload":""})",
       R"({"rawPayloadSize":0,"signature":"","signatureAlgorithm":"SHA256withECDSA","payload":""})",
       R"({"rawPayloadSize":1,"signature":"","signatureAlgorithm":"SHA256withECDSA","payload":")"}) {
    EXPECT_NE(refusal(detached(), text, content), "") << text;
    EXPECT_NE(refusal(embedded(), text, content), "") << text;
  }
  EXPECT_NE(refusal(detached(), std::string(100'000, ' '), content), "");
}

TEST(JsonFormats, ADigestOfTheDetachedPayloadThatIsKnownIsTheOneJudged) {
  const std::string document = sealed(detached(), content);
  const auto judged_by = [&](std::string_view digested) {
    const std::string unread(content.size(), '?');
    const MemoryReadAt payload(bytes_of(unread));
    return json_detached_format.verify({.object = MemoryReadAt(bytes_of(document)),
                                        .trusted = ecdsa().chain,
                                        .now = authority().now,
                                        .payload = &payload,
                                        .payload_sha256 = crypto::sha256(bytes_of(digested))});
  };
  EXPECT_TRUE(judged_by(content));
  EXPECT_EQ(judged_by("something else").error().message,
            "The signature is not that of the given certificate's key over this payload.");
}

TEST(JsonFormats, ADigestOfAnotherKindThanTheSignaturesIsNotEnough) {
  const Sealing how = {json_detached_format, rsa(), sha1_of_ti()};
  const std::string document = sealed(how, content);
  const MemoryReadAt payload(bytes_of(content));
  EXPECT_TRUE(json_detached_format.verify({.object = MemoryReadAt(bytes_of(document)),
                                           .trusted = rsa().chain,
                                           .now = authority().now,
                                           .payload = &payload,
                                           .algorithms = {how.algorithm},
                                           .payload_sha256 = crypto::sha256(bytes_of("other"))}));
}

TEST(JsonFormats, ADetachedPayloadIsTheOneThatWasSigned) {
  const std::string document = sealed(detached(), content);
  EXPECT_EQ(refusal(detached(), document, "firmware of b board"),
            "The signature is not that of the given certificate's key over this payload.");
  EXPECT_EQ(refusal(detached(), document, "firmware"),
            "The payload has another size than the one that was signed.");
  EXPECT_NE(refusal(detached(), document, ""), "");
}

}  // namespace
}  // namespace hallmark::formats::test
