#include "keys/pkcs11_objects.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/ecdsa_values.h"
#include "crypto/token_values.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t signature_bytes_max = 1024;
constexpr std::size_t point_bytes_max = 256;

// PKCS#11 takes pointers to what it does not change.
void* mutable_pointer(const void* data) { return const_cast<void*>(data); }

// The attributes of an object, pointing at values that outlive it.
class Template {
 public:
  Template& bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
    attributes_.push_back({type, mutable_pointer(value.data()), value.size()});
    return *this;
  }
  Template& number(CK_ATTRIBUTE_TYPE type, const CK_ULONG& value) {
    attributes_.push_back({type, mutable_pointer(&value), sizeof value});
    return *this;
  }
  Template& yes(CK_ATTRIBUTE_TYPE type) { return flag(type, yes_); }
  Template& no(CK_ATTRIBUTE_TYPE type) { return flag(type, no_); }

  // The name, and the rules that all private and secret keys keep.
  Template& kept(const ObjectName& name) {
    return bytes(CKA_LABEL, bytes_of(name.label))
        .bytes(CKA_ID, name.id)
        .yes(CKA_TOKEN)
        .yes(CKA_PRIVATE)
        .yes(CKA_SENSITIVE)
        .no(CKA_EXTRACTABLE);
  }
  // Of a private key: it signs, and does nothing else.
  Template& for_signing(const ObjectName& name) {
    return kept(name).yes(CKA_SIGN).no(CKA_DECRYPT).no(CKA_UNWRAP).no(CKA_DERIVE);
  }

  CK_ATTRIBUTE* data() { return attributes_.data(); }
  CK_ULONG size() const { return attributes_.size(); }

 private:
  Template& flag(CK_ATTRIBUTE_TYPE type, const CK_BBOOL& value) {
    attributes_.push_back({type, mutable_pointer(&value), sizeof value});
    return *this;
  }

  static constexpr CK_BBOOL yes_ = CK_TRUE;
  static constexpr CK_BBOOL no_ = CK_FALSE;
  std::vector<CK_ATTRIBUTE> attributes_;
};

// CKA_EC_POINT is an OCTET STRING in DER by the standard; some tokens leave the wrapping out.
ByteView point_of(ByteView attribute) {
  constexpr std::uint8_t octet_string = 0x04;
  constexpr std::size_t header_bytes = 2;
  const bool wrapped = attribute.size() > header_bytes && attribute[0] == octet_string &&
                       attribute[1] == attribute.size() - header_bytes;
  return wrapped ? attribute.subspan(header_bytes) : attribute;
}

Result<Bytes> read_point(Session& session, CK_OBJECT_HANDLE public_key) {
  Bytes point(point_bytes_max);
  CK_ATTRIBUTE attribute = {CKA_EC_POINT, point.data(), point.size()};
  const CK_RV status =
      session.functions().C_GetAttributeValue(session.handle(), public_key, &attribute, 1);
  if (status != CKR_OK) return session.failed("C_GetAttributeValue", status);
  CHECK(attribute.ulValueLen <= point.size());
  point.resize(attribute.ulValueLen);
  return copy_of(point_of(point));
}

Result<void> create_object(Session& session, Template& object) {
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  const CK_RV status =
      session.functions().C_CreateObject(session.handle(), object.data(), object.size(), &handle);
  if (status == CKR_OK) return {};
  return session.failed("C_CreateObject", status);
}

Result<std::optional<CK_OBJECT_HANDLE>> find_object(Session& session, Template& wanted) {
  CK_FUNCTION_LIST& functions = session.functions();
  CK_RV status = functions.C_FindObjectsInit(session.handle(), wanted.data(), wanted.size());
  if (status != CKR_OK) return session.failed("C_FindObjectsInit", status);
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  CK_ULONG count = 0;
  status = functions.C_FindObjects(session.handle(), &handle, 1, &count);
  const CK_RV ended = functions.C_FindObjectsFinal(session.handle());
  if (status != CKR_OK) return session.failed("C_FindObjects", status);
  if (ended != CKR_OK) return session.failed("C_FindObjectsFinal", ended);
  if (count == 0) return std::optional<CK_OBJECT_HANDLE>();
  return std::optional(handle);
}

CK_BYTE* mutable_bytes(ByteView bytes) {
  return static_cast<CK_BYTE*>(mutable_pointer(bytes.data()));
}

constexpr CK_ULONG gcm_tag_bytes = 16;

CK_GCM_PARAMS gcm_of(const GcmParameters& parameters) {
  CK_GCM_PARAMS gcm = {};
  gcm.pIv = mutable_bytes(parameters.nonce);
  gcm.ulIvLen = parameters.nonce.size();
  gcm.ulIvBits = parameters.nonce.size() * 8;
  gcm.pAAD = mutable_bytes(parameters.context);
  gcm.ulAADLen = parameters.context.size();
  gcm.ulTagBits = gcm_tag_bytes * 8;
  return gcm;
}

