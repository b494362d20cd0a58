#include "cli/custody.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/named_file.h"
#include "keys/pkcs11_uri.h"
#include "keys/secret_file.h"
#include "server/installation.h"
#include "server/key_places.h"
#include "server/master_rotation.h"

namespace hallmark::cli {

namespace {

bool is_file_place(std::string_view place) {
  return !place.empty() && !place.starts_with(keys::pkcs11_scheme) &&
         !place.starts_with(keys::credential_scheme);
}

Result<std::unique_ptr<server::Installation>> open_with(const server::DataDirectory& directory,
                                                        const std::string& master_key) {
  TRY(auto custody, open_custody(directory, {{}, master_key}));
  return server::Installation::open(directory, std::move(custody));
}

}  // namespace

Result<keys::Custody> open_places(const keys::KeyPlaces& places) {
  auto custody = keys::Custody::open(places);
  if (custody || places.master_key.empty() || places.master_key.starts_with(keys::pkcs11_scheme)) {
    return custody;
  }
  return about_option("The master key", custody.error());
}

Result<keys::Custody> open_custody(const server::DataDirectory& directory,
                                   const keys::KeyPlaces& given) {
  if (auto facts = server::read_facts(directory); !facts) return std::move(facts.error());
  TRY(const auto places, server::find_key_places(directory, given));
  const std::string file = directory.key_places().string();
  if (places.master_key.empty() && places.keys.empty()) {
    return invalid(
        fmt::format("{} does not say where the master key is: name it with --master-key.", file));
  }
  auto custody = open_places(places);
  const bool is_remembered = given.master_key.empty() && is_file_place(places.master_key);
  if (custody || !is_remembered || places.master_key == directory.master_key()) return custody;
  return invalid(fmt::format("{}. The place is from {}; --master-key names another.",
                             custody.error().message, file));
}

Result<std::string> absolute_place(const std::string& place) {
  if (place.empty()) return wrong_usage("The master key needs a place.");
  if (!is_file_place(place)) return place;
  constexpr std::string_view file_scheme = "file:";
  const bool has_scheme = place.starts_with(file_scheme);
  return whole_path(std::string_view(place).substr(has_scheme ? file_scheme.size() : 0)).string();
}

Result<void> begin_rotation(const server::DataDirectory& directory, const RotationPlaces& places) {
  if (is_file_place(places.new_master_key) && is_inside(places.new_master_key, directory.path)) {
    return invalid(
        "The new master key must lie outside the data directory: whoever copies that directory "
        "must not get the key with it.");
  }
  auto installation = open_with(directory, places.old_master_key);
  if (!installation) {
    // The old one opens nothing any more, or never did: the new one shows which.
    if (open_with(directory, places.new_master_key)) return {};
    return std::move(installation.error());
  }
  if ((*installation)->store().is_shared() && places.meanwhile == Meanwhile::serving) {
    return invalid(
        "Other nodes share the store: stop them all, and run `hallmark key rotate-master` once.");
  }
  keys::Custody& held = (*installation)->custody();
  auto new_key = held.open_master_key(places.new_master_key);
  const bool in_token = places.new_master_key.starts_with(keys::pkcs11_scheme);
  if (!new_key && (in_token || new_key.error().kind == ErrorKind::not_found)) {
    new_key = held.create_master_key(places.new_master_key);
  }
  if (!new_key) return about_option("The new master key", new_key.error());
  if ((*new_key)->fingerprint() == held.master_key().fingerprint()) return {};
  return server::begin_rotation(**installation, **new_key);
}

Result<void> remember_master_key(const server::DataDirectory& directory, const std::string& place) {
  TRY(auto places, server::find_key_places(directory, {}));
  places.master_key = place;
  return server::write_key_places(directory, places);
}

}  // namespace hallmark::cli
