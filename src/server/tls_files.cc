#include "server/tls_files.h"

#include <sys/stat.h>

#include <utility>

#include <fmt/format.h>

#include "base/address.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/operator_words.h"
#include "keys/secret_file.h"

namespace hallmark::server {
namespace {

constexpr auto look_interval = std::chrono::seconds(5);  // how soon a changed file is noticed
constexpr auto warning_time = std::chrono::days(14);     // before the certificate's end
constexpr auto warning_interval = std::chrono::days(1);
constexpr std::size_t key_bytes_max = 64 * 1024;
constexpr std::size_t authorities_bytes_max = 1024 * 1024;  // a company may have many

// Names the file once.
Error about(const std::filesystem::path& file, const Error& error) {
  if (const auto refusal = find_machine_refusal(error))
    return {error.kind, std::string(*refusal), {}};
  if (error.message.find(file.string()) != std::string::npos) return error;
  return {error.kind, fmt::format("{}: {}", file.string(), error.message), error.detail};
}

Result<std::string> read_pem(const std::filesystem::path& file, std::size_t bytes_max) {
  auto text = read_file(file, bytes_max);
  if (!text) return about(file, text.error());
  return text;
}

// What changes when a file is written or replaced.
std::string stamp_of(const std::filesystem::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return "none;";
  return fmt::format("{} {} {} {}.{} {}.{};", status.st_dev, status.st_ino, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                     status.st_ctim.tv_nsec);
}

std::string stamps_of(const TlsSettings& settings) {
  return stamp_of(settings.certificate_file) + stamp_of(settings.key_file) +
         stamp_of(settings.client_ca_file);
}

Result<TlsFiles::Read> read_files(const TlsSettings& settings, Timestamp now) {
  TlsFiles::Read read{.api = {}, .operations = {}, .stamps = stamps_of(settings)};
  http::TlsMaterial material;
  TRY(material.certificate_chain,
      read_pem(settings.certificate_file, limits::certificate_pem_bytes_max));
  auto key = keys::read_secret_file(settings.key_file.string(), key_bytes_max);
  if (!key) return about(settings.key_file, key.error());
  material.private_key = *std::move(key);
  auto made = http::TlsIdentity::make(material, now);
  if (!made) return about(settings.certificate_file, made.error());
  read.api = read.operations = *std::move(made);
  if (settings.client_ca_file.empty()) return read;
  TRY(material.client_authorities, read_pem(settings.client_ca_file, authorities_bytes_max));
  if (material.client_authorities.empty()) {
    return about(settings.client_ca_file, invalid("The file is empty."));
  }
  made = http::TlsIdentity::make(material, now);
  if (!made) return about(settings.client_ca_file, made.error());
  read.api = *std::move(made);
  return read;
}

}  // namespace

Result<std::unique_ptr<TlsFiles>> TlsFiles::open(const TlsSettings& settings,
                                                 std::vector<std::string> host_names,
                                                 const Clock& clock) {
  TRY(auto first, read_files(settings, clock.now()));
  auto files = std::make_unique<TlsFiles>(settings, std::move(host_names), clock, std::move(first));
  files->warn_of_missing_names();
  return files;
}

TlsFiles::TlsFiles(const TlsSettings& settings, std::vector<std::string> host_names,
                   const Clock& clock, Read first)
    : settings_(settings),
      host_names_(std::move(host_names)),
      clock_(clock),
      api_(std::move(first.api)),
      operations_(std::move(first.operations)),
      seen_(std::move(first.stamps)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

TlsFiles::~TlsFiles() {
  thread_.request_stop();
  thread_.join();
}

void TlsFiles::reload() {
  const MutexLock lock(mutex_);
  failure_.clear();  // who asks is told
  read_again();
}

void TlsFiles::read_again() {
  seen_ = stamps_of(settings_);  // before reading: what changes meanwhile is read again
  auto read = read_files(settings_, clock_.now());
  if (!read) {
    std::string reason = describe(read.error());
    if (reason != failure_) {
      log::error("the new TLS certificate is not taken, and the one before stays",
                 {{"reason", reason}});
    }
    failure_ = std::move(reason);
    return;
  }
  failure_.clear();
  api_.replace(std::move(read->api));
  operations_.replace(std::move(read->operations));
  log::info("the TLS certificate was read", {{"valid_until", to_rfc3339(not_after())}});
  warn_of_missing_names();
}

void TlsFiles::run(const std::stop_token& stop) {
  std::unique_lock lock(wake_mutex_);
  while (!stop.stop_requested()) {
    const auto looked = guarded([this] {
      warn_of_end();
      reload_if_changed();
    });
    if (!looked) log::error("the TLS files were not read", {{"error", describe(looked.error())}});
    wake_.wait_for(lock, stop, look_interval, [] { return false; });
  }
}

// Two files are not replaced in one moment: a pair that does not fit is read again when the second
// has come. What failed may have failed for another reason, and is tried again too.
void TlsFiles::reload_if_changed() {
  const MutexLock lock(mutex_);
  if (failure_.empty() && stamps_of(settings_) == seen_) return;
  read_again();
}

void TlsFiles::warn_of_missing_names() const {
  const auto identity = api_.current();
  for (const std::string& host : host_names_) {
    for (const char* prefix : {"", "data-", "verification."}) {
      const std::string name = prefix + host;
      if (*prefix != '\0' && parse_address(host)) continue;
      if (identity->covers(name)) continue;
      log::warning("the TLS certificate does not cover a name that clients use", {{"name", name}});
    }
  }
}

void TlsFiles::warn_of_end() {
  const Timestamp now = clock_.now();
  const Timestamp end = not_after();
  if (end - now > warning_time || now < next_warning_) return;
  next_warning_ = now + warning_interval;
  log::warning("the TLS certificate ends soon", {{"valid_until", to_rfc3339(end)}});
}

}  // namespace hallmark::server
