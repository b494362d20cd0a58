// The format JSONDetached of AWS IoT Device Management: a document that holds the signature and
// says where the payload is kept.
//
//   {"rawPayloadSize":…,"signature":"…","signatureAlgorithm":"SHA256withECDSA",
//    "payloadLocation":{"s3":{"bucketName":"…","key":"…","version":"…"}}}
//
// without white space. The location is not signed: it helps to find the payload and proves nothing.
#pragma once

#include "formats/format.h"

namespace hallmark::formats {

extern const Format json_detached_format;

}  // namespace hallmark::formats
