#include "store/audit.h"

#include <fmt/format.h>

#include "store/audit_chain.h"
#include "store/driver.h"

namespace hallmark::store {

Result<void> append_audit(Transaction& tx, const AuditRecord& record) {
  const Chain::Head next = tx.chain().after(record.body_hash);
  TRY(execute_one(tx, "INSERT INTO audit (sequence, body, body_hash, link) VALUES ($1, $2, $3, $4)",
                  audit_place(tx.chain().node, next.sequence), record.body,
                  ByteView(record.body_hash), ByteView(next.link)));
  tx.chain().head = next;
  return {};
}

Result<std::vector<AuditRow>> list_audit(Reader& rows, std::int64_t after_sequence,
                                         std::size_t count) {
  TRY(Query query, ask(rows,
                       "SELECT sequence, body, link FROM audit WHERE sequence > $1 "
                       "ORDER BY sequence LIMIT $2",
                       after_sequence, count));
  return list_rows(std::move(query), [](Query& row) -> Result<AuditRow> {
    TRY(const Hash link, row.hash(2));
    return AuditRow{.sequence = row.integer(0), .body = row.text(1), .link = link};
  });
}

Result<Chain::Head> find_chain_head(Reader& rows, std::int64_t node) {
  TRY(Query query, ask(rows,
                       "SELECT sequence, link FROM audit WHERE sequence > $1 AND sequence < $2 "
                       "ORDER BY sequence DESC LIMIT 1",
                       audit_place(node, 0), audit_place(node + 1, 0)));
  TRY(const bool found, query.next());
  if (!found) return Chain::Head();
  TRY(const Hash link, query.hash(1));
  return Chain::Head{.sequence = sequence_of(query.integer(0)), .link = link};
}

namespace {

struct Linked {
  std::int64_t place = 0;
  Hash body_hash;
  Hash link;
};

constexpr std::size_t records_per_read = 1000;  // so that memory is bounded however long it is

Result<std::vector<Linked>> list_links(Reader& rows, std::int64_t after) {
  TRY(Query query, ask(rows,
                       "SELECT sequence, body_hash, link FROM audit WHERE sequence > $1 "
                       "ORDER BY sequence LIMIT $2",
                       after, records_per_read));
  return list_rows(std::move(query), [](Query& row) -> Result<Linked> {
    TRY(const Hash body_hash, row.hash(1));
    TRY(const Hash link, row.hash(2));
    return Linked{.place = row.integer(0), .body_hash = body_hash, .link = link};
  });
}

Result<void> follow(Chain& chain, const Linked& record) {
  if (const auto node = node_of(record.place); node != chain.node) {
    chain.node = node;
    chain.head = {};
  }
  const Chain::Head expected = chain.after(record.body_hash);
  if (sequence_of(record.place) != expected.sequence) {
    return corrupt(fmt::format("Audit record {} is missing.", expected.sequence));
  }
  if (record.link != expected.link) {
    return corrupt(
        fmt::format("Audit record {} does not follow from the one before.", expected.sequence));
  }
  chain.head = expected;
  return {};
}

}  // namespace

Result<void> check_chain(Reader& rows, const Chain& chain) {
  Chain walked = chain;
  walked.node = 0;
  walked.head = {};
  std::int64_t after = 0;
  for (;;) {
    TRY(const auto records, list_links(rows, after));
    for (const Linked& record : records) TRY(follow(walked, record));
    if (records.size() < records_per_read) return {};
    after = records.back().place;
  }
}

}  // namespace hallmark::store
