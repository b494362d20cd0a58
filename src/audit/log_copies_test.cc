#include "audit/log_copies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/log_reader.h"
#include "audit/test_log.h"
#include "base/descriptor.h"
#include "base/file.h"

namespace hallmark::audit {
namespace {

using test::expect_done;
using test::value_of;

class FileCopyTest : public testing::Test {
 protected:
  // As after a restart.
  void make_copy() { copy_ = std::make_unique<LogCopy>(*log_.store, file_sink(path_.string())); }
  void copy_all() {
    while (value_of(copy_->step())) {
    }
  }
  std::string content() { return value_of(read_file(path_, 1024 * 1024)); }
  void overwrite(const std::string& text) {
    expect_done(write_file_durably(path_, bytes_of(text), 0600));
  }
  // The records of another log.
  static std::string make_foreign_lines(int count) {
    test::TestLog other;
    other.events = 1000;
    other.append(count);
    std::string text;
    for (const std::string& line : other.lines()) text += line + "\n";
    return text;
  }
  Result<std::vector<NodeSummary>> judge(LogRules rules = {}) {
    rules.roots = {log_.key.root};
    LogReader reader(std::move(rules));
    TRY(reader.take(bytes_of(content())));
    return reader.finish();
  }

  test::TestLog log_;
  const std::filesystem::path path_ = log_.folder.path() / "audit.log";
  std::unique_ptr<LogCopy> copy_ =
      std::make_unique<LogCopy>(*log_.store, file_sink(path_.string()));
};

// Whether it does, in a time that even a loaded machine needs never.
template <class Condition>
bool comes(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_F(FileCopyTest, ItHasEveryRecordAndCheckpointInOrder) {
  log_.append(3);
  copy_all();
  log_.checkpoint();
  log_.append(2);
  copy_all();
  const auto nodes = value_of(judge());
  EXPECT_EQ(nodes.front().last, 5);
  EXPECT_EQ(nodes.front().checkpoints, 1);
  EXPECT_EQ(copy_->lag(), 0);
}

TEST_F(FileCopyTest, ItIsOfTheOwnersEyesOnly) {
  log_.append(1);
  copy_all();
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms(0600));
}

TEST_F(FileCopyTest, AfterARestartItGoesOnWhereTheFileEnds) {
  log_.append(2);
  copy_all();
  make_copy();
  log_.append(2);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge()).front().last, 4);
}

TEST_F(FileCopyTest, AfterARestartWithAnEmptyFileItGoesOnWhereTheStoreSays) {
  log_.append(2);
  copy_all();  // the first step keeps the cursor, at once
  std::filesystem::rename(path_, log_.folder.path() / "old");
  make_copy();
  log_.append(2);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge({.first = 3})).front().last, 4);
}

TEST_F(FileCopyTest, AnotherFileAtItsPathIsGoneOnIn) {
  log_.append(2);
  copy_all();
  std::filesystem::rename(path_, log_.folder.path() / "old");
  log_.append(2);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge({.first = 3})).front().last, 4);
}

TEST_F(FileCopyTest, WhatACrashLeftOfALineIsCutOff) {
  log_.append(2);
  copy_all();
  overwrite(content() + R"({"node":0,"sequence":3,"prev)");
  make_copy();
  log_.append(1);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge()).front().last, 3);
}

TEST_F(FileCopyTest, AFileWhoseLastRecordIsNotTheStoresIsSetAsideAndANewOneBegins) {
  log_.append(2);
  copy_all();  // which keeps the cursor
  const std::string foreign = make_foreign_lines(5);
  overwrite(foreign);
  make_copy();
  log_.append(1);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(read_file(path_.string() + ".differs-1", 1024 * 1024)), foreign);
  EXPECT_EQ(value_of(judge({.first = 3})).front().last, 3);
  EXPECT_GT(copy_->failures(), 0u);
}

TEST_F(FileCopyTest, AFileThatIsAheadOfTheStoreIsSetAside) {
  log_.append(3);
  copy_all();
  const std::string ahead = content();
  const auto record = value_of(parse_log_line(log_.lines().back()));
  auto line = std::get<RecordLine>(record);
  line.place += 7;
  overwrite(ahead + text_of(line) + "\n");
  make_copy();
  log_.append(1);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge({.first = 4})).front().last, 4);
}

TEST_F(FileCopyTest, AFileThatEndsInWhatIsNoLineOfALogIsSetAside) {
  log_.append(2);
  copy_all();
  const std::string spoiled = content() + "spoiled\n";
  overwrite(spoiled);
  make_copy();
  log_.append(1);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(read_file(path_.string() + ".differs-1", 1024 * 1024)), spoiled);
  EXPECT_EQ(value_of(judge({.first = 3})).front().last, 3);
}

TEST_F(FileCopyTest, AFileOfAnotherKindIsSetAsideAsItIs) {
  log_.append(1);
  int number = 0;
  for (const std::string& text : {std::string("no newline"), std::string("a line\nno newline"),
                                  std::string(100, '\0'), std::string(line_bytes_max + 1, '\0')}) {
    overwrite(text);
    make_copy();
    copy_all();
    const auto aside = fmt::format("{}.differs-{}", path_.string(), ++number);
    EXPECT_EQ(value_of(read_file(aside, 2 * line_bytes_max)), text);
  }
}

