// A server on a Unix socket, and the file that names it.
#include "http/socket_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "http/testing.h"

namespace hallmark::http {
namespace {

using testing::Client;
using testing::echo;
using testing::Held;
using testing::response_of;
using testing::simple_get;
using testing::TestServer;
using testing::UnixSocket;

class SocketFileTest : public ::testing::Test {
 protected:
  ServerOptions options() const { return {.threads = 1, .socket_path = path_}; }

  Result<std::unique_ptr<Server>> listen() { return listen_at(path_); }
  Result<std::unique_ptr<Server>> listen_at(const std::string& path) {
    return Server::listen({.threads = 1, .socket_path = path}, handler_, refuse_, clock_, random_);
  }
  void expect_refused(const std::string& path, std::string_view words) {
    const Error error = test::error_of(listen_at(path));
    EXPECT_EQ(error.kind, ErrorKind::invalid) << path;
    EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
  }

  // As a process leaves it that was killed.
  void leave_socket_behind() {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(socket, 1), 0);
    ASSERT_EQ(::close(socket), 0);
    ASSERT_TRUE(exists());
  }

  bool exists() const { return std::filesystem::exists(std::filesystem::symlink_status(path_)); }

  test::TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "admin.sock";

 private:
  Handler handler_ = echo;
  RefusalRenderer refuse_ = [](const Error&, std::string_view) { return Response(); };
  SystemClock clock_;
  testing::CountingRandom random_;
};

TEST_F(SocketFileTest, LeadsToAServerThatKnowsTheUserOfItsPeer) {
  Held held;
  TestServer server(held.handler(), {}, options());
  Client client(UnixSocket{path_});
  client.send(simple_get);
  auto pair = held.take();
  EXPECT_EQ(pair.request.peer.user, ::geteuid());
  EXPECT_EQ(pair.request.peer.address, "");
  EXPECT_TRUE(pair.request.peer.secure);
  pair.reply(response_of("local"));
  EXPECT_EQ(client.read_answer().body, "local");
}

TEST_F(SocketFileTest, TakesThePlaceOfAddressAndPort) {
  ServerOptions both = options();
  both.address = "192.0.2.1";  // refused where it counts
  both.port = 1;
  TestServer server(echo, {}, both);
  EXPECT_EQ(server.port(), 0);
  EXPECT_EQ(Client(UnixSocket{path_}).ask(simple_get).status, 200);
}

TEST_F(SocketFileTest, HoldsTheSameFramingRules) {
  TestServer server(echo, {}, options());
  Client client(UnixSocket{path_});
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(SocketFileTest, HoldsTheSameDeadlines) {
  ServerLimits limits;
  limits.sweep_interval = std::chrono::milliseconds(2);
  limits.header_deadline = std::chrono::milliseconds(20);
  TestServer server(echo, limits, options());
  EXPECT_EQ(Client(UnixSocket{path_}).ask("GET / HTTP/1.1\r\nHo").status, 408);
}

TEST_F(SocketFileTest, IsTheOwnersAloneWhateverTheUmaskAllows) {
  const mode_t before = ::umask(0);
  const auto server = listen();
  ::umask(before);
  ASSERT_TRUE(server) << describe(server.error());
  struct stat file {};
  ASSERT_EQ(::lstat(path_.c_str(), &file), 0);
  EXPECT_TRUE(S_ISSOCK(file.st_mode));
  EXPECT_EQ(file.st_mode & ALLPERMS, mode_t(0600));
}

TEST_F(SocketFileTest, OfADeadProcessIsReplaced) {
  leave_socket_behind();
  TestServer server(echo, {}, options());
  EXPECT_EQ(Client(UnixSocket{path_}).ask(simple_get).status, 200);
}

TEST_F(SocketFileTest, OfALiveProcessIsRefusedAndLeftAlone) {
  TestServer server(echo, {}, options());
  expect_refused(path_, "in use");
  EXPECT_EQ(Client(UnixSocket{path_}).ask(simple_get).status, 200);
}

TEST_F(SocketFileTest, IsNotPutInPlaceOfSomethingElse) {
  std::ofstream(path_) << "precious";
  expect_refused(path_, "no socket");
  EXPECT_EQ(std::filesystem::file_size(path_), 8u);
}

TEST_F(SocketFileTest, IsNotPutInPlaceOfALink) {
  leave_socket_behind();
  const std::string link = folder_.path() / "link";
  std::filesystem::create_symlink(path_, link);
  expect_refused(link, "no socket");
  EXPECT_TRUE(exists());
}

TEST_F(SocketFileTest, NeedsAFolderThatIsThere) {
  expect_refused(folder_.path() / "none" / "admin.sock", "in no folder");
}

TEST_F(SocketFileTest, SaysThatAPathIsTooLong) {
  const std::string folder = folder_.path().string() + "/";
  const std::string longest = folder + std::string(107 - folder.size(), 'x');
  EXPECT_TRUE(listen_at(longest));
  expect_refused(longest + "x", "too long");
}

TEST_F(SocketFileTest, NamesNoAbstractSocket) {
  expect_refused(std::string("\0abstract", 9), "null character");
}

TEST_F(SocketFileTest, IsGoneAfterStop) {
  TestServer server(echo, {}, options());
  EXPECT_EQ(Client(UnixSocket{path_}).ask(simple_get).status, 200);
  server.stop();
  EXPECT_FALSE(exists());
}

TEST_F(SocketFileTest, IsGoneAfterAServerThatNeverStarted) {
  ASSERT_TRUE(listen());
  EXPECT_FALSE(exists());
}

TEST_F(SocketFileTest, OfAnotherIsNotRemovedAtStop) {
  TestServer server(echo, {}, options());
  ASSERT_TRUE(std::filesystem::remove(path_));
  TestServer next(echo, {}, options());
  server.stop();
  EXPECT_EQ(Client(UnixSocket{path_}).ask(simple_get).status, 200);
}

}  // namespace
}  // namespace hallmark::http
