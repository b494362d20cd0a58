"""The main flow, with the client libraries as their users have them: profiles, platforms, jobs. (The
command lines go through every operation once, in all_operations_test.py.)"""

import time
import unittest
import uuid

import clients
import hallmark
import lambda_zip
import packages

LAMBDA = "AWSLambda-SHA384-ECDSA"
PLATFORMS = [
    "AWSIoTDeviceManagement-SHA256-ECDSA",
    LAMBDA,
    "AmazonFreeRTOS-TI-CC3220SF",
    "AmazonFreeRTOS-Default",
    "Notation-OCI-SHA384-ECDSA",
]
JOB_SECONDS_MAX = 60


class Flow:
    """One client and one server for the tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = hallmark.Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.client = cls.make_client(cls.server.endpoint, cls.server.credentials)
        cls.server.create_bucket("dst")
        cls.version = cls.server.put_object("src", "app.zip", packages.package())

    def call(self, operation, **parameters):
        return self.client.call(operation, **parameters)

    def put_profile(self, name):
        return self.call("PutSigningProfile", profileName=name, platformId=LAMBDA)

    def profile(self):
        """A profile of the test's own."""
        name = "p" + uuid.uuid4().hex
        self.put_profile(name)
        return name

    def start(self, profile, key="app.zip", version=None, **more):
        return self.call(
            "StartSigningJob", profileName=profile,
            source={"s3": {"bucketName": "src", "key": key, "version": version or self.version}},
            destination={"s3": {"bucketName": "dst", "prefix": "signed/"}}, **more,
        )["jobId"]

    def finished(self, job):
        def look():
            described = self.call("DescribeSigningJob", jobId=job)
            return described if described["status"] != "InProgress" else None

        return hallmark.wait_until(look, JOB_SECONDS_MAX)

    def refused(self, operation, **parameters):
        with self.assertRaises(clients.Refused) as caught:
            self.call(operation, **parameters)
        return caught.exception

    def assert_refused(self, name, status, operation, **parameters):
        refused = self.refused(operation, **parameters)
        self.assertEqual(refused.name, name)
        self.assertIn(refused.status, (status, None))
        return refused


class Platforms(Flow):
    def test_all_five_are_listed_in_order(self):
        listed = self.call("ListSigningPlatforms")["platforms"]
        self.assertEqual([p["platformId"] for p in listed], PLATFORMS)

    def test_come_in_pages_of_the_size_asked_for(self):
        found, sizes, more = [], [], {}
        while True:
            page = self.call("ListSigningPlatforms", maxResults=2, **more)
            sizes.append(len(page["platforms"]))
            found += [p["platformId"] for p in page["platforms"]]
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}
        self.assertEqual((found, sizes), (PLATFORMS, [2, 2, 1]))

    def test_each_is_read_alone_as_it_is_listed(self):
        for listed in self.call("ListSigningPlatforms")["platforms"]:
            alone = self.call("GetSigningPlatform", platformId=listed["platformId"])
            self.assertEqual(alone, listed)

    def test_lambda_is_described_as_the_live_service_does(self):
        platform = self.call("GetSigningPlatform", platformId=LAMBDA)
        self.assertEqual(platform["displayName"], "AWS Lambda")
        self.assertEqual((platform["partner"], platform["target"]), ("AWSLambda", "SHA384-ECDSA"))
        self.assertEqual((platform["category"], platform["maxSizeInMB"]), ("AWS", 250))
        self.assertTrue(platform["revocationSupported"])

    def test_an_unknown_one_is_not_found(self):
        self.assert_refused("ResourceNotFoundException", 404, "GetSigningPlatform", platformId="Nothing")


class Profiles(Flow):
    def test_are_put_and_read_back(self):
        put = self.put_profile("read_back")
        got = self.call("GetSigningProfile", profileName="read_back")
        self.assertRegex(put["profileVersion"], r"\A[a-zA-Z0-9]{10}\Z")
        self.assertRegex(put["arn"], r"\Aarn:aws:signer:us-east-1:[0-9]{12}:/signing-profiles/read_back\Z")
        self.assertEqual(put["profileVersionArn"], f'{put["arn"]}/{put["profileVersion"]}')
        self.assertEqual({k: got[k] for k in put}, put)
        self.assertEqual((got["profileName"], got["platformId"]), ("read_back", LAMBDA))
        self.assertEqual((got["platformDisplayName"], got["status"]), ("AWS Lambda", "Active"))
        self.assertEqual(got["signatureValidityPeriod"], {"value": 135, "type": "MONTHS"})

    def test_keep_the_validity_they_were_put_with(self):
        period = {"value": 10, "type": "DAYS"}
        self.call("PutSigningProfile", profileName="ten_days", platformId=LAMBDA, signatureValidityPeriod=period)
        got = self.call("GetSigningProfile", profileName="ten_days")
        self.assertEqual(got["signatureValidityPeriod"], period)

    def test_cannot_take_a_name_twice(self):
        self.put_profile("taken")
        refused = self.assert_refused(
            "ValidationException", 400, "PutSigningProfile", profileName="taken", platformId=LAMBDA)
        self.assertEqual(refused.message, "Profile with name taken already exists")

    def test_are_listed_page_by_page(self):
        names = {self.profile() for _ in range(3)}
        found, more = [], {}
        while True:
            page = self.call("ListSigningProfiles", maxResults=2, **more)
            self.assertLessEqual(len(page["profiles"]), 2)
            found += [p["profileName"] for p in page["profiles"]]
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}
        self.assertLessEqual(names, set(found))
        self.assertEqual(len(found), len(set(found)))

    def test_an_unknown_one_is_not_found(self):
        self.assert_refused("ResourceNotFoundException", 404, "GetSigningProfile", profileName="unknown")

    def test_a_name_against_the_pattern_is_invalid(self):
        self.assert_refused(
            "ValidationException", 400, "PutSigningProfile", profileName="with-hyphen", platformId=LAMBDA)


