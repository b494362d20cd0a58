// The members that the operations of the Certificate Manager share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "base/json.h"
#include "model/profile.h"
#include "pki/imported_calls.h"
#include "pki/imported_facts.h"

namespace hallmark::api {

// `CertificateArn`, which is required.
Result<pki::NamedCertificate> read_certificate_arn(const Incoming& incoming, Services& services);

// `Tags`, a list of {"Key","Value"}; without a value it is empty. Empty when absent; invalid when
// there are none in it.
Result<model::StringMap> read_certificate_tags(const JsonObject& body);
// The same, where a value may be absent and means something.
Result<std::vector<pki::TagToRemove>> read_tags_to_remove(const JsonObject& body);

// The members of a certificate that both its description and its line in the list have.
void write_certificate_facts(JsonWriter& json, const pki::CertificateFacts& facts);

}  // namespace hallmark::api
