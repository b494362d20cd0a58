"""Revocation: to all nodes within a second, for good, from a moment on, and unknown is not good."""

import base64
import json
import subprocess
import time
import unittest
import uuid

import hallmark
import postgresql
from hallmark import ACCOUNT

NOTATION = "Notation-OCI-SHA384-ECDSA"
SECONDS_MAX = 1
ARNS = f"arn:aws:signer:us-east-1:{ACCOUNT}:"
PAYLOAD = json.dumps({"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                         "digest": "sha256:" + "5" * 64, "size": 528}}).encode()


def sign(node, profile):
    return node.call("POST", "/signing-jobs/with-payload", (), {
        "profileName": profile, "payloadFormat": "application/vnd.cncf.notary.payload.v1+json",
        "payload": base64.b64encode(PAYLOAD).decode()})


def status(node, job, version, **changes):
    """GetRevocationStatus of a signature that was made just now."""
    members = {"signatureTimestamp": "2099-01-01T00:00:00Z", "platformId": NOTATION, "profileVersionArn": version,
               "jobArn": job, "certificateHashes": "0" * 192, **changes}
    return node.call("GET", "/revocations", list(members.items()))


class Rules:
    """Of an installation with `nodes`, all of which answer for all."""

    def profile(self):
        """A profile of the test's own: its name, version, and the ARN of that."""
        name = "p" + uuid.uuid4().hex
        made = self.nodes[0].call("PUT", f"/signing-profiles/{name}", (), {"platformId": NOTATION})
        self.assertEqual(made.status, 200, made)
        version = made.json["profileVersion"]
        return name, version, f"{ARNS}/signing-profiles/{name}/{version}"

    def signed(self):
        name, version, arn = self.profile()
        answer = sign(self.nodes[0], name)
        self.assertEqual(answer.status, 200, answer)
        return name, version, arn, f"{ARNS}/signing-jobs/{answer.json['jobId']}"

    def revoke_job(self, node, job, reason="test"):
        return node.call("PUT", f"/signing-jobs/{job.rsplit('/', 1)[1]}/revoke", (), {"reason": reason})

    def revoke_profile(self, node, name, version, effective):
        return node.call("PUT", f"/signing-profiles/{name}/revoke", (),
                         {"profileVersion": version, "reason": "test", "effectiveTime": effective})

    def entities(self, node, job, version, **changes):
        answer = status(node, job, version, **changes)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["revokedEntities"]

    def assert_everywhere(self, what, expected):
        """On every node, and not later than a second after the revocation was answered."""
        began = time.monotonic()
        for node in self.nodes:
            self.assertEqual(what(node), expected)
        self.assertLess(time.monotonic() - began, SECONDS_MAX)

    def test_of_a_signature_is_known_everywhere_at_once(self):
        for node in self.nodes:
            _, _, version, job = self.signed()
            for each in self.nodes:  # so that each has an answer that it could remember
                self.assertEqual(self.entities(each, job, version), [])
            self.assertEqual(self.revoke_job(node, job).status, 200)
            self.assert_everywhere(lambda each: self.entities(each, job, version), [job])

    def test_of_a_profile_stops_it_everywhere_at_once(self):
        for node in self.nodes:
            name, number, version, job = self.signed()
            for each in self.nodes:
                self.assertEqual(sign(each, name).status, 200)
            self.assertEqual(self.revoke_profile(node, name, number, int(time.time()) - 60).status, 200)
            self.assert_everywhere(lambda each: sign(each, name).status, 400)
            self.assert_everywhere(lambda each: self.entities(each, job, version), [version])

    def test_of_a_leaf_is_known_everywhere_and_nothing_more_is_signed_with_it(self):
        for node in self.nodes:
            name, *_ = self.profile()
            before = {sign_with(each, name) for each in self.nodes}
            self.assertEqual(len(before), 1, "the nodes of an installation have one leaf")
            node.run("certificate", "revoke", *before)
            self.assert_everywhere(lambda each: sign_with(each, name) in before, False)

    def test_has_no_way_back(self):
        name, number, version, job = self.signed()
        node = self.nodes[-1]
        effective = int(time.time()) - 60
        self.revoke_job(node, job, "first")
        self.revoke_profile(node, name, number, effective)
        attempts = [
            lambda: self.revoke_job(node, job, "second"),
            lambda: self.revoke_profile(node, name, number, effective + 30),
            lambda: self.revoke_profile(node, name, number, int(time.time()) + 86400),
            lambda: node.call("PUT", f"/signing-profiles/{name}", (), {"platformId": NOTATION}),
            lambda: node.call("DELETE", f"/signing-profiles/{name}"),
            lambda: node.call("DELETE", f"/signing-jobs/{job.rsplit('/', 1)[1]}/revoke"),
            lambda: node.call("DELETE", f"/signing-profiles/{name}/revoke")]
        for attempt in attempts:
            attempt()
        for each in self.nodes:
            self.assertEqual(sorted(self.entities(each, job, version)), sorted([job, version]))
            described = each.call("GET", f"/signing-jobs/{job.rsplit('/', 1)[1]}").json
            self.assertEqual(described["revocationRecord"]["reason"], "first")
            self.assertNotEqual(sign(each, name).status, 200)
        commands = hallmark.run("--help")
        for word in ("unrevoke", "un-revoke", "reinstate", "restore-trust"):
            self.assertNotIn(word, commands)

    def test_counts_from_its_effective_time(self):
        name, number, version, job = self.signed()
        effective = int(time.time()) - 3600
        self.assertEqual(self.revoke_profile(self.nodes[0], name, number, effective).status, 200)
        later = self.revoke_profile(self.nodes[0], name, number, effective + 60)
        self.assertNotEqual(later.status, 200, later)
        self.assertEqual(self.revoke_profile(self.nodes[-1], name, number, effective - 60).status, 200)
        for node in self.nodes:
            told = node.call("GET", f"/signing-profiles/{name}").json["revocationRecord"]
            self.assertEqual(told["revocationEffectiveFrom"], effective - 60)
            self.assertEqual(self.entities(node, job, version), [version])

    def test_of_what_is_unknown_is_no_good_answer(self):
        _, _, version, job = self.signed()
        _, _, another, _ = self.signed()
        stranger = "arn:aws:signer:us-east-1:999999999999:"
        for node in self.nodes:
            self.assertEqual(self.entities(node, job, version), [])
            for changes in ({"jobArn": f"{ARNS}/signing-jobs/{uuid.uuid4()}"},
                            {"jobArn": job.replace(ARNS, stranger)},
                            {"jobArn": job.replace("us-east-1", "eu-west-1")},
                            {"jobArn": "arn:aws:signer:x"},
                            {"profileVersionArn": version[:-10] + "Ab3dEf6h1J"},
                            {"profileVersionArn": another},  # real, and not this job's
                            {"platformId": "Nothing"}):
                with self.subTest(changes):
                    answer = status(node, job, version, **changes)
                    self.assertEqual((answer.status, answer.error), (400, "ValidationException"), answer)

    def test_survives_a_crash(self):
        _, _, version, job = self.signed()
        self.assertEqual(self.revoke_job(self.nodes[0], job).status, 200)
        self.nodes[0].kill()
        self.nodes[0].start()
        self.assertEqual(self.entities(self.nodes[0], job, version), [job])


def sign_with(node, profile):
    """The serial number of the leaf that a node signs with."""
    envelope = json.loads(base64.b64decode(sign(node, profile).json["signature"]))
    said = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-serial"], check=True, capture_output=True,
                          input=base64.b64decode(envelope["header"]["x5c"][0]))
    return said.stdout.decode().strip().removeprefix("serial=")


class Revocation(Rules, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nodes = [hallmark.Server().start()]
        cls.addClassCleanup(cls.nodes[0].close)


@unittest.skipUnless(postgresql.usable(), "NOT TESTED: there is no PostgreSQL (package postgresql)")
class RevocationOnTwoNodes(Rules, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cluster = postgresql.Cluster()
        cls.addClassCleanup(cluster.close)
        first = postgresql.Node(cluster)
        cls.nodes = [first]
        cls.addClassCleanup(postgresql.close_all, cls.nodes)
        first.start()
        cls.nodes.append(postgresql.Node(cluster, first))
        cls.nodes[1].start()

    def test_of_the_intermediate_and_a_new_one_reach_both_at_once(self):
        name, *_ = self.profile()
        self.assertEqual({sign(node, name).status for node in self.nodes}, {200})
        listed = json.loads(self.nodes[0].run("authority", "list", "--json"))
        serial = next(each["SerialNumber"] for each in listed if each["Status"] == "ISSUING")
        self.nodes[0].run("certificate", "revoke", serial)
        self.assert_everywhere(lambda node: sign(node, name).error, "AccessDeniedException")
        word = self.nodes[0].initialised.split("root key passphrase")[1].split()[0]
        passphrase = self.nodes[0].folder / "passphrase"
        passphrase.write_text(word + "\n")
        passphrase.chmod(0o400)
        self.nodes[1].run("authority", "renew", "--root", self.nodes[0].folder / "root.pem", "--passphrase-file",
                          passphrase)
        self.assert_everywhere(lambda node: sign(node, name).status, 200)


if __name__ == "__main__":
    unittest.main()
