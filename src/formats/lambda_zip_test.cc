#include "formats/lambda_zip.h"

#include <gtest/gtest.h>

#include "crypto/cms.h"
#include "formats/test_package.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;
using namespace std::chrono_literals;

TEST(LambdaZip, SealsAndVerifies) {
  const auto verified = verify(package());
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->statement, statement());
  EXPECT_EQ(verified->facts, (std::vector<Fact>{{"entries", 4U}, {"symbolicLinks", 0U}}));
  ASSERT_EQ(verified->chain.size(), 3U);
  EXPECT_EQ(verified->chain.front().der, authority().leaf.certificate.der);
}

TEST(LambdaZip, CountsSymbolicLinks) {
  TestZip zip = taken_apart(source());
  zip.entries.push_back({.name = "lib/l", .body = "a", .attributes = 0120777U << 16});
  zip.entries.push_back({.name = "m", .body = "lib", .attributes = 0120777U << 16});
  const auto verified = verify(sealed_and_assembled(build(zip)));
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->facts, (std::vector<Fact>{{"entries", 6U}, {"symbolicLinks", 2U}}));
}

TEST(LambdaZip, IsFoundByName) {
  EXPECT_EQ(find_format("lambda-zip"), &lambda_zip_format);
  EXPECT_EQ(find_format("lambda"), nullptr);
}

TEST(LambdaZip, RecognizesZipsByTheirFirstBytes) {
  EXPECT_TRUE(format.recognizes(MemoryReadAt(package())));
  EXPECT_TRUE(format.recognizes(MemoryReadAt(build({}))));
  EXPECT_FALSE(format.recognizes(MemoryReadAt(bytes_of("PK"))));
  EXPECT_FALSE(format.recognizes(MemoryReadAt(bytes_of("#!/bin/sh"))));
}

TEST(LambdaZip, AppendsTheFolderAndTheSignatureLast) {
  const auto contents = read_all(package());
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->size(), 5U);
  EXPECT_EQ((*contents)[3].first, "META_INF/");
  EXPECT_EQ((*contents)[4].first, "META_INF/aws_signer_signature_v1.0.SF");
  EXPECT_TRUE((*contents)[4].second.starts_with("-----BEGIN PKCS7-----\nMII"));
  EXPECT_TRUE((*contents)[4].second.ends_with("\n-----END PKCS7-----\n"));
}

TEST(LambdaZip, StoresTheFolderAndDeflatesTheSignature) {
  const auto directory = read_zip_directory(MemoryReadAt(package()));
  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->entries[3].method, method_stored);
  EXPECT_EQ(directory->entries[4].method, method_deflated);
}

TEST(LambdaZip, SignsTheDigestOfNamesAndBodies) {
  const auto inner = lambda_inner_digest(MemoryReadAt(package()));
  ASSERT_TRUE(inner);
  EXPECT_EQ(*inner, crypto::sha384(bytes_of("index.jsexports.handler = 1lib/lib/aaaaMETA_INF/")));
  const auto der = lambda_signature_of(MemoryReadAt(package()));
  ASSERT_TRUE(der);
  EXPECT_TRUE(crypto::verify_cms(*der, crypto::sha384(*inner)));
}

TEST(LambdaZip, AssemblesTheSameBytesEveryTime) {
  const auto block = seal(source());
  ASSERT_TRUE(block);
  EXPECT_EQ(block->signing_time, statement().signing_time);
  EXPECT_EQ(assembled(*block, source()), assembled(*block, source()));
}

TEST(LambdaZip, LeavesTheSourceAsItIsUpToItsDirectory) {
  const Bytes before = source();
  const auto directory = read_zip_directory(MemoryReadAt(before));
  ASSERT_TRUE(directory);
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + std::ptrdiff_t(directory->offset),
                         package().begin()));
}

TEST(LambdaZip, KeepsTheSourcesComment) {
  TestZip zip = taken_apart(source());
  zip.comment = "a comment";
  const Bytes made = sealed_and_assembled(build(zip));
  EXPECT_TRUE(text_of(made).ends_with("a comment"));
  EXPECT_TRUE(verify(made));
}

TEST(LambdaZip, KeepsAFolderMetaInfThatIsThere) {
  TestZip zip = taken_apart(source());
  zip.entries.insert(zip.entries.begin(), {.name = "META_INF/", .body = "", .attributes = 0});
  zip.entries.push_back({.name = "META_INF/notes"});
  const Bytes made = sealed_and_assembled(build(zip));
  EXPECT_EQ(read_all(made)->size(), 6U);
  EXPECT_EQ(std::get<std::uint64_t>(verify(made)->facts[0].value), 5U);
}

TEST(LambdaZip, StampsItsEntriesWithTheSigningTime) {
  const auto directory = read_zip_directory(MemoryReadAt(package()));
  ASSERT_TRUE(directory);
  const auto at = std::size_t(directory->entries.back().offset);
  // 2026-09-28 09:19:26 as MS-DOS writes it.
  EXPECT_EQ(number_at<std::uint16_t>(package(), at + 10), (9U << 11) | (19U << 5) | 13U);
  EXPECT_EQ(number_at<std::uint16_t>(package(), at + 12), (46U << 9) | (9U << 5) | 28U);
}

