#include "model/arn.h"

#include <array>

#include "model/text_rules.h"

namespace hallmark::model {
namespace {

constexpr std::size_t arn_bytes_max = 2048;  // the model's bound on resourceArn

bool is_label(std::string_view text) {  // of a partition, a service, a region
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_resource(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, is_control) && count_characters(text);
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string text;
  text.reserve(size);
  for (const std::string_view part : parts) text += part;
  return text;
}

constexpr std::string_view certificate_prefix = "certificate/";

// What ARNs of a kind have in common.
struct Kind {
  std::string_view service;
  std::string_view resource_prefix;
};

// An ARN of ours here, with what follows the prefix of its resource.
struct Ours {
  AccountId account;
  std::string_view rest;  // of the text
};
std::optional<Ours> find_ours(const Home& home, std::string_view text, const Kind& kind) {
  const auto arn = Arn::parse(text);
  if (!arn || arn->partition != home.partition || arn->service != kind.service ||
      arn->region != home.region || !arn->resource.starts_with(kind.resource_prefix)) {
    return std::nullopt;
  }
  auto account = AccountId::parse(arn->account);
  if (!account) return std::nullopt;
  const std::size_t rest = arn->resource.size() - kind.resource_prefix.size();
  return Ours{*std::move(account), text.substr(text.size() - rest)};
}

}  // namespace

Result<Arn> Arn::parse(std::string_view text) {
  const auto wrong = [] {
    return invalid("An ARN must have the form arn:partition:service:region:account:resource.");
  };
  if (text.size() > arn_bytes_max) return wrong();
  std::array<std::string_view, 5> heads;
  std::string_view rest = text;
  for (std::string_view& head : heads) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return wrong();
    head = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  const auto [prefix, partition, service, region, account] = heads;
  if (prefix != "arn" || !is_label(partition) || !is_label(service)) return wrong();
  if (!region.empty() && !is_label(region)) return wrong();
  if (!account.empty() && !AccountIdRule::check(account)) return wrong();
  if (!is_resource(rest)) return wrong();
  return Arn{.partition = std::string(partition),
             .service = std::string(service),
             .region = std::string(region),
             .account = std::string(account),
             .resource = std::string(rest)};
}

std::string Arn::text() const {
  return join({"arn:", partition, ":", service, ":", region, ":", account, ":", resource});
}

std::string profile_arn(const Home& home, const AccountId& account, const ProfileName& name) {
  return join({"arn:", home.partition, ":signer:", home.region, ":", account.view(),
               ":/signing-profiles/", name.view()});
}

std::string profile_version_arn(const Home& home, const AccountId& account, const ProfileName& name,
                                const ProfileVersion& version) {
  return join({"arn:", home.partition, ":signer:", home.region, ":", account.view(),
               ":/signing-profiles/", name.view(), "/", version.view()});
}

std::string job_arn(const Home& home, const AccountId& account, const JobId& id) {
  return join({"arn:", home.partition, ":signer:", home.region, ":", account.view(),
               ":/signing-jobs/", id.text()});
}

std::string certificates_arn(const Home& home, const AccountId& account) {
  return join({"arn:", home.partition, ":acm:", home.region, ":", account.view(), ":",
               certificate_prefix, "*"});
}

std::string certificate_arn(const Home& home, const AccountId& account, const Uuid& id) {
  return join({"arn:", home.partition, ":acm:", home.region, ":", account.view(), ":",
               certificate_prefix, id.text()});
}

std::string role_arn(const Home& home, const AccountId& account, std::string_view name) {
  return join({"arn:", home.partition, ":iam::", account.view(), ":role/", name});
}

std::string object_arn(const Home& home, std::string_view bucket, std::string_view key) {
  if (key.empty()) return join({"arn:", home.partition, ":s3:::", bucket});
  return join({"arn:", home.partition, ":s3:::", bucket, "/", key});
}

std::optional<ProfileReference> find_profile_reference(const Home& home, std::string_view text) {
  const auto arn = find_ours(home, text, {"signer", "/signing-profiles/"});
  if (!arn) return std::nullopt;
  const std::size_t slash = arn->rest.find('/');
  auto name = ProfileName::parse(arn->rest.substr(0, slash));
  if (!name) return std::nullopt;
  ProfileReference reference{arn->account, *std::move(name), std::nullopt};
  if (slash == std::string_view::npos) return reference;
  auto version = ProfileVersion::parse(arn->rest.substr(slash + 1));
  if (!version) return std::nullopt;
  reference.version = *std::move(version);
  return reference;
}

std::optional<JobReference> find_job_reference(const Home& home, std::string_view text) {
  const auto arn = find_ours(home, text, {"signer", "/signing-jobs/"});
  if (!arn) return std::nullopt;
  const auto id = Uuid::parse(arn->rest);
  if (!id) return std::nullopt;
  return JobReference{arn->account, *id};
}

std::optional<CertificateReference> find_certificate_reference(const Home& home,
                                                               std::string_view text) {
  const auto arn = find_ours(home, text, {"acm", certificate_prefix});
  if (!arn) return std::nullopt;
  const auto id = Uuid::parse(arn->rest);
  if (!id || id->text() != arn->rest) return std::nullopt;
  return CertificateReference{arn->account, *id};
}

}  // namespace hallmark::model
