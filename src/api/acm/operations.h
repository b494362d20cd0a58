// The Certificate Manager (2015-12-08), as far as certificates are imported: its protocol,
// JSON 1.1, and the table of its operations. A header names the operation; bodies are JSON.
#pragma once

#include <span>

#include "api/operation.h"
#include "api/protocol.h"

namespace hallmark::api {

extern const Protocol acm_protocol;  // protocol.cc

std::span<const Operation* const> acm_operations();

// One file each, of the same name.
extern const Operation add_tags_to_certificate;
extern const Operation delete_certificate;
extern const Operation describe_certificate;
extern const Operation get_certificate;
extern const Operation import_certificate;
extern const Operation list_certificates;
extern const Operation list_tags_for_certificate;
extern const Operation remove_tags_from_certificate;

}  // namespace hallmark::api
