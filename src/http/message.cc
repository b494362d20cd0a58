#include "http/message.h"

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"
#include "http/ascii.h"

namespace hallmark::http {
namespace {

constexpr std::size_t fields_usual = 12;  // of a request of an AWS SDK

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::put: return "PUT";
    case Method::post: return "POST";
    case Method::del: return "DELETE";
    case Method::head: return "HEAD";
    case Method::patch: return "PATCH";
    case Method::options: return "OPTIONS";
  }
  return {};
}

void Headers::add(std::string_view name, std::string_view value) {
  if (fields_.empty()) fields_.reserve(fields_usual);
  fields_.push_back({std::string(name), std::string(value)});
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const Field& field : fields_) {
    if (!equal_without_case(field.name, name)) continue;
    if (found) return std::nullopt;
    found = field.value;
  }
  return found;
}

std::size_t Headers::count(std::string_view name) const {
  return std::size_t(std::ranges::count_if(
      fields_, [&](const Field& field) { return equal_without_case(field.name, name); }));
}

Reply::~Reply() {
  if (!send_) return;
  // A destructor must not throw, and sending allocates.
  const auto sent = guarded([this] { send_(internal_error("the handler gave no answer")); });
  if (!sent) log::error("no answer could be sent", {{"error", describe(sent.error())}});
}

void Reply::operator()(Response response) {
  CHECK(send_);
  Send send = std::move(send_);
  send(std::move(response));
}

}  // namespace hallmark::http
