// Profiles and jobs on a given store, with buckets in a folder. Only for tests.
#pragma once

#include <filesystem>
#include <memory>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "keys/file_keys.h"
#include "objects/file_objects.h"
#include "pki/imported_certificates.h"
#include "signing/jobs.h"
#include "signing/page_token.h"
#include "signing/payloads.h"
#include "signing/permissions.h"
#include "signing/profiles.h"
#include "signing/revocation_status.h"
#include "signing/tags.h"
#include "store/store.h"

namespace hallmark::signing::test {

class ObjectOwners final : public access::BucketOwners {
 public:
  explicit ObjectOwners(objects::Objects& objects) : objects_(objects) {}
  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    return objects_.find_bucket_owner(bucket);
  }

 private:
  objects::Objects& objects_;
};

// Answers the payload itself as its envelope.
class PlainSealer final : public PayloadSealer {
 public:
  Result<SealedPayload> seal(const model::Profile&, const formats::Statement& statement,
                             ByteView payload) override {
    last = statement;
    return SealedPayload{std::string(text_of(payload)), "0A"};
  }
  formats::Statement last;
};

// What it is made on outlives it.
struct TestParts {
  TestParts(store::Store& store, const Clock& clock, Random& random,
            const std::filesystem::path& folder)
      : objects(folder, clock, random),
        owners(objects),
        authorizer(store, owners, {}),
        tokens(Secret(32), random),
        profiles(store, tokens, clock, random, {}),
        permissions(store, clock, random, {}),
        tags(store, clock, {}),
        jobs(store, objects, tokens, clock, {}),
        payloads(store, sealer, clock, {}),
        revocations(store),
        keys(keys::file_keys(Secret(32), random)),
        certificates(store, *keys, clock, random, {}) {}

  objects::FileObjects objects;
  ObjectOwners owners;
  access::Authorizer authorizer;
  PageTokens tokens;
  Profiles profiles;
  ProfilePermissions permissions;
  ProfileTags tags;
  Jobs jobs;
  PlainSealer sealer;
  Payloads payloads;
  Revocations revocations;
  std::unique_ptr<keys::KeyProvider> keys;
  pki::ImportedCertificates certificates;
};

}  // namespace hallmark::signing::test
