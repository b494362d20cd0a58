// A configuration as the text of its file.
#include <fmt/format.h>

#include "server/configuration_settings.h"

namespace hallmark::server {
namespace {

// A basic string of TOML. The texts are printable, so that only these two need an escape.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class Writer {
 public:
  template <class Owner>
  void write_table(const Owner& owner, std::string_view prefix) {
    for (const Setting<Owner>& setting : settings_of(owner)) {
      const auto write_one = [&](auto field) {
        write({fmt::format("{}{}", prefix, setting.name), setting.name, setting.help,
               setting.example},
              owner.*field);
      };
      std::visit(write_one, setting.field);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  struct Row {
    std::string path;  // "throttle.operations", of a table's header
    std::string_view name, help, example;
  };

  void write_line(const Row& row, const std::string& value) {
    const bool is_set = !value.empty();
    out_ += fmt::format("# {}\n{}{} = {}\n", row.help, is_set ? "" : "# ", row.name,
                        is_set ? value : row.example);
  }

  void write(const Row& row, const std::optional<ListenAddress>& value) {
    write_line(row, value ? toml_string(value->text()) : std::string());
  }
  void write(const Row& row, const std::string& value) {
    write_line(row, value.empty() && !row.example.empty() ? std::string() : toml_string(value));
  }
  void write(const Row& row, const std::filesystem::path& value) {
    write_line(row, value.empty() ? std::string() : toml_string(value.string()));
  }
  void write(const Row& row, std::size_t value) { write_line(row, fmt::format("{}", value)); }
  void write(const Row& row, bool value) { write_line(row, value ? "true" : "false"); }
  void write(const Row& row, const std::vector<std::string>& value) {
    std::string list;
    for (const std::string& text : value) list += (list.empty() ? "" : ", ") + toml_string(text);
    write_line(row, list.empty() ? std::string() : fmt::format("[{}]", list));
  }
  void write(const Row& row, const std::map<std::string, std::size_t, std::less<>>& value) {
    out_ += fmt::format("\n# {}\n[{}]\n", row.help, row.path);
    if (value.empty()) out_ += fmt::format("# {}\n", row.example);
    for (const auto& [name, number] : value) out_ += fmt::format("{} = {}\n", name, number);
  }
  void write(const Row& row, const std::map<std::string, std::string, std::less<>>& value) {
    out_ += fmt::format("\n# {}\n[{}]\n", row.help, row.path);
    if (value.empty()) out_ += fmt::format("# {}\n", row.example);
    for (const auto& [name, text] : value)
      out_ += fmt::format("{} = {}\n", toml_string(name), toml_string(text));
  }
  void write(const Row& row, const AuditSettings& value) { write_table_of(row, value); }
  void write(const Row& row, const Throttle& value) { write_table_of(row, value); }
  void write(const Row& row, const S3Settings& value) { write_table_of(row, value); }
  void write(const Row& row, const EventSettings& value) { write_table_of(row, value); }
  // A header without its table would be TLS without a certificate.
  void write(const Row& row, const TlsSettings& value) {
    if (value != TlsSettings()) return write_table_of(row, value);
    out_ += fmt::format("\n# {}\n# [{}]\n", row.help, row.path);
    write_table(value, row.path + ".");
  }
  template <class Table>
  void write_table_of(const Row& row, const Table& value) {
    out_ += fmt::format("\n# {}\n[{}]\n", row.help, row.path);
    write_table(value, row.path + ".");
  }
  void write(const Row& row, const std::vector<WebIdentityIssuer>& value) {
    if (value.empty()) return write_example(row);
    for (const WebIdentityIssuer& issuer : value) {
      out_ += fmt::format("\n# {}\n[[{}]]\n", row.help, row.path);
      write_table(issuer, row.path + ".");
    }
  }
  // A header without its table would be a table without its issuer.
  void write_example(const Row& row) {
    out_ += fmt::format("\n# {}\n# [[{}]]\n", row.help, row.path);
    write_table(WebIdentityIssuer(), row.path + ".");
  }

  std::string out_;
};

}  // namespace

std::string Configuration::settings() const {
  Writer writer;
  writer.write_table(*this, "");
  return writer.take();
}

}  // namespace hallmark::server
