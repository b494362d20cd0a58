#include "model/job.h"

#include <algorithm>
#include <array>

namespace hallmark::model {
namespace {

// In the order of the enumeration's numbers.
constexpr std::array<std::string_view, 3> status_names = {"InProgress", "Failed", "Succeeded"};

}  // namespace

std::string_view name_of(JobStatus status) { return status_names.at(std::size_t(status)); }

std::optional<JobStatus> find_job_status(std::string_view name) {
  const auto found = std::ranges::find(status_names, name);
  if (found == status_names.end()) return std::nullopt;
  return JobStatus(found - status_names.begin());
}

}  // namespace hallmark::model
