#include <algorithm>

#include "formats/format.h"
#include "formats/lambda_zip.h"

namespace hallmark::formats {

const std::vector<const Format*>& all_formats() {
  static const std::vector<const Format*> formats = {&lambda_zip_format};
  return formats;
}

const Format* find_format(std::string_view name) {
  const auto& formats = all_formats();
  const auto found = std::ranges::find(formats, name, &Format::name);
  return found == formats.end() ? nullptr : *found;
}

}  // namespace hallmark::formats
