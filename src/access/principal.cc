#include "access/principal.h"

namespace hallmark::access {

std::string_view name_of(PrincipalType type) {
  switch (type) {
    case PrincipalType::root: return "Root";
    case PrincipalType::user: return "IAMUser";
    case PrincipalType::role: return "AssumedRole";
  }
  return "IAMUser";
}

}  // namespace hallmark::access
