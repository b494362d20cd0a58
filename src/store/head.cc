#include "store/head.h"

#include "store/audit.h"
#include "store/audit_chain.h"
#include "store/driver.h"

namespace hallmark::store {

Result<Head> find_head(Reader& rows, std::int64_t node) {
  TRY(const auto last, find_chain_head(rows, node));
  return Head{.place = audit_place(node, last.sequence), .link = last.link};
}

Result<HeadFate> find_fate(Reader& rows, const Head& head) {
  if (sequence_of(head.place) == 0) return HeadFate::kept;  // nothing was there yet
  TRY(Query query, ask(rows, "SELECT link FROM audit WHERE sequence = $1", head.place));
  TRY(const bool found, query.next());
  if (found) {
    TRY(const Hash link, query.hash(0));
    return link == head.link ? HeadFate::kept : HeadFate::replaced;
  }
  TRY(const auto last, find_chain_head(rows, node_of(head.place)));
  return last.sequence > sequence_of(head.place) ? HeadFate::kept : HeadFate::lost;
}

void show_to_witness(Transaction& tx) { tx.chain().is_for_witness = true; }

}  // namespace hallmark::store
