#include "store/postgresql_url.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hallmark::store {
namespace {

std::string option(const std::string& url, std::string_view name) {
  const auto parsed = PostgresqlUrl::parse(url);
  if (!parsed) return "refused: " + parsed.error().message;
  for (const auto& [key, value] : parsed->options()) {
    if (key == name) return value;
  }
  return "absent";
}

std::string refusal(const std::string& url) {
  const auto parsed = PostgresqlUrl::parse(url);
  if (parsed) return "taken";
  EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
  return describe(parsed.error());
}

TEST(PostgresqlUrl, IsReadAsLibpqDoes) {
  const std::string url = "postgresql://signer@db1:6000,db2/hallmark?sslmode=require";
  EXPECT_EQ(option(url, "host"), "db1,db2");
  EXPECT_EQ(option(url, "port"), "6000,");
  EXPECT_EQ(option(url, "user"), "signer");
  EXPECT_EQ(option(url, "dbname"), "hallmark");
  EXPECT_EQ(option(url, "sslmode"), "require");
}

TEST(PostgresqlUrl, MayNameTheFolderOfASocket) {
  EXPECT_EQ(option("postgresql:///hallmark?host=/run/postgresql", "host"), "/run/postgresql");
}

TEST(PostgresqlUrl, AsksForThePrimaryAndAVerifiedServerByItself) {
  EXPECT_EQ(option("postgresql://db/hallmark", "sslmode"), "verify-full");
  EXPECT_EQ(option("postgresql://db/hallmark", "target_session_attrs"), "read-write");
  EXPECT_EQ(option("postgresql://db/hallmark", "connect_timeout"), "5");
}

TEST(PostgresqlUrl, WithAPasswordIsRefusedAndNotRepeated) {
  for (const char* url :
       {"postgresql://signer:hunter2@db/hallmark", "postgresql://db/hallmark?password=hunter2",
        "postgresql://db/hallmark?sslpassword=hunter2"}) {
    EXPECT_NE(refusal(url).find("passfile"), std::string::npos) << url;
    EXPECT_EQ(refusal(url).find("hunter2"), std::string::npos) << url;
  }
}

TEST(PostgresqlUrl, ThatCannotBeReadIsNotRepeated) {
  for (const char* url :
       {"postgresql://signer:hunter2@db:port:1/x?y", "postgresql://db/?hunter2=1",
        "host=db password=hunter2", "", "sqlite:hunter2", "postgresql://[::1/x"}) {
    EXPECT_NE(refusal(url).find("of the form"), std::string::npos) << url;
    EXPECT_EQ(refusal(url).find("hunter2"), std::string::npos) << url;
  }
}

TEST(PostgresqlUrl, ThatFallsBackToPlainTextIsRefused) {
  for (const char* url : {"postgresql://db/x?sslmode=prefer", "postgresql://db/x?sslmode=allow"}) {
    EXPECT_NE(refusal(url).find("verify-full"), std::string::npos) << url;
  }
  EXPECT_EQ(option("postgresql://db/x?sslmode=disable", "sslmode"), "disable");
}

}  // namespace
}  // namespace hallmark::store
