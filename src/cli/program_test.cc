#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/serving.h"
#include "cli/test_command.h"
#include "keys/file_keys.h"
#include "server/test_installation.h"

namespace hallmark::cli {
namespace {

namespace fs = std::filesystem;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::CommandTest;
using test::Done;
using test::hallmark;
using test::has;

// "object put" as two arguments, and what is added.
std::vector<std::string> words(std::string_view name, std::vector<std::string> more) {
  std::vector<std::string> all;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find(' '), name.size());
    all.emplace_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Usage.

TEST(Program, EveryCommandExplainsItself) {
  for (const Command* command : commands()) {
    const Done done = hallmark(words(command->name, {"--help"}));
    EXPECT_EQ(done.status, 0) << command->name;
    EXPECT_TRUE(has(done.out, command->summary)) << done.out;
    for (const Option& option : command->options) {
      EXPECT_TRUE(has(done.out, option.name)) << done.out;
    }
  }
}

TEST(Program, HelpListsEveryCommandOrItsGroup) {
  const Done done = hallmark({"--help"});
  EXPECT_EQ(done.status, 0);
  for (const Command* command : commands()) {
    EXPECT_TRUE(has(done.out, command->name.substr(0, command->name.find(' '))));
  }
}

TEST(Program, TheVersionIsPrinted) {
  const Done done = hallmark({"--version"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(std::ranges::count(done.out, '.'), 2) << done.out;
}

TEST(Program, WrongUsageExitsWith2AndALineOnStderr) {
  const std::vector<std::vector<std::string>> all = {
      {},
      {"nonsense"},
      {"object"},
      {"object", "nonsense"},
      {"check"},
      {"check", "--data-dir"},
      {"check", "--data-dir", ""},
      {"check", "--data-dir", "a", "--nonsense"},
      {"check", "--data-dir", "a", "b"},
      {"check", "--data-dir", "a", "--data-dir", "b"},
      {"verify"},
      {"object", "put", "bucket/key", "--data-dir", "a"},
      {"init", "--data-dir", "a"},
      {"--nonsense"},
  };
  for (const auto& arguments : all) {
    const Done done = hallmark(arguments);
    EXPECT_EQ(done.status, 2) << testing::PrintToString(arguments);
    EXPECT_EQ(done.out, "") << testing::PrintToString(arguments);
    EXPECT_NE(done.err, "") << testing::PrintToString(arguments);
  }
}

TEST(Program, WrongUsageNamesTheCommand) {
  EXPECT_TRUE(has(hallmark({"object", "put", "bucket/key", "--data-dir", "a"}).err,
                  "`hallmark object put --help` says what it takes."));
  EXPECT_TRUE(has(hallmark({"check", "--nonsense"}).err, "hallmark check: "));
}

TEST(Program, PrintsThePagesOfItsManual) {
  const std::string commands_page = hallmark({"manual", "hallmark"}).out;
  for (const char* heading : {".SS verify\n", ".SS object put\n", ".SS access\\-key create\n"}) {
    EXPECT_TRUE(has(commands_page, heading)) << heading;
  }
  EXPECT_TRUE(has(hallmark({"manual", "hallmark.toml"}).out, "[throttle]"));
  EXPECT_EQ(hallmark({"manual", "intro"}).status, 2);
}

TEST(Program, PrintsAConfigurationFileThatItReads) {
  const Done done = hallmark({"configuration"});
  ::hallmark::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "hallmark.toml";
  expect_done(write_file_durably(file, bytes_of(done.out), 0600));
  EXPECT_EQ(value_of(server::read_configuration(file)), server::Configuration());
}

TEST(Program, PrintsCompletionsForTheShellsThatItKnows) {
  for (const char* shell : {"bash", "zsh"}) {
    EXPECT_TRUE(has(hallmark({"completion", shell}).out, "'object put')")) << shell;
  }
  EXPECT_EQ(hallmark({"completion", "tcsh"}).status, 2);
}

TEST(Program, HelpIsACommandToo) {
  EXPECT_EQ(hallmark({"help"}).out, hallmark({"--help"}).out);
  EXPECT_EQ(hallmark({"help", "audit", "verify"}).out, hallmark({"audit", "verify", "--help"}).out);
  EXPECT_EQ(hallmark({"help", "audit"}).out, hallmark({"audit", "--help"}).out);
  EXPECT_EQ(hallmark({"help", "nonsense"}).status, 2);
}

TEST(Program, AGroupAloneListsItsCommandsOnStderr) {
  for (const Command* command : commands()) {
    const std::string name(command->name);
    const std::size_t space = name.find(' ');
    if (space == name.npos) continue;
    const Done alone = hallmark({name.substr(0, space)});
    EXPECT_EQ(alone.status, 2) << name;
    EXPECT_EQ(alone.out, "");
    EXPECT_TRUE(has(alone.err, name.substr(space + 1))) << alone.err;
    const Done asked = hallmark({name.substr(0, space), "--help"});
    EXPECT_EQ(asked.status, 0) << name;
    EXPECT_EQ(asked.out, alone.err);
  }
}

TEST(Program, AnUnknownCommandGetsTheNearOne) {
  EXPECT_EQ(hallmark({"authorit"}).err,
            "hallmark: There is no command `authorit`. Did you mean `authority`? `hallmark --help` "
            "lists them.\n");
  EXPECT_EQ(hallmark({"audit", "verfy", "--data-dir", "a"}).err,
            "hallmark: There is no command `audit verfy`. Did you mean `audit verify`? `hallmark "
            "audit --help` lists them.\n");
  EXPECT_EQ(hallmark({"nonsense"}).err,
            "hallmark: There is no command `nonsense`. `hallmark --help` lists them.\n");
}

// Listeners.

Result<server::ServiceOptions> listeners(std::string_view listen, std::string_view operations) {
  Arguments arguments;
  if (!listen.empty()) arguments.set("--listen", std::string(listen));
  if (!operations.empty()) arguments.set("--ops-listen", std::string(operations));
  return read_service_options(arguments);
}

TEST(ReadListeners, HasFixedDefaults) {
  const auto options = value_of(listeners("", ""));
  EXPECT_EQ(options.listen.address, "127.0.0.1");
  EXPECT_EQ(options.listen.port, 9400);
  EXPECT_EQ(options.operations.port, 9401);
}

TEST(ReadListeners, AChosenPortLeavesTheOperationsOneFree) {
  EXPECT_EQ(value_of(listeners("127.0.0.1:1234", "")).operations.port, 0);
  EXPECT_EQ(value_of(listeners("127.0.0.1:1234", "127.0.0.1:77")).operations.port, 77);
}

TEST(ReadListeners, TakesIpv6InBracketsAndLocalhost) {
  EXPECT_EQ(value_of(listeners("[::1]:0", "")).listen.address, "::1");
  EXPECT_EQ(value_of(listeners("localhost:0", "")).listen.address, "127.0.0.1");
}

TEST(ReadListeners, NamesTheOptionThatIsWrong) {
  for (const char* text : {"9400", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:80x"}) {
    EXPECT_TRUE(has(error_of(listeners(text, "")).message, "--listen")) << text;
    EXPECT_TRUE(has(error_of(listeners("", text)).message, "--ops-listen")) << text;
  }
}

TEST(ReadConfiguration, OptionsWinOverTheFile) {
  ::hallmark::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "hallmark.toml";
  constexpr std::string_view text =
      "listen = \"127.0.0.1:1111\"\nops_listen = \"127.0.0.1:2222\"\n[throttle.operations]\n"
      "StartSigningJob = 7\n";
  expect_done(write_file_durably(file, bytes_of(text), 0600));
  Arguments arguments;
  arguments.set("--config", file.string());
  arguments.set("--listen", "127.0.0.1:3333");
  const auto options = value_of(read_service_options(arguments));
  EXPECT_EQ(options.listen.port, 3333);
  EXPECT_EQ(options.operations.port, 2222);
  EXPECT_EQ(options.configuration.throttle.rate_of("StartSigningJob"), 7u);
}

TEST(ReadConfiguration, NamesTheFileThatIsWrong) {
  Arguments arguments;
  arguments.set("--config", "/nowhere/hallmark.toml");
  EXPECT_TRUE(has(error_of(read_service_options(arguments)).message, "/nowhere/hallmark.toml"));
}

// Commands on a data directory.

void expect_status(const Done& done, int status, std::string_view message) {
  EXPECT_EQ(done.status, status);
  EXPECT_TRUE(done.err.starts_with("hallmark: ")) << done.err;
  EXPECT_TRUE(has(done.err, message)) << done.err;
  EXPECT_EQ(std::ranges::count(done.err, '\n'), 1) << done.err;
}

void expect_failure(const Done& done, std::string_view message) { expect_status(done, 1, message); }
void expect_usage(const Done& done, std::string_view message) { expect_status(done, 2, message); }

TEST_F(CommandTest, CheckOfASoundInstallationSaysSo) {
  make();
  const Done done = hallmark({"check", "--data-dir", data()});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(done.out, "the store and its audit chain are sound; the last audit record is "));
}

TEST_F(CommandTest, CommandsOnNothingSaySoAndMakeNothing) {
  for (const char* command : {"check", "env", "trust export"}) {
    expect_failure(
        hallmark(words(command, {"--data-dir", data()})),
        data() + " is no Hallmark data directory: it is not initialised. Run `hallmark init`");
  }
  EXPECT_FALSE(fs::exists(directory.path));
}

TEST_F(CommandTest, AFileInPlaceOfADirectoryIsNoDataDirectory) {
  const std::string file = write("file", "");
  expect_failure(hallmark({"trust", "export", "--data-dir", file}),
                 "is no Hallmark data directory");
}

TEST_F(CommandTest, WhoHoldsADirectoryIsSaid) {
  make();
  const auto lock = value_of(server::DirectoryLock::take(directory));
  expect_failure(
      hallmark({"check", "--data-dir", data()}),
      fmt::format("{} is in use by another hallmark process (process {}). Stop it first.", data(),
                  ::getpid()));
}

TEST_F(CommandTest, TheFilesOfOptionsAreNamedWithThem) {
  make();
  const std::string none = (folder.path() / "none").string();
  const std::string refusal = ": cannot open " + none + ": No such file or directory";
  expect_failure(hallmark({"server", "--data-dir", data(), "--config", none}),
                 "hallmark: --config" + refusal + "\n");
  expect_failure(hallmark({"server", "--data-dir", data(), "--config", data()}),
                 "hallmark: --config: cannot open " + data() + ": Is a directory\n");
  expect_failure(hallmark({"env", "--data-dir", data(), "--ca-file", none}),
                 "hallmark: --ca-file" + refusal + "\n");
  expect_failure(
      hallmark({"authority", "renew", "--data-dir", data(), "--root", none, "--master-key", none}),
      "hallmark: --root" + refusal + "\n");
  expect_failure(hallmark({"audit", "verify", none}),
                 "hallmark: cannot open " + none + ": No such file or directory\n");
  expect_failure(hallmark({"audit", "verify", none, "--trust-root", none}),
                 "hallmark: --trust-root" + refusal + "\n");
}

TEST_F(CommandTest, AMissingMasterKeyIsNamedWithItsPlace) {
  make();
  const std::string none = (folder.path() / "none").string();
  expect_failure(hallmark({"server", "--data-dir", data(), "--master-key", none}),
                 "The master key: cannot open " + none + ": No such file or directory\n");
  write("data/keys", "master_key = " + none + "\n");
  expect_failure(hallmark({"server", "--data-dir", data()}),
                 "No such file or directory. The place is from " + data() +
                     "/keys; --master-key names another.\n");
}

TEST_F(CommandTest, ARotationOnlineNeedsTheNewMasterKey) {
  make();
  expect_usage(hallmark({"server", "--data-dir", data(), "--old-master-key", "old"}),
               "--old-master-key needs --master-key");
}

TEST_F(CommandTest, WhatIsNoAuditLogIsNamedWithItsLine) {
  expect_failure(hallmark({"audit", "verify", write("text", "one\ntwo\n")}),
                 "text: line 1 is not a record of the audit log: it is not JSON\n");
  expect_failure(hallmark({"audit", "verify", write("list", "[]\n")}), "it is no JSON object\n");
  expect_failure(hallmark({"audit", "verify", folder.path().string()}), "Is a directory\n");
}

TEST_F(CommandTest, TrustExportPrintsTheRoots) {
  make();
  const Done done = hallmark({"trust", "export", "--data-dir", data()});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.out, value_of(read_file(directory.root_certificates(), 1 << 20)));
}

TEST_F(CommandTest, ServerNeedsTheRightMasterKey) {
  make();
  const std::string other = (folder.path() / "other.key").string();
  crypto::SystemRandom random;
  expect_done(keys::write_master_key(other, random));
  expect_failure(
      hallmark({"server", "--data-dir", data(), "--master-key", other, "--listen", "127.0.0.1:0"}),
      "The master key is not the one that this installation was made with.");
  expect_failure(hallmark({"server", "--data-dir", data(), "--master-key",
                           (folder.path() / "missing").string()}),
                 "");
}

// object.

class ObjectTest : public CommandTest {
 protected:
  ObjectTest() { make(); }
  Done object(std::string_view verb, std::vector<std::string> more) {
    more.insert(more.end(), {"--data-dir", data()});
    return hallmark(words("object " + std::string(verb), more));
  }
  std::string put(const std::string& target, std::string_view content) {
    const Done done = object("put", {target, write("upload", content)});
    EXPECT_EQ(done.status, 0) << done.err;
    return done.out.substr(0, done.out.find('\n'));
  }
  std::string fetched(std::vector<std::string> of) {
    const std::string output = (folder.path() / "download").string();
    of.insert(of.end(), {"-o", output, "--force"});
    const Done done = object("get", of);
    EXPECT_EQ(done.status, 0) << done.err;
    return value_of(read_file(output, 1 << 20));
  }
};

TEST_F(ObjectTest, WhatIsPutIsFetched) {
  put("bucket/a/b.zip", "content");
  EXPECT_EQ(fetched({"bucket/a/b.zip"}), "content");
}

TEST_F(ObjectTest, PutPrintsTheVersionThatGetTakes) {
  const std::string first = put("bucket/a", "one");
  put("bucket/a", "two");
  EXPECT_EQ(fetched({"bucket/a"}), "two");
  EXPECT_EQ(fetched({"bucket/a", "--version", first}), "one");
}

TEST_F(ObjectTest, ListsShowBucketsAndKeys) {
  put("bucket/a", "12345");
  EXPECT_EQ(object("list", {}).out, "bucket\n");
  EXPECT_EQ(object("list", {"--bucket", "bucket"}).out, "           5  a\n");
}

TEST_F(ObjectTest, VersionsAreListedNewestFirst) {
  const std::string first = put("bucket/a", "one");
  const std::string second = put("bucket/a", "two");
  const std::string out = object("versions", {"bucket/a"}).out;
  EXPECT_LT(out.find(second), out.find(first));
}

TEST_F(ObjectTest, FailuresAreOneLine) {
  expect_usage(object("put", {"bucket", write("upload", "")}), "is not of the form BUCKET/KEY");
  expect_usage(object("put", {"/key", write("upload", "")}), "is not of the form BUCKET/KEY");
  expect_failure(object("put", {"bucket/key", "/nowhere"}),
                 "cannot open /nowhere: No such file or directory");
  expect_failure(object("put", {"Bucket/key", write("upload", "")}), "A bucket name");
  expect_failure(object("get", {"bucket/key", "-o", (folder.path() / "got").string()}),
                 "The bucket bucket does not");
  expect_failure(object("list", {"--bucket", "nowhere"}), "The bucket nowhere does not exist.");
  expect_failure(object("versions", {"nowhere/key"}), "The bucket nowhere does not exist.");
}

TEST_F(ObjectTest, ABucketIsNotMadeOutsideOfAnInstallation) {
  const std::string elsewhere = (folder.path() / "elsewhere").string();
  expect_failure(hallmark({"object", "create-bucket", "bucket", "--data-dir", elsewhere}),
                 "is not initialised");
  EXPECT_FALSE(fs::exists(elsewhere));
}

// init.

class InitTest : public CommandTest {
 protected:
  std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"init",     "--data-dir", data(),  "--master-key",
                                    master_key, "--root-out", root_out};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  const std::string master_key = (folder.path() / "master.key").string();
  const std::string root_out = (folder.path() / "root.pem").string();
};

TEST_F(InitTest, AnInstallationIsMadeThatChecksAndKeepsNoRootKey) {
  const Done done = hallmark(arguments({"--account-id", "111122223333", "--region", "eu-west-1"}));
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(value_of(read_file(root_out, 1 << 20)), "BEGIN ENCRYPTED PRIVATE KEY"));
  EXPECT_EQ(hallmark({"check", "--data-dir", data()}).status, 0);
  const auto facts = value_of(server::read_facts(directory));
  EXPECT_EQ(facts.account.view(), "111122223333");
  EXPECT_EQ(facts.home.region, "eu-west-1");
}

TEST_F(InitTest, ThePassphraseOpensTheRootKey) {
  const Done done = hallmark(arguments());
  const std::size_t at = done.out.find("root key passphrase     ") + 24;
  const std::string passphrase =
      write("passphrase", done.out.substr(at, done.out.find('\n', at) - at));
  EXPECT_EQ(
      ::hallmark::test::run("openssl pkey -noout -in " + root_out + " -passin file:" + passphrase)
          .status,
      0);
}

TEST_F(InitTest, ASecondInitChangesNothing) {
  hallmark(arguments());
  const std::string before = value_of(read_file(directory.installation(), 1024));
  expect_failure(hallmark(arguments()), "is initialised already");
  EXPECT_EQ(value_of(read_file(directory.installation(), 1024)), before);
}

TEST_F(InitTest, ADirectoryWithOtherFilesIsRefusedAndLeftAsItIs) {
  fs::create_directory(directory.path);
  write("data/index.js", "mine");
  expect_failure(hallmark(arguments()), "is not empty");
  EXPECT_FALSE(fs::exists(master_key));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path), {}), 1);
}

