// A server in this process, with the credentials of its first user beside it. Only for tests.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/test_program.h"
#include "server/service.h"
#include "server/test_installation.h"

namespace hallmark::cli::test {

using hallmark::test::expect_done;
using hallmark::test::value_of;

class RunningTest : public testing::Test {
 protected:
  RunningTest() {
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
          "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION", "AWS_DEFAULT_REGION",
          "AWS_ENDPOINT_URL_SIGNER", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"}) {
      ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
    }
    auto created = value_of(server::test::create(directory));
    expect_done(created.installation->finish());
    write_in(directory.credentials(),
             fmt::format("[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                         created.admin.id, hallmark::text_of(created.admin.secret.reveal())));
    service = value_of(
        server::Service::start(std::move(created.installation),
                               {.listen = {"127.0.0.1", 0}, .operations = {"127.0.0.1", 0}}));
  }
  ~RunningTest() override { service->stop(); }

  static void write_in(const std::filesystem::path& path, std::string_view content) {
    expect_done(write_file_durably(path, bytes_of(content), 0600));
  }
  std::string path(std::string_view name) const { return (folder.path() / name).string(); }
  std::string write(std::string_view name, std::string_view content) const {
    write_in(path(name), content);
    return path(name);
  }
  std::string data() const { return directory.path.string(); }
  // A command on the server's data directory.
  Done run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--data-dir", data()});
    return hallmark(std::move(arguments));
  }
  // The output of what must succeed.
  std::string done(std::vector<std::string> arguments) const {
    const Done ran = run(arguments);
    EXPECT_EQ(ran.status, 0) << testing::PrintToString(arguments) << ran.err;
    return ran.out;
  }
  static void expect_status(const Done& ran, int status, std::string_view message) {
    EXPECT_EQ(ran.status, status) << ran.err;
    EXPECT_TRUE(has(ran.err, message)) << ran.err;
  }
  static std::string vector_file(std::string_view name) {
    return fmt::format("{}/certificates/{}", HALLMARK_VECTORS, name);
  }

  hallmark::test::TemporaryFolder folder;
  const server::DataDirectory directory{folder.path() / "data"};
  std::unique_ptr<server::Service> service;
};

}  // namespace hallmark::cli::test
