#include "formats/zip_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/printable.h"
#include "formats/zip_layout.h"
#include "model/text_rules.h"

namespace hallmark::formats {
namespace {

constexpr std::size_t quoted_bytes_max = 200;  // of a name in a message

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (is_plain(c)) {
      safe += c;
    } else {
      safe += fmt::format("\\x{:02x}", unsigned(std::uint8_t(c)));
    }
  }
  return safe;
}

bool has_odd_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 0 && !is_plain(c); });
}

bool has_drive_letter(std::string_view name) {
  return name.size() >= 2 && model::is_letter(name[0]) && name[1] == ':';
}

// The text up to the next '/', which is cut off `rest` together with it.
std::string_view cut_segment(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(slash == rest.npos ? rest.size() : slash + 1);
  return segment;
}

Result<void> check_segments(std::string_view name) {
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view segment = cut_segment(rest);
    if (segment.empty()) return invalid_entry(name, "has an empty segment in its name");
    if (segment == ".") return invalid_entry(name, "has a \".\" segment in its name");
    if (segment == "..") return invalid_entry(name, "has a \"..\" segment in its name");
  }
  return {};
}

// By bytes, but '/' before everything else, so that whatever lies below "a" follows "a" at once:
// a, a/, a/b, a!. Names hold no control characters, the only others that could come before.
bool is_tree_ordered(std::string_view a, std::string_view b) {
  const auto [x, y] = std::ranges::mismatch(a, b);
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto rank = [](char c) { return c == '/' ? 0 : int(std::uint8_t(c)); };
  return rank(*x) < rank(*y);
}

}  // namespace

std::string quoted_name(std::string_view name) {
  if (name.size() > quoted_bytes_max) {
    return fmt::format("\"{}…\"", escaped(name.substr(0, quoted_bytes_max)));
  }
  const bool is_text = is_printable(name) && !has_odd_characters(name);
  return fmt::format("\"{}\"", is_text ? std::string(name) : escaped(name));
}

Error invalid_entry(std::string_view name, std::string_view predicate) {
  return invalid(fmt::format("The entry {} {}.", quoted_name(name), predicate));
}

Result<void> check_zip_name(std::string_view name) {
  if (name.empty()) return invalid("An entry has an empty name.");
  if (name.size() > limits::zip_name_bytes_max) {
    return invalid_entry(
        name, fmt::format("has a name of more than {} bytes", limits::zip_name_bytes_max));
  }
  if (std::ranges::any_of(name, model::is_control)) {
    return invalid_entry(name, "has a control character in its name");
  }
  if (name.find('\\') != name.npos) return invalid_entry(name, "has a backslash in its name");
  if (name.front() == '/') return invalid_entry(name, "has an absolute name");
  if (has_drive_letter(name)) return invalid_entry(name, "has a drive letter in its name");
  if (!model::count_characters(name)) return invalid_entry(name, "has a name that is not UTF-8");
  return check_segments(name);
}

Result<void> check_name_encoding(std::string_view name, ZipNameOrigin origin) {
  const bool is_known = (origin.flags & zip::flag_utf8) != 0 || origin.system == zip::system_unix ||
                        origin.system == zip::system_macos;
  if (is_known || std::ranges::all_of(name, [](char c) { return std::uint8_t(c) < 0x80; })) {
    return {};
  }
  return invalid_entry(name, "has a name beyond ASCII that is not marked as UTF-8");
}

Result<void> check_link_target(std::string_view name, std::string_view target) {
  if (target.empty()) return invalid_entry(name, "is a symbolic link to nothing");
  if (target.front() == '/' || has_drive_letter(target)) {
    return invalid_entry(name, "is a symbolic link to an absolute path");
  }
  if (std::ranges::any_of(target, model::is_control) || target.find('\\') != target.npos) {
    return invalid_entry(name, "is a symbolic link with a control character or backslash");
  }
  auto folders_above = std::ranges::count(name, '/');
  bool is_going_up = true;
  while (!target.empty()) {
    const std::string_view segment = cut_segment(target);
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      is_going_up = false;
      continue;
    }
    if (!is_going_up) {
      return invalid_entry(name, "is a symbolic link with a \"..\" after a name in its target");
    }
    if (folders_above-- == 0) {
      return invalid_entry(name, "is a symbolic link that leaves the package");
    }
  }
  return {};
}

Result<void> check_zip_tree(std::span<const ZipEntry> entries) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (const ZipEntry& entry : entries) names.push_back(entry.name);
  std::ranges::sort(names, is_tree_ordered);
  for (std::size_t i = 1; i < names.size(); ++i) {
    const std::string_view above = names[i - 1];
    const std::string_view name = names[i];
    if (above == name) {
      return invalid(fmt::format("The name {} appears more than once.", quoted_name(name)));
    }
    const bool is_below = name.starts_with(above) && name[above.size()] == '/';
    if (!above.ends_with('/') && is_below) {
      return invalid(fmt::format("The name {} is both a file and a folder, because of {}.",
                                 quoted_name(above), quoted_name(name)));
    }
  }
  return {};
}

}  // namespace hallmark::formats
