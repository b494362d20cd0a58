#include "crypto/private_key_text.h"

#include <optional>
#include <string_view>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/der.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {
namespace {

constexpr std::size_t private_key_bytes_max = 16 * 1024;  // RSA-4096 as PEM has 3,300

Error not_a_key() {
  ERR_clear_error();
  return invalid("There is no private key in PEM or DER.");
}

Error encrypted() {
  ERR_clear_error();
  return invalid("The private key is encrypted: decrypt it first.");
}

// A block of PEM; wiped when it goes.
struct Block {
  OpensslMemory<char> name;
  OpensslMemory<char> header;
  Secret content = {};
};

// Nothing at the end of the text.
Result<std::optional<Block>> next_block(BIO* text) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(text, &name, &header, &data, &size) != 1) {
    const unsigned long error = ERR_peek_last_error();
    const bool is_end =
        ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (is_end) return std::optional<Block>();
    return invalid("The PEM text is damaged.");
  }
  Block block = {.name = OpensslMemory<char>(name), .header = OpensslMemory<char>(header)};
  block.content = Secret(ByteView(data, static_cast<std::size_t>(size)));
  OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  return std::optional(std::move(block));
}

Result<PrivateKeyForm> form_of(const Block& block) {
  const std::string_view name = block.name.get();
  if (name == PEM_STRING_PKCS8 || *block.header.get() != '\0') return encrypted();
  if (name == PEM_STRING_PKCS8INF) return PrivateKeyForm::pkcs8;
  if (name == PEM_STRING_RSA) return PrivateKeyForm::pkcs1;
  if (name == PEM_STRING_ECPRIVATEKEY) return PrivateKeyForm::sec1;
  return invalid("The PEM text holds something that is not a private key.");
}

Result<PrivateKeyText> find_in_pem(ByteView pem) {
  const BioHandle text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (text == nullptr) return openssl_error("read PEM");
  TRY(auto block, next_block(text.get()));
  if (block && std::string_view(block->name.get()) == PEM_STRING_ECPARAMETERS) {
    TRY(block, next_block(text.get()));
  }
  if (!block) return not_a_key();
  TRY(const auto form, form_of(*block));
  TRY(const auto more, next_block(text.get()));
  if (more) return invalid("The PEM text holds more than one private key.");
  return PrivateKeyText{.form = form, .der = std::move(block->content)};
}

// The content's place in a value of this tag at the beginning of the bytes; nothing if there is
// none.
std::optional<std::size_t> content_of(ByteView der, std::uint8_t tag) {
  constexpr std::size_t head = 2;
  constexpr unsigned long_form = 0x80;
  if (der.size() < head || der[0] != tag) return std::nullopt;
  return der[1] < long_form ? head : head + (der[1] & ~long_form);
}

// After the version comes an AlgorithmIdentifier (PKCS#8), the modulus (PKCS#1), or the scalar
// (SEC 1). An encrypted key (RFC 5958 §3) begins with an AlgorithmIdentifier.
Result<PrivateKeyText> find_in_der(ByteView der) {
  constexpr std::size_t version_bytes = 3;  // an INTEGER below 128
  const auto start = content_of(der, der::sequence_tag);
  if (!start || *start + version_bytes >= der.size()) return not_a_key();
  const ByteView content = der.subspan(*start);
  if (content[0] == der::sequence_tag) return encrypted();
  if (content[0] != der::integer_tag || content[1] != 1) return not_a_key();
  switch (content[version_bytes]) {
    case der::sequence_tag: return PrivateKeyText{PrivateKeyForm::pkcs8, Secret(der)};
    case der::integer_tag: return PrivateKeyText{PrivateKeyForm::pkcs1, Secret(der)};
    case der::octet_string_tag: return PrivateKeyText{PrivateKeyForm::sec1, Secret(der)};
  }
  return not_a_key();
}

}  // namespace

Result<PrivateKeyText> find_private_key(ByteView pem_or_der) {
  if (pem_or_der.empty()) return not_a_key();
  if (pem_or_der.size() > private_key_bytes_max) return invalid("The private key is too large.");
  const bool is_pem = text_of(pem_or_der).find("-----BEGIN ") != std::string_view::npos;
  return is_pem ? find_in_pem(pem_or_der) : find_in_der(pem_or_der);
}

}  // namespace hallmark::crypto
