#include "formats/lambda_zip.h"

#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"
#include "crypto/cms.h"
#include "crypto/test_support.h"
#include "formats/lambda_signature.h"
#include "formats/test_reading.h"
#include "formats/test_zip.h"
#include "formats/zip_writer.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;
using namespace std::chrono_literals;

const Format& format = lambda_zip_format;

// One authority for all tests: making keys takes time.
const crypto::TestAuthority& authority() {
  static const crypto::TestAuthority made;
  return made;
}

Statement statement() {
  return {.job_arn =
              "arn:aws:signer:us-east-1:123456789012:/signing-jobs/"
              "0198f0c1-0000-7000-8000-000000000001",
          .profile_version_arn =
              "arn:aws:signer:us-east-1:210987654321:/signing-profiles/MyProfile/Ab3dEf6h1J",
          .signing_time = authority().now,
          .expires_at = authority().now + std::chrono::hours(24 * 365)};
}

Bytes source() {
  return build({.entries = {{.name = "index.js", .body = "exports.handler = 1", .method = 8},
                            {.name = "lib/", .body = "", .attributes = 0040755U << 16},
                            {.name = "lib/a", .body = "aaa"}}});
}

Result<SignatureBlock> seal(const Bytes& archive, const Statement& says = statement()) {
  const crypto::CertificateChain chain = authority().chain();
  NoProgress progress;
  return format.seal({.statement = says, .chain = chain}, MemoryReadAt(archive), test_bytes_max,
                     *authority().leaf.signer, progress);
}

Bytes assembled(const SignatureBlock& block, const Bytes& archive) {
  const MemoryReadAt reader(archive);
  const auto artifact = format.assemble(block, reader);
  EXPECT_TRUE(artifact) << artifact.error().message;
  MemorySink sink;
  EXPECT_TRUE(artifact->write_to(sink, reader));
  return sink.bytes();
}

Bytes sealed_and_assembled(const Bytes& archive) {
  const auto block = seal(archive);
  EXPECT_TRUE(block) << describe(block.error());
  return assembled(*block, archive);
}

// The package most tests begin with.
const Bytes& package() {
  static const Bytes made = sealed_and_assembled(source());
  return made;
}

Result<Verification> verify(const Bytes& bytes, Timestamp now = authority().now) {
  return format.verify(MemoryReadAt(bytes), {authority().root.certificate}, now);
}

std::string refusal(const Bytes& bytes) {
  const auto verified = verify(bytes);
  if (verified) return "";
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt) << verified.error().message;
  return verified.error().message;
}

std::string sealing_refusal(const Bytes& archive) {
  const auto block = seal(archive);
  if (block) return "";
  EXPECT_EQ(block.error().kind, ErrorKind::invalid) << describe(block.error());
  return block.error().message;
}

// The entries of an archive as those of a test, for changing.
TestZip taken_apart(const Bytes& archive) {
  TestZip zip;
  const auto contents = read_all(archive);
  EXPECT_TRUE(contents);
  for (const auto& [name, body] : *contents) {
    zip.entries.push_back({.name = name, .body = body, .method = method_deflated});
    if (name.ends_with('/')) zip.entries.back() = {.name = name, .body = "", .attributes = 0};
  }
  return zip;
}

Bytes changed(const std::function<void(TestZip&)>& change) {
  TestZip zip = taken_apart(package());
  change(zip);
  return build(zip);
}

constexpr const char* content_mismatch =
    "The content of the package does not match its signature: "
    "The content is not the one that was signed.";