TEST_F(InitTest, AStoreThatWasFinishedIsNeverReplaced) {
  hallmark(arguments());
  fs::remove(directory.installation());
  fs::rename(master_key, master_key + ".old");
  fs::remove(root_out);
  expect_failure(hallmark(arguments()), "holds a store");
  EXPECT_TRUE(fs::exists(directory.store()));
}

TEST_F(InitTest, AMissingFolderIsNamedBeforeAnythingIsMade) {
  expect_failure(hallmark({"init", "--data-dir", data(), "--master-key", master_key, "--root-out",
                           (folder.path() / "media/root.pem").string()}),
                 "--root-out: cannot write " + (folder.path() / "media/root.pem").string() +
                     ": No such file or directory");
  EXPECT_FALSE(fs::exists(master_key));
}

TEST_F(InitTest, TheAuditLogIsWholeFromTheBeginning) {
  ASSERT_EQ(hallmark(arguments()).status, 0);
  const Done verified = hallmark({"audit", "verify", "--data-dir", data()});
  EXPECT_EQ(verified.status, 0) << verified.err;
  EXPECT_TRUE(has(verified.out, "1 checkpoints, ")) << verified.out;
  EXPECT_TRUE(has(verified.out, "; 0 after it")) << verified.out;
}

TEST_F(InitTest, PathsAreSaidWithoutTheirDots) {
  const std::string dotted = (folder.path() / "x" / ".." / "data" / "").string();
  const Done done =
      hallmark({"init", "--data-dir", dotted, "--master-key",
                "file:" + (folder.path() / "." / "master.key").string(), "--root-out", root_out});
  EXPECT_TRUE(has(done.out, "initialised " + data() + "\n")) << done.out << done.err;
  EXPECT_TRUE(has(done.out, " " + master_key + " (")) << done.out;
  EXPECT_FALSE(fs::exists(folder.path() / "x"));
}

TEST_F(InitTest, KeysInsideOfTheDataDirectoryAreRefused) {
  expect_failure(hallmark({"init", "--data-dir", data(), "--master-key", data() + "/x/../m.key",
                           "--root-out", root_out}),
                 "must lie outside the data directory");
  EXPECT_FALSE(fs::exists(directory.path));
}

TEST_F(InitTest, BadFactsAreRefusedBeforeAnythingIsMade) {
  expect_usage(hallmark(arguments({"--account-id", "123"})), "--account-id");
  expect_usage(hallmark(arguments({"--region", "US East"})), "--region");
  expect_usage(hallmark(arguments({"--partition", "a:b"})), "--partition");
  EXPECT_FALSE(fs::exists(master_key));
  EXPECT_FALSE(fs::exists(directory.path));
}

}  // namespace
}  // namespace hallmark::cli
