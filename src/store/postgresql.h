// The PostgreSQL engine: several nodes, each with one writer, on one database.
//
// The isolation is READ COMMITTED: what a unit decides on is either in the statement that writes
// ("… WHERE revision = $5"), or locked by {lock FOR SHARE} and its like until the commit. A node
// has a row of its own in `nodes`, which every group of it updates first: this locks out an earlier
// session of the same node whose end the server has not noticed, tells after a lost connection
// whether the COMMIT had arrived, and refuses a second process with the same name.
//
// A round trip costs more than most statements. A group of units that need no answers takes one and
// its COMMIT another (store/postgresql_units.h). A read begins its snapshot with the first
// statement that needs one; what is remembered (store/row_memory.h) takes the counts of changes
// alone, one statement outside of any transaction.
#pragma once

#include <memory>
#include <string>

#include "store/driver.h"
#include "store/postgresql_url.h"

namespace hallmark::store {

// `node` names this process among those on the database, in this life and in the next.
std::unique_ptr<Driver> postgresql_driver(const PostgresqlUrl& url, std::string node);

}  // namespace hallmark::store
