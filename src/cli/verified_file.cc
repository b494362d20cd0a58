#include "cli/verified_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "cli/certificate_file.h"
#include "cli/named_file.h"
#include "cli/notation_file.h"
#include "formats/platform_algorithm.h"
#include "server/data_directory.h"

namespace hallmark::cli {
namespace {

using Certificates = std::vector<crypto::Certificate>;
using Judgement = Result<VerifiedFile>;

Result<Certificates> read_roots(const Arguments& arguments) {
  if (arguments.has("--certificate")) {
    return wrong_usage("This file carries its certificates: --certificate is for others.");
  }
  if (arguments.has("--trust-root") == arguments.has("--data-dir")) {
    return wrong_usage("Name the trusted root with either --trust-root or --data-dir.");
  }
  if (arguments.has("--trust-root")) {
    return read_certificates({arguments.get("--trust-root"), "--trust-root"});
  }
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(server::require_initialised(directory));
  return read_certificates({directory.root_certificates().string()});
}

Result<Certificates> read_trusted(const formats::Format& format, const Arguments& arguments) {
  if (format.trusts == formats::Trusts::roots) return read_roots(arguments);
  if (!arguments.has("--certificate")) {
    return wrong_usage("This file does not carry its certificate: name it with --certificate.");
  }
  return read_certificates({arguments.get("--certificate"), "--certificate"});
}

// Nothing where the format has the payload within.
Result<std::unique_ptr<File>> open_payload(const formats::Format& format,
                                           const Arguments& arguments) {
  const bool is_beside = format.payload == formats::Payload::beside;
  if (is_beside && arguments.has("--payload")) {
    return open_file({arguments.get("--payload"), "--payload"});
  }
  if (is_beside)
    return wrong_usage("This file holds only a signature: name the payload with --payload.");
  if (!arguments.has("--payload")) return std::unique_ptr<File>();
  return wrong_usage("This file holds what was signed: --payload is for others.");
}

Result<std::vector<crypto::SignatureAlgorithm>> read_algorithms(const Arguments& arguments) {
  if (!arguments.has("--platform")) return std::vector<crypto::SignatureAlgorithm>();
  const model::Platform* platform = model::find_platform(arguments.get("--platform"));
  if (platform == nullptr) return wrong_usage("There is no such platform.");
  return formats::signature_algorithms_of(*platform);
}

const formats::Format* find_format_of(const ReadAt& file) {
  for (const formats::Format* format : formats::all_formats()) {
    if (format->recognizes(file)) return format;
  }
  return nullptr;
}

// That of the format's only platform with revocation.
std::string platform_with_revocation(std::string_view format) {
  for (const model::Platform& platform : model::platforms()) {
    if (platform.revocation_supported && platform.format == format) return std::string(platform.id);
  }
  return {};
}

// A chain may have been written without its root.
crypto::CertificateChain with_root(crypto::CertificateChain chain, const Certificates& roots) {
  if (chain.back().issuer_der == chain.back().subject_der) return chain;
  const auto root =
      std::ranges::find(roots, chain.back().issuer_der, &crypto::Certificate::subject_der);
  if (root != roots.end()) chain.push_back(*root);
  return chain;
}

// As manifests are named: the words of their algorithm, a colon, and lower-case hex.
Result<void> check_digest(const Arguments& arguments) {
  constexpr std::pair<std::string_view, std::size_t> algorithms[] = {
      {"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};
  if (!arguments.has("--expected-digest")) return {};
  const std::string digest = arguments.get("--expected-digest");
  for (const auto& [name, digits] : algorithms) {
    const bool is_long = digest.starts_with(name) && digest.size() == name.size() + digits;
    if (is_long && digest.find_first_not_of("0123456789abcdef", name.size()) == digest.npos) {
      return {};
    }
  }
  return wrong_usage(
      "--expected-digest must be sha256: and 64 hexadecimal digits in lower case (or sha384: and "
      "96, sha512: and 128).");
}

Judgement verified(formats::Verification verification, const Certificates& trusted,
                   std::string platform_id) {
  VerifiedFile file{std::move(verification), {}, std::move(platform_id)};
  if (!file.platform_id.empty()) {
    file.chain_to_root = with_root(file.verification.chain, trusted);
  }
  return file;
}

Result<Judgement> verify_format(const formats::Format& format, const ReadAt& file,
                                const Arguments& arguments) {
  if (arguments.has("--expected-digest")) {
    return wrong_usage("--expected-digest is for Notation envelopes.");
  }
  TRY(const auto trusted, read_trusted(format, arguments));
  TRY(const auto payload, open_payload(format, arguments));
  TRY(const auto algorithms, read_algorithms(arguments));
  auto verification = format.verify({.object = file,
                                     .trusted = trusted,
                                     .now = SystemClock().now(),
                                     .payload = payload.get(),
                                     .algorithms = algorithms});
  if (!verification) return Judgement(std::move(verification.error()));
  return verified(*std::move(verification), trusted, platform_with_revocation(format.name));
}

Result<Judgement> verify_envelope(const std::string& envelope, const Arguments& arguments) {
  TRY(read_algorithms(arguments));  // that there is such a platform
  TRY(const auto roots, read_roots(arguments));
  NotationUse use{.platform_id = arguments.get("--platform"),
                  .expected_digest = arguments.get("--expected-digest"),
                  .payload = {}};
  if (arguments.has("--payload")) {
    TRY(use.payload, read_file({arguments.get("--payload"), "--payload"}, notation_file_bytes_max));
  }
  auto verification = verify_notation_file(envelope, roots, use);
  if (!verification) return Judgement(std::move(verification.error()));
  return verified(*std::move(verification), roots, std::string(notation_platform().id));
}

}  // namespace

Result<Result<VerifiedFile>> verify_file(const ReadAt& file, const Arguments& arguments) {
  TRY(check_digest(arguments));
  if (const formats::Format* format = find_format_of(file)) {
    return verify_format(*format, file, arguments);
  }
  if (const auto envelope = find_notation_envelope(file)) {
    return verify_envelope(*envelope, arguments);
  }
  return Judgement(corrupt("It has none of the known signed formats."));
}

}  // namespace hallmark::cli
