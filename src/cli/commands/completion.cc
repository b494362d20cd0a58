// Scripts by which shells complete commands and options, written from the table of commands.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::positional, "SHELL", "bash or zsh"},
};

// A word that may come next, with what it does.
struct Word {
  std::string text;
  std::string help;
  bool operator==(const Word& other) const { return text == other.text; }
};

std::string first_word(std::string_view name) {
  return std::string(name.substr(0, name.find(' ')));
}

// Empty for a command that is in no group.
std::string second_word(std::string_view name) {
  const std::size_t space = name.find(' ');
  return space == name.npos ? std::string() : std::string(name.substr(space + 1));
}

// The commands and, each once, the groups.
std::vector<Word> first_words() {
  std::vector<Word> words;
  for (const Command* command : commands()) {
    const bool is_grouped = command->name.find(' ') != command->name.npos;
    Word word = {first_word(command->name), is_grouped ? "" : std::string(command->summary)};
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return words;
}

std::vector<Word> words_of_group(std::string_view group) {
  std::vector<Word> words;
  for (const Command* command : commands()) {
    const std::string second = second_word(command->name);
    if (first_word(command->name) == group && !second.empty()) {
      words.push_back({second, std::string(command->summary)});
    }
  }
  return words;
}

std::vector<Word> options_of(const Command& command) {
  std::vector<Word> words;
  for (const Option& option : command.options) {
    const std::string name(option.name);
    if (name.starts_with('-')) {
      words.push_back({name.substr(0, name.find(',')), std::string(option.help)});
    }
  }
  words.push_back({"--help", "print what the command takes"});
  return words;
}

// In single quotes nothing has a meaning but the quote itself; a colon ends zsh's word.
std::string described(const Word& word) {
  std::string text = word.text + ':';
  for (const char c : word.help) {
    if (c == '\'') text += "'\\'";
    if (c == ':') text += '\\';
    text += c;
  }
  return fmt::format("'{}'", text);
}

// How a shell says what the scripts need; all else is the same.
struct Shell {
  std::string_view name, begin, end;
  std::string_view at_first_word, at_second_word;  // conditions
  std::string_view second_word;
  std::string_view nothing_yet_and_an_option;  // a condition
  std::string (*offer)(const std::vector<Word>& words);
};

std::string offer_in_bash(const std::vector<Word>& words) {
  std::string line;
  for (const Word& word : words) line += (line.empty() ? "" : " ") + word.text;
  return fmt::format("words='{}'", line);
}

std::string offer_in_zsh(const std::vector<Word>& words) {
  std::string line;
  for (const Word& word : words) line += (line.empty() ? "" : " ") + described(word);
  return fmt::format("choices=({})", line);
}

constexpr Shell shells[] = {
    {.name = "bash",
     .begin = R"(# bash completion of hallmark
_hallmark() {
  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=''
)",
     .end = R"(  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _hallmark hallmark
)",
     .at_first_word = "[[ $COMP_CWORD -eq 1 ]]",
     .at_second_word = "[[ $COMP_CWORD -eq 2 ]]",
     .second_word = "${COMP_WORDS[2]}",
     .nothing_yet_and_an_option = "[[ -z $words && $current == -* ]]",
     .offer = offer_in_bash},
    {.name = "zsh",
     .begin = R"(#compdef hallmark
  local command=$words[2]
  local -a choices
)",
     .end = "  if (( $#choices )); then _describe hallmark choices; else _files; fi\n",
     .at_first_word = "(( CURRENT == 2 ))",
     .at_second_word = "(( CURRENT == 3 ))",
     .second_word = "$words[3]",
     .nothing_yet_and_an_option = "(( ! $#choices )) && [[ $PREFIX == -* ]]",
     .offer = offer_in_zsh},
};

void print_script(const Shell& shell) {
  fmt::print("{}  if {}; then\n    {}\n  else\n    case $command in\n", shell.begin,
             shell.at_first_word, shell.offer(first_words()));
  for (const Word& word : first_words()) {
    const auto verbs = words_of_group(word.text);
    if (verbs.empty()) continue;
    fmt::print("      {}) if {}; then {}; else command+=\" {}\"; fi ;;\n", word.text,
               shell.at_second_word, shell.offer(verbs), shell.second_word);
  }
  fmt::print("    esac\n    if {}; then\n      case $command in\n",
             shell.nothing_yet_and_an_option);
  for (const Command* command : commands()) {
    fmt::print("        '{}') {} ;;\n", command->name, shell.offer(options_of(*command)));
  }
  fmt::print("      esac\n    fi\n  fi\n{}", shell.end);
}

Result<void> run(const Arguments& arguments) {
  const auto* const shell = std::ranges::find(shells, arguments.get("SHELL"), &Shell::name);
  if (shell == std::ranges::end(shells)) return wrong_usage("SHELL must be bash or zsh.");
  print_script(*shell);
  return {};
}

}  // namespace

constinit const Command completion_command = {
    "completion", "print a script by which a shell completes commands and options", options, run};

}  // namespace hallmark::cli
