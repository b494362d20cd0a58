#include "keys/pkcs11_token.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "keys/secret_file.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t pin_bytes_max = 256;

// What a call of ours deserves, not a token that is away: starting anew would change nothing.
constexpr CK_RV faults_of_calls[] = {
    CKR_ATTRIBUTE_READ_ONLY,
    CKR_ATTRIBUTE_SENSITIVE,
    CKR_ATTRIBUTE_TYPE_INVALID,
    CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_DATA_INVALID,
    CKR_DATA_LEN_RANGE,
    CKR_DEVICE_MEMORY,
    CKR_FUNCTION_NOT_SUPPORTED,
    CKR_KEY_FUNCTION_NOT_PERMITTED,
    CKR_KEY_SIZE_RANGE,
    CKR_KEY_TYPE_INCONSISTENT,
    CKR_MECHANISM_INVALID,
    CKR_MECHANISM_PARAM_INVALID,
    CKR_TEMPLATE_INCOMPLETE,
    CKR_TEMPLATE_INCONSISTENT,
    CKR_TOKEN_WRITE_PROTECTED,
    CKR_ENCRYPTED_DATA_INVALID,
    CKR_ENCRYPTED_DATA_LEN_RANGE,
    CKR_CURVE_NOT_SUPPORTED,
    CKR_UNWRAPPING_KEY_HANDLE_INVALID,
};

// Text fields of PKCS#11 are padded with blanks.
template <std::size_t n>
std::string_view text_of_field(const CK_UTF8CHAR (&field)[n]) {
  const std::string_view text(reinterpret_cast<const char*>(field), n);
  const std::size_t last = text.find_last_not_of(' ');
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

bool fits(const std::string& wanted, std::string_view found) {
  return wanted.empty() || wanted == found;
}

// Editors end a file with a newline, which is no part of the PIN.
ByteView without_newline(ByteView pin) {
  while (!pin.empty() && (pin.back() == '\n' || pin.back() == '\r'))
    pin = pin.first(pin.size() - 1);
  return pin;
}

}  // namespace

Error Session::failed(std::string_view call, CK_RV status) {
  if (std::ranges::find(faults_of_calls, status) != std::end(faults_of_calls)) {
    return internal_error(fmt::format("{}: {}", call, name_of_status(status)));
  }
  lost_ = true;
  return token_error(call, status);
}

Error Session::lacks(std::string_view what) {
  lost_ = true;
  return token_error(fmt::format("the token has no {}", what));
}

Result<std::unique_ptr<Token>> Token::open(Pkcs11Uri uri, std::shared_ptr<Module> module) {
  auto token = std::unique_ptr<Token>(new Token(std::move(uri), std::move(module)));
  TRY(token->connect(token_deadline()));
  return token;
}

Token::~Token() {
  const auto use = module_->use(token_deadline());
  if (use && connected_ == module_->generation()) {
    (void)module_->functions().C_CloseAllSessions(slot_);  // and logs out
  }
}

Result<std::unique_ptr<Token::Lease>> Token::borrow() {
  const Deadline deadline = token_deadline();
  TRY(take_permit(deadline));
  Result<std::unique_ptr<Lease>> lease = token_error("the PKCS#11 module starts anew all the time");
  for (int attempt = 1; attempt <= attempts_max; ++attempt) {
    if (auto connected = connect(deadline); !connected) {
      // Callers of the service need not know more than that it does not serve.
      lease = token_error(describe(connected.error()));
      break;
    }
    auto use = module_->use(deadline);
    if (!use) {
      lease = std::move(use.error());
      break;
    }
    const std::uint64_t generation = module_->generation();
    if (connected_ != generation) continue;  // another token of the module started it anew
    auto handle = idle_or_new(generation);
    if (handle) {
      return std::unique_ptr<Lease>(
          new Lease{*this, *std::move(use), Session(module_->functions(), *handle, generation)});
    }
    lease = std::move(handle.error());
  }
  give_permit_back();
  return lease;
}

Result<void> Token::take_permit(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const bool free =
      returned_.wait_until(lock, deadline, [&] { return in_use_ < token_sessions_max; });
  if (!free) return token_error("all sessions of the token are busy");
  ++in_use_;
  return {};
}

void Token::give_permit_back() {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
  }
  returned_.notify_one();
}

void Token::give_back(const Session& session) {
  std::uint64_t generation = session.generation();
  if (!session.lost()) {
    const std::lock_guard lock(mutex_);
    if (connected_ == generation) idle_.push_back(session.handle());
  } else if (connected_.compare_exchange_strong(generation, 0)) {
    log::error("the connection to the token is lost", {{"token", uri_.text()}});
  }
  give_permit_back();
}

Result<CK_SESSION_HANDLE> Token::idle_or_new(std::uint64_t generation) {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      const CK_SESSION_HANDLE handle = idle_.back();
      idle_.pop_back();
      return handle;
    }
  }
  auto handle = open_session(slot_);
  if (!handle) connected_.compare_exchange_strong(generation, 0);
  return handle;
}

