#include "api/sts/operations.h"

namespace hallmark::api {

std::span<const Operation* const> sts_operations() {
  static constexpr const Operation* table[] = {&assume_role, &assume_role_with_web_identity,
                                               &get_caller_identity, &get_session_token};
  return table;
}

}  // namespace hallmark::api
