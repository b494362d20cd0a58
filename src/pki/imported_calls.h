// The calls of the companion service `acm`: certificates that users bring with keys of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/authorizer.h"
#include "base/secret.h"
#include "model/arn.h"
#include "pki/imported_tags.h"

namespace hallmark::pki {

// An imported certificate by its ARN, of any account.
struct NamedCertificate {
  std::string arn;
  model::AccountId account;
  Uuid id;

  // Invalid (InvalidArnException): no such ARN of this partition and region.
  static Result<NamedCertificate> parse(const model::Home& home, std::string_view arn);
};

struct ImportCertificate {
  static constexpr std::string_view action = "acm:ImportCertificate";
  static constexpr bool is_done_once = true;

  std::optional<NamedCertificate> replaced;  // nothing: a new one
  std::string certificate;                   // PEM
  std::string chain;                         // PEM; empty: none
  Secret private_key;                        // PEM
  model::StringMap tags;                     // of a new one only
  std::optional<model::AccountId> account;   // of a new one; nothing: the caller's

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;  // never the key
};

struct DescribeCertificate {
  static constexpr std::string_view action = "acm:DescribeCertificate";

  NamedCertificate certificate;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct GetCertificate {
  static constexpr std::string_view action = "acm:GetCertificate";

  NamedCertificate certificate;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// In the API's words; an empty list: any.
struct CertificateFilter {
  std::vector<std::string> statuses = {};
  std::vector<std::string> key_usages = {};
  std::vector<std::string> extended_key_usages = {};
  std::vector<std::string> key_algorithms = {};
  bool imported = true;  // false: only certificates that are never made here are asked for
};

enum class CreationOrder { oldest_first, newest_first };

struct ListCertificates {
  static constexpr std::string_view action = "acm:ListCertificates";

  CertificateFilter filter = {};
  CreationOrder order = CreationOrder::oldest_first;
  std::optional<Uuid> after = {};  // nothing: from the first
  std::size_t count = 0;
  std::optional<model::AccountId> account = {};  // nothing: the caller's

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct DeleteCertificate {
  static constexpr std::string_view action = "acm:DeleteCertificate";
  static constexpr bool restricts = true;
  static constexpr bool is_done_once = true;

  NamedCertificate certificate;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct AddTagsToCertificate {
  static constexpr std::string_view action = "acm:AddTagsToCertificate";
  static constexpr bool is_done_once = true;

  NamedCertificate certificate;
  model::StringMap tags;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct RemoveTagsFromCertificate {
  static constexpr std::string_view action = "acm:RemoveTagsFromCertificate";
  static constexpr bool is_done_once = true;

  NamedCertificate certificate;
  std::vector<TagToRemove> tags;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListTagsForCertificate {
  static constexpr std::string_view action = "acm:ListTagsForCertificate";

  NamedCertificate certificate;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

}  // namespace hallmark::pki
