#include "server/installation.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/file.h"
#include "crypto/aead.h"
#include "objects/file_objects.h"
#include "server/sealing_keys.h"
#include "server/store_place.h"
#include "store/keys.h"
#include "store/settings.h"

namespace hallmark::server {
namespace {

constexpr std::string_view finished_setting = "finished";  // written last

// identity's seam onto the key provider.
class KeyProviderSealer final : public identity::SecretSealer {
 public:
  explicit KeyProviderSealer(keys::KeyProvider& keys) : keys_(keys) {}
  Bytes seal(ByteView plain, std::string_view context) override {
    return keys_.seal(plain, context);
  }
  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return keys_.unseal(sealed, context);
  }

 private:
  keys::KeyProvider& keys_;
};

class KeySealer final : public identity::SecretSealer {
 public:
  KeySealer(const Secret& key, Random& random) : key_(key), random_(random) {}
  Bytes seal(ByteView plain, std::string_view context) override {
    return crypto::seal(key_, plain, context, random_);
  }
  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return crypto::open(key_, sealed, context);
  }

 private:
  const Secret& key_;
  Random& random_;
};

constexpr std::size_t facts_bytes_max = 1024;

Result<NewInstallation> stored_facts(store::Store& store) {
  return store.read([](store::Reader& reader) -> Result<NewInstallation> {
    TRY(auto account_text, store::find_setting(reader, "account"));
    TRY(auto region, store::find_setting(reader, "region"));
    TRY(auto partition, store::find_setting(reader, "partition"));
    if (!account_text || !region || !partition) {
      return corrupt("the store lacks the facts of its installation");
    }
    TRY(auto account, model::AccountId::parse(*account_text));
    return NewInstallation{std::move(account), {*std::move(partition), *std::move(region)}};
  });
}

Result<void> write_facts(store::Store& store, const NewInstallation& facts) {
  return store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_setting(tx, "account", facts.account.view()));
    TRY(store::insert_setting(tx, "region", facts.home.region));
    return store::insert_setting(tx, "partition", facts.home.partition);
  });
}

std::string text_of_facts(const NewInstallation& facts) {
  return fmt::format("account = {}\nregion = {}\npartition = {}\n", facts.account.view(),
                     facts.home.region, facts.home.partition);
}

// The value of the line `NAME = VALUE`.
Result<std::string> fact(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find(" = ");
    if (equals == std::string_view::npos || line.substr(0, equals) != name) continue;
    return std::string(line.substr(equals + 3));
  }
  return corrupt(fmt::format("The file `installation` has no line `{} = …`.", name));
}

// Whatever holds the keys, a wrong one would be noticed only when the first request needs it.
Result<void> check_keys(store::Store& store, keys::KeyProvider& keys) {
  TRY(const auto row, store.read([](store::Reader& reader) {
    return store::find_newest_certificate(reader, store::CertificateRole::intermediate);
  }));
  if (!row) return corrupt("the store has no certificate authority");
  const auto opened =
      keys.open(row->sealed_key, keys::Purpose::intermediate_certificate, row->id.text());
  if (opened) return {};
  if (opened.error().kind != ErrorKind::corrupt) return opened.error();
  return invalid("The keys are not those that this installation was made with.");
}

// A store that was finished is never replaced, whatever became of the files beside it.
Result<void> refuse_finished_store(const DataDirectory& directory) {
  if (!std::filesystem::exists(directory.store())) return {};
  auto store = store::open_sqlite(directory.store(), audit::link);
  if (store) {
    const auto finished = (*store)->read(
        [](store::Reader& reader) { return store::find_setting(reader, finished_setting); });
    (*store)->close();
    if (finished && !*finished) return {};
  }
  return invalid(fmt::format(
      "{} holds a store without its file `installation`. Bring that file back, or name another "
      "directory.",
      directory.path.string()));
}

Result<void> remove_unfinished_store(const DataDirectory& directory) {
  TRY(refuse_finished_store(directory));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(directory.store().string() + suffix, error);
    if (error) return internal_error(fmt::format("remove the old store: {}", error.message()));
  }
  return {};
}

// Of a database: what is in it may be somebody's, so nothing of it is replaced.
Result<void> require_empty(store::Store& store) {
  TRY(const auto account,
      store.read([](store::Reader& reader) { return store::find_setting(reader, "account"); }));
  if (!account) return {};
  TRY(const auto finished, store.read([](store::Reader& reader) {
    return store::find_setting(reader, finished_setting);
  }));
  if (finished) {
    return invalid("The database holds an installation. `hallmark join` makes a node of it here.");
  }
  return invalid("The database holds what an interrupted `init` left. Name an empty one.");
}

Result<void> require_finished(store::Store& store) {
  TRY(const auto finished, store.read([](store::Reader& reader) {
    return store::find_setting(reader, finished_setting);
  }));
  if (finished) return {};
  return invalid("The database holds no finished installation: `hallmark init` makes one.");
}

}  // namespace

Installation::Installation(DataDirectory directory, std::unique_ptr<DirectoryLock> lock,
                           std::unique_ptr<store::Store> store, NewInstallation facts,
                           HeldKeys held)
    : directory_(std::move(directory)),
      lock_(std::move(lock)),
      account_(std::move(facts.account)),
      home_(std::move(facts.home)),
      custody_(std::move(held.custody)),
      key_sealer_(held.sealing_keys, random_),
      page_token_key_(crypto::derive_key(held.sealing_keys.front(), "page-token")),
      session_token_key_(crypto::derive_key(held.sealing_keys.front(), "session-token")),
      store_(std::move(store)),
      keys_(measured(custody_.provider(key_sealer_), key_meters_)),
      sealer_(std::make_unique<KeyProviderSealer>(*keys_)),
      token_sealer_(std::make_unique<KeySealer>(session_token_key_, random_)),
      objects_(
          measured(std::make_unique<objects::FileObjects>(directory_.objects(), clock_, random_),
                   object_meters_)),
      identities_(*store_, *sealer_, clock_, random_, home_),
      authority_(*store_, *keys_, clock_, random_, home_),
      heads_({*store_, clock_, home_}) {}

