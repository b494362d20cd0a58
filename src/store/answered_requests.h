// Rows of answered requests: what a granting, tagging or revoking request was answered, so that its
// repeat is answered alike and not executed again. Written in the change's own transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

struct AnsweredRequest {
  std::string signature;  // of the request, hex: unique to its bytes and its second
  Timestamp answered_at;
  std::string answer;
};

Result<void> insert_answered_request(Transaction& tx, const AnsweredRequest& request);
Result<std::optional<std::string>> find_answer(Reader& rows, std::string_view signature);
// Whether remove_answered_requests would remove one: a look that writes nothing.
Result<bool> old_answers_wait(Reader& rows, Timestamp time);
// Removes those answered before `time`, at most `count`; how many went.
Result<std::size_t> remove_answered_requests(Transaction& tx, Timestamp time, std::size_t count);

}  // namespace hallmark::store
