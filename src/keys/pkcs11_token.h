// A token that this process is logged in to, and its sessions. Private to keys/.
//
// A session that fails in a way that says that the token, the session or the login is lost voids
// the whole connection: the module is started anew, the token found again and logged in to, at most
// once in token_retry_pause, and until then every call fails at once. A refused PIN is tried once
// and never again in the life of the object: tokens lock themselves after a few.
#pragma once

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "keys/pkcs11_module.h"
#include "keys/pkcs11_uri.h"

namespace hallmark::keys {

inline constexpr std::size_t token_sessions_max =
    8;  // of one token; the work pool has four threads
inline constexpr auto token_retry_pause = std::chrono::seconds(1);

// A session in use by one thread.
class Session {
 public:
  Session(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE handle, std::uint64_t generation)
      : functions_(functions), handle_(handle), generation_(generation) {}

  CK_FUNCTION_LIST& functions() const { return functions_; }
  CK_SESSION_HANDLE handle() const { return handle_; }
  // Object handles are good within one generation.
  std::uint64_t generation() const { return generation_; }
  // The error of a call, which also says whether the connection is lost.
  Error failed(std::string_view call, CK_RV status);
  // The same of a token that lacks what must be in it: some modules show one that was pulled out as
  // an empty one.
  Error lacks(std::string_view what);
  bool lost() const { return lost_; }

 private:
  CK_FUNCTION_LIST& functions_;
  const CK_SESSION_HANDLE handle_;
  const std::uint64_t generation_;
  bool lost_ = false;
};

// Safe to call from any thread.
class Token {
 public:
  // Connected and logged in. Invalid or unavailable, with the reason, if that fails.
  static Result<std::unique_ptr<Token>> open(Pkcs11Uri uri, std::shared_ptr<Module> module);
  ~Token();
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

  // What `work(Session&)` returns, in a session; once more if the connection was lost meanwhile.
  template <std::invocable<Session&> Work>
  std::invoke_result_t<Work, Session&> with_session(Work work) {
    for (int attempt = 1;; ++attempt) {
      TRY(const auto lease, borrow());
      auto outcome = work(lease->session);
      if (!lease->session.lost() || attempt == attempts_max) return outcome;
    }
  }

  const Pkcs11Uri& uri() const { return uri_; }

 private:
  static constexpr int attempts_max = 2;

  // Gives its session back, or, if it is lost, says so.
  struct Lease {
    ~Lease() { token.give_back(session); }
    Token& token;
    Module::Use use;
    Session session;
  };

  Token(Pkcs11Uri uri, std::shared_ptr<Module> module)
      : uri_(std::move(uri)), module_(std::move(module)) {}

  Result<std::unique_ptr<Lease>> borrow();
  Result<void> take_permit(Deadline deadline);
  void give_permit_back();
  void give_back(const Session& session);
  Result<CK_SESSION_HANDLE> idle_or_new(std::uint64_t generation);

  Result<void> connect(Deadline deadline);
  Result<void> connect_anew(Deadline deadline);
  Result<CK_SLOT_ID> find_slot();
  Result<bool> is_meant(CK_SLOT_ID slot);
  Result<CK_SESSION_HANDLE> open_session(CK_SLOT_ID slot);
  Result<void> log_in(CK_SLOT_ID slot, CK_SESSION_HANDLE session);
  Error refuse_for_ever(std::string why);

  const Pkcs11Uri uri_;
  const std::shared_ptr<Module> module_;

  // While one connects, the others wait for it; all below is guarded by this mutex. (A timed one,
  // which clang's analysis does not know.)
  std::timed_mutex connecting_;
  std::optional<Error> refused_;  // the login: for ever
  std::optional<Error> last_error_;
  Deadline next_attempt_ = {};
  std::uint64_t tried_ = 0;  // the module's generation of the last attempt; 0: there was none
  std::atomic<CK_SLOT_ID> slot_ = 0;
  // The module's generation that we are logged in with; 0: none.
  std::atomic<std::uint64_t> connected_ = 0;

  std::mutex mutex_;  // guards the two below
  std::condition_variable returned_;
  std::vector<CK_SESSION_HANDLE> idle_;  // of the generation `connected_`
  std::size_t in_use_ = 0;
};

}  // namespace hallmark::keys
