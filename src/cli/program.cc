#include <algorithm>
#include <cstdio>
#include <iostream>  // CLI11 writes to them
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/check.h"
#include "base/guarded.h"
#include "base/operator_words.h"
#include "cli/command.h"
#include "cli/suggestion.h"
#include "cli/version.h"
#include "keys/pkcs11_uri.h"

namespace hallmark::cli {
namespace {

constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr int exit_token_refuses = 3;  // packaging/hallmark.service knows it

// One command as CLI11 sees it, with room for what was given.
struct Bound {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::string> values;
  std::vector<std::vector<std::string>> lists;
  std::vector<char> flags;  // not vector<bool>: CLI11 binds each by reference

  Arguments arguments() const {
    Arguments arguments;
    for (std::size_t i = 0; i < command->options.size(); ++i) {
      const Option& option = command->options[i];
      if (option.kind == OptionKind::repeated) {
        if (!lists[i].empty()) arguments.set(std::string(option.name), lists[i]);
      } else if (option.kind == OptionKind::flag ? flags[i] != 0 : !values[i].empty()) {
        arguments.set(std::string(option.name), values[i]);
      }
    }
    return arguments;
  }
};

// "$UNSET" is a mistake, and not the default.
CLI::Option* refuse_empty(CLI::Option* option) {
  return option->check(
      [](const std::string& value) {
        return std::string(value.empty() ? "the value must not be empty" : "");
      },
      "");
}

void bind_options(Bound& bound) {
  bound.values.resize(bound.command->options.size());
  bound.lists.resize(bound.command->options.size());
  bound.flags.resize(bound.command->options.size());
  for (std::size_t i = 0; i < bound.command->options.size(); ++i) {
    const Option& option = bound.command->options[i];
    const std::string name(option.name);
    const std::string help(option.help);
    switch (option.kind) {
      case OptionKind::required:
        refuse_empty(bound.app->add_option(name, bound.values[i], help))->required();
        break;
      case OptionKind::optional:
        refuse_empty(bound.app->add_option(name, bound.values[i], help));
        break;
      case OptionKind::repeated:
        bound.app->add_option(name, bound.lists[i], help)->allow_extra_args(false);
        break;
      case OptionKind::flag: {
        char* flag = &bound.flags[i];
        bound.app->add_flag_callback(
            name, [flag] { *flag = 1; }, help);
        break;
      }
      case OptionKind::positional:
        refuse_empty(bound.app->add_option(name, bound.values[i], help))->required();
        break;
    }
  }
}

struct Group {
  std::string_view name, summary;
};
constexpr Group groups[] = {
    {"access-key",
     "the access keys of users: `hallmark access-key create --user ci --data-dir DIR`"},
    {"account", "accounts, each with users, profiles and buckets of its own"},
    {"audit", "the record of what was done: `hallmark audit verify --data-dir DIR`"},
    {"authority",
     "the root and the intermediates that issue: `hallmark authority list --data-dir DIR`"},
    {"certificate",
     "certificates that sign: those you bring along, and those issued for profiles; "
     "`hallmark certificate import --certificate board.pem --private-key board.key --data-dir "
     "DIR`"},
    {"key", "the master key, which opens all others"},
    {"object",
     "the buckets in the data directory: `hallmark object put src/app.zip app.zip "
     "--data-dir DIR`"},
    {"policy",
     "what users and roles may do, as IAM policies: "
     "`hallmark policy put ci.json --user ci --name sign --data-dir DIR`"},
    {"role", "roles that others assume through STS"},
    {"trust", "what verifiers trust"},
    {"user", "the users of an account"},
};

std::string describe_group(const std::string& name) {
  const auto* const group = std::ranges::find(groups, name, &Group::name);
  CHECK(group != std::ranges::end(groups));
  return std::string(group->summary);
}

std::vector<std::string> names_in(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

// Null: there is none.
CLI::App* find_in(CLI::App& app, std::string_view name) {
  for (CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

// The group "object" of "object put", made when it is first met.
CLI::App* parent_of(CLI::App& program, std::string_view name) {
  const std::size_t space = name.find(' ');
  if (space == std::string_view::npos) return &program;
  const std::string group(name.substr(0, space));
  if (CLI::App* const existing = find_in(program, group)) return existing;
  CLI::App* made = program.add_subcommand(group, describe_group(group));
  made->require_subcommand(1);
  return made;
}

// How the program was called: `hallmark help COMMAND` as `hallmark COMMAND --help`, and a group
// alone, which does nothing, as the question what is in it.
struct Call {
  std::vector<std::string> words;
  bool is_incomplete = false;
};

Call read_call(int argc, char** argv, CLI::App& program) {
  Call call{{argv + 1, argv + argc}};
  if (!call.words.empty() && call.words.front() == "help") {
    call.words.erase(call.words.begin());
    call.words.emplace_back("--help");
    return call;
  }
  CLI::App* app = &program;
  if (call.words.size() == 1) app = find_in(program, call.words.front());
  call.is_incomplete = call.words.size() < 2 && app != nullptr && !names_in(*app).empty();
  if (call.is_incomplete) call.words.emplace_back("--help");
  return call;
}

// "There is no command `audit verfy`. Did you mean `audit verify`? …"; empty: there is one.
std::string describe_unknown(CLI::App& program, const std::vector<std::string>& words) {
  CLI::App* app = &program;
  std::string before;
  for (const std::string& word : words) {
    const auto names = names_in(*app);
    if (names.empty() || word.starts_with('-')) return {};
    CLI::App* const known = find_in(*app, word);
    if (known == nullptr) {
      const std::string near = find_near_word(word, names);
      return fmt::format(
          "There is no command `{}{}`.{} `hallmark {}--help` lists them.", before, word,
          near.empty() ? "" : fmt::format(" Did you mean `{}{}`?", before, near), before);
    }
    before += word + ' ';
    app = known;
  }
  return {};
}

// Names the command that was called wrongly, however deep it lies.
std::string usage_message(const CLI::App* program, const CLI::Error& error) {
  std::string name = program->get_name();
  for (auto parsed = program->get_subcommands(); !parsed.empty();
       parsed = parsed.back()->get_subcommands()) {
    name += ' ' + parsed.back()->get_name();
  }
  return fmt::format("{}: {}\n`{} --help` says what it takes.\n", name, error.what(), name);
}

std::vector<std::unique_ptr<Bound>> bind_commands(CLI::App& program) {
  std::vector<std::unique_ptr<Bound>> all;
  for (const Command* command : commands()) {
    auto bound = std::make_unique<Bound>();
    bound->command = command;
    CLI::App* parent = parent_of(program, command->name);
    const std::string name(command->name.substr(command->name.rfind(' ') + 1));
    bound->app = parent->add_subcommand(name, std::string(command->summary));
    bind_options(*bound);
    all.push_back(std::move(bound));
  }
  return all;
}

int run_command(const Bound& bound) {
  const Result<void> done = guarded([&] { return bound.command->run(bound.arguments()); });
  if (done) return exit_done;
  fmt::print(stderr, "hallmark: {}\n", words_of(done.error()));
  if (done.error().reason == "usage") return exit_usage;
  return done.error().reason == keys::token_refuses ? exit_token_refuses : exit_failed;
}

int run_parsed(CLI::App& program, int argc, char** argv) {
  program.require_subcommand(1);
  program.failure_message(usage_message);
  program.set_version_flag("--version", std::string(version));
  const auto all = bind_commands(program);
  program.footer("`hallmark help COMMAND` or `hallmark COMMAND --help` says what a command takes.");
  Call call = read_call(argc, argv, program);
  if (const std::string unknown = describe_unknown(program, call.words); !unknown.empty()) {
    fmt::print(stderr, "hallmark: {}\n", unknown);
    return exit_usage;
  }
  try {  // CLI11 reports by exception; this is the library's one entry
    std::ranges::reverse(call.words);  // as it wants them
    program.parse(std::move(call.words));
  } catch (const CLI::ParseError& error) {
    if (call.is_incomplete) {
      program.exit(error, std::cerr, std::cerr);
      return exit_usage;
    }
    return program.exit(error) == 0 ? exit_done : exit_usage;
  }
  for (const auto& bound : all) {
    if (bound->app->parsed()) return run_command(*bound);
  }
  return exit_usage;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App program("Hallmark: a self-hosted code-signing service that speaks the AWS Signer API.",
                   "hallmark");
  return run_parsed(program, argc, argv);
}

}  // namespace hallmark::cli
