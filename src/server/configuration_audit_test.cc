#include <gtest/gtest.h>

#include "base/test_support.h"
#include "server/configuration.h"

namespace hallmark::server {
namespace {

using test::error_of;
using test::value_of;

Result<Configuration> parse(std::string_view toml) {
  return Configuration::parse(toml, {"/etc/hallmark.toml", {}});
}

constexpr std::string_view whole = R"(
[audit]
reads = false
file = "audit.log"
syslog = "tcp:log.example.com:601"
required = true
)";

TEST(AuditConfiguration, IsRead) {
  EXPECT_EQ(value_of(parse(whole)).audit, (AuditSettings{.reads = false,
                                                         .file = "/etc/audit.log",
                                                         .syslog = "tcp:log.example.com:601",
                                                         .required = true}));
}

TEST(AuditConfiguration, IsAFileThatReadsBack) {
  const auto configuration = value_of(parse(whole));
  EXPECT_EQ(value_of(parse(configuration.settings())), configuration);
}

TEST(AuditConfiguration, IsRefusedWhenItIsWrong) {
  for (const char* toml : {"[audit]\nrequired = true", "[audit]\nfile = \"\"",
                           "[audit]\nsyslog = \"log:514\"", "[audit]\nsyslog = \"tcp:log\"",
                           "[audit]\nreads = 1", "[audit]\nsink = \"a\"", "audit = 1"}) {
    EXPECT_EQ(error_of(parse(toml)).kind, ErrorKind::invalid) << toml;
  }
}

}  // namespace
}  // namespace hallmark::server
