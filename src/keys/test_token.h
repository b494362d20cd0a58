// A SoftHSM token in a folder of its own. Only for tests.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::keys::test {

inline constexpr std::string_view softhsm_modules[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
};

// Empty, and said so loudly, where the machine has none.
inline std::string softhsm_module() {
  for (const std::string_view path : softhsm_modules) {
    if (std::filesystem::exists(path)) return std::string(path);
  }
  std::fprintf(stderr, "NOT TESTED: there is no SoftHSM (apt-get install softhsm2)\n");
  return {};
}

class TestToken {
 public:
  TestToken() : module_(softhsm_module()) {
    if (!usable()) return;
    std::filesystem::create_directory(tokens());
    write("softhsm2.conf",
          fmt::format("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                      tokens().string()));
    ::setenv("SOFTHSM2_CONF", (folder_.path() / "softhsm2.conf").c_str(), 1);
    write("pin", "2468\n");
    const auto made = hallmark::test::run(
        "softhsm2-util --init-token --free --label test --so-pin 13579 --pin 2468");
    EXPECT_EQ(made.status, 0) << made.output;
  }

  bool usable() const { return !module_.empty(); }
  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path tokens() const { return folder() / "tokens"; }
  std::string uri() const {
    return fmt::format("pkcs11:token=test?module-path={}&pin-source=file:{}", module_,
                       (folder() / "pin").string());
  }
  // In a shell; with the PIN.
  hallmark::test::CommandResult pkcs11_tool(const std::string& arguments) const {
    return hallmark::test::run(
        fmt::format("pkcs11-tool --module {} --login --pin 2468 {}", module_, arguments));
  }

  void write(std::string_view name, std::string_view content) {
    hallmark::test::expect_done(write_file_durably(folder() / name, bytes_of(content), 0600));
  }
  // As a token that is pulled out, and put in again.
  void vanish() { std::filesystem::rename(tokens(), folder() / "gone"); }
  void come_back() { std::filesystem::rename(folder() / "gone", tokens()); }

 private:
  hallmark::test::TemporaryFolder folder_;
  const std::string module_;
};

}  // namespace hallmark::keys::test
