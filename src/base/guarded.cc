#include "base/guarded.h"

#include <exception>
#include <new>

namespace hallmark {

Error error_of_current_exception() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    // Texts so short that std::string holds them without memory of its own.
    return {ErrorKind::unavailable, "Try again.", "out of memory"};
  } catch (const std::exception& e) {
    return internal_error(e.what());
  } catch (...) {
    return internal_error("an exception that is no std::exception");
  }
}

}  // namespace hallmark
