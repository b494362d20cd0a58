"""What revoking and canceling do, and how long and to whom GetRevocationStatus tells it."""

import datetime
import time
import unittest
import uuid

import hallmark
import wire
import world
from refusals import assert_refused

LATER = "2099-01-01T00:00:00Z"


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Revocation(unittest.TestCase):
    def revoke_job(self, job, **members):
        return here.server.call("PUT", f"/signing-jobs/{job}/revoke", (), {"reason": "a test", **members})

    def revoke_profile(self, name, version, effective, reason="a test"):
        body = {"profileVersion": version, "reason": reason, "effectiveTime": effective}
        return here.server.call("PUT", f"/signing-profiles/{name}/revoke", (), body)

    def described(self, job):
        return here.done("GET", f"/signing-jobs/{job}")

    def profile(self, name):
        return here.done("GET", f"/signing-profiles/{name}")

    def status(self, **changes):
        """The answer of GetRevocationStatus to the good request with these members instead."""
        members = {**here.good("GetRevocationStatus"), **changes}
        query = [(name, text) for name, value in members.items()
                 for text in (value if isinstance(value, list) else [value]) if text is not None]
        return here.server.call("GET", "/revocations", query)

    def revoked(self, profile, version, job, when=LATER):
        response = self.status(profileVersionArn=f"{world.PROFILES}/{profile}/{version}",
                               jobArn=f"{world.JOBS}/{job}", signatureTimestamp=when)
        self.assertEqual(response.status, 200, response)
        return response.json["revokedEntities"]

    def signed(self):
        """(name, version, job) of a profile of its own and what it signed."""
        name, version = here.profile()
        return name, version, here.finished(here.start(name))

    def assert_done(self, response):
        self.assertEqual(response.status, 200, response)
        self.assertIn(response.body, (b"", b"{}"))

    def assert_recent(self, seconds):
        self.assertAlmostEqual(seconds, time.time(), delta=120)


class Signatures(Revocation):
    def test_that_are_revoked_say_so_everywhere(self):
        name, version, job = self.signed()
        self.assertEqual(self.revoked(name, version, job), [])
        self.assertNotIn("revocationRecord", self.described(job))
        self.assert_done(self.revoke_job(job, reason="stolen laptop"))
        record = self.described(job)["revocationRecord"]
        self.assertEqual(record["reason"], "stolen laptop")
        self.assertRegex(record["revokedBy"], rf"\Aarn:aws:iam::{world.ACCOUNT}:")
        self.assert_recent(record["revokedAt"])
        self.assertEqual(self.described(job)["status"], "Succeeded")
        listed = here.done("GET", "/signing-jobs", [("isRevoked", "true")])["jobs"]
        self.assertEqual([j["isRevoked"] for j in listed if j["jobId"] == job], [True])
        self.assertEqual(self.revoked(name, version, job), [f"{world.JOBS}/{job}"])

    def test_are_revoked_whenever_they_are_said_to_be_made(self):
        name, version, job = self.signed()
        self.assert_done(self.revoke_job(job))
        self.assertEqual(self.revoked(name, version, job, "2020-01-01T00:00:00Z"), [f"{world.JOBS}/{job}"])

    def test_keep_the_record_of_the_first_revocation(self):
        job = here.finished(here.start("known"))
        self.assert_done(self.revoke_job(job, reason="first"))
        first = self.described(job)["revocationRecord"]
        self.assert_done(self.revoke_job(job, reason="second"))
        self.assertEqual(self.described(job)["revocationRecord"], first)

    def test_are_revoked_by_their_owner_s_number_too(self):
        job = here.finished(here.start("known"))
        self.assert_done(self.revoke_job(job, jobOwner=world.ACCOUNT))

    def test_of_a_job_that_failed_cannot_be_revoked(self):
        version = here.server.put_object("src", "bad.zip", b"no zip")
        body = here.job_of("known")
        body["source"]["s3"].update(key="bad.zip", version=version)
        job = here.done("POST", "/signing-jobs", (), body)["jobId"]
        with self.assertRaises(AssertionError):
            here.finished(job)
        assert_refused(self, self.revoke_job(job), "ValidationException")

    def test_of_an_unknown_job_are_not_found(self):
        assert_refused(self, self.revoke_job(str(uuid.uuid4())), "ResourceNotFoundException")


