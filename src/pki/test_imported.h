// Imported certificates on a store of their own, and the material of tests/vectors/certificates.
// Only for tests.
#pragma once

#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/test_caller.h"
#include "base/file.h"
#include "model/test_profile.h"
#include "pki/imported_certificates.h"
#include "pki/test_authority.h"
#include "store/audit.h"
#include "store/profiles.h"

namespace hallmark::pki::test {

using hallmark::test::error_of;

inline std::string certificate_file(std::string_view name) {
  constexpr std::size_t bytes_max = 1 << 16;
  return std::string(text_of(bytes_of(
      value_of(read_file(fmt::format("{}/certificates/{}", HALLMARK_VECTORS, name), bytes_max)))));
}

// What a user brings: the files of this name.
inline ImportCertificate material(std::string_view name, std::string_view key_name) {
  ImportCertificate call;
  call.certificate = certificate_file(fmt::format("{}.pem", name));
  if (name == "signer" || name == "renewed") {
    call.chain = certificate_file(fmt::format("{}.chain.pem", name));
  }
  call.private_key = Secret(bytes_of(certificate_file(fmt::format("{}.key", key_name))));
  return call;
}
inline ImportCertificate material(std::string_view name = "signer") { return material(name, name); }

class NoBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view) override {
    return std::optional<std::string>();
  }
};

class ImportedTest : public testing::Test {
 protected:
  template <class C>
  access::Permitted<C> permit(C call) {
    return value_of(authorizer.permit(access::test::caller(), std::move(call)));
  }
  // The answer of a verb that completes later.
  template <class C>
  Result<std::string> run(void (ImportedCertificates::*verb)(access::Permitted<C>,
                                                             Then<std::string>),
                          C call) {
    std::promise<Result<std::string>> promise;
    auto answer = promise.get_future();
    (tested->*verb)(permit(std::move(call)),
                    [&](Result<std::string> outcome) { promise.set_value(std::move(outcome)); });
    return answer.get();
  }
  Result<std::string> import(ImportCertificate call) {
    return run(&ImportedCertificates::import_certificate, std::move(call));
  }
  Result<std::string> replace(const std::string& arn, ImportCertificate call) {
    call.replaced = named(arn);
    return import(std::move(call));
  }
  std::string imported(std::string_view name = "signer") {
    return value_of(import(material(name)));
  }
  std::string refusal(ImportCertificate call) { return error_of(import(std::move(call))).message; }
  NamedCertificate named(const std::string& arn) {
    return value_of(NamedCertificate::parse(home, arn));
  }
  CertificateFacts facts(const std::string& arn) {
    return value_of(certificates.describe(permit(DescribeCertificate{named(arn)}))).facts;
  }
  // A profile of our account that names the certificate.
  void add_profile(std::string_view name, const std::string& arn,
                   model::ProfileStatus status = model::ProfileStatus::active) {
    model::Profile profile = model::test::profile_named(name);
    profile.platform_id = "AmazonFreeRTOS-Default";
    profile.status = status;
    profile.certificate_arn = arn;
    expect_done(made.store->write(
        [&](store::Transaction& tx) { return store::insert_profile(tx, profile); }));
  }
  // The bodies of all audit records, in one text.
  std::string audited() {
    const auto rows = value_of(
        made.store->read([](store::Reader& reader) { return store::list_audit(reader, 0, 1000); }));
    std::string all;
    for (const auto& row : rows) all += row.body + "\n";
    return all;
  }

  const model::Home home;
  TestAuthority made;
  NoBuckets owners;
  access::Authorizer authorizer{*made.store, owners, home};
  ImportedCertificates certificates{*made.store, *made.keys, made.clock, made.random, home};
  ImportedCertificates* tested = &certificates;  // by run()
};

}  // namespace hallmark::pki::test
