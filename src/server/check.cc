#include "server/check.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "server/store_place.h"
#include "store/keys.h"

namespace hallmark::server {

Result<void> check_installation(const DataDirectory& directory) {
  if (auto facts = read_facts(directory); !facts) return std::move(facts.error());
  TRY(auto lock, DirectoryLock::take(directory));
  TRY(auto store, open_store(directory, {}));
  Result<void> checked = store->check();
  if (checked) checked = audit::check_records(*store);
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
