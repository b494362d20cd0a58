#include "cli/client_settings.h"

#include <map>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::cli {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

class ClientSettingsTest : public testing::Test {
 protected:
  ClientPlaces places(std::string endpoint = {}) {
    return {.endpoint = std::move(endpoint),
            .directory = {},
            .environment = [this](const char* name) { return variables[name]; }};
  }
  static std::string secret_of(const ClientSettings& settings) {
    return std::string(text_of(settings.secret_access_key.reveal()));
  }
  void keep_credentials(std::string_view text) {
    const auto path = folder.path() / "credentials";
    expect_done(write_file_durably(path, bytes_of(text), 0600));
    variables["AWS_SHARED_CREDENTIALS_FILE"] = path.string();
  }

  hallmark::test::TemporaryFolder folder;
  std::map<std::string, std::string> variables = {{"AWS_ACCESS_KEY_ID", "AKIAONE"},
                                                  {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                  {"AWS_REGION", "eu-central-1"}};
};

TEST_F(ClientSettingsTest, ComeFromTheEnvironment) {
  variables["AWS_ENDPOINT_URL"] = "http://general";
  variables["AWS_ENDPOINT_URL_SIGNER"] = "http://signer/";
  variables["AWS_SESSION_TOKEN"] = "token";
  variables["AWS_CA_BUNDLE"] = "/ca.pem";
  const auto settings = value_of(read_client_settings(places()));
  EXPECT_EQ(settings.endpoint, "http://signer");
  EXPECT_EQ(settings.region, "eu-central-1");
  EXPECT_EQ(settings.access_key_id, "AKIAONE");
  EXPECT_EQ(secret_of(settings), "secret");
  EXPECT_EQ(settings.session_token, "token");
  EXPECT_EQ(settings.ca_file, "/ca.pem");
}

TEST_F(ClientSettingsTest, WhatTheCommandLineNamesWins) {
  variables["AWS_ENDPOINT_URL_SIGNER"] = "http://signer";
  EXPECT_EQ(value_of(read_client_settings(places("http://named"))).endpoint, "http://named");
}

TEST_F(ClientSettingsTest, AnAuthorityOnTheCommandLineWins) {
  variables["AWS_CA_BUNDLE"] = "/ca.pem";
  ClientPlaces named = places("https://named");
  named.ca_file = "/own.pem";
  EXPECT_EQ(value_of(read_client_settings(named)).ca_file, "/own.pem");
}

TEST_F(ClientSettingsTest, ComeFromTheProfileOfAFile) {
  variables.erase("AWS_ACCESS_KEY_ID");
  variables.erase("AWS_REGION");
  keep_credentials(
      "# keys\n[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key = one\n\n"
      "[other]\n aws_access_key_id = AKIAOTHER\r\naws_secret_access_key=t=wo\nregion = "
      "us-west-2\n");
  EXPECT_EQ(error_of(read_client_settings(places("http://a"))).message,
            "There is no region: set AWS_REGION.");
  variables["AWS_PROFILE"] = "other";
  const auto settings = value_of(read_client_settings(places("http://a")));
  EXPECT_EQ(settings.access_key_id, "AKIAOTHER");
  EXPECT_EQ(secret_of(settings), "t=wo");
  EXPECT_EQ(settings.region, "us-west-2");
}

TEST_F(ClientSettingsTest, SayWhatIsMissing) {
  EXPECT_NE(error_of(read_client_settings(places())).message.find("--endpoint"), std::string::npos);
  variables.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_NE(error_of(read_client_settings(places("http://a"))).message.find("AWS_ACCESS_KEY_ID"),
            std::string::npos);
}

}  // namespace
}  // namespace hallmark::cli
