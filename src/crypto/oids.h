// Object identifiers of certificates and CMS, in dotted form. Private to crypto/. Those of
// algorithms and curves stand in algorithm_table.h.
#pragma once

#include <string_view>

namespace hallmark::crypto::oids {

// Kinds of public keys (RFC 5480 §2.1.1, RFC 3279 §2.3.1).
inline constexpr std::string_view ec_public_key = "1.2.840.10045.2.1";
inline constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";

// Names (RFC 5280 §4.1.2.4).
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view country = "2.5.4.6";
inline constexpr std::string_view state = "2.5.4.8";
inline constexpr std::string_view organization = "2.5.4.10";
inline constexpr std::string_view organizational_unit = "2.5.4.11";

// Certificate extensions (RFC 5280 §4.2.1).
inline constexpr std::string_view subject_key_identifier = "2.5.29.14";
inline constexpr std::string_view key_usage = "2.5.29.15";
inline constexpr std::string_view basic_constraints = "2.5.29.19";
inline constexpr std::string_view authority_key_identifier = "2.5.29.35";
inline constexpr std::string_view extended_key_usage = "2.5.29.37";
inline constexpr std::string_view code_signing = "1.3.6.1.5.5.7.3.3";

// CMS (RFC 5652 §4, §5.1, §11; RFC 6211).
inline constexpr std::string_view data = "1.2.840.113549.1.7.1";
inline constexpr std::string_view signed_data = "1.2.840.113549.1.7.2";
inline constexpr std::string_view content_type = "1.2.840.113549.1.9.3";
inline constexpr std::string_view message_digest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view signing_time = "1.2.840.113549.1.9.5";
inline constexpr std::string_view algorithm_protection = "1.2.840.113549.1.9.52";

}  // namespace hallmark::crypto::oids
