#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "audit/checkpointer.h"
#include "base/encoding.h"
#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "cli/serving.h"
#include "crypto/random.h"
#include "keys/custody.h"
#include "keys/exported_key.h"
#include "keys/pkcs11_uri.h"
#include "keys/secret_file.h"
#include "server/audit_key.h"
#include "server/key_places.h"
#include "server/store_place.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir",
     "an empty or missing directory; it will hold no unsealed secret"},
    {OptionKind::optional, "--master-key",
     "where the new master key goes: a file outside the data directory, a pkcs11: URI, or "
     "credential:NAME, which must be there (default: the token of --keys)"},
    {OptionKind::optional, "--keys",
     "where private keys are made and stay: "
     "pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH "
     "(default: file:, sealed in the store)"},
    {OptionKind::required, "--root-out",
     "where the root's private key goes, encrypted; take it off this machine"},
    {OptionKind::optional, "--store",
     "postgresql://HOST/DATABASE?passfile=FILE: an empty database for this and further nodes "
     "(default: in the data directory)"},
    {OptionKind::optional, "--account-id", "12 digits (default: random)"},
    {OptionKind::optional, "--region", "the AWS region that clients name (default: us-east-1)"},
    {OptionKind::optional, "--partition", "the ARNs' partition (default: aws)"},
};

Secret random_passphrase(Random& random) {
  Bytes bytes(20);
  random.fill(bytes);
  Secret passphrase(bytes_of(to_base64url(bytes)));
  wipe(bytes);
  return passphrase;
}

// The files of keys that this attempt has made. They go with it when it fails: they are keys of
// nothing, and in the way of the next one.
class NewKeyFiles {
 public:
  NewKeyFiles() = default;
  ~NewKeyFiles() {
    std::error_code ignored;  // the next attempt says that it is there
    for (const std::filesystem::path& path : paths_) std::filesystem::remove(path, ignored);
  }
  NewKeyFiles(const NewKeyFiles&) = delete;
  NewKeyFiles& operator=(const NewKeyFiles&) = delete;

  void add(std::filesystem::path path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<std::filesystem::path> paths_;
};

// Makes the root's key outside of the key provider and leaves it, encrypted, in a file.
class ExportedRootKey final : public server::RootKeyMaker {
 public:
  ExportedRootKey(OutputFile file, NewKeyFiles& made, Random& random)
      : file_(std::move(file)),
        made_(made),
        random_(random),
        passphrase_(random_passphrase(random)) {}

  Result<keys::CreatedKey> make(keys::KeyProvider&, const Uuid&) override {
    TRY(auto key, keys::make_exported_key(crypto::KeyKind::p384, passphrase_, random_));
    TRY(file_.write(bytes_of(key.encrypted_pem), 0400));
    made_.add(file_.path());
    return keys::CreatedKey{{}, std::move(key.signer)};
  }
  const Secret& passphrase() const { return passphrase_; }

