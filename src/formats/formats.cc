#include <algorithm>

#include <fmt/format.h>

#include "formats/format.h"
#include "formats/json_detached.h"
#include "formats/json_embedded.h"
#include "formats/lambda_zip.h"

namespace hallmark::formats {

Result<void> check_accepted(crypto::SignatureAlgorithm algorithm, const VerifyRequest& request) {
  const auto& accepted = request.algorithms;
  if (accepted.empty() || std::ranges::find(accepted, algorithm) != accepted.end()) return {};
  return corrupt(fmt::format("The signature is {}, with which the platform does not sign.",
                             crypto::name_of(algorithm)));
}

const std::vector<const Format*>& all_formats() {
  static const std::vector<const Format*> formats = {&lambda_zip_format, &json_detached_format,
                                                     &json_embedded_format};
  return formats;
}

const Format* find_format(std::string_view name) {
  const auto& formats = all_formats();
  const auto found = std::ranges::find(formats, name, &Format::name);
  return found == formats.end() ? nullptr : *found;
}

}  // namespace hallmark::formats
