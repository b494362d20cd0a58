// Archives read into memory, and programs run. Only for tests.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/limits.h"
#include "base/read_at.h"
#include "formats/zip_directory.h"
#include "formats/zip_reader.h"

namespace hallmark::formats::test {

// Names and bodies in the order of the archive.
using Contents = std::vector<std::pair<std::string, std::string>>;

class Collector final : public ZipVisitor {
 public:
  Result<void> begin(const ZipEntry& entry) override {
    contents_.emplace_back(entry.name, "");
    return {};
  }
  Result<void> content(ByteView bytes) override {
    contents_.back().second += text_of(bytes);
    return {};
  }
  Contents take() { return std::move(contents_); }

 private:
  Contents contents_;
};

inline constexpr std::uint64_t test_bytes_max = 250 * limits::mebibyte;

inline Result<Contents> read_by(Inflating inflating, const ReadAt& archive) {
  TRY(const auto directory, read_zip_directory(archive));
  TRY(check_zip_size(directory, test_bytes_max));
  Collector collector;
  TRY(read_zip_content({directory, archive, inflating}, collector));
  return collector.take();
}

// Strictly; the quick reading has to agree.
inline Result<Contents> read_all(const ReadAt& archive) {
  auto strict = read_by(Inflating::strict, archive);
  const auto quick = read_by(Inflating::quick, archive);
  EXPECT_EQ(strict.has_value(), quick.has_value());
  if (strict && quick) {
    EXPECT_TRUE(*strict == *quick);
  }
  return strict;
}

inline Result<Contents> read_all(const Bytes& archive) { return read_all(MemoryReadAt(archive)); }

// A folder that is gone with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hallmark-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int status = -1;
  std::string output;  // and errors
};

// Runs a line of shell in `folder`.
inline Ran run(const std::filesystem::path& folder, const std::string& line) {
  const std::string command = "cd '" + folder.string() + "' && { " + line + "\n} 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  CHECK(pipe != nullptr);
  Ran ran;
  std::array<char, 4096> buffer = {};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    ran.output.append(buffer.data(), count);
  }
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

inline bool has_tool(const std::string& tool) {
  return run("/", "command -v " + tool + " >/dev/null").status == 0;
}

inline Bytes load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file.good());
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

inline void save(const std::filesystem::path& path, ByteView content) {
  std::ofstream file(path, std::ios::binary);
  file.write(text_of(content).data(), std::streamsize(content.size()));
  file.flush();
  CHECK(file.good());
}

}  // namespace hallmark::formats::test
