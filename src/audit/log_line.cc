#include "audit/log_line.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/digest.h"

namespace hallmark::audit {
namespace {

constexpr std::int64_t sequence_max = (std::int64_t(1) << store::audit_sequence_bits) - 1;
constexpr std::int64_t node_max = (std::int64_t(1) << (63 - store::audit_sequence_bits)) - 1;

constexpr std::size_t head_bytes_max = 80;  // to "previous", which only a record has

Error wrong_line(std::string_view why) { return malformed(std::string(why)); }

std::string head_of(const RecordLine& line) {
  return fmt::format(R"({{"node":{},"sequence":{},"previous":"{}","link":"{}","sha256":"{}",)",
                     store::node_of(line.place), store::sequence_of(line.place),
                     to_hex(line.previous), to_hex(line.link), to_hex(line.body_hash));
}

// Takes a line apart from its beginning.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  // Digits without a superfluous zero, from 0 to `max`.
  bool take_number(std::int64_t& into, std::int64_t max) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), into);
    const auto length = std::size_t(end - rest_.data());
    if (error != std::errc() || into < 0 || into > max) return false;
    if (length > 1 && (rest_[0] == '0' || rest_[0] == '-')) return false;
    rest_.remove_prefix(length);
    return true;
  }
  // In lower case, as we write it.
  bool take_hash(store::Hash& into) {
    const std::string_view text = rest_.substr(0, into.size() * 2);
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != into.size() || to_hex(*bytes) != text) return false;
    std::ranges::copy(*bytes, into.begin());
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

Result<LogLine> parse_record(std::string_view text) {
  Scanner scanner(text);
  RecordLine line;
  std::int64_t node = 0;
  std::int64_t sequence = 0;
  const bool has_head =
      scanner.take(R"({"node":)") && scanner.take_number(node, node_max) &&
      scanner.take(R"(,"sequence":)") && scanner.take_number(sequence, sequence_max) &&
      scanner.take(R"(,"previous":")") && scanner.take_hash(line.previous) &&
      scanner.take(R"(","link":")") && scanner.take_hash(line.link) &&
      scanner.take(R"(","sha256":")") && scanner.take_hash(line.body_hash) && scanner.take("\",");
  if (!has_head || sequence == 0) return wrong_line("a record does not begin so");
  line.place = store::audit_place(node, sequence);
  if (std::int64_t bytes = 0; scanner.take(R"("omitted":)")) {
    if (!scanner.take_number(bytes, std::int64_t(1) << 40) || scanner.rest() != "}") {
      return wrong_line("a record does not end so");
    }
    return LogLine(std::move(line));
  }
  if (!scanner.take(R"("record":)") || !scanner.rest().ends_with("}}")) {
    return wrong_line("a record does not end so");
  }
  line.body = std::string(scanner.rest().substr(0, scanner.rest().size() - 1));
  return LogLine(std::move(line));
}

Result<std::int64_t> get_number(const JsonObject& object, std::string_view name, std::int64_t max) {
  TRY(const auto number, object.find_integer(name));
  if (!number || *number < 0 || *number > max) return wrong_line(name);
  return *number;
}

Result<CheckpointLine> read_checkpoint(const JsonObject& line, const JsonObject& content) {
  CheckpointLine read;
  TRY(const auto node, get_number(line, "node", node_max));
  TRY(const auto sequence, get_number(line, "sequence", sequence_max));
  if (sequence == 0) return wrong_line("sequence");
  read.checkpoint.place = store::audit_place(node, sequence);
  TRY(const auto link, line.get_text("link"));
  if (!Scanner(link).take_hash(read.checkpoint.link) || link.size() != 64) {
    return wrong_line("link");
  }
  TRY(const auto time, content.get_text("time"));
  TRY(read.checkpoint.signed_at, from_rfc3339(time));
  TRY(const auto signature_text, content.get_text("signature"));
  auto signature = from_base64(signature_text);
  if (!signature) return wrong_line("signature");
  read.checkpoint.signature = *std::move(signature);
  TRY(const auto certificates, content.get("certificates"));
  TRY(const auto values, certificates.array());
  if (values.empty() || values.size() > limits::certificate_chain_max) {
    return wrong_line("certificates");
  }
  for (const JsonValue& value : values) {
    TRY(const auto text, value.text());
    const auto der = from_base64(text);
    if (!der) return wrong_line("certificates");
    TRY(auto certificate, crypto::Certificate::parse(*der));
    read.chain.push_back(std::move(certificate));
  }
  return read;
}

