// The Security Token Service (2011-06-15): its protocol, AWS Query, and the table of its
// operations. Parameters come in a form body or in the query string; answers are XML.
#pragma once

#include <span>

#include "api/operation.h"
#include "api/protocol.h"

namespace hallmark::api {

extern const Protocol sts_protocol;  // protocol.cc

std::span<const Operation* const> sts_operations();

// Each call leaves a durable record, and some need no permission.
inline constexpr std::size_t sts_rate_max = 200;

// One file each, of the same name.
extern const Operation assume_role;
extern const Operation assume_role_with_web_identity;
extern const Operation get_caller_identity;
extern const Operation get_session_token;

}  // namespace hallmark::api
