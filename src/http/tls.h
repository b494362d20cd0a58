// The server's side of TLS: version 1.3, and 1.2 with ephemeral keys and AEAD only; http/1.1 by
// ALPN. There is no renegotiation, compression, early data or resumption: without tickets there is
// no ticket key that would have to be replaced, and each client shows its certificate each time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/digest.h"

namespace hallmark::http {

struct TlsMaterial {
  std::string certificate_chain;  // PEM: the server's own, then its intermediates
  Secret private_key;             // PEM, not encrypted
  // PEM; not empty: a client must show a certificate that leads to one of these.
  std::string client_authorities = {};
};

// What a connection is served with. Never changes; any thread.
class TlsIdentity {
 public:
  struct Context;  // private to http

  // Invalid, with the reason: what is no PEM, a key that is not the certificate's or that is too
  // weak, a certificate that is not valid at `now`.
  static Result<std::shared_ptr<const TlsIdentity>> make(const TlsMaterial& material,
                                                         Timestamp now);
  TlsIdentity(std::unique_ptr<const Context> context, Timestamp not_after,
              crypto::Sha256 authorities);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  Timestamp not_after() const { return not_after_; }  // the certificate's end
  // Whether the certificate names this host: a DNS name (a wildcard stands for one label), or an IP
  // address. Its common name does not count.
  bool covers(const std::string& host) const;
  // Whether both ask for certificates of the same authorities, or both for none.
  bool trusts_the_same(const TlsIdentity& other) const {
    return authorities_ == other.authorities_;
  }
  const Context& context() const { return *context_; }

 private:
  const std::unique_ptr<const Context> context_;
  const Timestamp not_after_;
  const crypto::Sha256 authorities_;  // of their PEM
};

// The identity that new connections get. Connections go on with theirs, unless the authorities of
// clients are others now: these end at their next request. Any thread.
class TlsIdentities {
 public:
  explicit TlsIdentities(std::shared_ptr<const TlsIdentity> first) : current_(std::move(first)) {}

  // Shared: a connection keeps the one that it began with.
  std::shared_ptr<const TlsIdentity> current() const {
    const MutexLock lock(mutex_);
    return current_;
  }
  void replace(std::shared_ptr<const TlsIdentity> next) {
    const MutexLock lock(mutex_);
    current_.swap(next);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const TlsIdentity> current_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::http
