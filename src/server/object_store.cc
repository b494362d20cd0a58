#include "server/object_store.h"

#include "objects/file_objects.h"
#include "objects/s3_objects.h"

namespace hallmark::server {

Result<std::unique_ptr<objects::Objects>> open_objects(const ObjectStoreSettings& settings,
                                                       const DataDirectory& directory,
                                                       const Clock& clock, Random& random) {
  if (settings.url.empty() || settings.url == "file:") {
    return std::unique_ptr<objects::Objects>(
        std::make_unique<objects::FileObjects>(directory.objects(), clock, random));
  }
  const S3Settings& s3 = settings.s3;
  TRY(auto endpoint, objects::S3Endpoint::parse(settings.url));
  if (s3.virtual_host_style) endpoint.addressing = objects::Addressing::virtual_host;
  endpoint.ca_file = s3.ca_file;
  objects::S3Options options{.endpoint = std::move(endpoint),
                             .identity = {.access_key_id = s3.access_key_id,
                                          .secret_access_key_file = s3.secret_access_key_file,
                                          .role_arn = s3.role_arn,
                                          .external_id = s3.external_id,
                                          .web_identity_token_file = s3.web_identity_token_file,
                                          .sts_url = s3.sts_url},
                             .bucket_owners = s3.buckets,
                             .owner_check = s3.expected_bucket_owner
                                                ? objects::OwnerCheck::told
                                                : objects::OwnerCheck::not_told,
                             .spool_folder = directory.path};
  TRY(auto store,
      objects::S3Objects::open(std::move(options), objects::variable_of_process, clock, random));
  return std::unique_ptr<objects::Objects>(std::move(store));
}

}  // namespace hallmark::server
