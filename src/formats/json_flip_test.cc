// Every byte of the signed documents matters, but for the location in JSONDetached, which helps to
// find the payload and is not signed.
#include <gtest/gtest.h>

#include "formats/test_json.h"

namespace hallmark::formats::test {
namespace {

constexpr std::string_view content = "firmware of a board";

// Where bytes of the document can be changed unnoticed: within the names of the location, as long
// as the document remains one of the one form.
std::pair<std::size_t, std::size_t> location_of(const std::string& document) {
  const std::size_t begin = document.find("{\"s3\":{");
  return begin == document.npos ? std::pair(document.size(), document.size())
                                : std::pair(begin, document.size() - 3);
}

void expect_noticed(const Sealing& how) {
  std::string document = sealed(how, content);
  ASSERT_EQ(refusal(how, document, content), "");
  const auto [begin, end] = location_of(document);
  for (std::size_t i = 0; i < document.size(); ++i) {
    for (const int flip : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
      const char before = document[i];
      document[i] = char(before ^ flip);
      const auto judged = judge(how, document, content);
      EXPECT_FALSE(judged && (i < begin || i >= end)) << "byte " << i << " of " << document;
      document[i] = before;
    }
  }
}

TEST(JsonFlip, NoticesEveryBitOfAnEmbeddedDocument) {
  const Firmware firmware("p256");
  expect_noticed({json_embedded_format, firmware, algorithm_of("AmazonFreeRTOS-Default")});
}

TEST(JsonFlip, NoticesEveryBitOfAnEmbeddedDocumentWithRsa) {
  const Firmware firmware("rsa-2048");
  expect_noticed({json_embedded_format, firmware, sha1_of_ti()});
}

TEST(JsonFlip, NoticesEveryBitOfADetachedDocumentButItsLocation) {
  const Firmware firmware("p256");
  expect_noticed(
      {json_detached_format, firmware, algorithm_of("AWSIoTDeviceManagement-SHA256-ECDSA")});
}

TEST(JsonFlip, NoticesEveryByteOfADetachedPayload) {
  const Firmware firmware("p256");
  const Sealing how = {json_detached_format, firmware,
                       algorithm_of("AWSIoTDeviceManagement-SHA256-ECDSA")};
  const std::string document = sealed(how, content);
  for (std::size_t i = 0; i < content.size(); ++i) {
    std::string changed(content);
    changed[i] = char(changed[i] ^ 1);
    EXPECT_NE(refusal(how, document, changed), "") << i;
  }
}

TEST(JsonFlip, DoesNotNoticeAnotherLocation) {
  const Firmware firmware("p256");
  const Sealing how = {json_detached_format, firmware,
                       algorithm_of("AWSIoTDeviceManagement-SHA256-ECDSA")};
  std::string document = sealed(how, content);
  document.replace(document.find("v-1"), 3, "v-2");
  EXPECT_EQ(refusal(how, document, content), "");
}

}  // namespace
}  // namespace hallmark::formats::test
