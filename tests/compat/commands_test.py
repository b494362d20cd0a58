"""The commands that sign, verify and revoke, from file to signed file, on a running server and after it
was started again."""

import base64
import hashlib
import json
import subprocess
import unittest

import hallmark
import packages
from hallmark import ACCOUNT

LAMBDA = "AWSLambda-SHA384-ECDSA"
NOTATION = "Notation-OCI-SHA384-ECDSA"
IOT = "AWSIoTDeviceManagement-SHA256-ECDSA"
CERTIFICATES = hallmark.PROJECT / "tests/vectors/certificates"
DIGEST = "sha256:" + "0" * 64
PAYLOAD = json.dumps({"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                         "digest": DIGEST, "size": 528}})


def element(der):
    """The first DER element of the bytes, and its content."""
    length, at = der[1], 2
    if length & 0x80:
        at += length & 0x7f
        length = int.from_bytes(der[2:at], "big")
    return der[:at + length], der[at:at + length]


def tbs_hash(certificate):
    return hashlib.sha384(element(element(certificate)[1])[0]).hexdigest()


def composite_hashes(chain):
    """As AWS's plugin for notation computes them, in words of their own."""
    hashes = [tbs_hash(certificate) for certificate in chain]
    return [one + issuer for one, issuer in zip(hashes, hashes[1:] + hashes[-1:])]


class Commands(unittest.TestCase):
    def setUp(self):
        self.server = hallmark.Server().start()
        self.addCleanup(self.server.close)
        self.folder = self.server.folder

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def put(self, name, platform, **members):
        response = self.server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": platform, **members})
        self.assertEqual(response.status, 200, response.body)

    def signed(self, name, content, profile):
        source, output = self.write(f"{name}.in", content), self.folder / f"{name}.out"
        said = self.server.run("sign", source, "--profile", profile, "-o", output, "--json")
        self.assertEqual(json.loads(said)["status"], "Succeeded")
        return output

    def refused(self, *arguments):
        """What a command says that exits with 1."""
        with self.assertRaises(hallmark.CommandFailed) as caught:
            self.server.run(*arguments)
        self.assertEqual(caught.exception.code, 1, caught.exception.stderr)
        return caught.exception.stderr

    def verify_online(self, path):
        return self.server.run("verify", path, "--endpoint", self.server.endpoint, "--json")

    def restart(self):
        self.server.stop()
        self.server.start()

    def listed(self):
        return json.loads(self.server.run("certificate", "list", "--json"))


class Signing(Commands):
    def test_a_package_from_file_to_signed_file(self):
        self.put("release", LAMBDA)
        output = self.signed("app", packages.package(), "release")
        self.assertTrue(json.loads(self.verify_online(output))["revocationChecked"])
        self.assertEqual(self.server.keys("hallmark-sign"), set())
        self.assertIn("exists already", self.refused("sign", self.folder / "app.in", "--profile", "release",
                                                     "-o", output))

    def test_an_envelope_that_is_revoked(self):
        self.put("images", NOTATION)
        output = self.signed("payload", PAYLOAD, "images")
        known = json.loads(self.server.run("verify", output, "--expected-digest", DIGEST, "--json"))
        self.assertEqual(known["artifactDigest"], DIGEST)
        self.verify_online(output)
        job = known["jobArn"].rsplit("/", 1)[1]
        self.assertEqual(self.server.call("PUT", f"/signing-jobs/{job}/revoke", (), {"reason": "test"}).status, 200)
        self.assertIn(f"the job {known['jobArn']} is revoked", self.refused("verify", output, "--endpoint",
                                                                           self.server.endpoint))

    def test_firmware_with_a_certificate_that_a_command_imported(self):
        arn = self.server.run("certificate", "import", "--certificate", CERTIFICATES / "signer.pem", "--chain",
                              CERTIFICATES / "signer.chain.pem", "--private-key",
                              CERTIFICATES / "signer.key").strip()
        self.assertRegex(arn, rf"^arn:aws:acm:us-east-1:{ACCOUNT}:certificate/")
        self.put("boards", IOT, signingMaterial={"certificateArn": arn})
        output = self.signed("firmware", b"firmware" * 1000, "boards")
        self.server.run("certificate", "list")
        hallmark.run("verify", output, "--payload", self.folder / "firmware.in", "--certificate",
                     CERTIFICATES / "signer.pem")
        raw = self.write("sig", base64.b64decode(json.loads(output.read_bytes())["signature"]))
        key = self.write("key.pem", subprocess.run(
            ["openssl", "x509", "-in", CERTIFICATES / "signer.pem", "-pubkey", "-noout"], check=True,
            capture_output=True).stdout)
        subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", raw,
                        self.folder / "firmware.in"], check=True, capture_output=True)
        self.server.run("certificate", "revoke", arn)
        self.assertIn("is revoked", self.refused("sign", self.folder / "firmware.in", "--profile", "boards", "-o",
                                                 self.folder / "more"))


