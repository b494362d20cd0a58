// Any bytes, read as ARNs of every kind. What is accepted has one text.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "model/arn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::model;
  const std::string_view text = text_of({data, size});
  const auto arn = Arn::parse(text);
  CHECK(!arn || arn->text() == text);
  const Home home;
  if (const auto profile = find_profile_reference(home, text)) {
    CHECK(arn && arn->service == "signer");
    CHECK(text == (profile->version ? profile_version_arn(home, profile->account, profile->name,
                                                          *profile->version)
                                    : profile_arn(home, profile->account, profile->name)));
  }
  if (const auto job = find_job_reference(home, text)) CHECK(arn && arn->service == "signer");
  if (const auto certificate = find_certificate_reference(home, text)) {
    CHECK(text == certificate_arn(home, certificate->account, certificate->id));
  }
  return 0;
}
