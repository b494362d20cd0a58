// OpenSSL's objects of TLS. Private to tls.cc and tls_session.cc.
#pragma once

#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "base/handle.h"
#include "http/tls.h"

namespace hallmark::http {

using SslContextHandle = Handle<SSL_CTX, SSL_CTX_free>;
using SslHandle = Handle<SSL, SSL_free>;

struct TlsIdentity::Context {
  SslContextHandle ssl;
};

// What OpenSSL's queue of errors says, which is empty afterwards.
std::string tls_reasons();

}  // namespace hallmark::http
