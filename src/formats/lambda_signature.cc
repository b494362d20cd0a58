#include "formats/lambda_signature.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "model/arn.h"
#include "model/names.h"

namespace hallmark::formats {
namespace {

constexpr std::string_view pem_begin = "-----BEGIN PKCS7-----\n";
constexpr std::string_view pem_end = "-----END PKCS7-----\n";
constexpr std::size_t pem_columns = 64;

constexpr std::string_view job_oid = "1.3.187.137.1.2";
constexpr std::string_view expiry_oid = "1.3.187.137.1.3";
constexpr std::string_view profile_oid = "1.3.187.137.1.4";
constexpr std::size_t attributes_count = 3;

constexpr std::string_view signer_service = "signer";
constexpr std::string_view job_prefix = "/signing-jobs/";
constexpr std::string_view profile_prefix = "/signing-profiles/";

bool is_job(std::string_view resource) {
  if (!resource.starts_with(job_prefix)) return false;
  return Uuid::parse(resource.substr(job_prefix.size())).has_value();
}

// Nothing when the resource is not a version of a profile.
std::optional<std::string_view> profile_name_of(std::string_view resource) {
  if (!resource.starts_with(profile_prefix)) return std::nullopt;
  resource.remove_prefix(profile_prefix.size());
  const std::size_t slash = resource.find('/');
  const std::string_view name = resource.substr(0, slash);
  if (slash == resource.npos || !model::ProfileName::parse(name) ||
      !model::ProfileVersion::parse(resource.substr(slash + 1))) {
    return std::nullopt;
  }
  return name;
}

bool is_of_signer(const model::Arn& arn) {
  return arn.service == signer_service && !arn.region.empty() && !arn.account.empty();
}

std::vector<crypto::CmsAttribute> attributes_of(const Statement& statement) {
  return {{std::string(job_oid), crypto::der_utf8_string(statement.job_arn)},
          {std::string(expiry_oid), crypto::der_generalized_time(statement.expires_at)},
          {std::string(profile_oid), crypto::der_utf8_string(statement.profile_version_arn)}};
}

Result<ByteView> attribute_value(const std::vector<crypto::CmsAttribute>& attributes,
                                 std::string_view oid) {
  const auto found = std::ranges::find(attributes, oid, &crypto::CmsAttribute::oid);
  if (found == attributes.end()) {
    return corrupt(fmt::format("The signature lacks the signed attribute {}.", oid));
  }
  return ByteView(found->value_der);
}

// With as many attributes as we know and each of ours found, none is doubled or unknown.
Result<Statement> statement_of(const crypto::CmsSignature& signature) {
  Statement statement;
  statement.signing_time = signature.signing_time;
  TRY(const ByteView job, attribute_value(signature.attributes, job_oid));
  TRY(statement.job_arn, crypto::utf8_string_from_der(job));
  TRY(const ByteView expiry, attribute_value(signature.attributes, expiry_oid));
  TRY(statement.expires_at, crypto::generalized_time_from_der(expiry));
  TRY(const ByteView profile, attribute_value(signature.attributes, profile_oid));
  TRY(statement.profile_version_arn, crypto::utf8_string_from_der(profile));
  if (signature.attributes.size() != attributes_count) {
    return corrupt("The signature has signed attributes beyond those of a Lambda package.");
  }
  TRY(check_statement(statement));
  return statement;
}

Result<void> check_own(const SealRequest& request, const LambdaSignature& read) {
  if (read.statement != request.statement) {
    return internal_error("lambda-zip: the signature made does not say what it was asked to say");
  }
  if (!std::ranges::equal(read.chain, request.chain, {}, &crypto::Certificate::der,
                          &crypto::Certificate::der)) {
    return internal_error("lambda-zip: the signature made does not carry the chain asked for");
  }
  TRY(check_speaks_for_profile(read.chain.front(), read.statement));
  return crypto::verify_chain(read.chain, {read.chain.back()}, read.statement.signing_time);
}

// The refusal as people who hold a package see it.
Error mismatch(Error error) {
  if (error.kind != ErrorKind::corrupt) return error;
  error.message =
      fmt::format("The content of the package does not match its signature: {}", error.message);
  return error;
}

// A defect of ours, whatever kind of error showed it.
Error own_error(const Error& error) {
  return internal_error("lambda-zip: cannot seal: " + describe(error));
}

}  // namespace

std::string lambda_signature_text(ByteView content_info) {
  const std::string base64 = to_base64(content_info);
  std::string text(pem_begin);
  for (std::size_t at = 0; at < base64.size(); at += pem_columns) {
    text += std::string_view(base64).substr(at, pem_columns);
    text += '\n';
  }
  text += pem_end;
  return text;
}

Result<Bytes> lambda_signature_der(std::string_view text) {
  const Error wrong = corrupt("The signature is not exactly one PKCS7 block of PEM.");
  if (text.size() < pem_begin.size() + pem_end.size() || !text.starts_with(pem_begin) ||
      !text.ends_with(pem_end)) {
    return wrong;
  }
  std::string base64(
      text.substr(pem_begin.size(), text.size() - pem_begin.size() - pem_end.size()));
  std::erase(base64, '\n');
  auto der = from_base64(base64);
  if (!der || der->empty() || lambda_signature_text(*der) != text) return wrong;
  return *std::move(der);
}

Result<void> check_statement(const Statement& statement) {
  const auto job = model::Arn::parse(statement.job_arn);
  if (!job || !is_of_signer(*job) || !is_job(job->resource)) {
    return corrupt("The signature does not name a signing job.");
  }
  const auto profile = model::Arn::parse(statement.profile_version_arn);
  if (!profile || !is_of_signer(*profile) || !profile_name_of(profile->resource)) {
    return corrupt("The signature does not name a version of a signing profile.");
  }
  if (job->partition != profile->partition || job->region != profile->region) {
    return corrupt("The signature names a job and a profile of different regions.");
  }
  if (job->account != profile->account) {
    return corrupt("The signature names a job and a profile of different accounts.");
  }
  if (statement.expires_at <= statement.signing_time) {
    return corrupt("The signature expires before it was made.");
  }
  return {};
}

Result<void> check_speaks_for_profile(const crypto::Certificate& leaf, const Statement& statement) {
  TRY(const auto profile, model::Arn::parse(statement.profile_version_arn));
  const auto name = profile_name_of(profile.resource);
  if (name && leaf.common_name == *name && leaf.organizational_unit == profile.account) return {};
  return corrupt(fmt::format("The signer's certificate is not of the profile {} of the account {}.",
                             name.value_or("?"), profile.account));
}

Result<LambdaSignature> read_lambda_signature(std::string_view text, const crypto::Sha384& inner) {
  TRY(const Bytes der, lambda_signature_der(text));
  auto signature = crypto::verify_cms(der, crypto::sha384(inner));
  if (!signature) return mismatch(std::move(signature.error()));
  TRY(auto statement, statement_of(*signature));
  return LambdaSignature{.statement = std::move(statement), .chain = std::move(signature->chain)};
}

Result<std::string> make_lambda_signature(const SealRequest& request, const crypto::Sha384& inner,
                                          const crypto::Signer& signer) {
  if (request.algorithm != crypto::SignatureAlgorithm::ecdsa_sha384 ||
      signer.kind() != crypto::KeyKind::p384) {
    return internal_error("lambda-zip: the algorithm or the key is not of P-384");
  }
  const crypto::Sha384 content_digest = crypto::sha384(inner);
  const crypto::CmsRequest cms = {.content_digest = content_digest,
                                  .signing_time = request.statement.signing_time,
                                  .attributes = attributes_of(request.statement)};
  const auto der = crypto::sign_cms(cms, request.chain, signer);
  if (!der) return own_error(der.error());
  std::string text = lambda_signature_text(*der);
  if (text.size() > limits::signature_block_bytes_max) {
    return internal_error("lambda-zip: the signature made is too large");
  }
  const auto read = read_lambda_signature(text, inner);
  if (!read) return own_error(read.error());
  if (const auto checked = check_own(request, *read); !checked) return own_error(checked.error());
  return text;
}

}  // namespace hallmark::formats