TEST_F(FileCopyTest, WhatAPowerCutLeftOfTheFirstLineIsCutOff) {
  overwrite(R"({"nod)");
  log_.append(1);
  log_.checkpoint();
  make_copy();
  copy_all();
  EXPECT_EQ(value_of(judge()).front().last, 1);
}

TEST_F(FileCopyTest, SeveralFilesThatWereSetAsideAreAllKept) {
  log_.append(1);
  for (int i = 0; i < 2; ++i) {
    copy_all();
    overwrite(make_foreign_lines(5));
    make_copy();
  }
  copy_all();
  EXPECT_TRUE(std::filesystem::exists(path_.string() + ".differs-1"));
  EXPECT_TRUE(std::filesystem::exists(path_.string() + ".differs-2"));
}

TEST_F(FileCopyTest, WhatWasCutOffAtTheEndIsWrittenAgain) {
  log_.append(3);
  copy_all();
  overwrite(content().substr(0, content().find('\n') + 1));
  make_copy();
  log_.append(1);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge()).front().last, 4);
}

TEST_F(FileCopyTest, ADeviceThatIsFullFailsAndIsWrittenToWhenAnotherIsThere) {
  log_.append(2);
  std::filesystem::create_symlink("/dev/full", path_);
  EXPECT_FALSE(copy_->step());
  std::filesystem::remove(path_);
  log_.checkpoint();
  copy_all();
  EXPECT_EQ(value_of(judge()).front().last, 2);
}

TEST_F(FileCopyTest, AFolderThatIsNotThereIsAnError) {
  log_.append(1);
  LogCopy copy(*log_.store, file_sink((log_.folder.path() / "no" / "audit.log").string()));
  EXPECT_FALSE(copy.step());
}

TEST_F(FileCopyTest, TheGateClosesWhileARequiredCopyFailsAndOpensByItself) {
  std::vector<std::unique_ptr<LogSink>> sinks;
  sinks.push_back(file_sink(path_.string()));
  LogCopies copies(*log_.store, std::move(sinks), LogCopies::Need::required);
  copies.start();
  EXPECT_TRUE(copies.is_open());
  std::filesystem::remove(path_);
  std::filesystem::create_symlink("/dev/full", path_);
  log_.append(1);
  ASSERT_TRUE(comes([&] { return !copies.is_open(); }));
  EXPECT_GT(copies.all().front()->failures(), 0u);
  std::filesystem::remove(path_);
  ASSERT_TRUE(comes([&] { return copies.is_open(); }));
  copies.stop();
  EXPECT_NE(content().find("Event1"), std::string::npos);
}

TEST_F(FileCopyTest, UntilARequiredCopyHasWorkedOnceTheGateIsClosed) {
  std::filesystem::create_symlink("/dev/full", path_);
  log_.append(1);
  std::vector<std::unique_ptr<LogSink>> sinks;
  sinks.push_back(file_sink(path_.string()));
  LogCopies copies(*log_.store, std::move(sinks), LogCopies::Need::required);
  EXPECT_FALSE(copies.is_open());
  copies.start();
  EXPECT_FALSE(copies.is_open());
  std::filesystem::remove(path_);
  ASSERT_TRUE(comes([&] { return copies.is_open(); }));
  copies.stop();
  EXPECT_NE(content().find("Event1"), std::string::npos);
}

TEST_F(FileCopyTest, ACopyThatIsOnlyWantedClosesNothing) {
  std::filesystem::create_symlink("/dev/full", path_);
  std::vector<std::unique_ptr<LogSink>> sinks;
  sinks.push_back(file_sink(path_.string()));
  LogCopies copies(*log_.store, std::move(sinks), LogCopies::Need::wanted);
  copies.start();
  log_.append(1);
  ASSERT_TRUE(comes([&] { return !copies.all().front()->is_sound(); }));
  EXPECT_TRUE(copies.is_open());
}

// A syslog server of one socket.

constexpr std::size_t received_max = 256 * 1024;

class SyslogTest : public testing::Test {
 protected:
  std::string receive(int socket) {
    std::string buffer(received_max, '\0');
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    buffer.resize(count > 0 ? std::size_t(count) : 0);
    return buffer;
  }
  // Binds a socket to a free port of loopback; the port.
  int bind_free(Descriptor& socket, int type) {
    socket.reset(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&name);
    socklen_t size = sizeof(name);
    EXPECT_EQ(::bind(socket.get(), address, size), 0);
    EXPECT_EQ(::getsockname(socket.get(), address, &size), 0);
    return ntohs(name.sin_port);
  }
  int listen_free(Descriptor& socket) {
    const int port = bind_free(socket, SOCK_STREAM);
    EXPECT_EQ(::listen(socket.get(), 4), 0);
    return port;
  }
  static std::unique_ptr<LogSink> sink_to(std::string_view transport, int port) {
    const auto address = fmt::format("{}:127.0.0.1:{}", transport, port);
    return syslog_sink(value_of(SyslogAddress::parse(address)), "a host");
  }
  static void expect_message(std::string_view message) {
    EXPECT_TRUE(message.starts_with("<110>1 20")) << message;
    EXPECT_NE(message.find(" a_host hallmark "), message.npos);
    EXPECT_NE(message.find(R"( audit - {"node":0,"sequence":1,)"), message.npos);
  }

