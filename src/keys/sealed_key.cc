#include "keys/sealed_key.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t header_bytes = 2;

// The numbers are stored: they never change their meaning.
constexpr std::pair<std::uint8_t, crypto::KeyKind> stored_kinds[] = {
    {1, crypto::KeyKind::p256},
    {2, crypto::KeyKind::p384},
    {3, crypto::KeyKind::rsa},
};

std::uint8_t number_of(crypto::KeyKind kind) {
  for (const auto& [number, stored] : stored_kinds) {
    if (stored == kind) return number;
  }
  CHECK(false);
}

Result<crypto::KeyKind> kind_of(std::uint8_t number) {
  for (const auto& [stored, kind] : stored_kinds) {
    if (stored == number) return kind;
  }
  return corrupt("The sealed key is of an unknown kind.");
}

// A purpose and a kind have no slash, so that no two different keys share a context.
std::string context_of(std::uint8_t format, const KeyName& name) {
  return fmt::format("{}/{}/{}/{}", format, name_of(name.purpose), crypto::name_of(name.kind),
                     name.id);
}

Result<void> check_format(SealedFormat format, ByteView sealed) {
  if (sealed.size() < header_bytes) return corrupt("The sealed key is of an unknown format.");
  if (sealed[0] == std::uint8_t(format)) return {};
  if (sealed[0] == std::uint8_t(SealedFormat::token)) {
    return invalid("The keys of this installation are in a token: name it by --keys pkcs11:….");
  }
  if (sealed[0] == std::uint8_t(SealedFormat::software)) {
    return invalid("The keys of this installation are sealed in its store, not in a token.");
  }
  return corrupt("The sealed key is of an unknown format.");
}

}  // namespace

Bytes seal_key(const Sealer& sealer, SealedFormat format, const KeyName& name, ByteView content) {
  Bytes sealed = {std::uint8_t(format), number_of(name.kind)};
  append(sealed, sealer.seal(Sealed::private_key, content, context_of(std::uint8_t(format), name)));
  return sealed;
}

Result<SealedContent> open_sealed_key(const Sealer& sealer, SealedFormat format, ByteView sealed,
                                      const Purpose& purpose, std::string_view id) {
  TRY(check_format(format, sealed));
  TRY(const auto kind, kind_of(sealed[1]));
  TRY(auto content, sealer.open(Sealed::private_key, sealed.subspan(header_bytes),
                                context_of(sealed[0], {purpose, kind, id})));
  return SealedContent{.kind = kind, .content = std::move(content)};
}

Result<std::optional<Bytes>> key_sealed_anew(const Sealer& sealer, ByteView sealed, Purpose purpose,
                                             std::string_view id) {
  if (sealed.size() < header_bytes) return corrupt("The sealed key is of an unknown format.");
  TRY(const auto kind, kind_of(sealed[1]));
  const std::string context = context_of(sealed[0], {purpose, kind, id});
  const ByteView content = sealed.subspan(header_bytes);
  if (sealer.is_newest(Sealed::private_key, content, context)) return std::optional<Bytes>();
  TRY(const Secret plain, sealer.open(Sealed::private_key, content, context));
  Bytes anew = copy_of(sealed.first(header_bytes));
  append(anew, sealer.seal(Sealed::private_key, plain.reveal(), context));
  return std::optional(std::move(anew));
}

}  // namespace hallmark::keys
