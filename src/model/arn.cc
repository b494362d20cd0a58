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

}  // namespace

Result<Arn> Arn::parse(std::string_view text) {
  const Error wrong =
      invalid("An ARN must have the form arn:partition:service:region:account:resource.");
  if (text.size() > arn_bytes_max) return wrong;
  std::array<std::string_view, 5> heads;
  std::string_view rest = text;
  for (std::string_view& head : heads) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return wrong;
    head = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  const auto [prefix, partition, service, region, account] = heads;
  if (prefix != "arn" || !is_label(partition) || !is_label(service)) return wrong;
  if (!region.empty() && !is_label(region)) return wrong;
  if (!account.empty() && !AccountIdRule::check(account)) return wrong;
  if (!is_resource(rest)) return wrong;
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

std::string object_arn(const Home& home, std::string_view bucket, std::string_view key) {
  if (key.empty()) return join({"arn:", home.partition, ":s3:::", bucket});
  return join({"arn:", home.partition, ":s3:::", bucket, "/", key});
}

}  // namespace hallmark::model
