// The shapes that several operations answer with.
#pragma once

#include <string_view>

#include "api/operation.h"
#include "base/clock.h"
#include "base/json.h"
#include "model/job.h"
#include "model/platform.h"
#include "model/profile.h"

namespace hallmark::api {

// Timestamps are whole epoch seconds (the SDKs read numbers).
void write_time(JsonWriter& json, std::string_view name, Timestamp time);
void write_map(JsonWriter& json, std::string_view name, const model::StringMap& map);
void write_signing_material(JsonWriter& json, const std::string& certificate_arn);
void write_overrides(JsonWriter& json, const model::PlatformOverrides& overrides);
void write_validity(JsonWriter& json, const model::ValidityPeriod& validity);
// The members of SigningPlatform, without the braces.
void write_platform(JsonWriter& json, const model::Platform& platform);
// platformId and platformDisplayName.
void write_platform_names(JsonWriter& json, const std::string& platform_id);
// source, signedObject: what a job has of S3.
void write_objects(JsonWriter& json, const model::Job& job);
// Answers {"revisionId"} with the revision that it gets.
Then<std::string> answer_revision(Finish finish);

}  // namespace hallmark::api
