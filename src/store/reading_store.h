// A store that is only read, while another process may have it open: needs no lock, and changes
// nothing. What would write gets an error.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

// As those of store.h. Unavailable, or as the engine says: there is none.
Result<std::unique_ptr<Store>> open_sqlite_for_reading(const std::filesystem::path& path);
Result<std::unique_ptr<Store>> open_postgresql_for_reading(const std::string& url);

}  // namespace hallmark::store
