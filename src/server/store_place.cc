#include "server/store_place.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/uuid.h"
#include "server/named_line.h"
#include "store/reading_store.h"

namespace hallmark::server {
namespace {

constexpr std::size_t place_bytes_max = 8 * 1024;

}  // namespace

Result<void> write_store_place(const DataDirectory& directory, const std::string& url,
                               Random& random) {
  TRY(store::check_postgresql_url(url));
  const Uuid node = Uuid::v7(SystemClock().now(), random);
  return write_file_durably(directory.store_place(),
                            bytes_of(fmt::format("url = {}\nnode = {}\n", url, node.text())), 0600);
}

Result<void> choose_store(const DataDirectory& directory, const std::string& url, Random& random) {
  TRY(const auto lock, DirectoryLock::take(directory));
  if (!url.empty()) return write_store_place(directory, url, random);
  std::error_code error;  // what an interrupted attempt left
  std::filesystem::remove(directory.store_place(), error);
  if (error) return internal_error(fmt::format("remove DIR/store: {}", error.message()));
  return {};
}

Result<std::unique_ptr<store::Store>> open_store(const DataDirectory& directory,
                                                 const std::string& url) {
  auto text = read_file(directory.store_place(), place_bytes_max);
  if (!text && text.error().kind != ErrorKind::not_found) return std::move(text.error());
  if (!text && !url.empty()) {
    return invalid(fmt::format("The store of {} is in that directory, and not at --store.",
                               directory.path.string()));
  }
  if (!text) return store::open_sqlite(directory.store(), audit::link);
  const store::SharedStore place{.url = url.empty() ? named_line(*text, "url") : url,
                                 .node = named_line(*text, "node")};
  if (place.node.empty()) {
    return corrupt(fmt::format("{} names no node.", directory.store_place().string()));
  }
  return store::open_postgresql(place, audit::link);
}

Result<std::unique_ptr<store::Store>> open_kept_store(const DataDirectory& directory,
                                                      const std::string& url) {
  std::error_code unreadable;  // is said when it is opened
  if (!std::filesystem::exists(directory.store_place(), unreadable) && !unreadable &&
      !std::filesystem::exists(directory.store(), unreadable) && !unreadable) {
    return corrupt(
        fmt::format("{} is not there: the store is lost. `hallmark restore` makes one of "
                    "a backup.",
                    directory.store().string()));
  }
  return open_store(directory, url);
}

Result<std::unique_ptr<store::Store>> open_store_for_reading(const DataDirectory& directory) {
  TRY(require_initialised(directory));
  auto text = read_file(directory.store_place(), place_bytes_max);
  if (text) return store::open_postgresql_for_reading(named_line(*text, "url"));
  if (text.error().kind != ErrorKind::not_found) return std::move(text.error());
  return store::open_sqlite_for_reading(directory.store());
}

}  // namespace hallmark::server
