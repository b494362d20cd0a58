// Where an S3 server is, and how its buckets are addressed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::objects {

// How a request names its bucket: https://HOST/BUCKET/KEY, or https://BUCKET.HOST/KEY. A bucket
// with a dot in its name is always in the path: no certificate for *.HOST covers it.
enum class Addressing { path, virtual_host };

struct S3Endpoint {
  std::string scheme;     // "https"; "http" on this machine only
  std::string authority;  // HOST or HOST:PORT, lower case
  std::string region;
  Addressing addressing = Addressing::path;
  std::filesystem::path ca_file = {};  // PEM; empty: the machine's authorities

  // "s3:https://s3.example.com?region=eu-central-1". Without a region it is us-east-1. Invalid: not
  // of this form; user information, a path, or plain HTTP to another machine.
  static Result<S3Endpoint> parse(std::string_view url);

  // The parts of a request's URL. The key is percent-encoded, its slashes are not.
  std::string authority_of(std::string_view bucket) const;
  std::string path_of(std::string_view bucket, std::string_view key) const;

  bool operator==(const S3Endpoint&) const = default;
};

// S3's rules for a bucket's name, so that it can stand in a host name and a path: 3 to 63 of
// [a-z0-9.-], a letter or digit at either end, no "..", no IPv4 address.
bool is_bucket_name(std::string_view name);

}  // namespace hallmark::objects
