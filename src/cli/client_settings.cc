#include "cli/client_settings.h"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "base/file.h"
#include "server/installation.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t endpoint_bytes_max = 1024;
constexpr std::size_t credentials_bytes_max = 1024 * 1024;

using Section = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// One section of an AWS shared-credentials file: "[name]", then lines "key = value".
Section section_of(std::string_view text, std::string_view name) {
  Section section;
  bool is_wanted = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) is_wanted = line == fmt::format("[{}]", name);
    const std::size_t equals = line.find('=');
    if (!is_wanted || equals == std::string_view::npos) continue;
    section[std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
  }
  return section;
}

std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = environment(name); !value.empty()) return value;
  }
  return {};
}

Result<std::string> endpoint_of(const ClientPlaces& places) {
  if (!places.endpoint.empty()) return places.endpoint;
  if (places.directory) TRY(server::require_initialised(*places.directory));
  if (places.directory && server::in_use(*places.directory)) {
    if (auto text = read_file(places.directory->endpoint(), endpoint_bytes_max)) return text;
  }
  if (places.directory) {
    return invalid(fmt::format("No server runs on {}.", places.directory->path.string()));
  }
  std::string named = first_of(places.environment, {"AWS_ENDPOINT_URL_SIGNER", "AWS_ENDPOINT_URL"});
  if (!named.empty()) return named;
  return invalid(
      "No server is named: give --endpoint or --data-dir, or set AWS_ENDPOINT_URL_SIGNER "
      "(`hallmark env` does).");
}

// The credentials file of the caller; empty: there is none.
std::string credentials_file_of(const ClientPlaces& places) {
  std::string named = places.environment("AWS_SHARED_CREDENTIALS_FILE");
  if (!named.empty()) return named;
  std::error_code unreadable;  // is not there for us
  if (places.directory && std::filesystem::exists(places.directory->credentials(), unreadable)) {
    return places.directory->credentials().string();
  }
  const std::string home = places.environment("HOME");
  return home.empty() ? std::string() : home + "/.aws/credentials";
}

Section read_section(const ClientPlaces& places) {
  const std::string file = credentials_file_of(places);
  if (file.empty()) return {};
  auto text = read_file(file, credentials_bytes_max);
  if (!text) return {};
  const std::string named = places.environment("AWS_PROFILE");
  Section section = section_of(*text, named.empty() ? "default" : named);
  wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
  return section;
}

std::string value_in(const Section& section, std::string_view name) {
  const auto found = section.find(name);
  return found == section.end() ? std::string() : found->second;
}

Result<void> read_credentials(ClientSettings& settings, const Environment& environment,
                              const Section& section) {
  settings.access_key_id = environment("AWS_ACCESS_KEY_ID");
  std::string secret = environment("AWS_SECRET_ACCESS_KEY");
  settings.session_token = environment("AWS_SESSION_TOKEN");
  if (settings.access_key_id.empty()) {
    settings.access_key_id = value_in(section, "aws_access_key_id");
    secret = value_in(section, "aws_secret_access_key");
    settings.session_token = value_in(section, "aws_session_token");
  }
  settings.secret_access_key = Secret(bytes_of(secret));
  if (!settings.access_key_id.empty() && !secret.empty()) return {};
  return invalid(
      "There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
      "AWS_SHARED_CREDENTIALS_FILE.");
}

Result<std::string> region_of(const ClientPlaces& places, const Section& section) {
  std::string region = first_of(places.environment, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (region.empty()) region = value_in(section, "region");
  if (!region.empty()) return region;
  if (!places.directory) return invalid("There is no region: set AWS_REGION.");
  TRY(const auto facts, server::read_facts(*places.directory));
  return facts.home.region;
}

}  // namespace

std::string variable_of_process(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string() : std::string(value);
}

Result<ClientSettings> read_client_settings(const ClientPlaces& places) {
  ClientSettings settings;
  TRY(settings.endpoint, endpoint_of(places));
  while (settings.endpoint.ends_with('\n') || settings.endpoint.ends_with('/')) {
    settings.endpoint.pop_back();
  }
  const Section section = read_section(places);
  TRY(settings.region, region_of(places, section));
  TRY(read_credentials(settings, places.environment, section));
  settings.ca_file = places.ca_file.empty() ? places.environment("AWS_CA_BUNDLE") : places.ca_file;
  return settings;
}

}  // namespace hallmark::cli
