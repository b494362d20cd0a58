"""Granting, tagging and revoking requests as a client sent them, captured, and sent again byte for byte:
the first answer once more, and nothing done."""

import time
import unittest

import clients
import recording
import wire
import world

REVISION = "00000000-0000-4000-8000-000000000000"


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


class Replay(unittest.TestCase):
    def setUp(self):
        self.recorder = recording.Recorder(here.server.endpoint)
        self.addCleanup(self.recorder.close)
        self.client = clients.Boto3(self.recorder.endpoint, here.server.credentials)
        self.name, self.version = here.profile()
        self.arn = f"{world.PROFILES}/{self.name}"

    def call(self, operation, **parameters):
        """A call through the recorder; its request, and what it answered."""
        answer = self.client.call(operation, **parameters)
        return self.recorder.requests[-1], answer

    def again(self, request):
        response = wire.send(here.server.endpoint, request)
        self.assertEqual(response.status, 200, response)
        return response.json if response.body else {}

    def statements(self):
        response = here.server.call("GET", f"/signing-profiles/{self.name}/permissions")
        return [p["statementId"] for p in response.json["permissions"]] if response.status == 200 else []

    def add(self, statement, **more):
        return self.call("AddProfilePermission", profileName=self.name, statementId=statement,
                         action="signer:StartSigningJob", principal=world.STRANGER, **more)

    def tags(self):
        return here.done("GET", f"/signing-profiles/{self.name}")["tags"]

    def test_of_a_grant_does_not_grant_again(self):
        request, answer = self.add("granted")
        self.call("RemoveProfilePermission", profileName=self.name, statementId="granted",
                  revisionId=answer["revisionId"])
        self.assertEqual(self.again(request), answer)
        self.assertEqual(self.statements(), [])

    def test_of_a_withdrawal_does_not_withdraw_again(self):
        _, first = self.add("kept")
        _, second = self.add("granted", revisionId=first["revisionId"])
        request, answer = self.call("RemoveProfilePermission", profileName=self.name, statementId="granted",
                                    revisionId=second["revisionId"])
        self.add("granted", revisionId=answer["revisionId"])
        self.assertEqual(self.again(request), answer)
        self.assertEqual(self.statements(), ["kept", "granted"])

    def test_of_a_tagging_does_not_tag_again(self):
        request, answer = self.call("TagResource", resourceArn=self.arn, tags={"stage": "test"})
        self.call("UntagResource", resourceArn=self.arn, tagKeys=["stage"])
        self.assertEqual(self.again(request), answer)
        self.assertEqual(self.tags(), {})

    def test_of_an_untagging_does_not_untag_again(self):
        self.call("TagResource", resourceArn=self.arn, tags={"stage": "test"})
        request, answer = self.call("UntagResource", resourceArn=self.arn, tagKeys=["stage"])
        self.call("TagResource", resourceArn=self.arn, tags={"stage": "again"})
        self.assertEqual(self.again(request), answer)
        self.assertEqual(self.tags(), {"stage": "again"})

    def test_of_a_revocation_is_answered_as_the_first_was(self):
        job = here.finished(here.start(self.name))
        signature, answer = self.call("RevokeSignature", jobId=job, reason="first")
        record = here.done("GET", f"/signing-jobs/{job}")["revocationRecord"]
        self.assertEqual(self.again(signature), answer)
        self.assertEqual(here.done("GET", f"/signing-jobs/{job}")["revocationRecord"], record)

        profile, answer = self.call("RevokeSigningProfile", profileName=self.name, profileVersion=self.version,
                                    reason="first", effectiveTime=int(time.time()) - 60)
        record = here.done("GET", f"/signing-profiles/{self.name}")["revocationRecord"]
        self.assertEqual(self.again(profile), answer)
        self.assertEqual(here.done("GET", f"/signing-profiles/{self.name}")["revocationRecord"], record)

    def test_of_a_refused_request_is_judged_anew(self):
        """What was refused was not executed, so there is no answer to repeat."""
        with self.assertRaises(clients.Refused):
            self.add("refused", revisionId=REVISION)
        request = self.recorder.requests[-1]
        self.assertEqual(wire.send(here.server.endpoint, request).error, "ValidationException")

    def test_is_known_after_a_restart(self):
        request, answer = self.add("granted")
        self.call("RemoveProfilePermission", profileName=self.name, statementId="granted",
                  revisionId=answer["revisionId"])
        self.assertEqual(here.server.stop(), 0)
        here.server.start()
        again = wire.send(here.server.endpoint, request)  # signed for the old port: Host is but a header
        self.assertEqual((again.status, again.json), (200, answer))
        self.assertEqual(self.statements(), [])


if __name__ == "__main__":
    unittest.main()