Result<void> Token::connect(Deadline deadline) {
  if (connected_ != 0 && connected_ == module_->generation()) return {};
  const std::unique_lock lock(connecting_, deadline);
  if (!lock.owns_lock()) return token_error("connecting to the token takes too long");
  if (refused_) return *refused_;
  if (connected_ != 0 && connected_ == module_->generation()) return {};
  const auto now = std::chrono::steady_clock::now();
  // What another token of the module started anew needs no new start.
  if (tried_ == module_->generation() && now < next_attempt_) {
    return last_error_ ? *last_error_ : token_error("the token was connected to a moment ago");
  }
  auto connected = connect_anew(deadline);
  next_attempt_ = std::chrono::steady_clock::now() + token_retry_pause;
  if (connected) {
    if (last_error_) log::info("the token is back", {{"token", uri_.text()}});
    last_error_.reset();
    return {};
  }
  if (!last_error_) {
    log::error("the token cannot be used",
               {{"token", uri_.text()}, {"reason", describe(connected.error())}});
  }
  last_error_ = connected.error();
  return connected;
}

// A module remembers what it saw of its tokens, so after a loss, or where there was no token, only
// a new start makes it look again.
Result<void> Token::connect_anew(Deadline deadline) {
  {
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }
  if (tried_ == module_->generation()) TRY(module_->restart(tried_, deadline));
  TRY(const auto use, module_->use(deadline));
  const std::uint64_t generation = module_->generation();
  tried_ = generation;
  TRY(const auto slot, find_slot());
  // This session stays open beside those in use: the login ends with a process's last session.
  TRY(const auto session, open_session(slot));
  TRY(log_in(slot, session));
  slot_ = slot;
  connected_ = generation;
  return {};
}

Result<CK_SLOT_ID> Token::find_slot() {
  CK_FUNCTION_LIST& functions = module_->functions();
  CK_ULONG count = 0;
  CK_RV status = functions.C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (status == CKR_OK) status = functions.C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (status != CKR_OK) return token_error("C_GetSlotList", status);
  slots.resize(count);
  std::optional<CK_SLOT_ID> found;
  for (const CK_SLOT_ID slot : slots) {
    TRY(const bool meant, is_meant(slot));
    if (!meant) continue;
    if (found) return invalid(fmt::format("There are several tokens: {}.", uri_.text()));
    found = slot;
  }
  if (!found) return token_error(fmt::format("there is no {}", uri_.text()));
  return *found;
}

Result<bool> Token::is_meant(CK_SLOT_ID slot) {
  if (uri_.slot && *uri_.slot != slot) return false;
  CK_TOKEN_INFO info = {};
  const CK_RV status = module_->functions().C_GetTokenInfo(slot, &info);
  if (status != CKR_OK) return false;  // is not ours to complain about
  return (info.flags & CKF_TOKEN_INITIALIZED) != 0 && fits(uri_.token, text_of_field(info.label)) &&
         fits(uri_.serial, text_of_field(info.serialNumber)) &&
         fits(uri_.manufacturer, text_of_field(info.manufacturerID)) &&
         fits(uri_.model, text_of_field(info.model));
}

Result<CK_SESSION_HANDLE> Token::open_session(CK_SLOT_ID slot) {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  const CK_RV status = module_->functions().C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                                          nullptr, nullptr, &session);
  if (status != CKR_OK) return token_error("C_OpenSession", status);
  return session;
}

Error Token::refuse_for_ever(std::string why) {
  refused_ = Error{ErrorKind::unavailable, std::move(why), uri_.text(), token_refuses};
  return *refused_;
}

Result<void> Token::log_in(CK_SLOT_ID slot, CK_SESSION_HANDLE session) {
  CK_TOKEN_INFO info = {};
  CK_RV status = module_->functions().C_GetTokenInfo(slot, &info);
  if (status != CKR_OK) return token_error("C_GetTokenInfo", status);
  if ((info.flags & CKF_LOGIN_REQUIRED) == 0) return {};
  if ((info.flags & CKF_USER_PIN_LOCKED) != 0) {
    return refuse_for_ever("The token's PIN is locked (CKR_PIN_LOCKED).");
  }
  if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0) {
    return refuse_for_ever(
        "One wrong PIN more would lock the token: log in once with another tool, then start anew.");
  }
  if (uri_.pin_source.empty()) {
    return invalid("The token wants a PIN: name its file by pin-source= in the pkcs11: URI.");
  }
  TRY(const Secret file, read_secret_file(uri_.pin_source, pin_bytes_max));
  const ByteView pin = without_newline(file.reveal());
  // The call takes a pointer to what it does not change.
  status = module_->functions().C_Login(session, CKU_USER, const_cast<CK_UTF8CHAR*>(pin.data()),
                                        pin.size());
  switch (status) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN: return {};
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
      return refuse_for_ever(
          fmt::format("The token refuses the PIN ({}). It is not tried again before a restart.",
                      name_of_status(status)));
    case CKR_PIN_LOCKED: return refuse_for_ever("The token's PIN is locked (CKR_PIN_LOCKED).");
    case CKR_PIN_EXPIRED: return refuse_for_ever("The token's PIN has expired (CKR_PIN_EXPIRED).");
    default: return token_error("C_Login", status);  // numbers, not an enumeration
  }
}

}  // namespace hallmark::keys
