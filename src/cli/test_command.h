// Commands on a data directory of their own. Only for tests.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"
#include "cli/test_program.h"
#include "server/test_installation.h"

namespace hallmark::cli::test {

class CommandTest : public testing::Test {
 protected:
  void make() { server::test::make_installation(directory); }
  std::string data() const { return directory.path.string(); }
  std::string write(std::string_view name, std::string_view content) const {
    const std::filesystem::path path = folder.path() / name;
    ::hallmark::test::expect_done(write_file_durably(path, bytes_of(content), 0600));
    return path.string();
  }

  ::hallmark::test::TemporaryFolder folder;
  const server::DataDirectory directory{folder.path() / "data"};
};

}  // namespace hallmark::cli::test
