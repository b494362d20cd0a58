// Asking for administration: from the running server, through DIR/admin.sock, or the
// same in this process when no server runs.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/named_file.h"
#include "server/data_directory.h"
#include "server/local_administration.h"

namespace hallmark::cli {

// The options that all of these commands have.
inline constexpr Option data_dir_option = {OptionKind::required, "--data-dir",
                                           "the data directory"};
inline constexpr Option master_key_option = {
    OptionKind::optional, "--master-key",
    "where the master key is, for when no server runs (default: as `init` or `dev` was told)"};
inline constexpr Option account_option = {OptionKind::optional, "--account",
                                          "12 digits (default: the installation's account)"};
// Whom a command is about.
inline constexpr Option user_option = {OptionKind::optional, "--user", "the name of a user"};
inline constexpr Option role_option = {OptionKind::optional, "--role", "the name of a role"};
inline constexpr Option root_option = {OptionKind::flag, "--root", "the root of the account"};
inline constexpr Option json_option = {OptionKind::flag, "--json", "print the answer as JSON"};

class Administrator {
 public:
  // By --data-dir and --master-key.
  static Result<std::unique_ptr<Administrator>> of(const Arguments& arguments);

  // What `POST /{action}` answers, or the error in its words.
  Result<JsonDocument> ask(std::string_view action, std::string body);

 private:
  explicit Administrator(const Arguments& arguments);
  struct Answer {
    int status;
    std::string body;
  };
  Result<Answer> send(std::string_view action, std::string body);
  Result<Answer> send_to_server(std::string_view action, std::string body);
  Result<void> open_here();

  const server::DataDirectory directory_;
  const std::string master_key_;
  std::unique_ptr<server::LocalAdministration> local_;  // made when it is needed
};

// The body of a request: {"AccountId"?, …}, to which members are added until `take`.
class AdminBody {
 public:
  explicit AdminBody(const Arguments& arguments);
  AdminBody& member(std::string_view name, std::string_view value);
  JsonWriter& json() { return json_; }
  std::string take();

 private:
  JsonWriter json_;
};

// Who is meant by --user, --role or --root; wrong usage unless it is exactly one.
enum class WhoKind { user, role, root };
struct Who {
  WhoKind kind;
  std::string name;  // empty: the root

  // "PutUserPolicy" of ("Put", "Policy").
  std::string action(std::string_view before, std::string_view after) const;
  void write(AdminBody& body) const;
};
Result<Who> read_who(const Arguments& arguments);
// The same where the root is not possible.
Result<Who> read_named(const Arguments& arguments);

// The whole file, or standard input for "-". Invalid: it cannot be read, or is longer.
Result<std::string> read_input(const NamedFile& file, std::size_t bytes_max);
// A policy document; as read_input.
Result<std::string> read_document(const NamedFile& file);

// A member of an answer as text; empty when it is absent.
std::string text_of(const JsonObject& object, std::string_view name);
// Writes the members that are texts, as they came, into the object that `json` is at.
void write_texts(JsonWriter& json, const JsonObject& object);

}  // namespace hallmark::cli
