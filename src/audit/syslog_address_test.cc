#include "audit/syslog_address.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::audit {
namespace {

using Transport = SyslogAddress::Transport;
using test::value_of;

TEST(SyslogAddress, IsASocketOnThisMachineOrAHostAndAPort) {
  EXPECT_EQ(value_of(SyslogAddress::parse("unix:/dev/log")),
            (SyslogAddress{Transport::unix_socket, "/dev/log", ""}));
  EXPECT_EQ(value_of(SyslogAddress::parse("udp:log.example.com:514")),
            (SyslogAddress{Transport::udp, "log.example.com", "514"}));
  EXPECT_EQ(value_of(SyslogAddress::parse("tcp:[::1]:601")),
            (SyslogAddress{Transport::tcp, "::1", "601"}));
}

TEST(SyslogAddress, IsNothingElse) {
  for (const char* text : {"", "unix:", "unix:dev/log", "udp:", "udp:host", "udp:host:", "udp::514",
                           "udp:host:0", "udp:host:65536", "udp:host:5x", "tcp:::1:601",
                           "tls:host:6514", "host:514", "udp:a host:514", "udp:h\n:514"}) {
    EXPECT_FALSE(SyslogAddress::parse(text)) << text;
  }
  EXPECT_FALSE(SyslogAddress::parse("unix:/" + std::string(200, 'x')));
  EXPECT_FALSE(SyslogAddress::parse("udp:" + std::string(300, 'x') + ":514"));
}

}  // namespace
}  // namespace hallmark::audit
