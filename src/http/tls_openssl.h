// OpenSSL's objects of TLS. Private to tls.cc and tls_session.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "http/tls.h"

namespace hallmark::http {

template <auto f>
struct FreesTls {
  void operator()(auto* pointer) const noexcept { f(pointer); }
};
template <class T, auto f>
using TlsHandle = std::unique_ptr<T, FreesTls<f>>;

using SslContextHandle = TlsHandle<SSL_CTX, SSL_CTX_free>;
using SslHandle = TlsHandle<SSL, SSL_free>;

struct TlsIdentity::Context {
  SslContextHandle ssl;
};

// What OpenSSL's queue of errors says, which is empty afterwards.
std::string tls_reasons();

}  // namespace hallmark::http