CK_MECHANISM_TYPE mechanism_of(crypto::SignatureAlgorithm algorithm) {
  return crypto::key_kind_of(algorithm) == crypto::KeyKind::rsa ? CKM_RSA_PKCS : CKM_ECDSA;
}

}  // namespace

ObjectName ObjectName::of(const KeyName& name, ByteView own_number) {
  const std::string whole = fmt::format("{}/{}/{}/{}", name_of(name.purpose),
                                        crypto::name_of(name.kind), to_hex(own_number), name.id);
  return {.id = copy_of(crypto::sha256(bytes_of(whole))),
          .label = fmt::format("hallmark {} {}", name_of(name.purpose), name.id)};
}

Result<Bytes> generate_key(Session& session, const ObjectName& name, crypto::KeyKind curve) {
  const Bytes parameters = crypto::curve_parameters(curve);
  const CK_ULONG type = CKK_EC;
  // Its certificate keeps the public key: here it lives no longer than the session.
  Template public_key;
  public_key.bytes(CKA_EC_PARAMS, parameters).no(CKA_TOKEN).yes(CKA_VERIFY);
  Template private_key;
  private_key.for_signing(name).number(CKA_KEY_TYPE, type);
  CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_handle = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_handle = CK_INVALID_HANDLE;
  const CK_RV status = session.functions().C_GenerateKeyPair(
      session.handle(), &mechanism, public_key.data(), public_key.size(), private_key.data(),
      private_key.size(), &public_handle, &private_handle);
  if (status != CKR_OK) return session.failed("C_GenerateKeyPair", status);
  auto point = read_point(session, public_handle);
  (void)session.functions().C_DestroyObject(session.handle(), public_handle);
  if (!point) return point;
  return crypto::public_key_of_point(curve, *point);
}

Result<void> store_key(Session& session, const ObjectName& name, const crypto::PrivateKey& key) {
  const CK_ULONG object_class = CKO_PRIVATE_KEY;
  const CK_ULONG type = key.kind == crypto::KeyKind::rsa ? CKK_RSA : CKK_EC;
  Template object;
  object.for_signing(name).number(CKA_CLASS, object_class).number(CKA_KEY_TYPE, type);
  if (key.kind != crypto::KeyKind::rsa) {
    const Bytes parameters = crypto::curve_parameters(key.kind);
    TRY(const Secret scalar, crypto::scalar_of_key(key));
    object.bytes(CKA_EC_PARAMS, parameters).bytes(CKA_VALUE, scalar.reveal());
    return create_object(session, object);
  }
  TRY(const auto numbers, crypto::numbers_of_key(key));
  object.bytes(CKA_MODULUS, numbers.modulus.reveal())
      .bytes(CKA_PUBLIC_EXPONENT, numbers.public_exponent.reveal())
      .bytes(CKA_PRIVATE_EXPONENT, numbers.private_exponent.reveal())
      .bytes(CKA_PRIME_1, numbers.prime_1.reveal())
      .bytes(CKA_PRIME_2, numbers.prime_2.reveal())
      .bytes(CKA_EXPONENT_1, numbers.exponent_1.reveal())
      .bytes(CKA_EXPONENT_2, numbers.exponent_2.reveal())
      .bytes(CKA_COEFFICIENT, numbers.coefficient.reveal());
  return create_object(session, object);
}

Result<std::optional<CK_OBJECT_HANDLE>> find_key(Session& session, const ObjectName& name,
                                                 CK_OBJECT_CLASS object_class) {
  const CK_ULONG wanted_class = object_class;
  Template wanted;
  wanted.number(CKA_CLASS, wanted_class)
      .bytes(CKA_ID, name.id)
      .bytes(CKA_LABEL, bytes_of(name.label));
  return find_object(session, wanted);
}

Result<void> destroy_keys(Session& session, const ObjectName& name) {
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    TRY(const auto found, find_key(session, name, object_class));
    if (!found) continue;
    const CK_RV status = session.functions().C_DestroyObject(session.handle(), *found);
    if (status != CKR_OK) return session.failed("C_DestroyObject", status);
  }
  return {};
}