Installation::~Installation() { store_->close(); }

Result<std::unique_ptr<Installation>> Installation::open(const DataDirectory& directory,
                                                         keys::Custody custody) {
  TRY(require_initialised(directory));
  TRY(auto lock, DirectoryLock::take(directory));
  return make(directory, std::move(lock), std::move(custody), {});
}

Result<std::unique_ptr<Installation>> Installation::make(const DataDirectory& directory,
                                                         std::unique_ptr<DirectoryLock> lock,
                                                         keys::Custody custody,
                                                         const BackEnds& back_ends) {
  TRY(auto store, open_kept_store(directory, back_ends.store));
  TRY(auto facts, stored_facts(*store));
  TRY(auto sealing_keys, load_sealing_keys(*store, custody.master_key()));
  auto installation = std::unique_ptr<Installation>(
      new Installation(directory, std::move(lock), std::move(store), std::move(facts),
                       {std::move(custody), std::move(sealing_keys)}));
  TRY(check_keys(installation->store(), installation->keys()));
  std::vector<std::filesystem::path> head_files = {directory.head()};
  if (!back_ends.head_file.empty()) head_files.push_back(back_ends.head_file);
  TRY(installation->heads_.begin(std::move(head_files), HeadKeeper::History::goes_on));
  return installation;
}

Result<std::unique_ptr<Installation>> Installation::open(const DataDirectory& directory,
                                                         keys::Custody custody,
                                                         const BackEnds& back_ends) {
  TRY(require_initialised(directory));
  TRY(auto lock, DirectoryLock::take(directory));
  TRY(auto installation, make(directory, std::move(lock), std::move(custody), back_ends));
  TRY(auto objects,
      open_objects(back_ends.objects, directory, installation->clock_, installation->random_));
  installation->objects_ = measured(std::move(objects), installation->object_meters_);
  return installation;
}

Result<std::unique_ptr<Installation>> Installation::join(const DataDirectory& directory,
                                                         keys::Custody custody,
                                                         const std::string& store_url) {
  TRY(auto lock, DirectoryLock::take(directory));
  if (directory.initialised()) {
    return invalid(fmt::format("{} is initialised already.", directory.path.string()));
  }
  crypto::SystemRandom random;
  TRY(write_store_place(directory, store_url, random));
  {
    TRY(auto store, open_store(directory, {}));
    TRY(require_finished(*store));
    store->close();
  }
  TRY(auto installation, make(directory, std::move(lock), std::move(custody), {}));
  TRY(installation->write_roots());
  TRY(installation->write_facts_file());
  return installation;
}

Result<Installation::Created> Installation::create(const DataDirectory& directory,
                                                   keys::Custody custody,
                                                   const NewInstallation& facts,
                                                   RootKeyMaker& root_key) {
  TRY(auto lock, DirectoryLock::take(directory));
  if (directory.initialised()) {
    return invalid(fmt::format("{} is initialised already.", directory.path.string()));
  }
  TRY(remove_unfinished_store(directory));
  TRY(auto store, open_store(directory, {}));
  if (store->is_shared()) TRY(require_empty(*store));
  TRY(write_facts(*store, facts));
  crypto::SystemRandom random;
  TRY(create_sealing_key(*store, custody.master_key(), random));
  TRY(auto sealing_keys, load_sealing_keys(*store, custody.master_key()));
  Created created{std::unique_ptr<Installation>(
                      new Installation(directory, std::move(lock), std::move(store), facts,
                                       {std::move(custody), std::move(sealing_keys)})),
                  {}};
  Installation& installation = *created.installation;
  const Uuid root_id = Uuid::v7(installation.clock_.now(), installation.random_);
  TRY(auto root, root_key.make(installation.keys(), root_id));
  TRY(installation.authority_.create({root_id, *root.signer, std::move(root.sealed)}));
  TRY(created.admin, installation.identities_.create_account_with_admin(facts.account));
  return created;
}

Result<void> Installation::finish() {
  TRY(write_roots());
  TRY(store_->write(
      [](store::Transaction& tx) { return store::insert_setting(tx, finished_setting, "yes"); }));
  TRY(heads_.begin({directory_.head()}, HeadKeeper::History::begins));
  return write_facts_file();
}

Result<void> Installation::write_roots() {
  TRY(auto roots, authority_.roots());
  return write_file_durably(directory_.root_certificates(), bytes_of(crypto::to_pem(roots)), 0644);
}

Result<void> Installation::write_facts_file() {
  return write_file_durably(directory_.installation(), bytes_of(text_of_facts({account_, home_})),
                            0600);
}

Result<NewInstallation> read_facts(const DataDirectory& directory) {
  TRY(require_initialised(directory));
  return read_facts_file(directory.installation());
}

Result<NewInstallation> read_facts_file(const std::filesystem::path& file) {
  TRY(const std::string text, read_file(file, facts_bytes_max));
  TRY(auto account_text, fact(text, "account"));
  TRY(auto account, model::AccountId::parse(account_text));
  TRY(auto region, fact(text, "region"));
  TRY(auto partition, fact(text, "partition"));
  return NewInstallation{std::move(account), {std::move(partition), std::move(region)}};
}

}  // namespace hallmark::server
