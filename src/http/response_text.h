// A Response as the bytes of RFC 9112. Private to http.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"

namespace hallmark::http {

enum class AfterAnswer { keep_alive, close };
enum class AnswerTo { head, other };  // an answer to HEAD has no body, but its length

struct AnswerFrame {
  AnswerTo to = AnswerTo::other;
  AfterAnswer after = AfterAnswer::keep_alive;
  std::string_view date;  // as in the Date field
};

// The whole answer. Date, Server, Content-Length and Connection come from here; the response's own
// fields of these names are left out. Internal: a status or a field that would break the framing.
Result<std::string> text_of(const Response& response, const AnswerFrame& frame);

// The Date field's text, made once a second. Not thread-safe.
class DateText {
 public:
  std::string_view at(Timestamp time);

 private:
  std::int64_t seconds_ = -1;
  std::string text_;
};

}  // namespace hallmark::http
