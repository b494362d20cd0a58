#include "store/audit_checkpoints.h"

#include <algorithm>
#include <limits>

#include "store/audit.h"
#include "store/audit_chain.h"
#include "store/driver.h"

namespace hallmark::store {
namespace {

constexpr char columns[] = "place, link, signed_at, certificate, signature";
constexpr auto list_sql = concat("SELECT ", columns,
                                 " FROM audit_checkpoints WHERE place > $1 "
                                 "ORDER BY place LIMIT $2");
constexpr auto newest_sql = concat("SELECT ", columns,
                                   " FROM audit_checkpoints WHERE place > $1 AND place < $2 "
                                   "ORDER BY place DESC LIMIT 1");

Result<AuditCheckpoint> checkpoint_of(Query& row) {
  TRY(const Hash link, row.hash(1));
  TRY(const Uuid certificate, row.uuid(3));
  return AuditCheckpoint{.place = row.integer(0),
                         .link = link,
                         .signed_at = row.time(2),
                         .certificate = certificate,
                         .signature = copy_of(row.bytes(4))};
}

// 0: there is none.
Result<std::int64_t> find_place_before(Reader& rows, Sql sql, std::int64_t place) {
  TRY(Query query, ask(rows, sql, place));
  TRY(const bool found, query.next());
  return found && !query.is_null(0) ? query.integer(0) : std::int64_t(0);
}

}  // namespace

Result<void> insert_checkpoint(Transaction& tx, const AuditCheckpoint& checkpoint) {
  TRY(execute(tx,
              "INSERT INTO audit_checkpoints (place, link, signed_at, certificate, signature) "
              "VALUES ($1, $2, $3, $4, $5)",
              checkpoint.place, ByteView(checkpoint.link), checkpoint.signed_at,
              checkpoint.certificate, ByteView(checkpoint.signature)));
  return {};
}

Result<std::vector<AuditCheckpoint>> list_checkpoints(Reader& rows, std::int64_t after_place,
                                                      std::size_t count) {
  TRY(Query query, ask(rows, list_sql.data(), after_place, count));
  return list_rows(std::move(query), checkpoint_of);
}

Result<std::optional<AuditCheckpoint>> find_newest_checkpoint(Reader& rows, std::int64_t node) {
  TRY(Query query, ask(rows, newest_sql.data(), audit_place(node, 0), audit_place(node + 1, 0)));
  return find_row(std::move(query), checkpoint_of);
}

std::int64_t this_node(Transaction& tx) { return tx.chain().node; }

Result<AuditEnd> find_audit_end(Reader& rows, std::int64_t node) {
  TRY(const Chain::Head head, find_chain_head(rows, node));
  return AuditEnd{.sequence = head.sequence, .link = head.link};
}

Result<std::vector<std::int64_t>> list_audit_nodes(Reader& rows) {
  std::vector<std::int64_t> nodes;
  for (std::int64_t before = std::numeric_limits<std::int64_t>::max();;) {
    TRY(const std::int64_t record,
        find_place_before(rows, "SELECT MAX(sequence) FROM audit WHERE sequence < $1", before));
    TRY(const std::int64_t checkpoint,
        find_place_before(rows, "SELECT MAX(place) FROM audit_checkpoints WHERE place < $1",
                          before));
    const std::int64_t place = std::max(record, checkpoint);
    if (place == 0) break;
    nodes.push_back(node_of(place));
    before = audit_place(node_of(place), 1);
  }
  std::ranges::reverse(nodes);
  return nodes;
}

Result<AuditCursor> find_audit_cursor(Reader& rows, std::int64_t node, std::string_view sink) {
  TRY(Query query, ask(rows,
                       "SELECT record_place, checkpoint_place FROM audit_cursors "
                       "WHERE node = $1 AND sink = $2",
                       node, sink));
  TRY(const auto found, find_row(std::move(query), [](Query& row) -> Result<AuditCursor> {
        return AuditCursor{.record = row.integer(0), .checkpoint = row.integer(1)};
      }));
  const std::int64_t start = audit_place(node, 0);
  return found.value_or(AuditCursor{start, start});
}

Result<void> put_audit_cursor(Transaction& tx, std::string_view sink, const AuditCursor& cursor) {
  TRY(execute(tx,
              "INSERT INTO audit_cursors (node, sink, record_place, checkpoint_place) "
              "VALUES ($1, $2, $3, $4) ON CONFLICT (node, sink) DO UPDATE SET "
              "record_place = excluded.record_place, checkpoint_place = excluded.checkpoint_place",
              this_node(tx), sink, cursor.record, cursor.checkpoint));
  return {};
}

}  // namespace hallmark::store
