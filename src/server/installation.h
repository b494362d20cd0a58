// An installation: the parts that hold its state, opened on a data directory. Commands that work
// offline use it alone; the server puts the HTTP side on top.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "identity/directory.h"
#include "keys/custody.h"
#include "keys/keys.h"
#include "keys/sealer.h"
#include "model/arn.h"
#include "objects/objects.h"
#include "pki/authority.h"
#include "server/data_directory.h"
#include "server/head_keeper.h"
#include "server/measured_keys.h"
#include "server/measured_objects.h"
#include "server/object_store.h"
#include "store/store.h"

namespace hallmark::server {

// What is set when an installation is made, and never changed.
struct NewInstallation {
  model::AccountId account;
  model::Home home;
};

// The back ends of an installation that it does not hold itself.
struct BackEnds {
  ObjectStoreSettings objects = {};
  std::string store = {};  // the database's URL, when it has moved; else as `init` was told
  // One more file beside DIR/head that tells how far the store has come; empty: none.
  std::filesystem::path head_file = {};
};

// Makes the root's key: in the key provider, where it stays sealed (`dev`), or outside of it, so
// that it leaves the machine and `sealed` stays empty (`init`).
class RootKeyMaker {
 public:
  virtual ~RootKeyMaker() = default;
  virtual Result<keys::CreatedKey> make(keys::KeyProvider& keys, const Uuid& id) = 0;
};

// The parts, in the order in which they depend on each other. Holds the directory's lock.
class Installation {
 public:
  // Opens one that is initialised. Invalid: it is not, another process has it, or the master key or
  // the token is another one's. A Secret is a master key in this process, with software keys.
  static Result<std::unique_ptr<Installation>> open(const DataDirectory& directory,
                                                    keys::Custody custody);

  // The same with an object store of one's choice, in place of the embedded one.
  static Result<std::unique_ptr<Installation>> open(const DataDirectory& directory,
                                                    keys::Custody custody,
                                                    const BackEnds& back_ends);

  // Makes the directory that of a further node of the installation in this database. Invalid: the
  // database holds none that is finished, or its keys are others.
  static Result<std::unique_ptr<Installation>> join(const DataDirectory& directory,
                                                    keys::Custody custody,
                                                    const std::string& store_url);

  // Makes a new one. Refuses a directory that is initialised; what an interrupted attempt left
  // behind is replaced, but not in a database: that must be empty. Until `finish` has returned, the
  // next `create` starts anew. The store is in the directory, or, after choose_store, where
  // that says.
  struct Created {
    std::unique_ptr<Installation> installation;
    identity::NewAccessKey admin;  // shown once
  };
  static Result<Created> create(const DataDirectory& directory, keys::Custody custody,
                                const NewInstallation& facts, RootKeyMaker& root_key);
  Result<void> finish();

  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  const DataDirectory& directory() const { return directory_; }
  const model::Home& home() const { return home_; }
  const model::AccountId& account() const { return account_; }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  store::Store& store() { return *store_; }
  keys::KeyProvider& keys() { return *keys_; }
  // For a rotation of the master key.
  keys::Custody& custody() { return custody_; }
  keys::Sealer& key_sealer() { return key_sealer_; }
  objects::Objects& objects() { return *objects_; }
  KeyMeters& key_meters() { return key_meters_; }
  ObjectMeters& object_meters() { return object_meters_; }
  // Of the secrets of access keys.
  identity::SecretSealer& sealer() { return *sealer_; }
  // Of session tokens, which callers keep: with a key of its own.
  identity::SecretSealer& token_sealer() { return *token_sealer_; }
  identity::Directory& identities() { return identities_; }
  pki::Authority& authority() { return authority_; }
  // Tells whether the store was put back to an earlier state.
  HeadKeeper& heads() { return heads_; }
  // Seals the page tokens of lists.
  Secret page_token_key() const { return page_token_key_.copy(); }

 private:
  struct HeldKeys {
    keys::Custody custody;
    std::vector<Secret> sealing_keys;  // newest first
  };
  Installation(DataDirectory directory, std::unique_ptr<DirectoryLock> lock,
               std::unique_ptr<store::Store> store, NewInstallation facts, HeldKeys held);
  static Result<std::unique_ptr<Installation>> make(const DataDirectory& directory,
                                                    std::unique_ptr<DirectoryLock> lock,
                                                    keys::Custody custody,
                                                    const BackEnds& back_ends);
  Result<void> write_roots();
  Result<void> write_facts_file();

  const DataDirectory directory_;
  const std::unique_ptr<DirectoryLock> lock_;
  const model::AccountId account_;
  const model::Home home_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  keys::Custody custody_;
  keys::Sealer key_sealer_;
  const Secret page_token_key_;
  const Secret session_token_key_;
  const std::unique_ptr<store::Store> store_;
  KeyMeters key_meters_;
  ObjectMeters object_meters_;
  const std::unique_ptr<keys::KeyProvider> keys_;
  const std::unique_ptr<identity::SecretSealer> sealer_;
  const std::unique_ptr<identity::SecretSealer> token_sealer_;
  std::unique_ptr<objects::Objects> objects_;
  identity::Directory identities_;
  pki::Authority authority_;
  HeadKeeper heads_;
};

// The facts of an installation, from DIR/installation; readable while a server runs. Invalid: there
// is none.
Result<NewInstallation> read_facts(const DataDirectory& directory);
// The same from a file of that kind. Not found: there is none.
Result<NewInstallation> read_facts_file(const std::filesystem::path& file);

}  // namespace hallmark::server
