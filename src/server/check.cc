#include "server/check.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "server/head_keeper.h"
#include "server/store_place.h"
#include "store/audit.h"
#include "store/head.h"
#include "store/keys.h"

namespace hallmark::server {
namespace {

// As the service compares it at its start, but nothing is written.
Result<std::int64_t> check_head(store::Store& store, const DataDirectory& directory) {
  const auto witnessed = read_head_file(directory.head());
  if (!witnessed && witnessed.error().kind != ErrorKind::not_found) {
    return Error(witnessed.error());
  }
  return store.read([&](store::Reader& rows) -> Result<std::int64_t> {
    TRY(const auto head, store::find_head(rows, store.node_number()));
    const std::int64_t last = store::sequence_of(head.place);
    if (!witnessed) return last;
    TRY(const auto standing, store::find_standing(rows));
    TRY(const auto doubt, find_doubt(rows, standing, *witnessed));
    if (!doubt) return last;
    return corrupt(
        fmt::format("{} Its last is {}. See {}.", *doubt, last, directory.head().string()));
  });
}

Result<std::int64_t> check_store(store::Store& store, const DataDirectory& directory) {
  TRY(store.check());
  TRY(audit::check_records(store));
  return check_head(store, directory);
}

}  // namespace

Result<std::int64_t> check_installation(const DataDirectory& directory) {
  if (auto facts = read_facts(directory); !facts) return std::move(facts.error());
  TRY(auto lock, DirectoryLock::take(directory));
  TRY(auto store, open_kept_store(directory, {}));
  auto checked = check_store(*store, directory);
  store->close();
  return checked;
}

Result<void> refuse_kept_root_key(Installation& installation) {
  TRY(auto roots, installation.store().read([](store::Reader& reader) {
    return store::list_certificates(reader, store::CertificateRole::root);
  }));
  for (const store::CertificateRow& root : roots) {
    if (!root.sealed_key.empty()) {
      return invalid(
          "The store holds a root's private key, as `hallmark dev` makes it. A production server "
          "does not start beside one: make an installation with `hallmark init`.");
    }
  }
  return {};
}

}  // namespace hallmark::server
