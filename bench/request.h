// Requests of one kind, signed as a client signs them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "bench/options.h"
#include "sigv4/sigv4.h"

namespace hallmark::bench {

// Of the options method, path, query and body, where each "{n}" becomes a number that no other
// request of the kind has, counted from `first`; host, access_key, and secret from the environment
// (HALLMARK_BENCH_SECRET). The day's key is derived once.
class RequestMaker {
 public:
  explicit RequestMaker(const Options& options);

  // The whole bytes of the next request. HTTP/1.1, kept alive.
  std::string next();

 private:
  std::string filled(const std::string& text) const;

  const std::string method_, path_, query_, body_, host_, access_key_;
  const sigv4::Scope scope_;
  const Secret key_;
  std::uint64_t number_;
};

}  // namespace hallmark::bench
