// The private PostgreSQL cluster of the tests (tests/support/postgresql-cluster), shared by all
// test processes that run at the time; it goes by itself after the last one.
#pragma once

#include <filesystem>
#include <string>

namespace hallmark::store {

bool has_postgresql();  // whether the distribution's server is installed

// Starts it if need be, and keeps it until this process ends.
const std::filesystem::path& postgresql_cluster();

// Of a schema of the folder's own in it, made when new; the sessions bear its name.
std::string postgresql_url(const std::filesystem::path& folder);

}  // namespace hallmark::store