class Profiles(Revocation):
    def test_that_are_revoked_say_so(self):
        name, version = here.profile()
        effective = int(time.time()) - 3600
        self.assert_done(self.revoke_profile(name, version, effective))
        got = self.profile(name)
        self.assertEqual(got["status"], "Revoked")
        record = got["revocationRecord"]
        self.assertEqual(record["revocationEffectiveFrom"], effective)
        self.assertRegex(record["revokedBy"], rf"\Aarn:aws:iam::{world.ACCOUNT}:")
        self.assert_recent(record["revokedAt"])

    def test_revoke_the_signatures_made_at_or_after_the_effective_time(self):
        name, version, job = self.signed()
        effective = int(self.described(job)["completedAt"]) + 1
        hallmark.wait_until(lambda: time.time() > effective, 10)
        self.assert_done(self.revoke_profile(name, version, effective))
        arn = f"{world.PROFILES}/{name}/{version}"
        for when, expected in ((effective - 1, []), (effective, [arn]), (effective + 1, [arn])):
            with self.subTest(when - effective):
                self.assertEqual(self.revoked(name, version, job, iso(when)), expected)

    def test_revoke_a_signature_that_is_said_to_be_older_than_it_is(self):
        name, version, job = self.signed()
        self.assert_done(self.revoke_profile(name, version, int(time.time()) - 3600))
        self.assertEqual(self.revoked(name, version, job, "2020-01-01T00:00:00Z"),
                         [f"{world.PROFILES}/{name}/{version}"])

    def test_and_their_signatures_can_both_be_revoked(self):
        name, version, job = self.signed()
        self.assert_done(self.revoke_job(job))
        self.assert_done(self.revoke_profile(name, version, int(time.time()) - 60))
        expected = [f"{world.JOBS}/{job}", f"{world.PROFILES}/{name}/{version}"]
        self.assertEqual(sorted(self.revoked(name, version, job)), sorted(expected))

    def test_are_revoked_ever_earlier_and_never_later(self):
        name, version = here.profile()
        first = int(time.time()) - 3600
        self.assert_done(self.revoke_profile(name, version, first))
        self.revoke_profile(name, version, first + 60)
        self.assertEqual(self.profile(name)["revocationRecord"]["revocationEffectiveFrom"], first)
        self.assert_done(self.revoke_profile(name, version, first - 60))
        self.assertEqual(self.profile(name)["revocationRecord"]["revocationEffectiveFrom"], first - 60)

    def test_are_not_revoked_in_the_future(self):
        name, version = here.profile()
        response = self.revoke_profile(name, version, int(time.time()) + 16 * 60)
        assert_refused(self, response, "ValidationException")
        self.assertIn("effectiveTime", response.json["message"])
        self.assertEqual(self.profile(name)["status"], "Active")

    def test_are_revoked_now_by_a_clock_that_is_a_little_ahead(self):
        name, version = here.profile()
        self.assert_done(self.revoke_profile(name, version, int(time.time()) + 10 * 60))
        self.assert_recent(self.profile(name)["revocationRecord"]["revocationEffectiveFrom"])

    def test_are_revoked_by_a_time_with_a_fraction(self):
        name, version = here.profile()
        self.assert_done(self.revoke_profile(name, version, 1_700_000_000.5))
        self.assertEqual(int(self.profile(name)["revocationRecord"]["revocationEffectiveFrom"]), 1_700_000_000)

    def test_of_an_unknown_name_or_version_are_not_found(self):
        name, _ = here.profile()
        for profile, version in (("unknown", "AAAAAAAAAA"), (name, "AAAAAAAAAA")):
            with self.subTest(profile):
                assert_refused(self, self.revoke_profile(profile, version, 1_700_000_000), "ResourceNotFoundException")

    def test_that_are_revoked_sign_no_more(self):
        name, version = here.profile()
        self.assert_done(self.revoke_profile(name, version, 1_700_000_000))
        assert_refused(self, here.server.call("POST", "/signing-jobs", (), here.job_of(name)), "ValidationException")

    def test_that_are_revoked_cannot_be_canceled(self):
        name, version = here.profile()
        self.assert_done(self.revoke_profile(name, version, 1_700_000_000))
        assert_refused(
            self, here.server.call("DELETE", f"/signing-profiles/{name}"), "ValidationException",
            message=f"Signing Profile {name} cannot be canceled because it has been revoked. "
                    "A revoked profile cannot be canceled.")

    def test_keep_their_name_when_they_are_revoked(self):
        name, version = here.profile()
        self.assert_done(self.revoke_profile(name, version, 1_700_000_000))
        assert_refused(self, here.server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": world.LAMBDA}),
                       "ValidationException", "ProfileAlreadyExists", f"Profile with name {name} already exists")


