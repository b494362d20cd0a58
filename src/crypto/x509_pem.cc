#include <openssl/pem.h>

#include "base/limits.h"
#include "crypto/pem_text.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

std::string to_pem(const CertificateChain& chain) {
  std::string pem;
  for (const Certificate& certificate : chain) pem += pem_block(PEM_STRING_X509, certificate.der);
  return pem;
}

Result<CertificateChain> certificates_from_pem(std::string_view pem) {
  if (pem.size() > limits::certificate_pem_bytes_max) return corrupt("The PEM text is too large.");
  TRY(const auto blocks, read_pem(pem, {PEM_STRING_X509, limits::certificate_chain_max}));
  CertificateChain chain;
  for (const Bytes& der : blocks) {
    TRY(auto certificate, Certificate::parse(der));
    chain.push_back(std::move(certificate));
  }
  if (chain.empty()) return corrupt("The PEM text holds no certificate.");
  return chain;
}

}  // namespace hallmark::crypto
