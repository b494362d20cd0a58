#include "store/migrations.h"

#include <array>

#include <fmt/format.h>

namespace hallmark::store {
namespace {

constexpr std::string_view history_script = R"sql(
CREATE TABLE IF NOT EXISTS schema_version (
  number {integer} PRIMARY KEY,
  name {text} NOT NULL,
  checksum {integer} NOT NULL
) {table};
)sql";

// Times are milliseconds since 1970. Empty text stands for "none" where the column is NOT NULL.
constexpr std::string_view first_script = R"sql(
CREATE TABLE settings (
  name {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
) {clustered};

-- The processes that share the store; none where there is one. Each group of writes raises its
-- node's group_number.
CREATE TABLE nodes (
  number {integer} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  incarnation {integer} NOT NULL,
  group_number {integer} NOT NULL,
  heartbeat_at {integer} NOT NULL,
  joined_at {integer} NOT NULL
) {clustered};
CREATE UNIQUE INDEX nodes_by_name ON nodes (name);

-- The latest time that each node has seen.
CREATE TABLE seen_times (
  node {integer} NOT NULL PRIMARY KEY,
  seen_at {integer} NOT NULL
) {clustered};

-- The keys under which all that is sealed stands, each wrapped by the master keys that open it.
CREATE TABLE sealing_keys (
  number {integer} NOT NULL,
  master {text} NOT NULL,
  wrapped {bytes} NOT NULL,
  PRIMARY KEY (number, master)
) {clustered};

-- Times from when on nothing was signed, because the store may have lost what happened last.
CREATE TABLE standstills (
  number {integer} NOT NULL PRIMARY KEY,
  cause {text} NOT NULL,
  noticed_at {integer} NOT NULL,
  accepted_at {integer},
  accepted_because {text} NOT NULL
) {clustered};

-- What nodes hold in memory is true as long as the count of its topic.
CREATE TABLE change_counts (
  topic {integer} NOT NULL PRIMARY KEY,
  number {integer} NOT NULL
) {clustered};

CREATE TABLE accounts (
  account {text} NOT NULL PRIMARY KEY,
  created_at {integer} NOT NULL
) {clustered};

CREATE TABLE principals (
  id {bytes} NOT NULL PRIMARY KEY,
  account {text} NOT NULL REFERENCES accounts (account),
  kind {integer} NOT NULL,
  name {text} NOT NULL,
  unique_id {text} NOT NULL,
  created_at {integer} NOT NULL,
  trust_policy {text} NOT NULL,
  trusted_ids {text} NOT NULL,
  session_seconds_max {integer} NOT NULL
) {clustered};
CREATE UNIQUE INDEX principals_by_name ON principals (account, kind, name);

CREATE TABLE policies (
  principal {bytes} NOT NULL REFERENCES principals (id),
  name {text} NOT NULL,
  document {text} NOT NULL,
  PRIMARY KEY (principal, name)
) {clustered};

CREATE TABLE access_keys (
  id {text} NOT NULL PRIMARY KEY,
  principal {bytes} NOT NULL REFERENCES principals (id),
  secret_sealed {bytes} NOT NULL,
  active {integer} NOT NULL,
  created_at {integer} NOT NULL,
  last_used_at {integer},
  last_used_service {text} NOT NULL
) {clustered};
CREATE INDEX access_keys_by_principal ON access_keys (principal, id);

CREATE TABLE certificates (
  id {bytes} NOT NULL PRIMARY KEY,
  role {integer} NOT NULL,
  issuer {bytes} REFERENCES certificates (id),
  key_algorithm {text} NOT NULL,
  sealed_key {bytes} NOT NULL,
  der {bytes} NOT NULL,
  serial {text} NOT NULL,
  not_before {integer} NOT NULL,
  not_after {integer} NOT NULL,
  account {text} NOT NULL,
  profile_name {text} NOT NULL
) {table};
CREATE INDEX certificates_by_role ON certificates (role, not_before, id);
CREATE INDEX certificates_by_serial ON certificates (serial, id);
CREATE INDEX leaves_by_profile ON certificates (account, profile_name, not_before, id)
  WHERE role = 2;
CREATE INDEX leaves_with_keys ON certificates (not_after, id)
  WHERE role = 2 AND length(sealed_key) > 0;

CREATE TABLE imported_certificates (
  account {text} NOT NULL,
  id {bytes} NOT NULL,
  sealed_key {bytes} NOT NULL,
  chain {text} NOT NULL,
  serial {text} NOT NULL,
  tags {text} NOT NULL,
  created_at {integer} NOT NULL,
  imported_at {integer} NOT NULL,
  revision {integer} NOT NULL,
  PRIMARY KEY (account, id)
) {clustered};
CREATE INDEX imported_by_serial ON imported_certificates (serial, account, id);

-- Keys of imported certificates that nobody uses any more and that a token still has.
CREATE TABLE discarded_keys (
  id {bytes} NOT NULL PRIMARY KEY,
  arn {text} NOT NULL,
  sealed_key {bytes} NOT NULL
) {clustered};

-- Outlives the certificate's own row.
CREATE TABLE revoked_certificates (
  tbs_sha384 {text} NOT NULL PRIMARY KEY,
  reason {text} NOT NULL,
  revoked_at {integer} NOT NULL,
  revoked_by {text} NOT NULL
) {clustered};

CREATE TABLE profiles (
  account {text} NOT NULL,
  name {text} NOT NULL,
  version {text} NOT NULL,
  platform_id {text} NOT NULL,
  status {integer} NOT NULL,
  status_reason {text} NOT NULL,
  validity_unit {integer} NOT NULL,
  validity_value {integer} NOT NULL,
  certificate_arn {text} NOT NULL,
  encryption_algorithm {text} NOT NULL,
  hash_algorithm {text} NOT NULL,
  image_format {text} NOT NULL,
  signing_parameters {text} NOT NULL,
  tags {text} NOT NULL,
  created_at {integer} NOT NULL,
  canceled_at {integer},
  revoked_from {integer},
  revoked_at {integer},
  revoked_by {text},
  permissions {text} NOT NULL,
  permissions_revision {text} NOT NULL,
  revision {integer} NOT NULL,
  PRIMARY KEY (account, name)
) {clustered};
CREATE INDEX profiles_by_certificate ON profiles (certificate_arn, account, name)
  WHERE certificate_arn <> '' AND status = 0;

CREATE TABLE jobs (
  owner {text} NOT NULL,
  id {bytes} NOT NULL,
  invoker {text} NOT NULL,
  profile_name {text} NOT NULL,
  profile_version {text} NOT NULL,
  platform_id {text} NOT NULL,
  requested_by {text} NOT NULL,
  request_token {text},
  source_bucket {text},
  source_key {text},
  source_version {text},
  destination_bucket {text} NOT NULL,
  destination_key {text} NOT NULL,
  status {integer} NOT NULL,
  status_reason {text} NOT NULL,
  created_at {integer} NOT NULL,
  completed_at {integer},
  signed_at {integer},
  signature_expires_at {integer},
  certificate_arn {text} NOT NULL,
  revocation_reason {text},
  revoked_at {integer},
  revoked_by {text},
  PRIMARY KEY (owner, id)
) {clustered};
CREATE UNIQUE INDEX jobs_by_token ON jobs (invoker, request_token)
  WHERE request_token IS NOT NULL;
CREATE INDEX jobs_by_invoker ON jobs (invoker, id) WHERE invoker <> owner;
CREATE INDEX jobs_by_owner_and_invoker ON jobs (owner, invoker, id) WHERE invoker <> owner;
CREATE INDEX jobs_unsuccessful ON jobs (owner, status, id) WHERE status <> 2;
CREATE INDEX jobs_revoked ON jobs (owner, id) WHERE revoked_at IS NOT NULL;

-- One row for each job in progress, and none for others.
CREATE TABLE job_work (
  owner {text} NOT NULL,
  id {bytes} NOT NULL,
  lease_until {integer} NOT NULL,
  fence {integer} NOT NULL,
  node {integer} NOT NULL,
  attempts {integer} NOT NULL,
  signature_block {bytes} NOT NULL,
  output_sha256 {text} NOT NULL,
  PRIMARY KEY (owner, id)
) {clustered};
CREATE INDEX job_work_by_lease ON job_work (lease_until, id);
CREATE INDEX job_work_by_owner ON job_work (owner, lease_until, id);

-- Events that are to be delivered, a row for each target.
CREATE TABLE outbox (
  target {integer} NOT NULL,
  id {bytes} NOT NULL,
  account {text} NOT NULL,
  owner {text} NOT NULL,
  job {bytes} NOT NULL,
  status {integer} NOT NULL,
  happened_at {integer} NOT NULL,
  lease_until {integer} NOT NULL,
  attempts {integer} NOT NULL,
  PRIMARY KEY (target, id)
) {clustered};
CREATE INDEX outbox_by_lease ON outbox (target, lease_until, id);
CREATE INDEX outbox_by_job ON outbox (target, owner, job, account, id);

-- What a granting, tagging or revoking request was answered, for as long as its signature passes.
CREATE TABLE answered_requests (
  signature {text} NOT NULL PRIMARY KEY,
  answered_at {integer} NOT NULL,
  answer {text} NOT NULL
) {clustered};
CREATE INDEX answered_requests_by_time ON answered_requests (answered_at);

CREATE TABLE audit (
  sequence {integer} PRIMARY KEY,
  body {text} NOT NULL,
  body_hash {bytes} NOT NULL,
  link {bytes} NOT NULL
) {table};

-- The end of a node's chain at some moment, signed.
CREATE TABLE audit_checkpoints (
  place {integer} NOT NULL PRIMARY KEY,
  link {bytes} NOT NULL,
  signed_at {integer} NOT NULL,
  certificate {bytes} NOT NULL REFERENCES certificates (id),
  signature {bytes} NOT NULL
) {clustered};

-- How far the copies of each node's chain are.
CREATE TABLE audit_cursors (
  node {integer} NOT NULL,
  sink {text} NOT NULL,
  record_place {integer} NOT NULL,
  checkpoint_place {integer} NOT NULL,
  PRIMARY KEY (node, sink)
) {clustered};
)sql";

constexpr std::array<Migration, 1> all = {{
    {.name = "first schema", .script = first_script},
}};

// FNV-1a: tells an edited script from the one that was run, by mistake and not by malice.
std::int64_t checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ std::uint8_t(c)) * 0x100000001b3;
  return std::int64_t(hash >> 1);  // positive in every engine
}