TEST(LambdaZip, SealsAndVerifies) {
  const auto verified = verify(package());
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->statement, statement());
  EXPECT_EQ(verified->entries, 4U);
  ASSERT_EQ(verified->chain.size(), 3U);
  EXPECT_EQ(verified->chain.front().der, authority().leaf.certificate.der);
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
  EXPECT_EQ(verify(made)->entries, 5U);
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
  class Counting final : public Progress {
   public:
    Result<void> advance(std::uint64_t bytes_done) override {
      EXPECT_GT(bytes_done, last);
      last = bytes_done;
      return {};
    }
    std::uint64_t last = 0;
  } progress;
  const crypto::CertificateChain chain = authority().chain();
  ASSERT_TRUE(format.seal({.statement = statement(), .chain = chain}, MemoryReadAt(archive),
                          test_bytes_max, *authority().leaf.signer, progress));
  EXPECT_GT(progress.last, 1'000'000U);
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
  NoProgress progress;
  const auto block = format.seal({.statement = statement(), .chain = chain}, MemoryReadAt(source()),
                                 21, *authority().leaf.signer, progress);
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
  NoProgress progress;
  const auto block = format.seal({.statement = statement(), .chain = chain}, MemoryReadAt(source()),
                                 test_bytes_max, *authority().intermediate.signer, progress);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::internal);
}

// Answers with a signature that is wrong.
class BrokenSigner final : public crypto::Signer {
 public:
  crypto::KeyAlgorithm algorithm() const override { return good_.algorithm(); }
  ByteView public_key() const override { return good_.public_key(); }
  Result<Bytes> sign_digest(ByteView digest) const override {
    Bytes other = copy_of(digest);
    other[0] ^= 1;
    return good_.sign_digest(other);
  }

 private:
  const crypto::Signer& good_ = *authority().leaf.signer;
};

TEST(LambdaZip, ChecksItsOwnSignatureBeforeItLeaves) {
  const crypto::CertificateChain chain = authority().chain();
  NoProgress progress;
  const auto block = format.seal({.statement = statement(), .chain = chain}, MemoryReadAt(source()),
                                 test_bytes_max, BrokenSigner(), progress);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, ErrorKind::internal);
}

// What does not verify.

TEST(LambdaZip, VerifiesAfterPackingAnew) {  // as AWS does: compression and times are not signed
  EXPECT_EQ(refusal(changed([](TestZip&) {})), "");
}

TEST(LambdaZip, RefusesAChangedBody) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries[2].body = "aab"; })), content_mismatch);
}

TEST(LambdaZip, RefusesARenamedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries[2].name = "lib/b"; })), content_mismatch);
}

TEST(LambdaZip, RefusesEntriesInAnotherOrder) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { std::swap(z.entries[0], z.entries[2]); })),
            content_mismatch);
}

TEST(LambdaZip, RefusesAnAddedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.insert(z.entries.begin() + 3, {.name = "evil", .body = ""});
            })),
            content_mismatch);
}

TEST(LambdaZip, RefusesAnEntryAddedAfterTheSignature) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.push_back({.name = "x", .body = ""}); })),
            "The package's signature is not its last entry.");
}

TEST(LambdaZip, RefusesARemovedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.erase(z.entries.begin() + 1); })),
            content_mismatch);
}

TEST(LambdaZip, RefusesAPackageWithoutItsSignature) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.pop_back(); })),
            "The package is not signed: it has no entry "
            "\"META_INF/aws_signer_signature_v1.0.SF\".");
}

TEST(LambdaZip, RefusesTheSignatureOfAnotherPackage) {
  const auto block = seal(build({.entries = {TestEntry{}}}));
  EXPECT_EQ(refusal(assembled(*block, source())), content_mismatch);
}

TEST(LambdaZip, RefusesASignatureThatIsALinkOrTooLarge) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.back().body = "lib/a";
              z.entries.back().attributes = 0120777U << 16;
            })),
            "The package's signature is not a file.");
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.back().method = method_stored;
              z.entries.back().body = std::string(65'537, 'A');
            })),
            "The package's signature has more than 65536 bytes.");
}

