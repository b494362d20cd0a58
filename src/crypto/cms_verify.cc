#include <algorithm>

#include <fmt/format.h>

#include "crypto/cms_read.h"
#include "crypto/cms_structure.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/oids.h"

namespace hallmark::crypto {
namespace {

Result<ByteView> attribute_value(const CmsMessage& message, std::string_view oid) {
  const auto found = std::ranges::find(message.attributes, oid, &CmsAttribute::oid);
  if (found == message.attributes.end()) {
    return corrupt(fmt::format("The signed attribute {} is missing.", oid));
  }
  return ByteView(found->value_der);
}

Result<void> check_attribute(const CmsMessage& message, std::string_view oid, ByteView expected) {
  TRY(const ByteView value, attribute_value(message, oid));
  if (equal(value, expected)) return {};
  if (oid == oids::message_digest) return corrupt("The content is not the one that was signed.");
  return corrupt(fmt::format("The signed attribute {} has the wrong value.", oid));
}

Result<void> check_signature(const CmsMessage& message) {
  Hasher hasher(message.algorithm.digest);
  hasher.update(message.signed_attributes);
  TRY(const bool genuine,
      verify_digest(message.algorithm.algorithm, message.chain.front().public_key, hasher.finish(),
                    message.signature));
  if (!genuine) return corrupt("The signature is wrong.");
  return {};
}

}  // namespace

Result<CmsSignature> verify_cms(ByteView content_info, ByteView content_digest) {
  TRY(auto message, read_cms(content_info));
  TRY(check_signature(message));
  TRY(check_attribute(message, oids::content_type, content_type_value()));
  TRY(check_attribute(message, oids::message_digest, der::octet_string(content_digest)));
  TRY(check_attribute(
      message, oids::algorithm_protection,
      algorithm_protection_value(message.digest_algorithm, message.signature_algorithm)));
  TRY(const ByteView time_der, attribute_value(message, oids::signing_time));
  TRY(const Timestamp signing_time, generalized_time_from_der(time_der));

  std::erase_if(message.attributes,
                [](const CmsAttribute& a) { return is_standard_attribute(a.oid); });
  return CmsSignature{.chain = std::move(message.chain),
                      .signing_time = signing_time,
                      .attributes = std::move(message.attributes)};
}

}  // namespace hallmark::crypto
