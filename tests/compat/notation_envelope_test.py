"""Envelopes of Notation, judged by a checker that knows nothing of the server."""

import base64
import dataclasses
import datetime
import json
import unittest
import warnings

import wire
import world
from hallmark import PROJECT

try:
    import notation_checker
except ImportError:
    notation_checker = None

GOLDEN = PROJECT / "tests/vectors/notation"
IN_ITS_TIME = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
EVERY = 3  # bytes: one of these is changed


def setUpModule():
    if notation_checker is None:
        raise unittest.SkipTest("the package cryptography is not installed")


def payload(**annotations):
    target = json.loads(world.PAYLOAD)["targetArtifact"]
    return json.dumps({"targetArtifact": {**target, **({"annotations": annotations} if annotations else {})}}).encode()


class Golden(unittest.TestCase):
    """The envelope that `notation` verified, with AWS's plugin."""

    @classmethod
    def setUpClass(cls):
        cls.envelope, cls.payload, cls.root = ((GOLDEN / name).read_bytes() for name in
                                               ("envelope.json", "payload.json", "root.pem"))

    def check(self, envelope, now=IN_ITS_TIME):
        return notation_checker.check(envelope, self.payload, self.root, now)

    def test_is_good(self):
        read = self.check(self.envelope)
        self.assertEqual(read.signing_time.isoformat(), "2026-11-22T19:45:18+00:00")
        self.assertEqual(read.expiry.isoformat(), "2038-02-22T19:45:18+00:00")
        self.assertEqual(len(read.chain), 3)

    def test_is_good_until_it_expires(self):
        expiry = self.check(self.envelope).expiry
        self.check(self.envelope, expiry - datetime.timedelta(seconds=1))
        with self.assertRaisesRegex(notation_checker.Refused, "expired"):
            self.check(self.envelope, expiry)

    def test_is_refused_with_any_byte_changed(self):
        warnings.simplefilter("ignore")  # of what is found in changed certificates
        for place in range(0, len(self.envelope), EVERY):
            changed = bytearray(self.envelope)
            changed[place] ^= 1 << place % 8
            with self.subTest(place=place), self.assertRaises(notation_checker.Refused):
                self.check(bytes(changed))

    def test_is_refused_under_another_root(self):
        other = (PROJECT / "tests/vectors/certificates/authority.pem").read_bytes()
        with self.assertRaisesRegex(notation_checker.Refused, "root"):
            notation_checker.check(self.envelope, self.payload, other, IN_ITS_TIME)

    def test_is_refused_for_another_payload(self):
        with self.assertRaisesRegex(notation_checker.Refused, "another payload"):
            notation_checker.check(self.envelope, self.payload + b" ", self.root, IN_ITS_TIME)


class Checker(unittest.TestCase):
    def test_trusts_a_profile_or_one_of_its_versions(self):
        profile = "arn:aws:signer:us-east-1:000000000000:/signing-profiles/one"
        for identity, trusted in ((profile, True), (f"{profile}/ABCDEFGHIJ", True), (profile.replace("one", "ONE"), True),
                                  (f"{profile}/ABCDEFGHIK", False), (profile[:-1], False), (profile + "s", False),
                                  ("*", False), (profile.replace("signer", "s3"), False), (profile.upper(), False)):
            with self.subTest(identity):
                self.assertEqual(notation_checker.is_trusted(f"{profile}/ABCDEFGHIJ", [identity]), trusted)


class Fresh(unittest.TestCase):
    """What the server answers now."""

    @classmethod
    def setUpClass(cls):
        cls.here = world.World()
        cls.addClassCleanup(cls.here.close)
        cls.root = cls.here.server.run("trust", "export").encode()

    def sign(self, content, profile="notation"):
        body = {"profileName": profile, "profileOwner": world.ACCOUNT, "payload": base64.b64encode(content).decode(),
                "payloadFormat": world.PAYLOAD_FORMAT}
        return self.here.done("POST", "/signing-jobs/with-payload", (), body)

    def checked(self, answer, content):
        envelope = base64.b64decode(answer["signature"], validate=True)
        return notation_checker.check(envelope, content, self.root, datetime.datetime.now(datetime.timezone.utc))

    def test_envelopes_are_good(self):
        for content in (payload(), payload(a="é \U0001f511"), world.PAYLOAD + b"\n", payload(a="x" * (4096 - len(payload(a=""))))):
            with self.subTest(len(content)):
                answer = self.sign(content)
                read = self.checked(answer, content)
                self.assertEqual(read.job, f"{world.JOBS}/{answer['jobId']}")
                self.assertEqual(set(answer["metadata"].values()), {read.job, read.profile_version})
                self.assertFalse([name for name in answer["metadata"] if name.startswith("io.cncf.notary.")])

    def test_the_expiry_is_the_profiles_validity_by_the_calendar(self):
        for value, kind in ((1, "DAYS"), (13, "MONTHS"), (2, "YEARS")):
            name, _ = self.here.profile(platformId=world.NOTATION, signatureValidityPeriod={"value": value, "type": kind})
            read = self.checked(self.sign(payload(), name), payload())
            with self.subTest(kind):
                self.assertEqual(read.expiry, later(read.signing_time, value, kind))

    def revoked(self, read, host, absolute):
        """GetRevocationStatus as the plugin asks for it, at a host by name or through a proxy."""
        server = self.here.server
        request = wire.signed(server.endpoint, server.credentials, "GET", "/revocations",
                              notation_checker.revocation_query(read), headers=(("host", host),))
        if absolute:
            request = dataclasses.replace(request, target=f"http://{host}{request.target}")
        response = wire.send(server.endpoint, request)
        self.assertEqual(response.status, 200, response)
        return response.json["revokedEntities"]

    def test_revocations_are_answered_at_every_host(self):
        name, _ = self.here.profile(platformId=world.NOTATION)
        read, other = (self.checked(self.sign(payload(), name), payload()) for _ in range(2))
        job = read.job.rpartition("/")[2]
        self.assertEqual(self.revoked(read, "verification.signer.test", absolute=False), [])
        self.here.done("PUT", f"/signing-jobs/{job}/revoke", (), {"reason": "a test"})
        for host in ("verification.signer.test", "data-signer.test", "verification.127.0.0.1:4000"):
            for absolute in (False, True):
                with self.subTest(host, absolute=absolute):
                    self.assertEqual(self.revoked(read, host, absolute), [read.job])
                    self.assertEqual(self.revoked(other, host, absolute), [])


def later(when, value, kind):
    """A time plus so much by the calendar: the month's last day where it has no such day."""
    if kind == "DAYS":
        return when + datetime.timedelta(days=value)
    months = when.month - 1 + value * (12 if kind == "YEARS" else 1)
    first = when.replace(year=when.year + months // 12, month=months % 12 + 1, day=1)
    days = ((first + datetime.timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(when.day, days))


if __name__ == "__main__":
    unittest.main()
