"""Every operation, asked by everybody who may not have it: the right refusal, and nothing done."""

import json
import re
import unittest

import clients
import identities
import model
import wire
import world
from hallmark import ACCOUNT
from identities import ALL_ALLOWED, policy, statement
from refusals import assert_refused

OTHER = "222233334444"  # an account of this server
ROLE = f"arn:aws:iam::{ACCOUNT}:role/everything"
# The operations whose resource is no profile and no job.
ANY_RESOURCE = {"PutSigningProfile", "GetSigningPlatform", "ListSigningJobs", "ListSigningPlatforms", "ListSigningProfiles"}
# What a user of another account is answered who is allowed everything there, and says nothing of
# whose profile it is: the name is sought among its own.
OF_ITS_OWN = {
    "CancelSigningProfile": "ResourceNotFoundException",
    "RevokeSigningProfile": "ResourceNotFoundException",
    "AddProfilePermission": "ResourceNotFoundException",
    "ListProfilePermissions": "ResourceNotFoundException",
    "RemoveProfilePermission": "ResourceNotFoundException",
    "PutSigningProfile": None, "GetSigningPlatform": None, "ListSigningJobs": None, "ListSigningPlatforms": None,
    "ListSigningProfiles": None,
    "GetRevocationStatus": None,  # for jobs and profiles of any account
    "DescribeSigningJob": "ResourceNotFoundException",  # whether there is such a job is not said
}


def setUpModule():
    global here, operations, good, people
    operations = model.operations()
    here = world.World()
    unittest.addModuleCleanup(here.close)
    good = {name: here.good(name) for name in operations}
    people = identities.Identities(here.server)
    people.account(OTHER)


class Matrix(unittest.TestCase):
    def send(self, name, credentials):
        return here.server.call(*model.request_of(operations[name], good[name]), credentials=credentials)

    def for_each(self, check):
        for name in operations:
            with self.subTest(name):
                check(name)


class Refusals(Matrix):
    def assert_denied(self, name, response, who, reason):
        """In the words of AWS: who, what, on what, and why not."""
        assert_refused(self, response, "AccessDeniedException")
        resource = r"\*" if name in ANY_RESOURCE else rf"arn:aws:signer:us-east-1:{ACCOUNT}:/signing-(profiles|jobs)/\S+"
        if name == "PutSigningProfile":  # AWS's own list of resource types and its messages disagree
            resource = r"\S+"
        self.assertRegex(response.json["Message"],
                         rf"\AUser: {re.escape(who)} is not authorized to perform: signer:{name} "
                         rf"on resource: {resource} {reason}\Z")

    def test_of_nobody(self):
        def check(name):
            method, path, query, body = model.request_of(operations[name], good[name])
            signed = wire.signed(here.server.endpoint, here.server.credentials, method, path, query, body)
            response = wire.send(here.server.endpoint, signed.with_header("authorization", None))
            assert_refused(self, response, "MissingAuthenticationTokenException")

        self.for_each(check)

    def test_of_a_wrong_signature(self):
        known = here.server.credentials
        forger = wire.Credentials(known.access_key, known.secret_key[::-1])
        self.for_each(lambda name: assert_refused(self, self.send(name, forger), "InvalidSignatureException"))

    def test_of_a_user_without_a_policy(self):
        user = people.user("nobody")
        self.for_each(lambda name: self.assert_denied(
            name, self.send(name, user), f"arn:aws:iam::{ACCOUNT}:user/nobody",
            f"because no identity-based policy allows the signer:{name} action"))

    def test_of_a_user_who_is_allowed_everything_else(self):
        def check(name):
            others = [f"signer:{other}" for other in operations if other != name]
            user = people.user(f"all_but_{name}", policy(statement(action=[*others, "s3:*"])))
            self.assert_denied(name, self.send(name, user), f"arn:aws:iam::{ACCOUNT}:user/all_but_{name}",
                               f"because no identity-based policy allows the signer:{name} action")

        self.for_each(check)

    def test_of_an_explicit_deny(self):
        user = people.user("denied", ALL_ALLOWED, policy(statement("Deny", "signer:*")))
        self.for_each(lambda name: self.assert_denied(
            name, self.send(name, user), f"arn:aws:iam::{ACCOUNT}:user/denied",
            "with an explicit deny in an identity-based policy"))

    def test_of_another_account(self):
        stranger = people.user("stranger", ALL_ALLOWED, account=OTHER)

        def check(name):
            response = self.send(name, stranger)
            expected = OF_ITS_OWN.get(name, "AccessDeniedException")
            self.assertEqual(response.error, expected, response)
            if expected is None:
                self.assertNotIn(b"known", response.body)
                self.assertNotIn(here.job.encode(), response.body)

        self.for_each(check)

    def test_of_a_narrowed_session(self):
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}
        people.role("everything", trust, ALL_ALLOWED)
        sts = clients.Boto3(here.server.endpoint, here.server.credentials, "sts")
        session = identities.credentials_of(sts.call(
            "AssumeRole", RoleArn=ROLE, RoleSessionName="narrowed",
            Policy=json.dumps(policy(statement(action=["s3:*", "signer:Nothing"])))))
        self.for_each(lambda name: self.assert_denied(
            name, self.send(name, session), f"arn:aws:sts::{ACCOUNT}:assumed-role/everything/narrowed",
            f"because no session policy allows the signer:{name} action"))

    def test_of_a_resource_that_is_not_the_one_allowed(self):
        arn = f"{world.PROFILES}/known"
        user = people.user("one_profile", policy(statement(resource=arn, action="signer:*")))
        self.assertEqual(self.send("GetSigningProfile", user).status, 200)
        other = here.server.call("GET", "/signing-profiles/notation", credentials=user)
        assert_refused(self, other, "AccessDeniedException")


class Unchanged(Matrix):
    """What was refused above is answered now, to whom it belongs."""

    def test_is_everything(self):
        self.for_each(lambda name: self.assertEqual(self.send(name, here.server.credentials).status, 200))


if __name__ == "__main__":
    unittest.main()
