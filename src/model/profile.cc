#include "model/profile.h"

#include <algorithm>
#include <array>

namespace hallmark::model {
namespace {

// In the order of the enumerations' numbers.
constexpr std::array<std::string_view, 3> status_names = {"Active", "Canceled", "Revoked"};
constexpr std::array<std::string_view, 3> unit_names = {"DAYS", "MONTHS", "YEARS"};

}  // namespace

std::string_view name_of(ProfileStatus status) { return status_names.at(std::size_t(status)); }

std::optional<ProfileStatus> find_profile_status(std::string_view name) {
  const auto found = std::ranges::find(status_names, name);
  if (found == status_names.end()) return std::nullopt;
  return ProfileStatus(found - status_names.begin());
}

std::string_view name_of(ValidityPeriod::Unit unit) { return unit_names.at(std::size_t(unit)); }

std::optional<ValidityPeriod::Unit> find_validity_unit(std::string_view name) {
  const auto found = std::ranges::find(unit_names, name);
  if (found == unit_names.end()) return std::nullopt;
  return ValidityPeriod::Unit(found - unit_names.begin());
}

Timestamp expiry(Timestamp signing_time, const ValidityPeriod& period) {
  switch (period.unit) {
    case ValidityPeriod::Unit::days: return signing_time + std::chrono::days(period.value);
    case ValidityPeriod::Unit::months: return plus_months(signing_time, period.value);
    case ValidityPeriod::Unit::years: return plus_months(signing_time, 12 * period.value);
  }
  CHECK(false);
}

}  // namespace hallmark::model