Result<ExportLine> read_export(const JsonObject& content) {
  ExportLine read;
  TRY(const auto time, content.get_text("time"));
  TRY(read.time, from_rfc3339(time));
  TRY(const auto nodes, content.get("nodes"));
  TRY(const auto values, nodes.array());
  if (values.size() > export_nodes_max) return wrong_line("nodes");
  for (const JsonValue& value : values) {
    TRY(const auto node, value.object());
    ExportLine::Stretch stretch;
    TRY(stretch.node, get_number(node, "node", node_max));
    TRY(stretch.first, get_number(node, "first", sequence_max));
    TRY(stretch.last, get_number(node, "last", sequence_max));
    if (stretch.first == 0) return wrong_line("first");
    read.stretches.push_back(stretch);
  }
  return read;
}

}  // namespace

std::string text_of(const RecordLine& line) {
  if (!line.body) return text_of(line, 0);
  return head_of(line) + R"("record":)" + *line.body + "}";
}

std::string text_of(const RecordLine& line, std::size_t bytes_max) {
  if (line.body) {
    std::string whole = text_of(line);
    if (whole.size() <= bytes_max) return whole;
  }
  return head_of(line) + fmt::format(R"("omitted":{}}})", line.body ? line.body->size() : 0);
}

std::string text_of(const CheckpointLine& line) {
  const store::AuditCheckpoint& checkpoint = line.checkpoint;
  JsonWriter json;
  json.begin_object().member("node", store::node_of(checkpoint.place));
  json.member("sequence", store::sequence_of(checkpoint.place));
  json.member("link", to_hex(checkpoint.link)).name("checkpoint").begin_object();
  json.member("time", to_rfc3339(checkpoint.signed_at));
  json.member("signature", to_base64(checkpoint.signature)).name("certificates").begin_array();
  for (const crypto::Certificate& one : line.chain) json.text(to_base64(one.der));
  json.end_array().end_object().end_object();
  return json.take();
}

std::string text_of(const ExportLine& line) {
  JsonWriter json;
  json.begin_object().name("export").begin_object().member("time", to_rfc3339(line.time));
  json.name("nodes").begin_array();
  for (const ExportLine::Stretch& stretch : line.stretches) {
    json.begin_object().member("node", stretch.node).member("first", stretch.first);
    json.member("last", stretch.last).end_object();
  }
  json.end_array().end_object().end_object();
  return json.take();
}

RecordLine line_of(const store::AuditRow& row, const store::Hash& previous) {
  return {.place = row.sequence,
          .previous = previous,
          .link = row.link,
          .body_hash = crypto::sha256(bytes_of(row.body)),
          .body = row.body};
}

Result<LogLine> parse_log_line(std::string_view text) {
  if (text.size() > line_bytes_max) return wrong_line("it is too long");
  if (text.substr(0, head_bytes_max).find(R"(,"previous":")") != text.npos) {
    return parse_record(text);
  }
  auto document = JsonDocument::parse(text);
  if (!document) return wrong_line("it is not JSON");  // not in words of requests
  const auto object = document->root().object();
  if (!object) return wrong_line("it is no JSON object");
  const JsonObject& line = *object;
  TRY(const auto checkpoint, line.find_object("checkpoint"));
  if (checkpoint) {
    TRY(auto read, read_checkpoint(line, *checkpoint));
    return LogLine(std::move(read));
  }
  TRY(const auto exported, line.find_object("export"));
  if (!exported) return wrong_line("neither a record nor a checkpoint");
  TRY(auto read, read_export(*exported));
  return LogLine(std::move(read));
}

}  // namespace hallmark::audit
