#include "audit/log_walk.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "audit/certificate_chains.h"

namespace hallmark::audit {
namespace {

constexpr std::size_t records_per_read = 500;
constexpr std::size_t checkpoints_per_read = 500;

using Stretch = ExportLine::Stretch;
using store::audit_place;

// Of a record of ours: the first member of that name, since what is quoted in a text is escaped.
std::optional<Timestamp> time_of(std::string_view body) {
  constexpr std::string_view name = R"("eventTime":")";
  const std::size_t at = body.find(name);
  if (at == body.npos) return std::nullopt;
  const std::string_view rest = body.substr(at + name.size());
  const auto time = from_rfc3339(rest.substr(0, rest.find('"')));
  return time ? std::optional(*time) : std::nullopt;
}

// The first record of a whole stretch whose time is `time` or later, by halving; the one after the
// last if there is none.
Result<std::int64_t> find_first_since(store::Reader& rows, const Stretch& whole, Timestamp time) {
  std::int64_t low = whole.first;
  std::int64_t high = whole.last + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    TRY(const auto found, store::list_audit(rows, audit_place(whole.node, middle) - 1, 1));
    const auto at = found.empty() ? std::nullopt : time_of(found.front().body);
    if (!at) {
      return corrupt(fmt::format("node {}, record {}: it has no time", whole.node, middle));
    }
    if (*at < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Result<Stretch> cut(store::Reader& rows, const Stretch& whole, const LogRange& range) {
  Stretch part = whole;
  if (range.from) {
    if (const auto* time = std::get_if<Timestamp>(&range.from->at)) {
      TRY(part.first, find_first_since(rows, whole, *time));
    } else {
      part.first = std::max(whole.first, std::get<std::int64_t>(range.from->at));
    }
  }
  if (range.to) {
    if (const auto* time = std::get_if<Timestamp>(&range.to->at)) {
      constexpr auto next = std::chrono::milliseconds(1);
      TRY(const std::int64_t after, find_first_since(rows, whole, *time + next));
      part.last = after - 1;
    } else {
      part.last = std::min(whole.last, std::get<std::int64_t>(range.to->at));
    }
  }
  return part;
}

// A node's whole chain.
Result<Stretch> find_whole(store::Reader& rows, std::int64_t node) {
  TRY(const auto end, store::find_audit_end(rows, node));
  TRY(const auto checkpoint, store::find_newest_checkpoint(rows, node));
  const std::int64_t vouched = checkpoint ? store::sequence_of(checkpoint->place) : 0;
  if (vouched > end.sequence) {
    return corrupt(
        fmt::format("node {}, record {}: it is missing, and a checkpoint says that it was", node,
                    end.sequence + 1));
  }
  return Stretch{node, 1, end.sequence};
}

// The checkpoints of a stretch, in order.
class Checkpoints {
 public:
  Checkpoints(store::Store& store, std::int64_t after)
      : store_(store), chains_(store), at_(after) {}

  // That of the record at `place`; nothing: it has none. Places rise.
  Result<std::optional<CheckpointLine>> find(std::int64_t place) {
    while (!done_ && (next_ == page_.size() || page_[next_].place < place)) {
      if (next_ < page_.size()) {
        ++next_;
      } else {
        TRY(turn_page());
      }
    }
    if (done_ || page_[next_].place != place) return std::optional<CheckpointLine>();
    const store::AuditCheckpoint& found = page_[next_];
    TRY(const auto* const chain, chains_.find(found.certificate));
    return std::optional(CheckpointLine{found, *chain});
  }

 private:
  Result<void> turn_page() {
    TRY(page_, store_.read([&](store::Reader& rows) {
      return store::list_checkpoints(rows, at_, checkpoints_per_read);
    }));
    next_ = 0;
    done_ = page_.empty();
    if (!done_) at_ = page_.back().place;
    return {};
  }

  store::Store& store_;
  CertificateChains chains_;
  std::int64_t at_;
  std::vector<store::AuditCheckpoint> page_;
  std::size_t next_ = 0;
  bool done_ = false;
};

}  // namespace

Result<LogBound> LogBound::parse(std::string_view text) {
  std::int64_t sequence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error == std::errc() && end == text.data() + text.size() && sequence > 0) {
    return LogBound{sequence};
  }
  if (const auto time = from_rfc3339(text)) return LogBound{*time};
  return invalid("must be the number of a record, or a time like 2026-11-22T09:00:00Z");
}

Result<std::vector<Stretch>> find_stretches(store::Store& store, const LogRange& range) {
  return store.read([&](store::Reader& rows) -> Result<std::vector<Stretch>> {
    TRY(const auto nodes, store::list_audit_nodes(rows));
    std::vector<Stretch> found;
    for (const std::int64_t node : nodes) {
      if (range.node && node != *range.node) continue;
      TRY(const Stretch whole, find_whole(rows, node));
      TRY(const Stretch part, cut(rows, whole, range));
      if (part.first <= part.last) found.push_back(part);
    }
    return found;
  });
}

Result<void> walk_log(store::Store& store, const Stretch& stretch,
                      const std::function<Result<void>(const LogLine&)>& take) {
  std::int64_t at = audit_place(stretch.node, stretch.first - 1);
  const std::int64_t last = audit_place(stretch.node, stretch.last);
  Checkpoints checkpoints(store, at);
  store::Hash previous = {};
  if (stretch.first > 1) {
    TRY(const auto before,
        store.read([&](store::Reader& rows) { return store::list_audit(rows, at - 1, 1); }));
    if (!before.empty()) previous = before.front().link;
  }
  while (at < last) {
    TRY(const auto rows, store.read([&](store::Reader& reader) {
      return store::list_audit(reader, at, records_per_read);
    }));
    if (rows.empty()) return {};
    for (const store::AuditRow& row : rows) {
      if (row.sequence > last) return {};
      TRY(take(line_of(row, previous)));
      previous = row.link;
      TRY(const auto checkpoint, checkpoints.find(row.sequence));
      if (checkpoint) TRY(take(*checkpoint));
    }
    at = rows.back().sequence;
  }
  return {};
}

}  // namespace hallmark::audit