TEST(LambdaZip, ReadsTheSourceOnceForItsContent) {
  const Bytes archive = build({.entries = {{.body = std::string(1'000'000, 'x')}}});
  class Counting final : public ReadAt {
   public:
    explicit Counting(const Bytes& bytes) : whole_(bytes) {}
    std::uint64_t size() const override { return whole_.size(); }
    Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
      bytes_read_ += into.size();
      return whole_.read_at(offset, into);
    }
    std::uint64_t bytes_read() const { return bytes_read_; }

   private:
    MemoryReadAt whole_;
    mutable std::uint64_t bytes_read_ = 0;
  };
  const Counting counting(archive);
  const crypto::CertificateChain chain = authority().chain();
  ASSERT_TRUE(
      format.seal({.statement = statement(), .chain = chain, .source_bytes_max = test_bytes_max},
                  counting, *authority().leaf.signer));
  EXPECT_GE(counting.bytes_read(), 1'000'000U);
  EXPECT_LE(counting.bytes_read(), archive.size() + 70'000);  // the search for the end is on top
}

// What cannot be sealed.

TEST(LambdaZip, RefusesWhatIsSignedAlready) {
  EXPECT_EQ(sealing_refusal(package()),
            "The package is already signed: it has the entry "
            "\"META_INF/aws_signer_signature_v1.0.SF\".");
  const auto block = seal(source());
  EXPECT_FALSE(format.assemble(*block, MemoryReadAt(package())));
}

TEST(LambdaZip, RefusesASignatureThatIsNotLastToo) {
  EXPECT_EQ(sealing_refusal(
                build({.entries = {{.name = std::string(signature_entry_name)}, {.name = "b"}}})),
            "The package is already signed: it has the entry "
            "\"META_INF/aws_signer_signature_v1.0.SF\".");
}

TEST(LambdaZip, RefusesAFileInTheSignaturesWay) {
  EXPECT_EQ(sealing_refusal(build({.entries = {{.name = "META_INF"}}})),
            "The package has a file \"META_INF\" where the signature's folder has to be.");
}

TEST(LambdaZip, RefusesAnEmptyFileAndAnEmptyZip) {
  EXPECT_EQ(sealing_refusal({}), "The package is empty.");
  EXPECT_EQ(sealing_refusal(build({})), "The package has no entries.");
}

TEST(LambdaZip, RefusesWhatExpandsBeyondTheLimit) {
  const crypto::CertificateChain chain = authority().chain();
  const auto block = format.seal({.statement = statement(), .chain = chain, .source_bytes_max = 21},
                                 MemoryReadAt(source()), *authority().leaf.signer);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().message, "The package expands to more than the limit of 21 bytes.");
}

TEST(LambdaZip, RefusesADefectWithItsName) {
  TestZip zip = taken_apart(source());
  zip.entries[0].crc = zip.entries[0].local_crc = 7;
  EXPECT_EQ(sealing_refusal(build(zip)),
            "The entry \"index.js\" has content that does not match its CRC-32.");
}

TEST(LambdaZip, DoesNotSealStatementsThatMakeNoSense) {
  const std::vector<std::function<void(Statement&)>> defects = {
      [](Statement& s) { s.job_arn = "job"; },
      [](Statement& s) { s.job_arn = s.profile_version_arn; },
      [](Statement& s) { s.job_arn.back() = 'x'; },
      [](Statement& s) { s.profile_version_arn = s.job_arn; },
      [](Statement& s) { s.profile_version_arn.pop_back(); },
      [](Statement& s) { s.profile_version_arn.replace(8, 6, "zigner"); },
      [](Statement& s) { s.profile_version_arn.replace(15, 9, "us-west-2"); },
      [](Statement& s) { s.job_arn.replace(25, 12, "210987654321"); },
      [](Statement& s) { s.profile_version_arn.replace(56, 9, "Another_1"); },  // not the leaf's
      [](Statement& s) { s.job_arn.replace(4, 3, "gov"); },
      [](Statement& s) { s.expires_at = s.signing_time; },
      [](Statement& s) { s.signing_time -= 24h * 30; },  // before the certificates
      [](Statement& s) { s.signing_time += 24h * 30; },  // after the leaf
  };
  for (const auto& defect : defects) {
    Statement says = statement();
    defect(says);
    const auto block = seal(source(), says);
    ASSERT_FALSE(block) << &defect - defects.data();
    EXPECT_EQ(block.error().kind, ErrorKind::internal) << describe(block.error());
  }
}

TEST(LambdaZip, DoesNotSealWithAKeyThatIsNotTheLeafs) {
  const crypto::CertificateChain chain = authority().chain();
  const auto block =
      format.seal({.statement = statement(), .chain = chain, .source_bytes_max = test_bytes_max},
                  MemoryReadAt(source()), *authority().intermediate.signer);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::internal);
}

// Answers with a signature that is wrong.
class BrokenSigner final : public crypto::Signer {
 public:
  crypto::KeyKind kind() const override { return good_.kind(); }
  ByteView public_key() const override { return good_.public_key(); }
  Result<Bytes> sign_digest(crypto::SignatureAlgorithm algorithm, ByteView digest) const override {
    Bytes other = copy_of(digest);
    other[0] ^= 1;
    return good_.sign_digest(algorithm, other);
  }

 private:
  const crypto::Signer& good_ = *authority().leaf.signer;
};

TEST(LambdaZip, ChecksItsOwnSignatureBeforeItLeaves) {
  const crypto::CertificateChain chain = authority().chain();
  const auto block =
      format.seal({.statement = statement(), .chain = chain, .source_bytes_max = test_bytes_max},
                  MemoryReadAt(source()), BrokenSigner());
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace hallmark::formats::test
