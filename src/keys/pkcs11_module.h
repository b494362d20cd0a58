// A PKCS#11 module: the library that talks to a token. Private to keys/, and the only header there
// with PKCS#11's C types.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include <p11-kit/pkcs11.h>

#include "base/result.h"

namespace hallmark::keys {

// How long a call waits for its turn: for a session, for a module that starts anew.
inline constexpr auto token_wait_max = std::chrono::seconds(5);

using Deadline = std::chrono::steady_clock::time_point;
inline Deadline token_deadline() { return std::chrono::steady_clock::now() + token_wait_max; }

// "CKR_DEVICE_REMOVED".
std::string name_of_status(CK_RV status);
// "C_Sign: CKR_DEVICE_REMOVED", as an error that the caller may try again.
Error token_error(std::string_view call, CK_RV status);
Error token_error(std::string detail);

// Loaded and initialised. Safe to call from any thread, and its functions too: C_Initialize asks
// for locking. A process initialises a module once, so tokens of one module share it.
class Module {
 public:
  static Result<std::shared_ptr<Module>> load(const std::filesystem::path& path);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // Functions may be called while one of these is held: the module does not start anew meanwhile.
  using Use = std::shared_lock<std::shared_timed_mutex>;
  Result<Use> use(Deadline deadline);
  CK_FUNCTION_LIST& functions() const { return functions_; }

  // Raised by every start. Sessions and handles of an older generation are void. Read it while a
  // Use is held, or as a hint.
  std::uint64_t generation() const { return generation_; }
  // C_Finalize and C_Initialize, unless somebody did it since `seen`. Unavailable: calls are still
  // running, or the module does not start.
  Result<void> restart(std::uint64_t seen, Deadline deadline);

 private:
  explicit Module(CK_FUNCTION_LIST& functions) : functions_(functions) {}
  Result<void> start();

  CK_FUNCTION_LIST& functions_;
  std::shared_timed_mutex in_use_;  // shared: a call may run; exclusive: the module starts anew
  bool initialised_ = false;        // by us; guarded by in_use_
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace hallmark::keys