  test::TestLog log_;
};

TEST_F(SyslogTest, AUnixSocketGetsADatagramForEachLine) {
  const std::string path = (log_.folder.path() / "log").string();
  Descriptor server;
  server.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), name.sun_path);
  ASSERT_EQ(::bind(server.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  log_.append(1);
  LogCopy copy(*log_.store, syslog_sink(value_of(SyslogAddress::parse("unix:" + path)), "a host"));
  value_of(copy.step());
  expect_message(receive(server.get()));
}

TEST_F(SyslogTest, UdpGetsADatagramForEachLine) {
  Descriptor server;
  const int port = bind_free(server, SOCK_DGRAM);
  log_.append(2);
  LogCopy copy(*log_.store, sink_to("udp", port));
  value_of(copy.step());
  expect_message(receive(server.get()));
  EXPECT_NE(receive(server.get()).find(R"("sequence":2,)"), std::string::npos);
}

TEST_F(SyslogTest, TcpCountsOctetsAndNoticesAServerThatHasGone) {
  Descriptor server;
  const int port = listen_free(server);
  log_.append(1);
  LogCopy copy(*log_.store, sink_to("tcp", port));
  value_of(copy.step());
  Descriptor peer;
  peer.reset(::accept(server.get(), nullptr, nullptr));
  const std::string stream = receive(peer.get());
  const std::size_t space = stream.find(' ');
  EXPECT_EQ(std::stoul(stream.substr(0, space)), stream.size() - space - 1);
  expect_message(std::string_view(stream).substr(space + 1));

  peer.reset(-1);
  server.reset(-1);
  log_.append(1);
  EXPECT_FALSE(copy.step());
}

// What the kernel of a server has acknowledged and the server has not read is gone with it.
TEST_F(SyslogTest, TcpSendsTheLastRecordsOnceMoreWhenTheConnectionEnds) {
  Descriptor server;
  const int port = listen_free(server);
  LogCopy copy(*log_.store, sink_to("tcp", port));
  log_.append(2);
  value_of(copy.step());
  Descriptor peer;
  peer.reset(::accept(server.get(), nullptr, nullptr));
  peer.reset(-1);  // with all of it unread
  log_.append(1);
  ASSERT_TRUE(comes([&] { return copy.step().has_value(); }));
  peer.reset(::accept(server.get(), nullptr, nullptr));
  const std::string stream = receive(peer.get());
  for (const char* sequence : {"1", "2", "3"}) {
    EXPECT_NE(stream.find(fmt::format(R"("sequence":{},)", sequence)), stream.npos) << sequence;
  }
}

TEST_F(SyslogTest, ATcpConnectionThatWasClosedWhileIdleIsReplacedBeforeAnythingIsWritten) {
  Descriptor server;
  const int port = listen_free(server);
  LogCopy copy(*log_.store, sink_to("tcp", port));
  log_.append(1);
  value_of(copy.step());
  Descriptor peer;
  peer.reset(::accept(server.get(), nullptr, nullptr));
  receive(peer.get());
  peer.reset(-1);
  value_of(copy.step());  // nothing is new
  peer.reset(::accept(server.get(), nullptr, nullptr));
  EXPECT_NE(receive(peer.get()).find(R"("sequence":1,)"), std::string::npos);
}

TEST_F(SyslogTest, AnotherProcessSendsTheLastRecordsOnceMoreToo) {
  Descriptor server;
  const int port = listen_free(server);
  const auto address = value_of(SyslogAddress::parse("tcp:127.0.0.1:" + std::to_string(port)));
  log_.append(1);
  value_of(LogCopy(*log_.store, syslog_sink(address, "a host")).step());
  Descriptor peer;
  peer.reset(::accept(server.get(), nullptr, nullptr));
  value_of(LogCopy(*log_.store, syslog_sink(address, "a host")).step());
  peer.reset(::accept(server.get(), nullptr, nullptr));
  EXPECT_NE(receive(peer.get()).find(R"("sequence":1,)"), std::string::npos);
}

TEST_F(SyslogTest, ARecordTooLongForAMessageLeavesItsBodyOut) {
  Descriptor server;
  const int port = bind_free(server, SOCK_DGRAM);
  const auto record = record_event("Event", log_.clock.now(), {},
                                   {{"policy", std::string(syslog_line_bytes_max, 'x')}});
  expect_done(
      log_.store->write([&](store::Transaction& tx) { return store::append_audit(tx, record); }));
  LogCopy copy(*log_.store, sink_to("udp", port));
  value_of(copy.step());
  EXPECT_NE(receive(server.get()).find("\"omitted\":"), std::string::npos);
}

}  // namespace
}  // namespace hallmark::audit
