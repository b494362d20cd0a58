#include "keys/tokens.h"

#include <map>
#include <vector>

#include "keys/pkcs11_token.h"

namespace hallmark::keys {

struct Tokens::Parts {
  std::map<std::filesystem::path, std::shared_ptr<Module>> modules;
  std::vector<std::unique_ptr<Token>> tokens;
};

Tokens::Tokens() : parts_(std::make_unique<Parts>()) {}
Tokens::~Tokens() = default;

Result<Token*> Tokens::open(std::string_view text) {
  TRY(auto uri, Pkcs11Uri::parse(text));
  uri.object.clear();  // names a key, not the token
  for (const auto& token : parts_->tokens) {
    if (token->uri() == uri) return token.get();
  }
  std::shared_ptr<Module>& module = parts_->modules[uri.module_path];
  if (module == nullptr) {
    TRY(module, Module::load(uri.module_path));
  }
  TRY(auto token, Token::open(std::move(uri), module));
  parts_->tokens.push_back(std::move(token));
  return parts_->tokens.back().get();
}

}  // namespace hallmark::keys
