#include "cli/notation_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "formats/notation_envelope.h"

namespace hallmark::cli {
namespace {

struct Artifact {
  std::string digest;
  std::string media_type;
};

// What the payload says that it is the signature of; nothing if it is no payload of Notation, which
// the signature does not need to be.
std::optional<Artifact> artifact_of(ByteView payload) {
  const auto document = JsonDocument::parse(text_of(payload));
  if (!document) return std::nullopt;
  const auto object = document->root().object();
  if (!object) return std::nullopt;
  const auto target = object->get_object("targetArtifact");
  if (!target) return std::nullopt;
  const auto digest = target->get_text("digest");
  const auto media_type = target->get_text("mediaType");
  if (!digest || !media_type) return std::nullopt;
  return Artifact{std::string(*digest), std::string(*media_type)};
}

Result<void> check_expected(const formats::NotationVerification& verified,
                            const std::optional<Artifact>& artifact, const NotationUse& use) {
  if (!use.platform_id.empty() && use.platform_id != notation_platform().id) {
    return corrupt(fmt::format("It is not signed as {} signs.", use.platform_id));
  }
  if (use.payload && *use.payload != text_of(verified.payload)) {
    return corrupt("It signs another payload.");
  }
  if (use.expected_digest.empty()) return {};
  if (!artifact) return corrupt("Its payload names no artifact.");
  if (artifact->digest != use.expected_digest) {
    return corrupt(fmt::format("It is the signature of another artifact, {}.", artifact->digest));
  }
  return {};
}

}  // namespace

const model::Platform& notation_platform() {
  const auto platforms = model::platforms();
  const auto found = std::ranges::find(platforms, false,
                                       [](const auto& platform) { return platform.job_platform; });
  CHECK(found != platforms.end());
  return *found;
}

std::optional<std::string> find_notation_envelope(const ReadAt& file) {
  if (file.size() == 0 || file.size() > notation_file_bytes_max) return std::nullopt;
  Bytes bytes(static_cast<std::size_t>(file.size()));
  if (!file.read_at(0, bytes) || bytes.front() != '{') return std::nullopt;
  std::string text(text_of(bytes));
  const auto document = JsonDocument::parse(text);
  if (!document) return std::nullopt;
  const auto object = document->root().object();
  if (!object || !object->find("protected")) return std::nullopt;
  return text;
}

Result<formats::Verification> verify_notation_file(std::string_view envelope,
                                                   const std::vector<crypto::Certificate>& roots,
                                                   const NotationUse& use) {
  TRY(const auto verified, formats::verify_notation(envelope, roots, SystemClock().now()));
  const auto artifact = artifact_of(verified.payload);
  TRY(check_expected(verified, artifact, use));
  formats::Verification shown{verified.statement,
                              verified.chain,
                              {{"payloadBytes", std::uint64_t(verified.payload.size())}}};
  if (artifact) {
    shown.facts.push_back({"artifactDigest", artifact->digest});
    shown.facts.push_back({"artifactMediaType", artifact->media_type});
  }
  return shown;
}

}  // namespace hallmark::cli
