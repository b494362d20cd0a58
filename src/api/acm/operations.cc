#include "api/acm/operations.h"

namespace hallmark::api {

std::span<const Operation* const> acm_operations() {
  static constexpr const Operation* table[] = {
      &add_tags_to_certificate,   &delete_certificate,          &describe_certificate,
      &get_certificate,           &import_certificate,          &list_certificates,
      &list_tags_for_certificate, &remove_tags_from_certificate};
  return table;
}

}  // namespace hallmark::api
