#include "cli/custody.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "keys/pkcs11_uri.h"
#include "keys/secret_file.h"
#include "server/installation.h"
#include "server/key_places.h"
#include "server/master_rotation.h"

namespace hallmark::cli {

Result<keys::Custody> open_custody(const server::DataDirectory& directory,
                                   const keys::KeyPlaces& given) {
  if (auto facts = server::read_facts(directory); !facts) return std::move(facts.error());
  TRY(const auto places, server::find_key_places(directory, given));
  if (places.master_key.empty() && places.keys.empty()) {
    return invalid(fmt::format("{} does not say where its master key is: name it by --master-key.",
                               directory.path.string()));
  }
  auto custody = keys::Custody::open(places);
  if (custody || custody.error().kind != ErrorKind::not_found) return custody;
  return invalid("There is no master key at the place that is named.");
}

namespace {

Result<std::unique_ptr<server::Installation>> open_with(const server::DataDirectory& directory,
                                                        const std::string& master_key) {
  TRY(auto custody, open_custody(directory, {{}, master_key}));
  return server::Installation::open(directory, std::move(custody));
}

}  // namespace

Result<std::string> absolute_place(const std::string& place) {
  if (place.empty()) return wrong_usage("The new master key needs a place.");
  const bool is_file =
      !place.starts_with(keys::pkcs11_scheme) && !place.starts_with(keys::credential_scheme);
  return is_file ? std::filesystem::absolute(place).string() : place;
}

Result<void> begin_rotation(const server::DataDirectory& directory, const RotationPlaces& places) {
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
  if (!new_key) return std::move(new_key.error());
  if ((*new_key)->fingerprint() == held.master_key().fingerprint()) return {};
  return server::begin_rotation(**installation, **new_key);
}

Result<void> remember_master_key(const server::DataDirectory& directory, const std::string& place) {
  TRY(auto places, server::find_key_places(directory, {}));
  places.master_key = place;
  return server::write_key_places(directory, places);
}

}  // namespace hallmark::cli
