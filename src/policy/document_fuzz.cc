// Any bytes at all, read as a policy document of either kind. What is accepted is also asked, and
// must come to an answer.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark::policy;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const Question by_user = {.action = "signer:SignPayload",
                            .resource = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/p",
                            .principal_arn = "arn:aws:iam::111122223333:user/alice",
                            .principal_account = "111122223333",
                            .context = {{"aws:username", {"alice"}},
                                        {"aws:SourceIp", {"203.0.113.5"}},
                                        {"aws:CurrentTime", {"2026-11-22T09:00:00Z"}},
                                        {"aws:TagKeys", {"a", "*"}},
                                        {"aws:EpochTime", {"1795338000"}}}};
  const Question by_token = {.action = "sts:AssumeRoleWithWebIdentity",
                             .resource = "arn:aws:iam::111122223333:role/r",
                             .principal_arn = {},
                             .principal_account = {},
                             .federated_issuer = "ci.example.com",
                             .context = {{"ci.example.com:sub", {"main"}}}};
  for (const DocumentKind kind : {DocumentKind::identity, DocumentKind::resource}) {
    const auto document = Document::parse(json, kind);
    if (!document) continue;
    (void)document->explain(by_user);
    (void)document->explain(by_token);
  }
  return 0;
}
