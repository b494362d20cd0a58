#include "access/principal.h"

namespace hallmark::access {

std::string_view name_of(PrincipalType type) {
  switch (type) {
    case PrincipalType::root: return "Root";
    case PrincipalType::user: return "IAMUser";
    case PrincipalType::role: return "AssumedRole";
    case PrincipalType::machine_operator: return "MachineOperator";
    case PrincipalType::web_identity: return "WebIdentityUser";
  }
  return "IAMUser";
}

}  // namespace hallmark::access
