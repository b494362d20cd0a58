#include "audit/checkpointer.h"

#include "audit/checkpoint.h"
#include "base/guarded.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "store/audit.h"
#include "store/audit_checkpoints.h"

namespace hallmark::audit {
namespace {

using Newest = std::optional<store::AuditCheckpoint>;

std::int64_t sequence_of(const Newest& newest) {
  return newest ? store::sequence_of(newest->place) : 0;
}

}  // namespace

void Checkpointer::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Checkpointer::stop_thread() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::stop() {
  stop_thread();
  const auto made = guarded([&] { return make(); });
  if (!made) log::error("the last checkpoint was not made", {{"error", describe(made.error())}});
}

void Checkpointer::run(const std::stop_token& stop) {
  // The first at once: nothing vouches for what came since the last process.
  auto waited_since = std::chrono::steady_clock::now() - checkpoint_interval;
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    const auto made = guarded([&]() -> Result<bool> {
      TRY(const std::int64_t records, count_uncovered());
      const bool has_waited = now - waited_since >= checkpoint_interval;
      if (records < (has_waited ? 1 : checkpoint_records)) return false;
      return make();
    });
    if (!made) log::error("no checkpoint was made", {{"error", describe(made.error())}});
    if (made && *made) waited_since = now;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, made ? checkpoint_poll : checkpoint_retry, [] { return false; });
  }
}

Result<std::int64_t> Checkpointer::node() {
  if (!node_) {
    TRY(node_, store_.write([](store::Transaction& tx) -> Result<std::int64_t> {
      return store::this_node(tx);
    }));
  }
  return *node_;
}

Result<std::int64_t> Checkpointer::count_uncovered() {
  TRY(const std::int64_t number, node());
  return store_.read([&](store::Reader& rows) -> Result<std::int64_t> {
    TRY(const auto end, store::find_audit_end(rows, number));
    TRY(const auto newest, store::find_newest_checkpoint(rows, number));
    return end.sequence - sequence_of(newest);
  });
}

// What is committed stays as it is, so it is signed without holding up the writer.
Result<bool> Checkpointer::make() {
  TRY(const std::int64_t records, count_uncovered());
  if (records <= 0) return false;
  TRY(const std::int64_t number, node());
  // First, since the key's certificate may have to be issued, which is a record itself.
  TRY(signer_.prepare());
  TRY(const auto end,
      store_.read([&](store::Reader& rows) { return store::find_audit_end(rows, number); }));
  store::AuditCheckpoint checkpoint{.place = store::audit_place(number, end.sequence),
                                    .link = end.link,
                                    .signed_at = clock_.now(),
                                    .certificate = {},
                                    .signature = {}};
  const auto digest = crypto::sha384(bytes_of(checkpoint_text(checkpoint)));
  TRY(auto signature, signer_.sign(digest));
  checkpoint.certificate = signature.certificate;
  checkpoint.signature = std::move(signature.signature);
  TRY(store_.write(
      [&](store::Transaction& tx) { return store::insert_checkpoint(tx, checkpoint); }));
  return true;
}

}  // namespace hallmark::audit
