// A client's connection to a server on this machine.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::bench {

class Connection {
 public:
  explicit Connection(unsigned short port) : port_(port) {}
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const { return descriptor_; }
  // Connects when it is closed.
  Result<void> open();
  void close();
  // Requests are small: a loopback socket takes them whole.
  Result<void> send(std::string_view bytes);

  enum class Received { part, whole, closed };
  // Reads what is there; blocks when nothing is.
  Result<Received> receive();
  // Of the answer that is whole: its bytes are forgotten. Whether its status was 200; its text when
  // it was not.
  struct Answer {
    bool is_ok;
    bool closes;  // the server takes no further request on this connection
    std::string text;
  };
  Answer take_answer();

 private:
  const unsigned short port_;
  int descriptor_ = -1;
  std::string received_;
  std::size_t answer_bytes_ = 0;
};

}  // namespace hallmark::bench
