// A command of the program is a value: its name, its options and what it does. From the one table
// (cli/commands.cc) come parsing and `--help`.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hallmark::cli {

enum class OptionKind {
  required,
  optional,  // also positional, when its name has no dashes
  repeated,  // optional, and may be given more than once
  flag,
  positional,
};

struct Option {
  OptionKind kind;
  std::string_view name;  // "--data-dir", or "BUCKET/KEY" of a positional one
  std::string_view help;  // one line; names the default where there is one
};

// The options as given; a name that was not given has no value.
class Arguments {
 public:
  void set(std::string name, std::string value) { values_[std::move(name)] = {std::move(value)}; }
  void set(std::string name, std::vector<std::string> values) {
    values_[std::move(name)] = std::move(values);
  }
  // Empty when it was not given.
  std::string get(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::string() : found->second.front();
  }
  std::string get(std::string_view name, std::string_view otherwise) const {
    const std::string value = get(name);
    return value.empty() ? std::string(otherwise) : value;
  }
  std::vector<std::string> all(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
  }
  bool has(std::string_view name) const { return values_.contains(name); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// A fault of how a command was called: exit status 2.
inline Error wrong_usage(std::string message) { return invalid(std::move(message), "usage"); }

struct Command {
  std::string_view name;     // "verify", or "object put" within a group
  std::string_view summary;  // one line
  std::span<const Option> options;
  // An error is printed as one line; exit status 1, or 2 for wrong_usage.
  Result<void> (*run)(const Arguments& arguments);
};

std::span<const Command* const> commands();

// The whole program: parses, runs, prints; returns the exit status: 0 done, 1 failed, 2 wrong
// usage.
int run(int argc, char** argv);

}  // namespace hallmark::cli
