#include "model/platform.h"

#include <algorithm>
#include <array>

namespace hallmark::model {
namespace {

using Name = std::string_view;
constexpr std::array<Name, 1> ecdsa = {"ECDSA"};
constexpr std::array<Name, 2> ecdsa_or_rsa = {"ECDSA", "RSA"};
constexpr std::array<Name, 1> rsa = {"RSA"};
constexpr std::array<Name, 1> sha1 = {"SHA1"};
constexpr std::array<Name, 1> sha256 = {"SHA256"};
constexpr std::array<Name, 1> sha384 = {"SHA384"};
constexpr std::array<Name, 1> json_detached = {"JSONDetached"};
constexpr std::array<Name, 1> json_embedded = {"JSONEmbedded"};

// The live service's answers where they are known. It answers category AWS and SHA384, although the
// published enumerations have neither. Lambda says JSONDetached, although its signed object is a
// zip with the signature inside. Partner, target, format and size of Notation are not public: its
// size is the smallest whole number of MiB that holds a payload of SignPayload.
constexpr std::array<Platform, 5> table = {{
    {.id = "AWSIoTDeviceManagement-SHA256-ECDSA",
     .display_name = "AWS IoT Device Management SHA256-ECDSA ",
     .partner = "AWSIoTDeviceManagement",
     .target = "SHA256-ECDSA",
     .category = "AWS",
     .encryption_algorithms = ecdsa,
     .hash_algorithms = sha256,
     .image_formats = json_detached,
     .size_mib_max = 2048,
     .revocation_supported = false,
     .certificate_required = true,
     .job_platform = true,
     .format = "json-detached"},
    {.id = "AWSLambda-SHA384-ECDSA",
     .display_name = "AWS Lambda",
     .partner = "AWSLambda",
     .target = "SHA384-ECDSA",
     .category = "AWS",
     .encryption_algorithms = ecdsa,
     .hash_algorithms = sha384,
     .image_formats = json_detached,
     .size_mib_max = 250,
     .revocation_supported = true,
     .certificate_required = false,
     .job_platform = true,
     .format = "lambda-zip",
     .takes_parameters = false,
     .kept_key_ending = ".zip"},
    {.id = "AmazonFreeRTOS-TI-CC3220SF",
     .display_name = "Amazon FreeRTOS SHA1-RSA CC3220SF-Format",
     .partner = "AmazonFreeRTOS",
     .target = "SHA1-RSA-TISHA1",
     .category = "AWS",
     .encryption_algorithms = rsa,
     .hash_algorithms = sha1,
     .image_formats = json_embedded,
     .size_mib_max = 16,
     .revocation_supported = false,
     .certificate_required = true,
     .job_platform = true,
     .format = "json-embedded"},
    {.id = "AmazonFreeRTOS-Default",
     .display_name = "Amazon FreeRTOS SHA256-ECDSA",
     .partner = "AmazonFreeRTOS",
     .target = "SHA256-ECDSA",
     .category = "AWS",
     .encryption_algorithms = ecdsa_or_rsa,
     .hash_algorithms = sha256,
     .image_formats = json_embedded,
     .size_mib_max = 16,
     .revocation_supported = false,
     .certificate_required = true,
     .job_platform = true,
     .format = "json-embedded"},
    {.id = "Notation-OCI-SHA384-ECDSA",
     .display_name = "Notation for container registries",
     .partner = "Notation",
     .target = "SHA384-ECDSA",
     .category = "AWS",
     .encryption_algorithms = ecdsa,
     .hash_algorithms = sha384,
     .image_formats = json_embedded,
     .size_mib_max = 1,
     .revocation_supported = true,
     .certificate_required = false,
     .job_platform = false,
     .format = ""},
}};

}  // namespace

std::span<const Platform> platforms() { return table; }

const Platform* find_platform(std::string_view id) {
  const auto found = std::ranges::find(table, id, &Platform::id);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace hallmark::model
