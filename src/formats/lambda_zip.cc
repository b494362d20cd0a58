#include "formats/lambda_zip.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/relay.h"
#include "crypto/digest_sink.h"
#include "formats/lambda_signature.h"
#include "formats/zip_directory.h"
#include "formats/zip_reader.h"
#include "formats/zip_writer.h"

namespace hallmark::formats {
namespace {

constexpr std::string_view signature_folder_as_file =
    signature_folder_name.substr(0, signature_folder_name.size() - 1);
constexpr std::size_t entries_added_max = 2;
constexpr std::size_t directory_bytes_added_max = 1024;  // of two central headers
constexpr std::uint32_t folder_permissions = 0755;
constexpr std::uint32_t file_permissions = 0644;

bool is_signature(const ZipEntry& entry) { return entry.name == signature_entry_name; }

// Passes on what is signed, the entries but the signature, and keeps that one.
class SignedBytes final : public ZipVisitor {
 public:
  explicit SignedBytes(Sink& to) : to_(to) {}
  Result<void> begin(const ZipEntry& entry) override {
    is_in_signature_ = is_signature(entry);
    if (is_in_signature_) return {};
    return to_.write(bytes_of(entry.name));
  }
  Result<void> content(ByteView bytes) override {
    if (!is_in_signature_) return to_.write(bytes);
    append(signature_, bytes);  // its size was checked before
    return {};
  }
  const Bytes& signature() const { return signature_; }

