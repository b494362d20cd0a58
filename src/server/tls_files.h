// The certificate of the listeners, kept in step with its files.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "http/tls.h"
#include "server/configuration.h"

namespace hallmark::server {

// Owns a thread, which looks at the files every few seconds.
class TlsFiles {
 public:
  // Invalid, naming the file: it cannot be read or used, or others may read the key. Names of
  // `host_names`, or their data- and verification. forms, that the certificate does not cover are
  // warned of in the log. The clock outlives the object.
  static Result<std::unique_ptr<TlsFiles>> open(const TlsSettings& settings,
                                                std::vector<std::string> host_names,
                                                const Clock& clock);
  struct Read {
    std::shared_ptr<const http::TlsIdentity> api, operations;
    std::string stamps;  // of the files, from before they were read
  };
  TlsFiles(const TlsSettings& settings, std::vector<std::string> host_names, const Clock& clock,
           Read first);  // by open()
  ~TlsFiles();
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  // For the API: with certificates of clients, if these are asked for. For operations: without.
  const http::TlsIdentities& for_api() const { return api_; }
  const http::TlsIdentities& for_operations() const { return operations_; }

  // Reads the files now. What is wrong with them is logged, and what was there before stays; they
  // are read again every few seconds until that is over. Any thread.
  void reload();
  // The end of the certificate that is used.
  Timestamp not_after() const { return api_.current()->not_after(); }

 private:
  void run(const std::stop_token& stop);
  void reload_if_changed();
  void read_again() REQUIRES_LOCK(mutex_);
  void warn_of_missing_names() const;
  void warn_of_end();

  const TlsSettings settings_;
  const std::vector<std::string> host_names_;
  const Clock& clock_;
  http::TlsIdentities api_, operations_;
  Mutex mutex_;  // one reads the files at a time
  std::string seen_ GUARDED_BY(mutex_);
  std::string failure_ GUARDED_BY(mutex_);  // why the last reading failed; empty: it did not
  Timestamp next_warning_;                  // the thread's own
  std::mutex wake_mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::server
