"""Every operation once, by every client that knows it. (GetRevocationStatus, whose host the clients
change, is in revocation_clients_test.py.)"""

import time
import unittest
import uuid

import clients
import world


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


class AllOperations:
    def setUp(self):
        self.client = self.make_client(here.server.endpoint, here.server.credentials)
        self.name = "p" + uuid.uuid4().hex
        self.arn = f"{world.PROFILES}/{self.name}"

    def call(self, operation, **parameters):
        return self.client.call(operation, **parameters)

    def status(self):
        return here.done("GET", f"/signing-profiles/{self.name}")["status"]

    def test_are_answered(self):
        version = self.put_and_read()
        self.tag()
        self.permit()
        self.sign(version)
        self.end(version)

    def put_and_read(self):
        put = self.call("PutSigningProfile", profileName=self.name, platformId=world.LAMBDA, tags={"team": "one"})
        self.assertEqual(put["arn"], self.arn)
        got = self.call("GetSigningProfile", profileName=self.name)
        self.assertEqual((got["profileVersion"], got["tags"]), (put["profileVersion"], {"team": "one"}))
        profiles = self.call("ListSigningProfiles", maxResults=25)["profiles"]
        self.assertIn(self.name, [profile["profileName"] for profile in profiles])
        platform = self.call("GetSigningPlatform", platformId=world.LAMBDA)
        self.assertIn(platform, self.call("ListSigningPlatforms")["platforms"])
        return put["profileVersion"]

    def test_are_refused_as_the_service_says(self):
        here.put(self.name)
        with self.assertRaises(clients.Refused) as caught:
            self.call("PutSigningProfile", profileName=self.name, platformId=world.LAMBDA)
        self.assertEqual((caught.exception.name, caught.exception.message),
                         ("ValidationException", f"Profile with name {self.name} already exists"))

    def tag(self):
        self.call("TagResource", resourceArn=self.arn, tags={"stage": "a b/c+d"})
        self.call("UntagResource", resourceArn=self.arn, tagKeys=["team", "not/there"])
        self.assertEqual(self.call("ListTagsForResource", resourceArn=self.arn)["tags"], {"stage": "a b/c+d"})

    def permit(self):
        added = self.call("AddProfilePermission", profileName=self.name, action="signer:StartSigningJob",
                          principal=world.STRANGER, statementId="one")
        listed = self.call("ListProfilePermissions", profileName=self.name)
        self.assertEqual((listed["revisionId"], len(listed["permissions"])), (added["revisionId"], 1))
        self.call("RemoveProfilePermission", profileName=self.name, statementId="one", revisionId=added["revisionId"])

    def sign(self, version):
        job = here.finished(self.call("StartSigningJob", **here.job_of(self.name))["jobId"])
        self.call("RevokeSignature", jobId=job, reason="a test")
        described = self.call("DescribeSigningJob", jobId=job)
        self.assertEqual((described["profileVersion"], described["revocationRecord"]["reason"]), (version, "a test"))
        jobs = self.call("ListSigningJobs", isRevoked=True, jobInvoker=world.ACCOUNT)["jobs"]
        self.assertEqual([j["isRevoked"] for j in jobs if j["jobId"] == job], [True])
        try:
            signed = self.call("SignPayload", profileName="notation", payload=world.PAYLOAD,
                               payloadFormat=world.PAYLOAD_FORMAT)
        except clients.UnknownToClient:
            return
        self.assertTrue(signed["signature"])
        self.assertEqual(here.done("GET", f"/signing-jobs/{signed['jobId']}")["status"], "Succeeded")

    def end(self, version):
        self.call("RevokeSigningProfile", profileName=self.name, profileVersion=version, reason="a test",
                  effectiveTime=int(time.time()) - 60)
        self.assertEqual(self.status(), "Revoked")
        self.name, _ = here.profile()
        self.call("CancelSigningProfile", profileName=self.name)
        self.assertEqual(self.status(), "Canceled")


clients.for_every_client(globals(), AllOperations)


if __name__ == "__main__":
    unittest.main()
