#include "store/postgresql_cluster_test.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/file.h>

#include <cctype>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::store {
namespace {

constexpr char script[] = HALLMARK_VECTORS "/../support/postgresql-cluster";

// The first line that the command says.
std::string answer_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  CHECK(pipe != nullptr);
  std::string said(4096, '\0');
  said.resize(std::fread(said.data(), 1, said.size(), pipe));
  CHECK(::pclose(pipe) == 0);
  return said.substr(0, said.find('\n'));
}

void run_sql(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(url.c_str()), PQfinish);
  CHECK(PQstatus(session.get()) == CONNECTION_OK);
  const std::unique_ptr<PGresult, decltype(&PQclear)> done(PQexec(session.get(), sql.c_str()),
                                                           PQclear);
  CHECK(PQresultStatus(done.get()) == PGRES_COMMAND_OK);
}

// Held by the process as long as it lives.
std::filesystem::path start_cluster() {
  std::filesystem::path folder = answer_of(fmt::format("'{}' shared", script));
  const int users =
      ::open((folder.string() + ".users").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  CHECK(users >= 0 && ::flock(users, LOCK_SH) == 0);
  return folder;
}

}  // namespace

bool has_postgresql() {
  static const bool has =
      answer_of("ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null; true") != "";
  return has;
}

const std::filesystem::path& postgresql_cluster() {
  static const std::filesystem::path folder = start_cluster();
  return folder;
}

std::string postgresql_url(const std::filesystem::path& folder) {
  const std::string host = postgresql_cluster().string();
  std::string schema = "t_";
  for (const unsigned char c : folder.filename().string()) {
    schema += std::isalnum(c) != 0 ? fmt::format("{:02x}", c) : "";
  }
  const std::string url = fmt::format("postgresql://hallmark@/postgres?host={}", host);
  run_sql(url,
          fmt::format("SET client_min_messages = error; CREATE SCHEMA IF NOT EXISTS {}", schema));
  return fmt::format("{0}&options=-csearch_path%3D{1}&application_name={1}", url, schema);
}

}  // namespace hallmark::store