struct Applied {
  std::int64_t number;
  std::string name;
  std::int64_t checksum;
};

Result<std::vector<Applied>> list_applied(Connection& connection) {
  Reader rows(connection);
  TRY(Query query, ask(rows, "SELECT number, name, checksum FROM schema_version ORDER BY number"));
  return list_rows(std::move(query), [](Query& row) -> Result<Applied> {
    return Applied{.number = row.integer(0), .name = row.text(1), .checksum = row.integer(2)};
  });
}

Result<void> compare(const std::vector<Applied>& applied, std::span<const Migration> known) {
  if (applied.size() > known.size()) {
    return invalid(fmt::format("The store has schema {} and this program knows {}: it is too old.",
                               applied.size(), known.size()));
  }
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const Applied& was = applied[i];
    if (was.number != std::int64_t(i + 1) || was.name != known[i].name ||
        was.checksum != checksum(known[i].script)) {
      return corrupt(fmt::format("Schema {} of the store is not this program's.", i + 1));
    }
  }
  return {};
}

Result<void> apply(Connection& writer, std::int64_t number, const Migration& migration) {
  TRY(writer.run_script(migration.script));
  Reader rows(writer);
  TRY(Query query,
      ask(rows, "INSERT INTO schema_version (number, name, checksum) VALUES ($1, $2, $3)", number,
          migration.name, checksum(migration.script)));
  TRY(query.next());
  return {};
}

// Runs `step` in a transaction of its own.
Result<void> in_transaction(Connection& writer, const std::function<Result<void>()>& step) {
  TRY(writer.begin_schema_change());
  if (auto done = step(); !done) {
    writer.rollback();
    return done;
  }
  return writer.commit();
}

}  // namespace

std::span<const Migration> migrations() { return all; }

Result<void> migrate(Connection& writer, std::span<const Migration> known) {
  TRY(in_transaction(writer, [&] { return writer.run_script(history_script); }));
  for (bool up_to_date = false; !up_to_date;) {
    TRY(in_transaction(writer, [&]() -> Result<void> {
      // Looked at in the transaction, since another node may do the same now.
      TRY(const auto applied, list_applied(writer));
      TRY(compare(applied, known));
      up_to_date = applied.size() == known.size();
      if (up_to_date) return {};
      const std::size_t next = applied.size();
      return apply(writer, std::int64_t(next + 1), known[next]);
    }));
  }
  return {};
}

}  // namespace hallmark::store
