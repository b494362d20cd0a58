// The administration of accounts in a process that has the data directory to itself: what the admin
// socket of a running server answers, without a server.
#pragma once

#include <memory>
#include <string>

#include "http/message.h"
#include "server/installation.h"

namespace hallmark::server {

class LocalAdministration {
 public:
  explicit LocalAdministration(std::unique_ptr<Installation> installation);
  ~LocalAdministration();
  LocalAdministration(const LocalAdministration&) = delete;
  LocalAdministration& operator=(const LocalAdministration&) = delete;

  // Answers `POST /{action}` from the user that the process runs as.
  http::Response ask(std::string_view action, std::string body);

 private:
  struct Parts;
  const std::unique_ptr<Installation> installation_;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace hallmark::server
