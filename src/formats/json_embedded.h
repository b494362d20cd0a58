// The format JSONEmbedded of FreeRTOS: a document that holds the signature and the payload.
//
//   {"rawPayloadSize":…,"signature":"…","signatureAlgorithm":"SHA256withECDSA","payload":"…"}
//
// without white space, the payload in base64. Every byte of the document is covered: the payload by
// the signature, the rest by having one form.
#pragma once

#include "formats/format.h"

namespace hallmark::formats {

extern const Format json_embedded_format;

}  // namespace hallmark::formats
