// Archives that other programs make are read, and what is read is what other programs see.
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {
namespace {

// A tree like those that npm leaves behind: links, an empty folder and file, a larger file, names
// with spaces and accents.
constexpr const char* make_tree =
    "mkdir -p tree/node_modules/.bin tree/node_modules/tool/lib tree/empty && cd tree && "
    "echo 'exports.handler = async () => 1' >index.js && : >none && "
    "head -c 600000 /dev/urandom >node_modules/tool/lib/data.bin && "
    "yes 'some text' | head -n 20000 >node_modules/tool/text.txt && "
    "echo x >'a file' && echo y >'é.txt' && "
    "ln -s ../tool/text.txt node_modules/.bin/tool && ln -s lib node_modules/tool/link && cd ..";

constexpr const char* python_contents =
    "import sys, zipfile, zlib\n"
    "with zipfile.ZipFile(sys.argv[1]) as z:\n"
    "  for i in z.infolist(): print(i.orig_filename, zlib.crc32(z.read(i)))\n";

class ZipTools : public testing::Test {
 protected:
  // Makes x.zip with a line of shell, beside the tree, and reads it.
  Result<Contents> make(const std::string& line) {
    const Ran ran = run(folder_.path(), std::string(make_tree) + " && " + line);
    EXPECT_EQ(ran.status, 0) << ran.output;
    return read_all(load(folder_.path() / "x.zip"));
  }

  // That the archive reads well, and that Python and unzip see the same.
  void expect_accepted(const std::string& line) {
    const auto contents = make(line);
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_GE(contents->size(), 7U);
    expect_same_for_python(*contents);
    expect_same_for_unzip(*contents);
  }

  void expect_same_for_python(const Contents& contents) {
    save(folder_.path() / "see.py", bytes_of(python_contents));
    const Ran ran = run(folder_.path(), "PYTHONIOENCODING=utf-8 python3 see.py x.zip");
    ASSERT_EQ(ran.status, 0) << ran.output;
    std::string ours;
    for (const auto& [name, body] : contents) {
      ours += name + " " + std::to_string(crc_of(body)) + "\n";
    }
    EXPECT_EQ(ours, ran.output);
  }

  void expect_same_for_unzip(const Contents& contents) {
    if (!has_tool("unzip")) GTEST_SKIP() << "NOT COMPARED: unzip is missing";
    const Ran tested = run(folder_.path(), "unzip -tqq x.zip");
    EXPECT_EQ(tested.status, 0) << tested.output;
    std::string ours;
    for (const auto& [name, body] : contents) ours += name + "\n";
    EXPECT_EQ(run(folder_.path(), "LC_ALL=C.UTF-8 unzip -Z1 x.zip").output, ours);
  }

  TemporaryFolder folder_;
};

// GTEST_SKIP leaves the function that it is written in.
#define NEEDS(tool) \
  if (!has_tool(tool)) GTEST_SKIP() << "NOT TESTED: " tool " is missing"

// Debian's zip 3.0-13 writes no stored entry, which a link is, into what it cannot go back in;
// 3.0-13+deb12u1 does.
#define NEEDS_STREAMING_ZIP()                                                            \
  NEEDS("zip");                                                                          \
  if (run(folder_.path(), "ln -s to from && zip -qy -fd streamed.zip from").status != 0) \
  GTEST_SKIP() << "NOT TESTED: this zip writes no stored entries with descriptors"

TEST_F(ZipTools, ZipOfATree) {
  NEEDS("zip");
  expect_accepted("cd tree && rm é.txt && zip -qry ../x.zip .");
}

TEST_F(ZipTools, ZipIntoAPipe) {
  NEEDS_STREAMING_ZIP();
  expect_accepted("cd tree && rm é.txt && zip -qry - . | cat >../x.zip");
}

TEST_F(ZipTools, ZipStoredIntoAPipe) {
  NEEDS_STREAMING_ZIP();
  expect_accepted("cd tree && rm é.txt && zip -0qry - . | cat >../x.zip");
}

TEST_F(ZipTools, ZipWithForcedZip64) {
  NEEDS("zip");
  expect_accepted("cd tree && rm é.txt && zip -qry -fz ../x.zip .");
}

TEST_F(ZipTools, ZipWithForcedDescriptors) {
  NEEDS_STREAMING_ZIP();
  expect_accepted("cd tree && rm é.txt && zip -qry -fd ../x.zip .");
}

TEST_F(ZipTools, ZipUpdatedWithACommentAndDeletions) {
  NEEDS("zip");
  expect_accepted(
      "cd tree && rm é.txt && zip -qry ../x.zip . && touch -d 'next year' index.js && "
      "zip -qu ../x.zip index.js && zip -qd ../x.zip none && echo remark | zip -qz ../x.zip");
}

TEST_F(ZipTools, ZipWithAccentsInNames) {
  NEEDS("zip");
  const auto contents = make("cd tree && LC_ALL=C.UTF-8 zip -qry ../x.zip .");
  ASSERT_TRUE(contents) << contents.error().message;
  EXPECT_TRUE(std::ranges::count(*contents, "é.txt", &Contents::value_type::first) == 1);
}

TEST_F(ZipTools, ZipOfAPipeWithinATree) {
  NEEDS("zip");
  expect_accepted("cd tree && rm é.txt && zip -qr - . | cat >../x.zip");
}

TEST_F(ZipTools, PythonZipfileOfATree) {
  NEEDS("python3");
  expect_accepted(
      "python3 -m zipfile -c x.zip tree/index.js tree/node_modules tree/empty tree/none");
}

TEST_F(ZipTools, PythonShutilArchive) {
  NEEDS("python3");
  expect_accepted("python3 -c \"import shutil; shutil.make_archive('x', 'zip', 'tree')\"");
}

constexpr const char* python_into_a_pipe =
    "import sys, zipfile\n"
    "class Pipe:\n"
    "  def write(self, b): return sys.stdout.buffer.write(b)\n"
    "  def flush(self): pass\n"
    "with zipfile.ZipFile(Pipe(), 'w', getattr(zipfile, sys.argv[1])) as z:\n"
    "  for n in range(7): z.writestr(f'd{n}/é.txt', b'text' * n)\n"
    "  with z.open('wide', 'w', force_zip64=True) as f: f.write(b'w' * 1000)\n";

TEST_F(ZipTools, PythonZipfileIntoAPipe) {
  NEEDS("python3");
  save(folder_.path() / "make.py", bytes_of(python_into_a_pipe));
  expect_accepted("python3 make.py ZIP_DEFLATED >x.zip");
}

// Each size stands behind its content only.
TEST_F(ZipTools, PythonZipfileStoredIntoAPipeIsRefused) {
  NEEDS("python3");
  save(folder_.path() / "make.py", bytes_of(python_into_a_pipe));
  const auto contents = make("python3 make.py ZIP_STORED >x.zip");
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().message,
            "The entry \"d1/é.txt\" is stored without its size before its content; it has to be "
            "deflated, or stored by a program that does not write into a pipe.");
}

TEST_F(ZipTools, JarOfATree) {
  NEEDS("jar");
  expect_accepted("rm tree/é.txt && jar cf x.zip -C tree .");
}

TEST_F(ZipTools, JarStoredAndWithoutManifest) {
  NEEDS("jar");
  expect_accepted("rm tree/é.txt && jar cf0M x.zip -C tree .");
}

TEST_F(ZipTools, BsdtarOfATree) {
  NEEDS("bsdtar");
  expect_accepted("cd tree && rm é.txt && bsdtar -cf ../x.zip --format zip *");
}

// To a pipe it pads its output with zeros to a tar's block size: trailing data like any other.
TEST_F(ZipTools, BsdtarIntoAPipeIsRefusedForItsPadding) {
  NEEDS("bsdtar");
  const auto contents = make("cd tree && bsdtar -cf - --format zip * | cat >../x.zip");
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().message,
            "Data follows the archive's end record, or its comment is cut short.");
}

TEST_F(ZipTools, SevenZipOfATree) {
  NEEDS("7z");
  expect_accepted("cd tree && rm é.txt && 7z a -tzip ../x.zip . >/dev/null");
}

}  // namespace
}  // namespace hallmark::formats::test
