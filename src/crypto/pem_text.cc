#include "crypto/pem_text.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/encoding.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {
namespace {

// Whether the last failure to read a block only says that there is none left.
bool is_at_end() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// "a certificate", "a certificate request".
std::string one_of(std::string_view label) {
  std::string text = "a ";
  for (const char c : label) text += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return text;
}

// Empty at the end of the text.
Result<Bytes> next_block(BIO* text, std::string_view label) {
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
  if (std::string_view(name) != label || *header != '\0' || size <= 0) {
    return corrupt(fmt::format("The PEM text holds something that is not {}.", one_of(label)));
  }
  return copy_of({data, static_cast<std::size_t>(size)});
}

}  // namespace

std::string pem_block(std::string_view label, ByteView der) {
  constexpr std::size_t line = 64;
  const std::string base64 = to_base64(der);
  std::string pem = fmt::format("-----BEGIN {}-----\n", label);
  for (std::size_t i = 0; i < base64.size(); i += line) {
    pem += base64.substr(i, line);
    pem += '\n';
  }
  return pem + fmt::format("-----END {}-----\n", label);
}

Result<std::vector<Bytes>> read_pem(std::string_view pem, const PemRule& rule) {
  const BioHandle text(BIO_new_mem_buf(data_of(bytes_of(pem)), static_cast<int>(pem.size())));
  if (text == nullptr) return openssl_error("read PEM");
  std::vector<Bytes> blocks;
  while (true) {
    TRY(Bytes block, next_block(text.get(), rule.label));
    if (block.empty()) return blocks;
    if (blocks.size() == rule.count_max) {
      return corrupt(fmt::format("There are more than {} blocks of PEM.", rule.count_max));
    }
    blocks.push_back(std::move(block));
  }
}

}  // namespace hallmark::crypto
