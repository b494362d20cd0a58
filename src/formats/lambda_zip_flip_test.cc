// Every byte of a package matters, but for those that the format does not sign: here is their list.
#include <gtest/gtest.h>

#include <set>

#include "formats/lambda_signature.h"
#include "formats/test_package.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;

// Whether a flipped byte can go unnoticed: those of the fields that the format does not sign.
std::set<std::size_t> unsigned_bytes(const Bytes& bytes) {
  std::set<std::size_t> places;
  const auto add = [&](std::uint64_t from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) places.insert(std::size_t(from) + i);
  };
  const auto directory = read_zip_directory(MemoryReadAt(bytes));
  EXPECT_TRUE(directory);
  std::uint64_t central = directory->offset;
  for (const ZipEntry& entry : directory->entries) {
    add(entry.offset + 4, 2);   // version needed
    add(entry.offset + 10, 4);  // time and date
    add(central + 4, 4);        // version made by, version needed
    add(central + 12, 4);       // time and date
    add(central + 36, 6);       // internal and external attributes
    const std::uint64_t data = entry.offset + local_bytes + entry.name.size();
    if (entry.method == method_deflated) {  // the bits that pad a stored block's head and the end
      add(data, 1);
      add(data + entry.compressed_size - 1, 1);
    }
    central += central_bytes + entry.name.size();
  }
  return places;
}

TEST(LambdaZipFlip, NoticesEveryFlippedByteButThoseOfTimesVersionsModesAndPadding) {
  const std::set<std::size_t> allowed = unsigned_bytes(package());
  Bytes bytes = package();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (allowed.contains(i)) continue;
    for (const unsigned flip : {0x01U, 0xFFU}) {
      const std::uint8_t before = bytes[i];
      bytes[i] = std::uint8_t(before ^ flip);
      EXPECT_FALSE(verify(bytes)) << "byte " << i << " of " << bytes.size();
      bytes[i] = before;
    }
  }
}

// Every byte of the signer's part, which comes last, and some of the certificates'.
TEST(LambdaZipFlip, NoticesFlippedBytesOfTheSignatureWhateverItsCrc) {
  const auto der = lambda_signature_of(MemoryReadAt(package()));
  ASSERT_TRUE(der);
  const auto inner = lambda_inner_digest(MemoryReadAt(package()));
  const std::size_t signer = der->size() - 700;
  for (std::size_t i = 0; i < der->size(); i += i < signer ? 16 : 1) {
    Bytes flipped = *der;
    flipped[i] ^= 0x01;
    const auto signature = read_lambda_signature(lambda_signature_text(flipped), *inner);
    if (!signature) continue;
    // A certificate's own bytes are for the chain's judge.
    EXPECT_FALSE(
        crypto::verify_chain(signature->chain, {authority().root.certificate}, authority().now))
        << "byte " << i << " of " << der->size();
  }
}

}  // namespace
}  // namespace hallmark::formats::test
