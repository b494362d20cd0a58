// The outcome of a change as text, so that its repeat gets the same one. Private to audit.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::audit {

// Whether a refusal is the request's fault for good: its repeat must not be executed later, when
// what refused it has changed. What may pass by itself (a store away) is not.
bool is_final(const Error& error);

// Requires a value or a final error.
std::string text_of_outcome(const Result<std::string>& outcome);
Result<std::string> outcome_of(std::string_view text);

}  // namespace hallmark::audit
