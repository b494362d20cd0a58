#include "cli/service_manager.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/test_support.h"

namespace hallmark::cli {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;

// The manager's end: a datagram socket of that name.
class Manager {
 public:
  explicit Manager(const std::string& name) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, address.sun_path);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length), 0);
  }
  ~Manager() { ::close(descriptor_); }
  // What lies there already: sending does not return before.
  std::string received() const {
    std::array<char, 256> buffer = {};
    const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return got < 0 ? "nothing" : std::string(buffer.data(), std::size_t(got));
  }

 private:
  const int descriptor_;
};

TEST(NotifyManager, ReachesASocketInTheFileSystem) {
  const ::hallmark::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "notify").string();
  const Manager manager(path);
  expect_done(notify_manager(path, manager_ready));
  EXPECT_EQ(manager.received(), "READY=1");
}

TEST(NotifyManager, ReachesAnAbstractSocket) {
  const std::string name = "@hallmark-test-" + std::to_string(::getpid());
  const Manager manager(name);
  expect_done(notify_manager(name, manager_stopping));
  EXPECT_EQ(manager.received(), "STOPPING=1");
}

TEST(NotifyManager, DoesNothingWithoutAManager) { expect_done(notify_manager("", manager_ready)); }

TEST(NotifyManager, FailsWhenNobodyListens) {
  const ::hallmark::test::TemporaryFolder folder;
  error_of(notify_manager((folder.path() / "none").string(), manager_ready));
}

TEST(NotifyManager, RefusesWhatIsNoName) {
  for (const std::string& name : {std::string("relative"), "/" + std::string(200, 'x')}) {
    EXPECT_EQ(error_of(notify_manager(name, manager_ready)).message,
              "NOTIFY_SOCKET names no socket.");
  }
}

}  // namespace
}  // namespace hallmark::cli
