// The pages of the manual, written from the table of commands and from that of settings, so that
// they say what the program does. In the macros of man(7).
#include <string>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/version.h"
#include "server/example_configuration.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::positional, "PAGE", "hallmark, or hallmark.toml of the configuration file"},
};

// Text as roff prints it: no character of it is a request or becomes another one.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool starts_line = out.empty() || out.back() == '\n';
    if (starts_line && (c == '.' || c == '\'')) out += "\\&";
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default: out += c;
    }
  }
  return out;
}

// "--listen" takes "LISTEN" in the page; a name like "-o,--output" shows both.
std::string value_of(const Option& option) {
  if (option.kind == OptionKind::flag) return {};
  return " \\fIVALUE\\fR";
}

std::string shown(const Option& option) {
  std::string name(option.name);
  if (!name.starts_with('-')) return fmt::format("\\fI{}\\fR", roff(name));
  return fmt::format("\\fB{}\\fR{}", roff(name), value_of(option));
}

// Positional and required ones; the others are listed below them.
std::string synopsis(const Command& command) {
  std::string line = fmt::format("\\fBhallmark {}\\fR", roff(command.name));
  bool has_more = false;
  for (const Option& option : command.options) {
    const bool is_positional = !option.name.starts_with('-');
    if (option.kind == OptionKind::optional && is_positional) {
      line += fmt::format(" [{}]", shown(option));
    } else if (option.kind == OptionKind::required || option.kind == OptionKind::positional) {
      line += ' ' + shown(option);
    } else {
      has_more = true;
    }
  }
  return line + (has_more ? " [\\fIOPTION\\fR]..." : "");
}

void print_command(const Command& command) {
  fmt::print(".SS {}\n{}\n.PP\n{}.\n", roff(command.name), synopsis(command),
             roff(command.summary));
  for (const Option& option : command.options) {
    fmt::print(".TP\n{}\n{}\n", shown(option), roff(option.help));
    if (option.kind == OptionKind::required) fmt::print("(required)\n");
  }
}

void print_head(std::string_view title, std::string_view section, std::string_view summary) {
  fmt::print(".TH {} {} \"\" \"Hallmark {}\" \"Hallmark\"\n.SH NAME\n{}\n", title, section, version,
             summary);
}

void print_commands_page() {
  print_head("HALLMARK", "1",
             "hallmark \\- a self\\-hosted code\\-signing service that speaks the AWS Signer API");
  fmt::print(
      ".SH SYNOPSIS\n\\fBhallmark\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n"
      "One program is the server, its administration, and a client for signing and verifying "
      "files.\n\\fBhallmark dev\\fR serves everything from one directory, for development;\n"
      "\\fBhallmark init\\fR and \\fBhallmark server\\fR are for production.\n"
      "\\fBhallmark\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\fR prints what a command takes.\n"
      ".SH COMMANDS\n");
  for (const Command* command : commands()) print_command(*command);
  fmt::print(
      ".SH EXIT STATUS\n"
      ".TP\n0\nDone; of \\fBverify\\fR: the file is valid.\n"
      ".TP\n1\nFailed, with one line that says why on standard error.\n"
      ".TP\n2\nCalled wrongly.\n"
      ".SH ENVIRONMENT\n"
      "Commands that are clients of the API take what \\fBaws\\fR(1) takes: "
      "AWS_ENDPOINT_URL_SIGNER,\n"
      "AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE,\n"
      "AWS_SHARED_CREDENTIALS_FILE. A server tells the service manager of NOTIFY_SOCKET when it is "
      "ready.\n"
      ".SH FILES\n"
      ".TP\n/etc/hallmark/hallmark.toml\nThe configuration that the packaged service reads.\n"
      ".TP\n/var/lib/hallmark\nThe data directory of the packaged service.\n"
      ".SH SEE ALSO\n\\fBhallmark.toml\\fR(5)\n");
}

void print_settings_page() {
  print_head("HALLMARK.TOML", "5", "hallmark.toml \\- configuration of the Hallmark server");
  fmt::print(
      ".SH DESCRIPTION\n"
      "The file that \\fBhallmark server \\-\\-config\\fR \\fIFILE\\fR reads, in TOML.\n"
      "What it does not set has its default; options of the command line win over it.\n"
      "Relative paths start in its folder. A name that is no setting, a wrong type and a value "
      "out\n"
      "of its range are refused, with the line. No secret stands in it: secrets have files of "
      "their own.\n"
      ".SH SETTINGS\n"
      "All settings, each with its default or, where it has none, with an example.\n"
      "\\fBhallmark configuration\\fR prints the same.\n.PP\n.nf\n{}.fi\n"
      ".SH SEE ALSO\n\\fBhallmark\\fR(1)\n",
      roff(server::example_configuration()));
}

Result<void> run(const Arguments& arguments) {
  const std::string page = arguments.get("PAGE");
  if (page == "hallmark") {
    print_commands_page();
  } else if (page == "hallmark.toml") {
    print_settings_page();
  } else {
    return wrong_usage("PAGE must be hallmark or hallmark.toml.");
  }
  return {};
}

}  // namespace

constinit const Command manual_command = {"manual", "print a page of the manual, for man -l -",
                                          options, run};

}  // namespace hallmark::cli
