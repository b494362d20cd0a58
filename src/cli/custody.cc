#include "cli/custody.h"

#include <fmt/format.h>

#include "server/installation.h"
#include "server/key_places.h"

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

}  // namespace hallmark::cli
