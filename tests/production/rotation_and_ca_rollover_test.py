"""Five simulated years and more of one installation: leaves are replaced, its intermediate nears its end,
ends, and is replaced with the root's key from where it is kept; what was signed stays good, or revoked."""

import base64
import datetime
import hashlib
import json
import os
import re
import subprocess
import unittest

import hallmark
import lambda_zip
import operations
import signing_flow
import simulated

try:
    import notation_checker
except ImportError:
    notation_checker = None

DAY, YEAR = datetime.timedelta(days=1), datetime.timedelta(days=365)
NOTATION = "Notation-OCI-SHA384-ECDSA"
PAYLOAD = json.dumps({"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                         "digest": "sha256:" + "7" * 64, "size": 528}}).encode()


def openssl(*arguments, data=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"openssl {arguments}: {done.stderr.decode()}")
    return done.stdout.decode(errors="replace")


def time_of(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)


class Installation(unittest.TestCase):
    def setUp(self):
        self.server = simulated.Server()
        self.addCleanup(self.server.close)
        self.server.start()
        self.folder = self.server.folder
        passphrase = re.search(r"root key passphrase +(\S+)", self.server.initialised).group(1)
        self.passphrase = self.write("passphrase", passphrase.encode() + b"\n", 0o400)
        self.root_key = self.folder / "root.pem"
        self.roots = self.write("roots.pem", self.server.run("trust", "export").encode())
        signing_flow.put_profile(self, self.server, "images", NOTATION)
        signing_flow.put_profile(self, self.server, "release")
        self.server.create_bucket("dst")
        self.count = 0

    def write(self, name, content, mode=0o600):
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        os.chmod(path, mode)
        return path

    def authorities(self):
        return json.loads(self.server.run("authority", "list", "--json"))

    def states(self):
        return [each["Status"] for each in self.authorities()]

    def intermediate_end(self):
        return next(time_of(each["NotAfter"]) for each in self.authorities() if each["Status"] == "ISSUING")

    def seconds_left(self):
        """Of the intermediate that issues, as the metrics have it."""
        return operations.metrics(self.server)['hallmark_certificate_expiry_seconds{kind="intermediate"}']

    def renew(self):
        return self.server.run("authority", "renew", "--root", self.root_key, "--passphrase-file", self.passphrase)

    def ask_to_sign(self):
        return self.server.call("POST", "/signing-jobs/with-payload", (), {
            "profileName": "images", "payloadFormat": "application/vnd.cncf.notary.payload.v1+json",
            "payload": base64.b64encode(PAYLOAD).decode()})

    def sign_payload(self):
        """An envelope, and when it was made."""
        answer = self.ask_to_sign()
        self.assertEqual(answer.status, 200, answer)
        return Envelope(self, base64.b64decode(answer.json["signature"]))

    def sign_package(self):
        self.count += 1
        started = signing_flow.start_job(self.server, seed=self.count)
        self.assertEqual(started.status, 200, started)
        job = signing_flow.ended(self.server, started.json["jobId"])
        self.assertEqual(job["status"], "Succeeded", job)
        path = self.folder / f"signed-{self.count}.zip"
        self.server.get_object("dst", job["signedObject"]["s3"]["key"], path)
        return Package(self, path, self.server.now(), job["jobId"])


class Signed:
    """Something that was signed, with the chain that came with it, and when."""

    def judge(self, now):
        """By openssl at the time of the signature, and by Hallmark now."""
        for place, pem in enumerate(self.chain):
            self.test.write(f"chain-{place}.pem", pem)
        folder = self.test.folder
        openssl("verify", "-x509_strict", "-purpose", "any", "-attime", int(self.signed_at.timestamp()), "-CAfile",
                self.test.roots, "-untrusted", folder / "chain-1.pem", folder / "chain-0.pem")
        said = json.loads(self.test.server.command("verify", self.path, "--trust-root", self.test.roots, "--json"))
        self.test.assertTrue(said, "verify answers nothing")
        self.judge_content(now)

    def dates(self, place):
        said = openssl("x509", "-noout", "-dates", data=self.chain[place])
        return [datetime.datetime.strptime(each, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=datetime.timezone.utc)
                for each in re.findall(r"=(.+)", said)]


def pem_of(der):
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"


class Envelope(Signed):
    def __init__(self, test, content):
        self.test, self.content = test, content
        self.path = test.write(f"envelope-{hashlib.sha256(content).hexdigest()[:8]}", content)
        body = json.loads(content)
        text = body["protected"]
        self.says = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        self.signed_at = time_of(self.says["io.cncf.notary.authenticSigningTime"])
        self.job = self.says["com.amazonaws.signer.signingJob"]
        self.ders = [base64.b64decode(each) for each in body["header"]["x5c"]]
        self.chain = [pem_of(each) for each in self.ders]

    def judge_content(self, now):
        if notation_checker is not None:
            notation_checker.check(self.content, PAYLOAD, self.test.roots.read_bytes(), now)

    def hashes(self):
        """SHA-384 of each certificate's own part and of its issuer's, as verifiers ask with."""
        def own(pem):
            der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
            begin, size = 4, int.from_bytes(der[6:8], "big")  # 30 82 .. .. 30 82 SIZE
            return hashlib.sha384(der[begin:begin + 4 + size]).hexdigest()
        each = [own(pem) for pem in self.chain]
        return [one + issuer for one, issuer in zip(each, [*each[1:], each[-1]])]

    def revoked(self):
        """The places of what is revoked: a number in the chain, or an ARN."""
        query = [("jobArn", self.job), ("platformId", NOTATION),
                 ("profileVersionArn", self.says["com.amazonaws.signer.signingProfileVersion"]),
                 ("signatureTimestamp", self.says["io.cncf.notary.authenticSigningTime"])]
        hashes = self.hashes()
        answer = self.test.server.call("GET", "/revocations", query + [("certificateHashes", one) for one in hashes])
        self.test.assertEqual(answer.status, 200, answer)
        return [hashes.index(one) if one in hashes else one for one in answer.json["revokedEntities"]]


class Package(Signed):
    def __init__(self, test, path, signed_at, job):
        self.test, self.path, self.signed_at, self.job = test, path, signed_at, job
        self.cms, self.inner = lambda_zip.signature(path), lambda_zip.inner_digest(path)
        said = openssl("pkcs7", "-print_certs", data=self.cms)
        found = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", said, re.S)
        by_subject = {openssl("x509", "-noout", "-subject", "-nameopt", "RFC2253", data=pem.encode()): pem.encode()
                      for pem in found}
        leaf = next(pem for name, pem in by_subject.items() if "CN=release" in name)
        middle = next(pem for name, pem in by_subject.items() if "Code Signing CA" in name)
        self.chain = [leaf, middle]

    def judge_content(self, now):
        pem, inner = self.test.write("signature.pem", self.cms), self.test.write("inner", self.inner)
        openssl("cms", "-verify", "-binary", "-purpose", "any", "-inform", "PEM", "-in", pem, "-content", inner,
                "-CAfile", self.test.roots, "-attime", int(self.signed_at.timestamp()), "-out", "/dev/null")


@unittest.skipUnless(simulated.LIBRARY, "NOT TESTED: there is no libfaketime")
class RotationAndCaRollover(Installation):
    def test_five_years_and_more(self):
        server, made = self.server, []

        def judge_all():
            for each in made:
                each.judge(server.now())

        # The first days: a leaf for a week, replaced after two thirds of it.
        made += [self.sign_payload(), self.sign_package()]
        server.at(4 * DAY)
        made.append(self.sign_payload())
        self.assertEqual(made[-1].chain[0], made[0].chain[0], "a leaf is kept")
        server.at(5 * DAY)
        made.append(self.sign_payload())
        self.assertNotEqual(made[-1].chain[0], made[0].chain[0], "a leaf is replaced")
        self.assertEqual(made[-1].chain[1], made[0].chain[1])
        judge_all()
        revoked = self.sign_payload()
        job = revoked.job.rsplit("/", 1)[1]
        self.assertEqual(server.call("PUT", f"/signing-jobs/{job}/revoke", (), {"reason": "test"}).status, 200)
        old_leaf = made[0]
        serial = openssl("x509", "-noout", "-serial", data=old_leaf.chain[0]).strip().removeprefix("serial=")

        # A leap day, and the last second of it.
        server.at_time(datetime.datetime(2028, 2, 29, 23, 59, 50, tzinfo=datetime.timezone.utc))
        made += [self.sign_payload(), self.sign_package()]
        judge_all()

        # The last year: it is said, and signing goes on.
        end = self.intermediate_end()
        server.at_time(end - YEAR - DAY)
        made.append(self.sign_payload())
        self.assertNotIn("the intermediate certificate ends", server.log())
        server.at_time(end - YEAR / 2)
        made.append(self.sign_payload())
        self.assertAlmostEqual(self.seconds_left(), YEAR.total_seconds() / 2, delta=600)
        hallmark.wait_until(lambda: "the intermediate certificate ends" in server.log(), 10)

        # The last days: no leaf outlives it.
        server.at_time(end - 2 * DAY)
        made.append(self.sign_payload())
        self.assertEqual(made[-1].dates(0)[1], end)
        server.at_time(end - datetime.timedelta(minutes=2))
        made.append(self.sign_payload())
        judge_all()

        # Its end: what asks for a signature is told what to do, what asks about old ones is answered.
        server.at_time(end + DAY)
        refused = self.ask_to_sign()
        self.assertEqual((refused.status, refused.error), (503, "ServiceUnavailable"), refused)
        self.assertIn("hallmark authority renew", refused.json["message"])
        self.assertEqual((self.seconds_left(), operations.ask(server, "/readyz")), (0, (200, "ready\n")))
        self.assertIn("EXPIRED", self.states())
        self.assertEqual(revoked.revoked(), [revoked.job])
        judge_all()

        # One command, and it signs again; the old signatures are as good as ever.
        self.assertIn("Code Signing CA G2", self.renew())
        made += [self.sign_payload(), self.sign_package()]
        self.assertEqual(self.states(), ["TRUSTED", "EXPIRED", "ISSUING"])
        self.assertGreater(self.seconds_left(), 4 * YEAR.total_seconds())
        judge_all()

        # Long after: revocations of old signatures and of an old leaf are told, and can still be made.
        server.at_time(end + 3 * YEAR)
        self.assertEqual(revoked.revoked(), [revoked.job])
        self.assertEqual(old_leaf.revoked(), [])
        server.run("certificate", "revoke", serial, "--reason", "key-compromise")
        self.assertEqual(old_leaf.revoked(), [0])
        self.assertEqual(server.call("GET", f"/signing-jobs/{job}").json["revocationRecord"]["reason"], "test")
        made.append(self.sign_payload())
        judge_all()
        self.assertEqual(server.stop(), 0)
        server.run("check")

    def test_renewed_in_time_with_both_in_use_side_by_side(self):
        server = self.server
        old = self.sign_payload()
        end = self.intermediate_end()
        server.at_time(end - YEAR / 2)
        self.renew()
        self.assertEqual(self.states(), ["TRUSTED", "VALID", "ISSUING"])
        new, package = self.sign_payload(), self.sign_package()
        self.assertNotEqual(new.chain[1], old.chain[1])
        for each in (old, new, package):
            each.judge(server.now())
        serial = openssl("x509", "-noout", "-serial", data=old.chain[0]).strip().removeprefix("serial=")
        server.run("certificate", "revoke", serial)
        self.assertEqual((old.revoked(), new.revoked()), ([0], []))
        server.at_time(end + DAY)  # the old one has ended, and nothing happens
        again = self.sign_payload()
        self.assertEqual(again.chain[1], new.chain[1])
        again.judge(server.now())

    def test_in_three_steps_with_the_root_on_another_machine(self):
        server = self.server
        order, certificate = self.folder / "order.pem", self.folder / "intermediate.pem"
        server.run("authority", "request", "-o", order)
        self.assertIn("CA G2", openssl("req", "-verify", "-noout", "-subject", "-in", order))
        self.assertEqual(self.states(), ["TRUSTED", "ISSUING", "REQUESTED"])
        said = server.command("authority", "sign", order, "--root", self.root_key, "--passphrase-file",
                              self.passphrase, "-o", certificate)
        self.assertIn("Code Signing CA G2", said)
        text = openssl("x509", "-noout", "-text", "-in", certificate)
        for part in ("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "ecdsa-with-SHA384"):
            self.assertIn(part, text)
        before = self.sign_payload()
        server.run("authority", "install", certificate)
        after = self.sign_payload()
        self.assertNotEqual(before.chain[1], after.chain[1])
        for each in (before, after):
            each.judge(server.now())
        with self.assertRaises(hallmark.CommandFailed):
            server.run("authority", "install", certificate)

    def test_without_a_server(self):
        server = self.server
        self.assertEqual(server.stop(), 0)
        self.renew()
        server.start()
        self.assertEqual(self.states(), ["TRUSTED", "VALID", "ISSUING"])
        self.sign_payload().judge(server.now())

    def test_a_wrong_passphrase_or_key_changes_nothing(self):
        before = self.authorities()
        wrong = self.write("wrong", b"not it\n", 0o400)
        with self.assertRaises(hallmark.CommandFailed) as failed:
            self.server.run("authority", "renew", "--root", self.root_key, "--passphrase-file", wrong)
        self.assertIn("passphrase", failed.exception.stderr)
        other = self.write("other.pem", openssl(
            "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-aes256", "-pass",
            f"file:{self.passphrase}").encode())
        with self.assertRaises(hallmark.CommandFailed) as failed:
            self.server.run("authority", "renew", "--root", other, "--passphrase-file", self.passphrase)
        self.assertIn("not that of the root", failed.exception.stderr)
        self.assertEqual([each for each in self.authorities() if each["Role"] != "request"], before)
        self.sign_payload()

    def test_after_the_intermediate_was_revoked(self):
        before = self.sign_payload()
        serial = next(each["SerialNumber"] for each in self.authorities() if each["Status"] == "ISSUING")
        self.server.run("certificate", "revoke", serial, "--reason", "ca-compromise")
        refused = self.ask_to_sign()
        self.assertEqual(refused.error, "AccessDeniedException", refused)
        self.assertIn("hallmark authority renew", refused.body.decode())
        self.renew()
        after = self.sign_payload()
        self.assertEqual((before.revoked(), after.revoked()), ([1], []))
        self.assertEqual(self.states(), ["TRUSTED", "REVOKED", "ISSUING"])

    def test_a_clock_that_goes_back_two_hours(self):
        server = self.server
        server.at(30 * DAY)
        self.renew()
        made = [self.sign_payload(), self.sign_package()]
        server.at(30 * DAY - datetime.timedelta(hours=2))
        self.assertEqual(self.ask_to_sign().status, 503)  # until an operator says that it is right
        usual = server._command
        server._command = lambda: [*usual(), "--accept-clock"]
        server.at(30 * DAY - datetime.timedelta(hours=2))
        made += [self.sign_payload(), self.sign_package()]
        for each in made[2:]:
            for place in (0, 1):
                self.assertLessEqual(each.dates(place)[0], server.now())
        server.at(30 * DAY)
        for each in made:
            each.judge(server.now())
        self.assertEqual(server.stop(), 0)
        server.run("check")


class Dev(unittest.TestCase):
    def test_keeps_its_root_and_renews_by_itself(self):
        server = hallmark.Server().start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        self.assertIn("Code Signing CA G2", server.run("authority", "renew"))
        signing_flow.sign_and_verify(self, server, seed=2)


if __name__ == "__main__":
    unittest.main()
