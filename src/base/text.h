// Text<Tag>: text from outside that has passed its rules, and is never a std::string again.
//
//   struct ProfileNameTag { static Result<void> check(std::string_view text); };
//   using ProfileName = Text<ProfileNameTag>;
//   TRY(auto name, ProfileName::parse(raw));
#pragma once

#include <compare>
#include <concepts>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark {

template <class Tag>
concept TextRule = requires(std::string_view text) {
  { Tag::check(text) } -> std::same_as<Result<void>>;
};

template <class Tag>
class Text {
 public:
  // The text when it keeps the rule, else the rule's error, which names the field.
  static Result<Text> parse(std::string_view raw) requires TextRule<Tag> {
    TRY(Tag::check(raw));
    return Text(std::string(raw));
  }

  const std::string& text() const { return text_; }
  std::string_view view() const { return text_; }

  auto operator<=>(const Text&) const = default;
  bool operator==(const Text&) const = default;

 private:
  explicit Text(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace hallmark

template <class Tag>
struct std::hash<hallmark::Text<Tag>> {
  std::size_t operator()(const hallmark::Text<Tag>& value) const {
    return std::hash<std::string_view>()(value.view());
  }
};
