// Where the database is: postgresql://[user@]host[:port][,…]/database[?option=value&…], as libpq
// reads it. Never with a password in it, since it is stored, shown by `ps` and passed around: that
// comes from a passfile (option passfile, PGPASSFILE, ~/.pgpass), a client certificate or the
// peer's user.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hallmark::store {

class PostgresqlUrl {
 public:
  // Invalid: no such URL; one with a password; or one that lets a network connection fall back to
  // plain text (sslmode allow or prefer). Without an sslmode it is verify-full.
  static Result<PostgresqlUrl> parse(const std::string& text);

  // For libpq, with our own values for what it does not say.
  const std::vector<std::pair<std::string, std::string>>& options() const { return options_; }

 private:
  explicit PostgresqlUrl(std::vector<std::pair<std::string, std::string>> options)
      : options_(std::move(options)) {}

  std::vector<std::pair<std::string, std::string>> options_;
};

}  // namespace hallmark::store
