#include "keys/pkcs11_module.h"

#include <dlfcn.h>

#include <mutex>

#include <fmt/format.h>

#include "base/log.h"

namespace hallmark::keys {
namespace {

struct StatusName {
  CK_RV status;
  std::string_view name;
};
#define STATUS(name) \
  StatusName { name, #name }
constexpr StatusName status_names[] = {
    STATUS(CKR_HOST_MEMORY),
    STATUS(CKR_SLOT_ID_INVALID),
    STATUS(CKR_GENERAL_ERROR),
    STATUS(CKR_FUNCTION_FAILED),
    STATUS(CKR_ARGUMENTS_BAD),
    STATUS(CKR_CANT_LOCK),
    STATUS(CKR_ATTRIBUTE_READ_ONLY),
    STATUS(CKR_ATTRIBUTE_SENSITIVE),
    STATUS(CKR_ATTRIBUTE_TYPE_INVALID),
    STATUS(CKR_ATTRIBUTE_VALUE_INVALID),
    STATUS(CKR_DATA_INVALID),
    STATUS(CKR_DATA_LEN_RANGE),
    STATUS(CKR_DEVICE_ERROR),
    STATUS(CKR_DEVICE_MEMORY),
    STATUS(CKR_DEVICE_REMOVED),
    STATUS(CKR_ENCRYPTED_DATA_INVALID),
    STATUS(CKR_FUNCTION_NOT_SUPPORTED),
    STATUS(CKR_KEY_FUNCTION_NOT_PERMITTED),
    STATUS(CKR_KEY_HANDLE_INVALID),
    STATUS(CKR_KEY_SIZE_RANGE),
    STATUS(CKR_KEY_TYPE_INCONSISTENT),
    STATUS(CKR_MECHANISM_INVALID),
    STATUS(CKR_MECHANISM_PARAM_INVALID),
    STATUS(CKR_OBJECT_HANDLE_INVALID),
    STATUS(CKR_OPERATION_ACTIVE),
    STATUS(CKR_OPERATION_NOT_INITIALIZED),
    STATUS(CKR_PIN_INCORRECT),
    STATUS(CKR_PIN_INVALID),
    STATUS(CKR_PIN_LEN_RANGE),
    STATUS(CKR_PIN_EXPIRED),
    STATUS(CKR_PIN_LOCKED),
    STATUS(CKR_SESSION_CLOSED),
    STATUS(CKR_SESSION_COUNT),
    STATUS(CKR_SESSION_HANDLE_INVALID),
    STATUS(CKR_SESSION_READ_ONLY),
    STATUS(CKR_TEMPLATE_INCOMPLETE),
    STATUS(CKR_TEMPLATE_INCONSISTENT),
    STATUS(CKR_TOKEN_NOT_PRESENT),
    STATUS(CKR_TOKEN_NOT_RECOGNIZED),
    STATUS(CKR_TOKEN_WRITE_PROTECTED),
    STATUS(CKR_USER_NOT_LOGGED_IN),
    STATUS(CKR_USER_PIN_NOT_INITIALIZED),
    STATUS(CKR_USER_TYPE_INVALID),
    STATUS(CKR_BUFFER_TOO_SMALL),
    STATUS(CKR_CRYPTOKI_NOT_INITIALIZED),
    STATUS(CKR_CRYPTOKI_ALREADY_INITIALIZED),
};
#undef STATUS

}  // namespace

std::string name_of_status(CK_RV status) {
  for (const StatusName& known : status_names) {
    if (known.status == status) return std::string(known.name);
  }
  return fmt::format("CKR {:#x}", status);
}

Error token_error(std::string detail) {
  return {ErrorKind::unavailable, "The token that holds the keys does not serve.",
          std::move(detail)};
}

Error token_error(std::string_view call, CK_RV status) {
  return token_error(fmt::format("{}: {}", call, name_of_status(status)));
}

Result<std::shared_ptr<Module>> Module::load(const std::filesystem::path& path) {
  // Never unloaded: modules leave handlers behind that run at the end of the process.
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const why = ::dlerror();
    return invalid(fmt::format("The PKCS#11 module cannot be loaded: {}.",
                               why != nullptr ? why : path.c_str()));
  }
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get == nullptr || get(&functions) != CKR_OK || functions == nullptr) {
    return invalid(fmt::format("{} is no PKCS#11 module.", path.string()));
  }
  // Shared by all tokens of the module.
  auto module = std::shared_ptr<Module>(new Module(*functions));
  TRY(module->start());
  return module;
}

Result<void> Module::start() {
  CK_C_INITIALIZE_ARGS arguments = {};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV status = functions_.C_Initialize(&arguments);
  if (status != CKR_OK && status != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    return token_error("C_Initialize", status);
  }
  initialised_ = status == CKR_OK;
  ++generation_;
  return {};
}

Module::~Module() {
  if (!initialised_) return;
  const CK_RV status = functions_.C_Finalize(nullptr);
  if (status != CKR_OK) {
    log::warning("a PKCS#11 module did not end well", {{"status", name_of_status(status)}});
  }
}

Result<Module::Use> Module::use(Deadline deadline) {
  Use use(in_use_, deadline);
  if (!use.owns_lock()) return token_error("the PKCS#11 module is starting anew for too long");
  return use;
}

Result<void> Module::restart(std::uint64_t seen, Deadline deadline) {
  const std::unique_lock<std::shared_timed_mutex> alone(in_use_, deadline);
  if (!alone.owns_lock()) return token_error("calls of the PKCS#11 module do not return");
  if (generation_ != seen) return {};
  if (initialised_) (void)functions_.C_Finalize(nullptr);  // it may be in any state
  initialised_ = false;
  return start();
}

}  // namespace hallmark::keys
