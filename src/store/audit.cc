#include "store/audit.h"

#include <fmt/format.h>

#include "store/audit_chain.h"
#include "store/driver.h"

namespace hallmark::store {

Result<void> append_audit(Transaction& tx, const AuditRecord& record) {
  const Chain::Head next = tx.chain().after(record.body_hash);
  TRY(execute(tx, "INSERT INTO audit (sequence, body, body_hash, link) VALUES ($1, $2, $3, $4)",
              next.sequence, record.body, ByteView(record.body_hash), ByteView(next.link)));
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

Result<Chain::Head> find_chain_head(Reader& rows) {
  TRY(Query query, ask(rows, "SELECT sequence, link FROM audit ORDER BY sequence DESC LIMIT 1"));
  TRY(const bool found, query.next());
  if (!found) return Chain::Head();
  TRY(const Hash link, query.hash(1));
  return Chain::Head{.sequence = query.integer(0), .link = link};
}

Result<void> check_chain(Reader& rows, const Chain& chain) {
  Chain walked = chain;
  walked.head = {};
  TRY(Query query, ask(rows, "SELECT sequence, body_hash, link FROM audit ORDER BY sequence"));
  for (;;) {
    TRY(const bool more, query.next());
    if (!more) return {};
    TRY(const Hash body_hash, query.hash(1));
    TRY(const Hash link, query.hash(2));
    const Chain::Head expected = walked.after(body_hash);
    if (query.integer(0) != expected.sequence) {
      return corrupt(fmt::format("Audit record {} is missing.", expected.sequence));
    }
    if (link != expected.link) {
      return corrupt(
          fmt::format("Audit record {} does not follow from the one before.", expected.sequence));
    }
    walked.head = expected;
  }
}

}  // namespace hallmark::store
