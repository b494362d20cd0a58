#include "cli/administrator.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/operator_words.h"
#include "cli/custody.h"
#include "cli/serving.h"
#include "http/client.h"
#include "server/admin_socket.h"
#include "server/key_places.h"

namespace hallmark::cli {
namespace {

constexpr int ok = 200;

// Longer ones are refused in the words of the server.
constexpr std::size_t document_bytes_max = 4 * limits::policy_document_bytes_max;

Error error_of(const JsonDocument& document) {
  const auto object = document.root().object();
  if (!object) return internal_error("the server's answer is none");
  std::string message = text_of(*object, "message");
  if (message.empty()) message = text_of(*object, "Message");
  return invalid(std::move(message));
}

}  // namespace

Administrator::Administrator(const Arguments& arguments)
    : directory_{whole_path(arguments.get("--data-dir"))},
      master_key_(arguments.get("--master-key")) {}

Result<std::unique_ptr<Administrator>> Administrator::of(const Arguments& arguments) {
  TRY(harden_process());
  auto administrator = std::unique_ptr<Administrator>(new Administrator(arguments));
  TRY(server::require_initialised(administrator->directory_));
  return administrator;
}

Result<JsonDocument> Administrator::ask(std::string_view action, std::string body) {
  TRY(const auto answer, send(action, std::move(body)));
  TRY(auto document, JsonDocument::parse(answer.body));
  if (answer.status != ok) return error_of(document);
  return document;
}

// A killed server leaves its socket behind, and no lock.
Result<Administrator::Answer> Administrator::send(std::string_view action, std::string body) {
  std::error_code unreadable;  // is not there for us
  if (local_ == nullptr && server::in_use(directory_) &&
      std::filesystem::exists(directory_.admin_socket(), unreadable)) {
    return send_to_server(action, std::move(body));
  }
  if (local_ == nullptr) TRY(open_here());
  http::Response response = local_->ask(action, std::move(body));
  return Answer{response.status, std::move(response.body)};
}

Result<Administrator::Answer> Administrator::send_to_server(std::string_view action,
                                                            std::string body) {
  TRY(const auto path, server::AdminSocketPath::of(directory_));
  http::ClientRequest request{.method = http::Method::post,
                              .url = fmt::format("http://localhost/{}", action)};
  request.body = std::move(body);
  request.unix_socket_path = path->text();
  auto response = http::fetch(request);
  if (response) return Answer{response->status, std::move(response->body)};
  return Error{response.error().kind,
               fmt::format("The server that runs on {} does not answer.", directory_.path.string()),
               words_of(response.error())};
}

Result<void> Administrator::open_here() {
  TRY(const auto places, server::find_key_places(directory_, {{}, master_key_}));
  if (directory_.initialised() && places.master_key.empty() && places.keys.empty()) {
    return invalid(fmt::format(
        "No server runs on {}: start one, or name the master key's file by --master-key.",
        directory_.path.string()));
  }
  TRY(auto custody, open_custody(directory_, {{}, master_key_}));
  TRY(auto installation, server::Installation::open(directory_, std::move(custody)));
  local_ = std::make_unique<server::LocalAdministration>(std::move(installation));
  return {};
}

AdminBody::AdminBody(const Arguments& arguments) {
  json_.begin_object();
  if (arguments.has("--account")) json_.member("AccountId", arguments.get("--account"));
}

AdminBody& AdminBody::member(std::string_view name, std::string_view value) {
  json_.member(name, value);
  return *this;
}

std::string AdminBody::take() {
  json_.end_object();
  return json_.take();
}

std::string Who::action(std::string_view before, std::string_view after) const {
  return fmt::format("{}{}{}", before, kind == WhoKind::role ? "Role" : "User", after);
}

void Who::write(AdminBody& body) const {
  switch (kind) {
    case WhoKind::user: body.member("UserName", name); break;
    case WhoKind::role: body.member("RoleName", name); break;
    case WhoKind::root: break;
  }
}

Result<Who> read_who(const Arguments& arguments) {
  const int given =
      int(arguments.has("--user")) + int(arguments.has("--role")) + int(arguments.has("--root"));
  if (given != 1) return wrong_usage("Exactly one of --user, --role and --root is needed.");
  if (arguments.has("--user")) return Who{WhoKind::user, arguments.get("--user")};
  if (arguments.has("--role")) return Who{WhoKind::role, arguments.get("--role")};
  return Who{WhoKind::root, {}};
}

Result<Who> read_named(const Arguments& arguments) {
  if (arguments.has("--user") == arguments.has("--role")) {
    return wrong_usage("Exactly one of --user and --role is needed.");
  }
  return read_who(arguments);
}

Result<std::string> read_input(const NamedFile& file, std::size_t bytes_max) {
  if (file.path != "-") return read_file(file, bytes_max);
  std::string content(bytes_max + 1, '\0');
  content.resize(std::fread(content.data(), 1, content.size(), stdin));
  if (std::ferror(stdin) != 0) return invalid("Standard input cannot be read.");
  if (content.size() > bytes_max) return invalid("Standard input is too long.");
  return content;
}

Result<std::string> read_document(const NamedFile& file) {
  return read_input(file, document_bytes_max);
}

std::string text_of(const JsonObject& object, std::string_view name) {
  const auto found = object.find_text(name);
  return found && *found ? std::string(**found) : std::string();
}

void write_texts(JsonWriter& json, const JsonObject& object) {
  for (const auto& [name, value] : object.members()) {
    if (const auto text = value.text()) json.member(name, *text);
  }
}

}  // namespace hallmark::cli
