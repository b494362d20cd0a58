#include "objects/s3_xml.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/guarded.h"

namespace hallmark::objects {
namespace {

// Comments, processing instructions and a DOCTYPE are left out of the tree by default.
Result<void> load(pugi::xml_document& document, std::string_view xml) {
  const auto outcome =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (outcome) return {};
  return corrupt("The object store's answer is not XML.");
}

template <class F>
auto with_root(std::string_view xml, const char* name, F function) {
  using Returned = std::invoke_result_t<F, pugi::xml_node>;
  return guarded([&]() -> Returned {
    pugi::xml_document document;
    TRY(load(document, xml));
    const pugi::xml_node root = document.child(name);
    if (!root) return corrupt(fmt::format("The object store's answer is no {}.", name));
    return function(root);
  });
}

// With encoding-type=url a space is a plus.
std::string key_of(const pugi::xml_node& root, std::string text) {
  if (std::strcmp(root.child_value("EncodingType"), "url") != 0) return text;
  std::ranges::replace(text, '+', ' ');
  return percent_decode(text).value_or(text);
}

struct ListNames {
  const char* root;
  const char* entry;
  const char* id;
  const char* next_id;
};

Result<S3ListPage> parse_list(std::string_view xml, const ListNames& names) {
  return with_root(xml, names.root, [&](const pugi::xml_node& root) -> Result<S3ListPage> {
    S3ListPage page;
    for (const auto& entry : root.children(names.entry)) {
      page.entries.push_back({key_of(root, entry.child_value("Key")), entry.child_value(names.id)});
      if (page.entries.back().id.empty()) return corrupt("The object store lists nothing.");
    }
    page.is_last = std::strcmp(root.child_value("IsTruncated"), "true") != 0;
    page.next_key = key_of(root, root.child_value("NextKeyMarker"));
    page.next_id = root.child_value(names.next_id);
    return page;
  });
}

}  // namespace

std::optional<S3Fault> find_fault(std::string_view xml) {
  if (xml.empty()) return std::nullopt;
  const auto found = guarded([&]() -> Result<S3Fault> {
    pugi::xml_document document;
    TRY(load(document, xml));
    pugi::xml_node error = document.child("Error");
    if (!error) error = document.child("ErrorResponse").child("Error");
    if (!error) return corrupt("no error");
    return S3Fault{error.child_value("Code"), error.child_value("Message")};
  });
  if (!found) return std::nullopt;
  return *found;
}

Result<Versioning> parse_versioning(std::string_view xml) {
  return guarded([&]() -> Result<Versioning> {
    pugi::xml_document document;
    TRY(load(document, xml));
    // VersioningConfiguration; moto says GetBucketVersioningResponse.
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()).find("Versioning") == std::string_view::npos) {
      return corrupt("The object store does not say whether a bucket is versioned.");
    }
    const std::string_view status = root.child_value("Status");
    if (status == "Enabled") return Versioning::enabled;
    if (status == "Suspended") return Versioning::suspended;
    return Versioning::never;
  });
}

Result<std::string> parse_upload_id(std::string_view xml) {
  return with_root(xml, "InitiateMultipartUploadResult",
                   [](const pugi::xml_node& root) -> Result<std::string> {
                     std::string id = root.child_value("UploadId");
                     if (id.empty()) return corrupt("The object store's answer has no UploadId.");
                     return id;
                   });
}

Result<S3ListPage> parse_versions(std::string_view xml) {
  return parse_list(xml, {"ListVersionsResult", "Version", "VersionId", "NextVersionIdMarker"});
}

Result<S3ListPage> parse_uploads(std::string_view xml) {
  return parse_list(xml,
                    {"ListMultipartUploadsResult", "Upload", "UploadId", "NextUploadIdMarker"});
}

std::string completion_of(const std::vector<S3Part>& parts) {
  // ETags are checked when they come, the checksums are ours: nothing needs an escape but quotes.
  std::string xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string etag;
    for (const char c : parts[i].etag) etag += c == '"' ? "&quot;" : std::string(1, c);
    std::string checksum = parts[i].sha256_base64;
    if (!checksum.empty()) checksum = fmt::format("<ChecksumSHA256>{}</ChecksumSHA256>", checksum);
    xml += fmt::format("<Part><ETag>{}</ETag>{}<PartNumber>{}</PartNumber></Part>", etag, checksum,
                       i + 1);
  }
  return xml + "</CompleteMultipartUpload>";
}

Result<StsCredentials> parse_sts_credentials(std::string_view xml) {
  return guarded([&]() -> Result<StsCredentials> {
    pugi::xml_document document;
    TRY(load(document, xml));
    // <AssumeRoleResponse><AssumeRoleResult><Credentials>, or the same with WithWebIdentity.
    const pugi::xml_node root = document.document_element();
    const pugi::xml_node result = root.find_child([](const pugi::xml_node& node) {
      return std::string_view(node.name()).ends_with("Result");
    });
    const pugi::xml_node credentials = result.child("Credentials");
    StsCredentials parsed{
        .access_key_id = credentials.child_value("AccessKeyId"),
        .secret_access_key = Secret(bytes_of(credentials.child_value("SecretAccessKey"))),
        .session_token = credentials.child_value("SessionToken"),
        .expires_at = {}};
    if (parsed.access_key_id.empty() || parsed.secret_access_key.empty()) {
      return corrupt("The answer of STS has no credentials.");
    }
    TRY(parsed.expires_at, from_rfc3339(credentials.child_value("Expiration")));
    return parsed;
  });
}

}  // namespace hallmark::objects
