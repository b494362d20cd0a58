// Notation envelopes as files, for `hallmark verify`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/read_at.h"
#include "base/result.h"
#include "crypto/x509.h"
#include "formats/format.h"
#include "model/platform.h"

namespace hallmark::cli {

inline constexpr std::size_t notation_file_bytes_max = 1024 * 1024;

const model::Platform& notation_platform();

// The text of a file that is a JSON object with the member `protected`; nothing if it is none.
std::optional<std::string> find_notation_envelope(const ReadAt& file);

// What the caller knows already of the signature; empty where it does not.
struct NotationUse {
  std::string platform_id;
  std::string expected_digest;  // "sha256:…", of the artifact that the payload names
  std::optional<std::string> payload;
};

// As formats::verify_notation. Corrupt also if the envelope is not of what the caller expects.
Result<formats::Verification> verify_notation_file(std::string_view envelope,
                                                   const std::vector<crypto::Certificate>& roots,
                                                   const NotationUse& use);

}  // namespace hallmark::cli