class Cancelation(Revocation):
    def cancel(self, name):
        return here.server.call("DELETE", f"/signing-profiles/{name}")

    def test_leaves_the_profile_to_be_read(self):
        name, version = here.profile()
        self.assert_done(self.cancel(name))
        got = self.profile(name)
        self.assertEqual((got["status"], got["profileVersion"]), ("Canceled", version))

    def test_may_be_repeated(self):
        name, _ = here.profile()
        self.assert_done(self.cancel(name))
        self.assert_done(self.cancel(name))

    def test_of_an_unknown_profile_is_not_found(self):
        assert_refused(self, self.cancel("unknown"), "ResourceNotFoundException", "ProfileNotFound",
                       "Signing Profile with name unknown does not exist.")

    def test_ends_the_signing(self):
        name, _ = here.profile()
        self.assert_done(self.cancel(name))
        assert_refused(self, here.server.call("POST", "/signing-jobs", (), here.job_of(name)), "ValidationException")

    def test_keeps_the_name(self):
        name, _ = here.profile()
        self.assert_done(self.cancel(name))
        assert_refused(self, here.server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": world.LAMBDA}),
                       "ValidationException", "ProfileAlreadyExists", f"Profile with name {name} already exists")

    def test_revokes_nothing(self):
        name, version, job = self.signed()
        self.assert_done(self.cancel(name))
        self.assertEqual(self.revoked(name, version, job), [])


class Status(Revocation):
    def refused(self, message=None, **changes):
        assert_refused(self, self.status(**changes), "ValidationException", message=message)

    def test_is_empty_while_nothing_is_revoked(self):
        response = self.status()
        self.assertEqual((response.status, response.json), (200, {"revokedEntities": []}), response)

    def test_takes_the_hashes_in_any_order(self):
        for hashes in (["1" * 192, "0" * 192], ["0" * 192], ["a" * 192] * 4):
            self.assertEqual(self.status(certificateHashes=hashes).status, 200)

    def test_takes_a_time_with_milliseconds(self):
        self.assertEqual(self.status(signatureTimestamp="2026-11-22T09:08:07.123Z").status, 200)

    def test_of_a_platform_without_revocation_is_refused(self):
        for platform in ("AWSIoTDeviceManagement-SHA256-ECDSA", "AmazonFreeRTOS-Default", "Nothing"):
            self.refused(f"Invalid platformId: {platform}", platformId=platform)

    def test_of_what_is_not_known_is_refused(self):
        version, job = here.profile_version, here.job
        profiles, jobs = world.PROFILES, world.JOBS
        for arn in (f"{profiles}/unknown/{version}", f"{profiles}/known/AAAAAAAAAA", f"{profiles}/known",
                    f"{jobs}/{job}", "x" * 30,
                    f"{profiles}/known/{version}".replace(":aws:", ":aws-cn:"),
                    f"{profiles}/known/{version}".replace("us-east-1", "us-east-2"),
                    f"{profiles}/known/{version}".replace(world.ACCOUNT, world.STRANGER)):
            with self.subTest(arn):
                self.refused(profileVersionArn=arn)
        for arn in (f"{jobs}/{uuid.uuid4()}", f"{jobs}/x", f"{profiles}/known/{version}", "x" * 30,
                    f"{jobs}/{job}".replace(":aws:", ":aws-cn:"),
                    f"{jobs}/{job}".replace("us-east-1", "us-east-2"),
                    f"{jobs}/{job}".replace(world.ACCOUNT, world.STRANGER)):
            with self.subTest(arn):
                self.refused(jobArn=arn)

    def test_of_a_job_and_a_profile_that_do_not_belong_together_is_refused(self):
        name, version = here.profile()
        self.refused(profileVersionArn=f"{world.PROFILES}/{name}/{version}")

    def test_is_answered_under_any_host_name_and_to_an_absolute_target(self):
        members = here.good("GetRevocationStatus")
        query = [("certificateHashes", text) for text in members.pop("certificateHashes")] + list(members.items())
        for host in ("data-127.0.0.1", "verification.signer.example:9400", "data-signer.us-east-1.amazonaws.com"):
            request = wire.signed(here.server.endpoint, here.server.credentials, "GET", "/revocations", query,
                                  headers={"host": host}.items())
            for target in (request.target, f"http://{host}{request.target}"):
                with self.subTest(target[:50]):
                    raw = request.raw().replace(request.target.encode(), target.encode(), 1)
                    self.assertEqual(wire.send_raw(here.server.endpoint, raw).status, 200)


if __name__ == "__main__":
    unittest.main()
