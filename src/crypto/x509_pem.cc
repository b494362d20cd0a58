#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

// Whether the last failure to read a block only says that there is none left.
bool is_at_end() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// The DER of the next certificate; empty at the end of the text.
Result<Bytes> next_certificate(BIO* text) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(text, &name, &header, &data, &size) != 1) {
    if (!is_at_end()) return openssl_refusal("The PEM text is damaged.");
    ERR_clear_error();
    return Bytes();
  }
  const OpensslMemory<char> owned_name(name);
  const OpensslMemory<char> owned_header(header);
  const OpensslMemory<unsigned char> owned_data(data);
  if (std::string_view(name) != PEM_STRING_X509 || *header != '\0' || size <= 0) {
    return corrupt("The PEM text holds something that is not a certificate.");
  }
  return copy_of({data, static_cast<std::size_t>(size)});
}

}  // namespace

// RFC 7468 §2: lines of 64 characters.
std::string to_pem(const CertificateChain& chain) {
  constexpr std::size_t line = 64;
  std::string pem;
  for (const Certificate& certificate : chain) {
    const std::string base64 = to_base64(certificate.der);
    pem += "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t i = 0; i < base64.size(); i += line) {
      pem += base64.substr(i, line);
      pem += '\n';
    }
    pem += "-----END CERTIFICATE-----\n";
  }
  return pem;
}

Result<CertificateChain> certificates_from_pem(std::string_view pem) {
  if (pem.size() > limits::certificate_pem_bytes_max) return corrupt("The PEM text is too large.");
  const BioHandle text(BIO_new_mem_buf(data_of(bytes_of(pem)), static_cast<int>(pem.size())));
  if (text == nullptr) return openssl_error("read PEM");
  CertificateChain chain;
  while (true) {
    TRY(const Bytes der, next_certificate(text.get()));
    if (der.empty()) break;
    if (chain.size() == limits::certificate_chain_max) {
      return corrupt(
          fmt::format("There are more than {} certificates.", limits::certificate_chain_max));
    }
    TRY(auto certificate, Certificate::parse(der));
    chain.push_back(std::move(certificate));
  }
  if (chain.empty()) return corrupt("The PEM text holds no certificate.");
  return chain;
}

}  // namespace hallmark::crypto
