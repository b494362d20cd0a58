// The few facts about an installation that are set once: account, region, partition.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

Result<void> insert_setting(Transaction& tx, std::string_view name,
                            std::string_view value);  // conflict when it is set
Result<std::optional<std::string>> find_setting(Reader& rows, std::string_view name);

}  // namespace hallmark::store
