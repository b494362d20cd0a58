// The PostgreSQL engine: several nodes, each with one writer, on one database.
//
// The isolation is READ COMMITTED: what a unit decides on is either in the statement that writes
// ("… WHERE revision = $5"), or locked by {lock FOR SHARE} and its like until the commit. A node
// has a row of its own in `nodes`, which every group of it updates first: this locks out an earlier
// session of the same node whose end the server has not noticed, tells after a lost connection
// whether the COMMIT had arrived, and refuses a second process with the same name.
#pragma once

#include <memory>
#include <string>

#include "store/driver.h"
#include "store/postgresql_url.h"

namespace hallmark::store {

// `node` names this process among those on the database, in this life and in the next.
std::unique_ptr<Driver> postgresql_driver(const PostgresqlUrl& url, std::string node);

}  // namespace hallmark::store