class Revoking(Commands):
    def status_of(self, envelope):
        """The revoked entities of an envelope, asked with hashes that this test computes."""
        body = json.loads(envelope.read_bytes())
        text = body["protected"]
        says = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        chain = [base64.b64decode(each) for each in body["header"]["x5c"]]
        query = [("jobArn", says["com.amazonaws.signer.signingJob"]), ("platformId", NOTATION),
                 ("profileVersionArn", says["com.amazonaws.signer.signingProfileVersion"]),
                 ("signatureTimestamp", says["io.cncf.notary.authenticSigningTime"])]
        hashes = composite_hashes(chain)
        response = self.server.call("GET", "/revocations", query + [("certificateHashes", each) for each in hashes])
        self.assertEqual(response.status, 200, response.body)
        return [hashes.index(entity) for entity in response.json["revokedEntities"]]

    def serial(self, role):
        return next(each["SerialNumber"] for each in self.listed()["Issued"]
                    if each["Role"] == role and each["Status"] == "ISSUED")

    def test_a_leaf_at_once_and_for_good(self):
        self.put("images", NOTATION)
        before = self.signed("before", PAYLOAD, "images")
        self.assertEqual(self.status_of(before), [])
        serial = self.serial("leaf")
        said = self.server.run("certificate", "revoke", serial, "--reason", "key-compromise")
        self.assertRegex(said, rf"^revoked {serial} .*KEY_COMPROMISE")
        self.assertEqual(self.status_of(before), [0])
        self.assertIn("the certificate CN=images", self.refused("verify", before, "--endpoint",
                                                                self.server.endpoint))
        after = self.signed("after", PAYLOAD, "images")
        self.assertEqual(self.status_of(after), [])
        self.restart()
        self.assertEqual(self.server.run("certificate", "revoke", serial), said)
        self.assertEqual((self.status_of(before), self.status_of(after)), ([0], []))

    def test_the_intermediate_without_a_server(self):
        self.put("images", NOTATION)
        before = self.signed("before", PAYLOAD, "images")
        self.server.stop()
        self.server.run("certificate", "revoke", self.serial("intermediate"))
        self.server.start()
        self.assertEqual(self.status_of(before), [1])
        self.assertIn("is revoked", self.refused("sign", self.folder / "before.in", "--profile", "images", "-o",
                                                 self.folder / "more"))

    def test_what_is_not_known(self):
        self.assertIn("hallmark certificate list", self.refused("certificate", "revoke", "0A1B"))
        self.assertIn("trust stores", self.refused("certificate", "revoke", self.server.data / "roots.pem"))

    def test_the_audit_tells_of_it(self):
        self.server.run("certificate", "import", "--certificate", CERTIFICATES / "p384.pem", "--private-key",
                        CERTIFICATES / "p384.key")
        self.server.run("certificate", "revoke", CERTIFICATES / "p384.pem")
        self.server.stop()
        self.server.run("check")


if __name__ == "__main__":
    unittest.main()
