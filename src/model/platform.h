// The signing platforms: one constant table, which the API answers from and the worker signs by.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hallmark::model {

// Text members are the API's, to the letter (a display name ends in a space, as AWS's does).
struct Platform {
  std::string_view id;
  std::string_view display_name;
  std::string_view partner;
  std::string_view target;
  std::string_view category;
  std::span<const std::string_view> encryption_algorithms;  // the first is the default
  std::span<const std::string_view> hash_algorithms;
  std::span<const std::string_view> image_formats;
  int size_mib_max;  // of the object to sign; Lambda counts uncompressed bytes
  bool revocation_supported;
  bool certificate_required;     // the profile names the user's own certificate
  bool job_platform;             // signed by StartSigningJob; else by SignPayload
  std::string_view format;       // of formats/formats.cc; empty where there is no signed object
  bool takes_parameters = true;  // the profile may have signing parameters
  // Of the source's key, which the signed object's key then has too; empty: none is kept.
  std::string_view kept_key_ending = {};
};

// In the order in which ListSigningPlatforms answers.
std::span<const Platform> platforms();
const Platform* find_platform(std::string_view id);

}  // namespace hallmark::model
