// What other programs say about our packages.
#include <gtest/gtest.h>

#include "formats/test_package.h"

namespace hallmark::formats::test {
namespace {

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
                      "zip -qry ../tree.zip .");
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