Result<Bytes> sign_with_key(Session& session, CK_OBJECT_HANDLE key,
                            crypto::SignatureAlgorithm algorithm, ByteView digest) {
  const bool is_rsa = crypto::key_kind_of(algorithm) == crypto::KeyKind::rsa;
  const Bytes input =
      is_rsa ? crypto::digest_info(crypto::digest_of(algorithm), digest) : copy_of(digest);
  CK_MECHANISM mechanism = {mechanism_of(algorithm), nullptr, 0};
  CK_FUNCTION_LIST& functions = session.functions();
  CK_RV status = functions.C_SignInit(session.handle(), &mechanism, key);
  if (status != CKR_OK) return session.failed("C_SignInit", status);
  Bytes signature(signature_bytes_max);
  CK_ULONG size = signature.size();
  status = functions.C_Sign(session.handle(), static_cast<CK_BYTE*>(mutable_pointer(input.data())),
                            input.size(), signature.data(), &size);
  if (status != CKR_OK) return session.failed("C_Sign", status);
  signature.resize(size);
  if (is_rsa) return signature;
  return crypto::ecdsa_der_from_raw(crypto::key_kind_of(algorithm), signature);
}

Result<void> generate_wrapping_key(Session& session, const std::string& label) {
  const ObjectName name = {.id = copy_of(crypto::sha256(bytes_of(label))), .label = label};
  const CK_ULONG bytes = crypto::aead_key_bytes;
  Template key;
  key.kept(name).number(CKA_VALUE_LEN, bytes).yes(CKA_ENCRYPT).yes(CKA_DECRYPT);
  key.no(CKA_SIGN).no(CKA_VERIFY).no(CKA_WRAP).no(CKA_UNWRAP);
  CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  const CK_RV status = session.functions().C_GenerateKey(session.handle(), &mechanism, key.data(),
                                                         key.size(), &handle);
  if (status == CKR_OK) return {};
  return session.failed("C_GenerateKey", status);
}

Result<std::optional<CK_OBJECT_HANDLE>> find_wrapping_key(Session& session,
                                                          const std::string& label) {
  const CK_ULONG wanted_class = CKO_SECRET_KEY;
  Template wanted;
  wanted.number(CKA_CLASS, wanted_class).bytes(CKA_LABEL, bytes_of(label));
  return find_object(session, wanted);
}

Result<void> refuse_extractable(Session& session, CK_OBJECT_HANDLE key) {
  CK_BBOOL sensitive = CK_FALSE;
  CK_BBOOL never_extractable = CK_FALSE;
  CK_ATTRIBUTE attributes[] = {{CKA_ALWAYS_SENSITIVE, &sensitive, sizeof sensitive},
                               {CKA_NEVER_EXTRACTABLE, &never_extractable, sizeof sensitive}};
  const CK_RV status = session.functions().C_GetAttributeValue(session.handle(), key, attributes,
                                                               std::size(attributes));
  if (status != CKR_OK) return session.failed("C_GetAttributeValue", status);
  if (sensitive == CK_TRUE && never_extractable == CK_TRUE) return {};
  return invalid("The master key in the token was not made there, or could be taken out.");
}

Result<Bytes> encrypt_with_key(Session& session, CK_OBJECT_HANDLE key,
                               const GcmParameters& parameters, ByteView plain) {
  CK_GCM_PARAMS gcm = gcm_of(parameters);
  CK_MECHANISM mechanism = {CKM_AES_GCM, &gcm, sizeof gcm};
  CK_RV status = session.functions().C_EncryptInit(session.handle(), &mechanism, key);
  if (status != CKR_OK) return session.failed("C_EncryptInit", status);
  Bytes encrypted(plain.size() + gcm_tag_bytes);
  CK_ULONG size = encrypted.size();
  status = session.functions().C_Encrypt(session.handle(), mutable_bytes(plain), plain.size(),
                                         encrypted.data(), &size);
  if (status != CKR_OK) return session.failed("C_Encrypt", status);
  encrypted.resize(size);
  return encrypted;
}

Result<Secret> decrypt_with_key(Session& session, CK_OBJECT_HANDLE key,
                                const GcmParameters& parameters, ByteView encrypted) {
  if (encrypted.size() <= gcm_tag_bytes) return corrupt("An encrypted key is too short.");
  CK_GCM_PARAMS gcm = gcm_of(parameters);
  CK_MECHANISM mechanism = {CKM_AES_GCM, &gcm, sizeof gcm};
  CK_RV status = session.functions().C_DecryptInit(session.handle(), &mechanism, key);
  if (status != CKR_OK) return session.failed("C_DecryptInit", status);
  // Tokens ask for room for the tag, too, before they look at it.
  Secret plain(encrypted.size());
  CK_ULONG size = plain.size();
  status = session.functions().C_Decrypt(session.handle(), mutable_bytes(encrypted),
                                         encrypted.size(), plain.fill().data(), &size);
  if (status == CKR_OK && size == encrypted.size() - gcm_tag_bytes) {
    return Secret(plain.reveal().first(size));
  }
  if (status == CKR_SESSION_HANDLE_INVALID || status == CKR_DEVICE_REMOVED) {
    return session.failed("C_Decrypt", status);
  }
  // What a token answers to a wrong tag differs from one to another.
  return corrupt("A wrapped key does not open under the token's master key.");
}

}  // namespace hallmark::keys
