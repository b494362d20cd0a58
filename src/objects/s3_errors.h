// What a refusal of an S3 server means here.
#pragma once

#include "objects/objects.h"
#include "objects/s3_client.h"

namespace hallmark::objects {

Error no_such_bucket(std::string_view bucket);
Error no_such_version(const Location& location);  // or no such key, when it names no version
Error unversioned_bucket(std::string_view bucket);

// The error for an answer that is not a success:
//   not_found    no such bucket, key or version
//   invalid      the bucket is in another region (an answer that redirects counts as that)
//   denied       the server refuses the service's own credentials this
//   corrupt      what was pinned is no longer what is there
//   unavailable  the credentials or the server's state are at fault: an operator must act
//   internal     anything else
Error error_of(const S3Answer& answer, const Location& location);

}  // namespace hallmark::objects
