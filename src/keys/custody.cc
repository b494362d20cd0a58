#include "keys/custody.h"

#include <filesystem>
#include <system_error>

#include "crypto/random.h"
#include "keys/file_keys.h"
#include "keys/master_keys.h"
#include "keys/pkcs11_keys.h"
#include "keys/pkcs11_uri.h"

namespace hallmark::keys {
namespace {

bool is_token(std::string_view place) { return place.starts_with(pkcs11_scheme); }

std::string_view master_place(const KeyPlaces& places) {
  return places.master_key.empty() ? places.keys : places.master_key;
}

Result<std::string> wrapping_key_of(std::string_view place) {
  TRY(auto uri, Pkcs11Uri::parse(place));
  if (!uri.object.empty()) return std::move(uri.object);
  return std::string(default_wrapping_key);
}

}  // namespace

Custody::Custody()
    : random_(std::make_unique<crypto::SystemRandom>()), tokens_(std::make_unique<Tokens>()) {}

Custody::Custody(Secret master_key) : Custody() {
  master_key_ = software_master_key(std::move(master_key), *random_);
}

Result<void> Custody::open_keys(const KeyPlaces& places) {
  if (is_token(places.keys)) {
    TRY(token_, tokens_->open(places.keys));
  } else if (!places.keys.empty() && places.keys != "file:") {
    return invalid("The keys are in `file:`, or in a token that a pkcs11: URI names.");
  }
  if (master_place(places).empty() || master_place(places) == "file:") {
    return invalid("The master key is missing: name its file, or a pkcs11: URI.");
  }
  return {};
}

Result<Custody> Custody::open(const KeyPlaces& places) {
  Custody custody;
  TRY(custody.open_keys(places));
  TRY(custody.master_key_, custody.open_master_key(master_place(places)));
  return custody;
}

Result<Custody> Custody::create(const KeyPlaces& places) {
  Custody custody;
  TRY(custody.open_keys(places));
  TRY(custody.master_key_, custody.create_master_key(master_place(places)));
  return custody;
}

std::unique_ptr<KeyProvider> Custody::provider(const Sealer& sealer) const {
  if (token_ == nullptr) return file_keys(sealer, *random_);
  return pkcs11_keys(*token_, sealer, *random_);
}

Result<std::unique_ptr<MasterKey>> Custody::open_master_key(std::string_view place) {
  if (!is_token(place)) {
    TRY(auto key, read_master_key(place));
    return software_master_key(std::move(key), *random_);
  }
  TRY(const auto label, wrapping_key_of(place));
  TRY(Token* const token, tokens_->open(place));
  return token_master_key(*token, label, *random_);
}

Result<std::unique_ptr<MasterKey>> Custody::create_master_key(std::string_view place) {
  if (is_token(place)) {
    TRY(const auto label, wrapping_key_of(place));
    TRY(Token* const token, tokens_->open(place));
    TRY(make_wrapping_key(*token, label));
  } else if (!place.starts_with("credential:")) {
    if (place.starts_with("file:")) place.remove_prefix(5);
    TRY(write_master_key(place, *random_));
    auto made = open_master_key(place);
    std::error_code ignored;  // the next attempt says that it is there
    if (!made) std::filesystem::remove(place, ignored);
    return made;
  }
  return open_master_key(place);
}

}  // namespace hallmark::keys