 private:
  const OutputFile file_;
  NewKeyFiles& made_;
  Random& random_;
  const Secret passphrase_;
};

Result<model::AccountId> choose_account(const Arguments& arguments, Random& random) {
  if (arguments.has("--account-id")) {
    auto given = model::AccountId::parse(arguments.get("--account-id"));
    return given ? std::move(given) : wrong_usage("--account-id must have 12 digits.");
  }
  std::uint64_t number = 0;
  random.fill({reinterpret_cast<std::uint8_t*>(&number), sizeof number});
  return model::AccountId::parse(fmt::format("{:012}", number % 1'000'000'000'000));
}

Result<void> check_word(std::string_view name, std::string_view text) {
  const bool fine = !text.empty() && text.size() <= 32 &&
                    text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
  if (fine) return {};
  return wrong_usage(fmt::format("{} has 1 to 32 characters of a-z, 0-9 and '-'.", name));
}

// Neither of the two files that are made lies in the directory, nor are they one. A master key that
// is not a file has no path.
Result<void> check_apart(const server::DataDirectory& directory,
                         const std::filesystem::path& master_key,
                         const std::filesystem::path& root_out) {
  const bool has_file = !master_key.empty();
  if ((has_file && is_inside(master_key, directory.path)) || is_inside(root_out, directory.path)) {
    return invalid(
        "--master-key and --root-out must lie outside the data directory: whoever copies that "
        "directory must not get the keys with it.");
  }
  if (has_file && without_links(master_key) == without_links(root_out)) {
    return invalid("--master-key and --root-out must be two files.");
  }
  return {};
}

// As they are remembered: a file by its whole path.
Result<keys::KeyPlaces> read_places(const Arguments& arguments) {
  keys::KeyPlaces places = {arguments.get("--keys"), arguments.get("--master-key")};
  const bool in_token = places.keys.starts_with(keys::pkcs11_scheme);
  if (places.master_key.empty() && !in_token) return wrong_usage("--master-key is needed.");
  if (!places.master_key.empty()) {
    TRY(places.master_key, absolute_place(places.master_key));
  }
  return places;
}

std::filesystem::path file_of(const keys::KeyPlaces& places) {
  if (!places.master_key.starts_with('/')) return {};
  return places.master_key;
}

std::string shown_master_key(const keys::KeyPlaces& places) {
  if (!file_of(places).empty()) {
    return fmt::format("{} (back it up apart from the data)", places.master_key);
  }
  if (places.master_key.starts_with(keys::credential_scheme)) return places.master_key;
  return "in the token";
}

// Nothing would show that the log was shortened before a server has made its first.
Result<void> make_first_checkpoint(server::Installation& installation) {
  server::AuditKey key(installation.authority());
  audit::Checkpointer checkpointer(installation.store(), key, installation.clock());
  TRY(checkpointer.make());
  return {};
}

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  crypto::SystemRandom random;
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(const auto places, read_places(arguments));
  TRY(server::check_unused(directory));
  TRY(check_apart(directory, file_of(places), whole_path(arguments.get("--root-out"))));
  TRY(const auto root_out, OutputFile::of("--root-out", arguments.get("--root-out")));
  if (!file_of(places).empty()) TRY(OutputFile::of("--master-key", places.master_key));
  const model::Home home{arguments.get("--partition", "aws"),
                         arguments.get("--region", "us-east-1")};
  TRY(check_word("--partition", home.partition));
  TRY(check_word("--region", home.region));
  TRY(auto account, choose_account(arguments, random));

  TRY(server::choose_store(directory, arguments.get("--store"), random));
  NewKeyFiles key_files;
  TRY(auto custody, keys::Custody::create(places));
  if (!file_of(places).empty()) key_files.add(file_of(places));
  ExportedRootKey root_key(root_out, key_files, random);
  TRY(auto created,
      server::Installation::create(directory, std::move(custody), {account, home}, root_key));
  TRY(server::write_key_places(directory, places));
  TRY(make_first_checkpoint(*created.installation));
  key_files.keep();  // from here on the store may say that it is finished, whatever fails
  TRY(created.installation->finish());
  fmt::print(
      "initialised {}\n"
      "  account                 {}\n"
      "  region                  {}\n"
      "  master key              {}\n"
      "  root key                {} (take it off this machine)\n"
      "\n"
      "Shown once (the passphrase is kept nowhere, the secret access key only sealed):\n"
      "  root key passphrase     {}\n"
      "  admin access key id     {}\n"
      "  admin secret access key {}\n",
      directory.path.string(), account.view(), home.region, shown_master_key(places),
      root_out.path().string(), text_of(root_key.passphrase().reveal()), created.admin.id,
      text_of(created.admin.secret.reveal()));
  if (std::fflush(stdout) != 0) return system_error("write to standard output", errno);
  return {};
}

}  // namespace

constinit const Command init_command = {
    "init", "make a production installation: sealed keys, an exported root", options, run};

}  // namespace hallmark::cli