 private:
  Sink& to_;
  bool is_in_signature_ = false;
  Bytes signature_;
};

// A package whose directory is read and whose expanded size is known.
struct Package {
  ZipArchive archive;
  std::uint64_t expanded_bytes;
};

// Digests the package's entries, those of a large one on a thread of its own while they are being
// inflated. The signature, if there is one.
Result<Bytes> read_package(const Package& package, Sink& digest) {
  Bytes signature;
  TRY(relayed(digest, package.expanded_bytes, [&](Sink& to) -> Result<void> {
    SignedBytes content(to);
    TRY(read_zip_content(package.archive, content));
    signature = content.signature();
    return {};
  }));
  return signature;
}

Result<void> check_can_be_signed(const ZipDirectory& directory) {
  if (directory.find(signature_entry_name) != nullptr) {
    return invalid(fmt::format("The package is already signed: it has the entry \"{}\".",
                               signature_entry_name));
  }
  if (directory.find(signature_folder_as_file) != nullptr) {
    return invalid("The package has a file \"META_INF\" where the signature's folder has to be.");
  }
  if (directory.entries.size() + entries_added_max > limits::zip_entries_max ||
      directory.bytes.size() + directory_bytes_added_max >
          limits::zip_central_directory_bytes_max) {
    return invalid("The package has too many entries to add a signature.");
  }
  return {};
}

// What verify accepts, and no more, whatever the platform allows.
std::uint64_t signable_bytes_max(std::uint64_t source_bytes_max) {
  return std::min(source_bytes_max,
                  limits::zip_verified_bytes_max - limits::signature_block_bytes_max);
}

Result<SignatureBlock> seal(const SealRequest& request, const ReadAt& source,
                            const crypto::Signer& signer) {
  TRY(const auto directory, read_zip_directory(source));
  TRY(check_can_be_signed(directory));
  TRY(const auto expanded, check_zip_size(directory, signable_bytes_max(request.source_bytes_max)));
  crypto::DigestSink digest(crypto::DigestAlgorithm::sha384);
  TRY(read_package({{directory, source, Inflating::strict}, expanded}, digest));
  if (directory.find(signature_folder_name) == nullptr) {
    TRY(digest.write(bytes_of(signature_folder_name)));
  }
  TRY(const std::string text,
      make_lambda_signature(request, digest.finish_as<crypto::Sha384>(), signer));
  return SignatureBlock{.bytes = copy_of(bytes_of(text)),
                        .signing_time = request.statement.signing_time};
}

Result<Artifact> assemble(const SignatureBlock& block, const ReadAt& source) {
  TRY(const auto directory, read_zip_directory(source));
  TRY(check_can_be_signed(directory));
  std::vector<NewZipEntry> added;
  if (directory.find(signature_folder_name) == nullptr) {
    added.push_back({.name = std::string(signature_folder_name),
                     .content = {},
                     .modified = block.signing_time,
                     .permissions = folder_permissions});
  }
  added.push_back({.name = std::string(signature_entry_name),
                   .content = block.bytes,
                   .modified = block.signing_time,
                   .permissions = file_permissions});
  return append_to_zip(directory, added);
}

// A zip begins with its first entry, an empty one with its end record; whether it is a good one is
// for seal and verify to say.
bool recognizes(const ReadAt& object) {
  constexpr std::array<std::uint8_t, 4> entry_head = {'P', 'K', 3, 4};
  constexpr std::array<std::uint8_t, 4> end_head = {'P', 'K', 5, 6};
  std::array<std::uint8_t, 4> head = {};
  if (object.size() < head.size() || !object.read_at(0, head)) return false;
  return head == entry_head || head == end_head;
}

// The signature is the last entry: what follows it would be added after it was made.
Result<void> check_is_signed(const ZipDirectory& directory) {
  const ZipEntry* signature = directory.find(signature_entry_name);
  if (signature == nullptr) {
    return corrupt(
        fmt::format("The package is not signed: it has no entry \"{}\".", signature_entry_name));
  }
  if (signature != &directory.entries.back()) {
    return corrupt("The package's signature is not its last entry.");
  }
  if (signature->kind != ZipEntryKind::file) {
    return corrupt("The package's signature is not a file.");
  }
  if (signature->size > limits::signature_block_bytes_max) {
    return corrupt(fmt::format("The package's signature has more than {} bytes.",
                               limits::signature_block_bytes_max));
  }
  return {};
}

struct SignedPackage {
  std::uint64_t entries = 0;  // without the signature
  std::uint64_t symbolic_links = 0;
  crypto::Sha384 inner = {};
  Bytes signature;
};

// What was read strictly to seal it may be inflated by a faster library, which is laxer.
Result<SignedPackage> read_signed(const ReadAt& package, Origin origin) {
  TRY(const auto directory, read_zip_directory(package));
  TRY(check_is_signed(directory));
  TRY(const auto expanded, check_zip_size(directory, limits::zip_verified_bytes_max));
  crypto::DigestSink digest(crypto::DigestAlgorithm::sha384);
  const auto how = origin == Origin::just_sealed ? Inflating::quick : Inflating::strict;
  TRY(Bytes signature, read_package({{directory, package, how}, expanded}, digest));
  const auto links = std::ranges::count(directory.entries, ZipEntryKind::link, &ZipEntry::kind);
  return SignedPackage{.entries = directory.entries.size() - 1,
                       .symbolic_links = std::uint64_t(links),
                       .inner = digest.finish_as<crypto::Sha384>(),
                       .signature = std::move(signature)};
}

// To seal, a bad archive is the caller's mistake; to verify, it is damage. The words are the same.
template <class T>
Result<T> as_damage(Result<T> result) {
  if (!result && result.error().kind == ErrorKind::invalid) {
    result.error().kind = ErrorKind::corrupt;
  }
  return result;
}

Result<void> check_times(const LambdaSignature& signature, Timestamp now) {
  const Timestamp signing_time = signature.statement.signing_time;
  const Timestamp expires_at = signature.statement.expires_at;
  const crypto::Certificate& leaf = signature.chain.front();
  if (signing_time < leaf.not_before || signing_time > leaf.not_after) {
    return corrupt("The signature was made when its certificate was not valid.");
  }
  if (signing_time > now + limits::signing_time_skew_max) {
    return corrupt(
        fmt::format("The signature's time, {}, is in the future: the clock here says {}.",
                    to_rfc3339(signing_time), to_rfc3339(now)));
  }
  if (expires_at <= now) {
    return corrupt(fmt::format("The signature expired at {}.", to_rfc3339(expires_at)));
  }
  return {};
}

Result<Verification> judge(const VerifyRequest& request) {
  TRY(check_accepted(crypto::SignatureAlgorithm::ecdsa_sha384, request));
  TRY(const SignedPackage content, read_signed(request.object, request.origin));
  TRY(auto signature, read_lambda_signature(text_of(content.signature), content.inner));
  const Timestamp signing_time = signature.statement.signing_time;
  TRY(crypto::verify_chain(signature.chain, request.trusted, signing_time));
  TRY(check_speaks_for_profile(signature.chain.front(), signature.statement));
  TRY(check_times(signature, request.now));
  // Symbolic links count among the entries; what they lead to differs with what stands around them,
  // and the signature does not tell a link from a file.
  return Verification{
      .statement = std::move(signature.statement),
      .chain = std::move(signature.chain),
      .facts = {{"entries", content.entries}, {"symbolicLinks", content.symbolic_links}}};
}

Result<Verification> verify(const VerifyRequest& request) { return as_damage(judge(request)); }

}  // namespace

constinit const Format lambda_zip_format = {.name = "lambda-zip",
                                            .trusts = Trusts::roots,
                                            .payload = Payload::within,
                                            .seal = seal,
                                            .assemble = assemble,
                                            .recognizes = recognizes,
                                            .verify = verify};

Result<crypto::Sha384> lambda_inner_digest(const ReadAt& package) {
  TRY(const auto directory, read_zip_directory(package));
  if (directory.find(signature_entry_name) != nullptr) TRY(check_is_signed(directory));
  TRY(const auto expanded, check_zip_size(directory, limits::zip_verified_bytes_max));
  crypto::DigestSink digest(crypto::DigestAlgorithm::sha384);
  TRY(read_package({{directory, package, Inflating::strict}, expanded}, digest));
  return digest.finish_as<crypto::Sha384>();
}

Result<Bytes> lambda_signature_of(const ReadAt& package) {
  TRY(const SignedPackage content, as_damage(read_signed(package, Origin::anybodys)));
  return lambda_signature_der(text_of(content.signature));
}

}  // namespace hallmark::formats
