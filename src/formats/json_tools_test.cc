// What other programs say about our documents: openssl, and what a device or its update server
// would do in Python.
#include <gtest/gtest.h>

#include "formats/test_json.h"

namespace hallmark::formats::test {
namespace {

struct Case {
  const char* name;
  const char* key;
  const Format* format;
  const char* platform;
  const char* encryption;
};

constexpr Case cases[] = {
    {"DetachedP256", "p256", &json_detached_format, "AWSIoTDeviceManagement-SHA256-ECDSA", ""},
    {"EmbeddedP256", "p256", &json_embedded_format, "AmazonFreeRTOS-Default", ""},
    {"EmbeddedRsa2048", "rsa-2048", &json_embedded_format, "AmazonFreeRTOS-Default", "RSA"},
    {"EmbeddedRsa3072", "rsa-3072", &json_embedded_format, "AmazonFreeRTOS-Default", "RSA"},
    {"EmbeddedRsa4096", "rsa-4096", &json_embedded_format, "AmazonFreeRTOS-Default", "RSA"},
    {"EmbeddedTi2048", "rsa-2048", &json_embedded_format, "AmazonFreeRTOS-TI-CC3220SF", ""},
    {"EmbeddedTi4096", "rsa-4096", &json_embedded_format, "AmazonFreeRTOS-TI-CC3220SF", ""},
};

class JsonTools : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!has_tool("python3") || !has_tool("openssl")) {
      GTEST_SKIP() << "NOT TESTED: python3 or openssl is missing";
    }
    const Firmware firmware(GetParam().key);
    for (int i = 0; i < 3000; ++i) payload_ += char(i * 7 % 256);
    const Sealing how = {
        *GetParam().format, firmware,
        algorithm_of(GetParam().platform, {.encryption_algorithm = GetParam().encryption,
                                           .hash_algorithm = "",
                                           .image_format = ""})};
    save(folder_.path() / "document.json", bytes_of(sealed(how, payload_)));
    save(folder_.path() / "firmware.bin", bytes_of(payload_));
    save(folder_.path() / "certificate.pem", bytes_of(crypto::to_pem(firmware.chain)));
  }

  std::string text_of_file(const char* name) const {
    return std::string(text_of(load(folder_.path() / name)));
  }

  TemporaryFolder folder_;
  std::string payload_;
};

INSTANTIATE_TEST_SUITE_P(Cases, JsonTools, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string(row.param.name); });

// The signature, the public key and (embedded) the payload, taken out with a general JSON reader.
constexpr const char* take_apart =
    "python3 -c \"import base64, json\n"
    "d = json.load(open('document.json'))\n"
    "assert d['rawPayloadSize'] == len(open('firmware.bin', 'rb').read())\n"
    "open('signature', 'wb').write(base64.b64decode(d['signature'], validate=True))\n"
    "open('algorithm', 'w').write(d['signatureAlgorithm'])\n"
    "if 'payload' in d: open('payload', 'wb').write("
    "base64.b64decode(d['payload'], validate=True))\n"
    "\" && openssl x509 -in certificate.pem -pubkey -noout >key.pem";

TEST_P(JsonTools, OpensslVerifiesTheRawPayload) {
  ASSERT_EQ(run(folder_.path(), take_apart).status, 0);
  const std::string algorithm = text_of_file("algorithm");
  const std::string digest = algorithm.starts_with("SHA1") ? "sha1" : "sha256";
  const std::string line = "openssl dgst -" + digest + " -verify key.pem -signature signature ";
  const Ran ran = run(folder_.path(), line + "firmware.bin");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_NE(ran.output.find("Verified OK"), std::string::npos) << ran.output;
  save(folder_.path() / "firmware.bin", bytes_of("something else"));
  EXPECT_NE(run(folder_.path(), line + "firmware.bin").status, 0);
}

TEST_P(JsonTools, TheEmbeddedPayloadIsTheFirmware) {
  if (GetParam().format->payload == Payload::beside) return;
  ASSERT_EQ(run(folder_.path(), take_apart).status, 0);
  EXPECT_EQ(text_of_file("payload"), payload_);
}

// As AWS's own client library for devices reads the document: no more than json, base64 and a
// public key.
TEST_P(JsonTools, PythonVerifiesAsADeviceWould) {
  if (run(folder_.path(), "python3 -c 'import cryptography'").status != 0) {
    GTEST_SKIP() << "NOT TESTED: python3-cryptography is missing";
  }
  const Ran ran = run(
      folder_.path(),
      "python3 -c \"import base64, json\n"
      "from cryptography import x509\n"
      "from cryptography.hazmat.primitives import hashes\n"
      "from cryptography.hazmat.primitives.asymmetric import ec, padding\n"
      "d = json.load(open('document.json'))\n"
      "key = x509.load_pem_x509_certificate(open('certificate.pem', 'rb').read()).public_key()\n"
      "image = base64.b64decode(d['payload']) if 'payload' in d else "
      "open(d['payloadLocation']['s3']['bucketName'] + '.bin', 'rb').read()\n"
      "signature = base64.b64decode(d['signature'])\n"
      "hash, kind = d['signatureAlgorithm'].split('with')\n"
      "hash = {'SHA1': hashes.SHA1(), 'SHA256': hashes.SHA256()}[hash]\n"
      "if kind == 'ECDSA': key.verify(signature, image, ec.ECDSA(hash))\n"
      "else: key.verify(signature, image, padding.PKCS1v15(), hash)\n"
      "\"");
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_P(JsonTools, NodeVerifiesAsAnUpdateServerWould) {
  if (!has_tool("node")) GTEST_SKIP() << "NOT TESTED: node is missing";
  const Ran ran =
      run(folder_.path(),
          "node -e \"const fs = require('fs'), crypto = require('crypto');\n"
          "const d = JSON.parse(fs.readFileSync('document.json'));\n"
          "const key = crypto.createPublicKey(fs.readFileSync('certificate.pem'));\n"
          "const image = d.payload ? Buffer.from(d.payload, 'base64') : fs.readFileSync("
          "'firmware.bin');\n"
          "const hash = d.signatureAlgorithm.split('with')[0];\n"
          "const good = crypto.verify(hash, image, key, Buffer.from(d.signature, 'base64'));\n"
          "process.exit(good && image.length === d.rawPayloadSize ? 0 : 1);\"");
  EXPECT_EQ(ran.status, 0) << ran.output;
}

}  // namespace
}  // namespace hallmark::formats::test
