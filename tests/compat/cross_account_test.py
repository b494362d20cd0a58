"""Two accounts and one profile: what its permissions let the other one do, and what both then see."""

import base64
import unittest

import clients
import identities
import world
from hallmark import ACCOUNT
from identities import ALL_ALLOWED, policy, statement
from refusals import assert_refused

PARTNER = "222233334444"
THIRD = "333344445555"


def setUpModule():
    global here, people, partner, third
    here = world.World()
    unittest.addModuleCleanup(here.close)
    people = identities.Identities(here.server)
    people.account(PARTNER)
    people.account(THIRD)
    partner = people.user("partner", ALL_ALLOWED, account=PARTNER)
    third = people.user("third", ALL_ALLOWED, account=THIRD)


class CrossAccount(unittest.TestCase):
    def setUp(self):
        self.name, self.version = here.profile(platformId=world.NOTATION)
        self.revision = None

    def grant(self, *actions, principal=PARTNER, **more):
        for action in actions:
            body = {"action": f"signer:{action}", "principal": principal, "statementId": f"allow{action}", **more}
            if self.revision:
                body["revisionId"] = self.revision
            self.revision = here.done("POST", f"/signing-profiles/{self.name}/permissions", (), body)["revisionId"]

    def read(self, credentials):
        return here.server.call("GET", f"/signing-profiles/{self.name}", [("profileOwner", ACCOUNT)],
                                credentials=credentials)

    def sign(self, credentials):
        body = {"profileName": self.name, "profileOwner": ACCOUNT, "payloadFormat": world.PAYLOAD_FORMAT,
                "payload": base64.b64encode(world.PAYLOAD).decode()}
        return here.server.call("POST", "/signing-jobs/with-payload", (), body, credentials=credentials)

    def describe(self, job, credentials):
        return here.server.call("GET", f"/signing-jobs/{job}", credentials=credentials)

    def revoke(self, job, credentials):
        body = {"reason": "a test", "jobOwner": ACCOUNT}
        return here.server.call("PUT", f"/signing-jobs/{job}/revoke", (), body, credentials=credentials)

    def denied(self, response):
        assert_refused(self, response, "AccessDeniedException")

    def assert_answered(self, response):
        self.assertEqual(response.status, 200, response)


class Profiles(CrossAccount):
    def test_are_closed_to_others(self):
        for response in (self.read(partner), self.sign(partner)):
            self.denied(response)
            self.assertIn("because no resource-based policy allows the", response.json["Message"])

    def test_are_open_for_what_was_granted_and_to_whom(self):
        self.grant("GetSigningProfile")
        self.assert_answered(self.read(partner))
        self.denied(self.sign(partner))
        self.denied(self.read(third))

    def test_are_closed_again_when_the_grant_is_taken_back(self):
        self.grant("GetSigningProfile")
        self.assert_answered(self.read(partner))
        here.done("DELETE", f"/signing-profiles/{self.name}/permissions/allowGetSigningProfile",
                  [("revisionId", self.revision)])
        self.denied(self.read(partner))

    def test_are_closed_to_a_user_whose_own_account_does_not_allow_it(self):
        self.grant("GetSigningProfile")
        powerless = people.user("powerless", policy(statement(action="signer:ListSigningJobs")), account=PARTNER)
        self.denied(self.read(powerless))

    def test_are_open_to_the_one_role_that_was_named(self):
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}, "Action": "sts:AssumeRole"}]}
        sessions = {}
        for role in ("named", "unnamed"):
            people.role(role, trust, ALL_ALLOWED, account=PARTNER)
            sts = clients.Boto3(here.server.endpoint, partner, "sts")
            sessions[role] = identities.credentials_of(sts.call(
                "AssumeRole", RoleArn=f"arn:aws:iam::{PARTNER}:role/{role}", RoleSessionName="a_session"))
        self.grant("GetSigningProfile", principal=f"arn:aws:iam::{PARTNER}:role/named")
        self.assert_answered(self.read(sessions["named"]))
        self.denied(self.read(sessions["unnamed"]))
        self.denied(self.read(partner))

    def test_are_open_for_the_version_that_was_named(self):
        self.grant("GetSigningProfile", profileVersion=self.version)
        self.assert_answered(self.read(partner))


class Jobs(CrossAccount):
    def signed(self):
        self.grant("SignPayload", "RevokeSignature")
        response = self.sign(partner)
        self.assert_answered(response)
        self.assertEqual(response.json["jobOwner"], ACCOUNT)
        return response.json["jobId"]

    def test_are_seen_by_owner_and_invoker_and_by_nobody_else(self):
        job = self.signed()
        for credentials in (None, partner):
            described = self.describe(job, credentials)
            self.assert_answered(described)
            self.assertEqual((described.json["jobOwner"], described.json["jobInvoker"]), (ACCOUNT, PARTNER))
            self.assertEqual(described.json["requestedBy"], f"arn:aws:iam::{PARTNER}:user/partner")
        self.assertIn(self.describe(job, third).error, ("AccessDeniedException", "ResourceNotFoundException"))

    def test_are_listed_by_owner_and_invoker(self):
        job = self.signed()
        for credentials, filters, expected in (
                (None, [], True), (None, [("jobInvoker", PARTNER)], True), (None, [("jobInvoker", ACCOUNT)], False),
                (partner, [], True), (partner, [("jobInvoker", PARTNER)], True), (third, [], False)):
            with self.subTest(filters):
                listed = here.server.call("GET", "/signing-jobs", filters, credentials=credentials).json["jobs"]
                self.assertEqual(job in [j["jobId"] for j in listed], expected)

    def test_are_revoked_by_whom_the_profile_lets(self):
        job = self.signed()
        self.denied(self.revoke(job, third))
        self.assert_answered(self.revoke(job, partner))
        record = self.describe(job, None).json["revocationRecord"]
        self.assertEqual(record["revokedBy"], f"arn:aws:iam::{PARTNER}:user/partner")


if __name__ == "__main__":
    unittest.main()