class Jobs(Flow):
    def test_sign_a_package_that_stands_up_to_checks(self):
        profile, started = self.profile(), time.time()
        job = self.finished(self.start(profile))
        self.assertEqual(job["status"], "Succeeded", job)
        key = job["signedObject"]["s3"]["key"]
        self.assertEqual(key, f'signed/{job["jobId"]}.zip')
        signed = self.server.get_object("dst", key, self.server.folder / "signed.zip")
        original = self.server.folder / "original.zip"
        original.write_bytes(packages.package())
        self.assertEqual(lambda_zip.differences(original, signed), [])
        said = self.server.run("verify", signed)
        self.assertIn(job["jobId"], said)
        self.assertIn(f'/signing-profiles/{profile}/{job["profileVersion"]}', said)
        for name in ("createdAt", "completedAt"):
            self.assertAlmostEqual(clients.seconds_of(job[name]), started, delta=JOB_SECONDS_MAX)

    def test_are_described_with_everything_that_was_asked_for(self):
        profile = self.profile()
        job = self.finished(self.start(profile))
        account = job["jobOwner"]
        self.assertEqual(job["source"], {"s3": {"bucketName": "src", "key": "app.zip", "version": self.version}})
        self.assertEqual((job["platformId"], job["platformDisplayName"]), (LAMBDA, "AWS Lambda"))
        self.assertEqual(job["profileName"], profile)
        self.assertEqual(job["signedObject"]["s3"]["bucketName"], "dst")
        self.assertEqual(job["jobInvoker"], account)
        self.assertRegex(job["requestedBy"], rf"\Aarn:aws:iam::{account}:")
        self.assertTrue(job["statusReason"])
        years = (clients.seconds_of(job["signatureExpiresAt"]) - clients.seconds_of(job["createdAt"])) / 31556952
        self.assertAlmostEqual(years, 135 / 12, delta=0.02)

    def test_are_started_once_for_one_token(self):
        profile, token = self.profile(), uuid.uuid4().hex
        first = self.start(profile, clientRequestToken=token)
        self.assertEqual(self.start(profile, clientRequestToken=token), first)
        self.assertNotEqual(self.start(profile, clientRequestToken=token + "x"), first)

    def test_are_listed_newest_first_page_by_page(self):
        profile = self.profile()
        started = [self.start(profile) for _ in range(3)]
        found, more = [], {}
        while True:
            page = self.call("ListSigningJobs", maxResults=2, **more)
            self.assertLessEqual(len(page["jobs"]), 2)
            found += [j["jobId"] for j in page["jobs"]]
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}
        self.assertEqual(found[:3], started[::-1])
        self.assertEqual(len(found), len(set(found)))

    def test_are_filtered_by_status_and_platform(self):
        profile = self.profile()
        good = self.start(profile)
        bad = self.start(profile, "bad.zip", self.server.put_object("src", "bad.zip", b"no zip"))
        self.finished(good)
        self.finished(bad)

        def listed(**filters):
            return {j["jobId"] for j in self.call("ListSigningJobs", **filters)["jobs"]}

        self.assertIn(good, listed(status="Succeeded"))
        self.assertNotIn(bad, listed(status="Succeeded"))
        self.assertIn(bad, listed(status="Failed"))
        self.assertIn(good, listed(platformId=LAMBDA))
        self.assertEqual(listed(platformId="AmazonFreeRTOS-Default"), set())

    def test_of_a_package_that_cannot_be_signed_fail_with_a_reason(self):
        profile = self.profile()
        jobs = {}
        for name, content in packages.MALFORMED.items():
            key = name.replace(" ", "_") + ".zip"
            jobs[name] = self.start(profile, key, self.server.put_object("src", key, content))
        for name, job in jobs.items():
            with self.subTest(name):
                self.assert_failed(self.finished(job))

    def test_of_a_signed_package_fail_with_a_reason(self):
        profile = self.profile()
        first = self.finished(self.start(profile))
        key = first["signedObject"]["s3"]["key"]
        path = self.server.get_object("dst", key, self.server.folder / "again.zip")
        version = self.server.put_object("src", "again.zip", path.read_bytes())
        self.assert_failed(self.finished(self.start(profile, "again.zip", version)))

    def assert_failed(self, job):
        self.assertEqual(job["status"], "Failed", job)
        self.assertGreater(len(job["statusReason"]), 10)
        self.assertNotIn("signedObject", job)
        self.assertNotIn(f'signed/{job["jobId"]}.zip', self.server.keys("dst"))

    def test_of_an_unknown_profile_are_refused(self):
        with self.assertRaises(clients.Refused) as caught:
            self.start("unknown_profile")
        self.assertEqual(caught.exception.name, "ResourceNotFoundException")

    def test_unknown_ones_are_not_found(self):
        self.assert_refused("ResourceNotFoundException", 404, "DescribeSigningJob", jobId=str(uuid.uuid4()))


for flow in (Platforms, Profiles, Jobs):
    clients.for_every_client(globals(), flow, clients.LIBRARIES)


if __name__ == "__main__":
    unittest.main()