TEST(LambdaZip, RefusesAnyOtherTextOfTheSignature) {
  const std::string text = read_all(package())->back().second;
  std::string lower = text;
  lower.replace(0, 21, "-----BEGIN pkcs7-----");
  const std::size_t second_line = text.find('\n') + 1;
  std::string windows = text;
  windows.replace(second_line - 1, 1, "\r\n");
  std::string joined = text;
  joined.erase(second_line + 64, 1);
  const std::vector<std::string> others = {"",
                                           text + text,
                                           "Comment\n" + text,
                                           text + "\n",
                                           text.substr(0, text.size() - 1),
                                           lower,
                                           windows,
                                           joined,
                                           "-----BEGIN PKCS7-----\n-----END PKCS7-----\n"};
  for (const std::string& other : others) {
    EXPECT_EQ(refusal(changed([&](TestZip& z) { z.entries.back().body = other; })),
              "The signature is not exactly one PKCS7 block of PEM.");
  }
}

TEST(LambdaZip, RefusesAnUnknownRoot) {
  const crypto::TestAuthority other;
  const auto verified =
      format.verify(MemoryReadAt(package()), {other.root.certificate}, authority().now);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(format.verify(MemoryReadAt(package()), {}, authority().now));
}

TEST(LambdaZip, JudgesTheChainAtTheSigningTime) {
  EXPECT_TRUE(verify(package(), authority().now + 24h * 300));  // the leaf lives seven days
}

TEST(LambdaZip, RefusesAnExpiredSignature) {
  EXPECT_TRUE(verify(package(), statement().expires_at - 1ms));
  const auto verified = verify(package(), statement().expires_at);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().message, "The signature expired at 2027-09-28T09:19:26.806Z.");
}

// A package whose signature is genuine, but has these attributes.
Bytes with_attributes(std::vector<crypto::CmsAttribute> attributes) {
  const crypto::Sha384 digest = crypto::sha384(*lambda_inner_digest(MemoryReadAt(package())));
  const auto der = crypto::sign_cms({.content_digest = digest,
                                     .signing_time = authority().now,
                                     .attributes = std::move(attributes)},
                                    authority().chain(), *authority().leaf.signer);
  EXPECT_TRUE(der);
  return changed([&](TestZip& z) { z.entries.back().body = lambda_signature_text(*der); });
}

std::vector<crypto::CmsAttribute> good_attributes() {
  return {{"1.3.187.137.1.2", crypto::der_utf8_string(statement().job_arn)},
          {"1.3.187.137.1.3", crypto::der_generalized_time(statement().expires_at)},
          {"1.3.187.137.1.4", crypto::der_utf8_string(statement().profile_version_arn)}};
}

TEST(LambdaZip, RefusesGenuineSignaturesThatLackAnAttribute) {
  EXPECT_EQ(refusal(with_attributes(good_attributes())), "");
  for (std::size_t i = 0; i < 3; ++i) {
    auto attributes = good_attributes();
    attributes.erase(attributes.begin() + std::ptrdiff_t(i));
    EXPECT_EQ(refusal(with_attributes(attributes)),
              "The signature lacks the signed attribute " + good_attributes()[i].oid + ".");
  }
}

TEST(LambdaZip, RefusesGenuineSignaturesWithAnUnknownAttribute) {
  auto attributes = good_attributes();
  attributes.push_back({"1.3.187.137.1.5", crypto::der_utf8_string("x")});
  EXPECT_EQ(refusal(with_attributes(attributes)),
            "The signature has signed attributes beyond those of a Lambda package.");
}

TEST(LambdaZip, RefusesGenuineSignaturesOfSomethingElse) {
  auto attributes = good_attributes();
  attributes[0].value_der = crypto::der_utf8_string("arn:aws:iam::123456789012:role/x");
  EXPECT_EQ(refusal(with_attributes(attributes)), "The signature does not name a signing job.");
}

TEST(LambdaZip, RefusesAttributesOfAnotherType) {
  auto attributes = good_attributes();
  attributes[1].value_der = attributes[0].value_der;
  EXPECT_FALSE(refusal(with_attributes(attributes)).empty());
}

// The digest has no frame. These two packages have the same, and the documentation says so.
TEST(LambdaZip, CannotTellWhereANameEndsAndItsBodyBegins) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries[2].name = "lib/aa";
              z.entries[2].body = "aa";
            })),
            "");
}

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

TEST(LambdaZip, NoticesEveryFlippedByteButThoseOfTimesVersionsModesAndPadding) {
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
TEST(LambdaZip, NoticesFlippedBytesOfTheSignatureWhateverItsCrc) {
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

// What others say.

class LambdaZipTools : public testing::Test {
 protected:
  void SetUp() override { save(folder_.path() / "x.zip", package()); }
  TemporaryFolder folder_;
};

TEST_F(LambdaZipTools, UnzipAcceptsThePackage) {
  if (!has_tool("unzip")) GTEST_SKIP() << "NOT TESTED: unzip is missing";
  const Ran ran = run(folder_.path(), "unzip -t x.zip");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_NE(ran.output.find("No errors detected"), std::string::npos) << ran.output;
}

TEST_F(LambdaZipTools, PythonReadsEveryEntryAsItWas) {
  if (!has_tool("python3")) GTEST_SKIP() << "NOT TESTED: python3 is missing";
  save(folder_.path() / "source.zip", source());
  const Ran ran = run(folder_.path(),
                      "python3 -c \"import zipfile\n"
                      "a, b = zipfile.ZipFile('source.zip'), zipfile.ZipFile('x.zip')\n"
                      "assert b.testzip() is None\n"
                      "assert b.namelist()[:-2] == a.namelist()\n"
                      "assert all(a.read(n) == b.read(n) for n in a.namelist())\n"
                      "assert [i.header_offset for i in a.infolist()] == "
                      "[i.header_offset for i in b.infolist()][:-2]\"");
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_F(LambdaZipTools, OpensslVerifiesTheSignature) {
  if (!has_tool("openssl")) GTEST_SKIP() << "NOT TESTED: openssl is missing";
  const auto inner = lambda_inner_digest(MemoryReadAt(package()));
  ASSERT_TRUE(inner);
  save(folder_.path() / "inner", *inner);
  save(folder_.path() / "x.SF", bytes_of(read_all(package())->back().second));
  save(folder_.path() / "root.pem", bytes_of(crypto::to_pem({authority().root.certificate})));
  const std::string line =
      "openssl cms -verify -binary -purpose any -inform PEM -in x.SF -content inner "
      "-CAfile root.pem -attime " +
      std::to_string(unix_seconds(authority().now)) + " -out /dev/null";
  const Ran ran = run(folder_.path(), line);
  EXPECT_EQ(ran.status, 0) << ran.output;
  save(folder_.path() / "inner", bytes_of("something else"));
  EXPECT_NE(run(folder_.path(), line).status, 0);
}

TEST_F(LambdaZipTools, ATreeOfNpmsKindSignsAndVerifies) {
  if (!has_tool("zip")) GTEST_SKIP() << "NOT TESTED: zip is missing";
  const Ran ran = run(folder_.path(),
                      "mkdir -p t/node_modules/.bin t/node_modules/a && cd t && "
                      "echo x >node_modules/a/a.js && ln -s ../a/a.js node_modules/.bin/a && "
                      "zip -qry - . | cat >../tree.zip");
  ASSERT_EQ(ran.status, 0) << ran.output;
  const Bytes made = sealed_and_assembled(load(folder_.path() / "tree.zip"));
  EXPECT_TRUE(verify(made));
  save(folder_.path() / "signed.zip", made);
  const Ran extracted = run(folder_.path(),
                            "unzip -q signed.zip -d out && rm -r out/META_INF && "
                            "diff -r --no-dereference t out");
  EXPECT_EQ(extracted.status, 0) << extracted.output;
}

}  // namespace
}  // namespace hallmark::formats::test
