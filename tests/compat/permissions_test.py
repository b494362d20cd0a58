"""A profile's permissions: each refusal in AWS's words and order, revisions, and the greatest size."""

import json
import unittest
import uuid

import world
from refusals import assert_refused

OTHER_REVISION = "00000000-0000-4000-8000-000000000000"


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


def body_of(statement, **changes):
    """With a member that nobody reads: the same request twice within a second would be a replay."""
    body = {"test": uuid.uuid4().hex, "action": "signer:StartSigningJob", "principal": world.STRANGER, "statementId": statement,
            **changes}
    return {name: value for name, value in body.items() if value is not None}


class Permissions(unittest.TestCase):
    def setUp(self):
        self.name, self.version = here.profile()

    def path(self, statement=None):
        return f"/signing-profiles/{self.name}/permissions" + (f"/{statement}" if statement else "")

    def add(self, statement="s", **changes):
        """The revision after adding."""
        return here.done("POST", self.path(), (), body_of(statement, **changes))["revisionId"]

    def remove(self, statement, revision):
        return here.done("DELETE", self.path(statement), [("revisionId", revision)])["revisionId"]

    def listed(self):
        return here.done("GET", self.path())

    def add_refused(self, name, code, message, statement="s", **changes):
        response = here.server.call("POST", self.path(), (), body_of(statement, **changes))
        assert_refused(self, response, name, code, message)

    def remove_refused(self, name, code, message, statement="s", revision=OTHER_REVISION):
        response = here.server.call("DELETE", self.path(statement), [("revisionId", revision)])
        assert_refused(self, response, name, code, message)

    def list_refused(self, name, code, message):
        assert_refused(self, here.server.call("GET", self.path()), name, code, message)


class Refusals(Permissions):
    def test_of_an_unknown_profile(self):
        self.name = "unknown"
        expected = ("ResourceNotFoundException", "ProfileNotFound", "SigningProfile with name unknown does not exist")
        self.add_refused(*expected)
        self.list_refused(*expected)
        self.remove_refused(*expected)

    def test_of_a_canceled_or_revoked_profile(self):
        def canceled():
            here.done("DELETE", f"/signing-profiles/{self.name}")

        def revoked():
            here.done("PUT", f"/signing-profiles/{self.name}/revoke", (),
                      {"profileVersion": self.version, "reason": "a test", "effectiveTime": 1_700_000_000})

        for end, state in ((canceled, "Canceled"), (revoked, "Revoked")):
            with self.subTest(state):
                self.name, self.version = here.profile()
                revision = self.add("kept")
                end()
                self.add_refused("ValidationException", "ProfileNotActive",
                                 f"Cannot add permission to a profile in {state} state")
                self.remove_refused("ValidationException", "ProfileNotActive",
                                    f"Cannot remove permission from a profile in {state} state", "kept", revision)
                self.assertEqual([p["statementId"] for p in self.listed()["permissions"]], ["kept"])

    def test_of_an_empty_statement_id(self):
        self.add_refused("ValidationException", "ValidationException", "statementId cannot be empty.", "")

    def test_of_a_statement_id_with_other_characters(self):
        for statement in ("a b", "a.b", "a/b", "é", "a\n"):
            with self.subTest(statement):
                self.add_refused(
                    "ValidationException", "InvalidPermissionStatement",
                    "Statement ID must contain only alphanumeric characters, underscores, and dashes", statement)

    def test_of_a_statement_id_that_is_too_long(self):
        self.add_refused("ValidationException", "InvalidPermissionStatement",
                         "Statement ID must be less than 64 characters length", "s" * 65)
        self.add("s" * 64)

    def test_of_what_is_no_principal(self):
        for principal in ("", "x", "11112222333", "1111222233334", "*", "arn:aws:iam:111122223333:role/x",
                          "arn:aws:iam::111122223333:user/x", "arn:aws:iam::111122223333:role/",
                          "arn:aws:iam::1:role/x", "arn:aws:s3:::111122223333:role/x"):
            with self.subTest(principal):
                self.add_refused("ValidationException", "InvalidPrincipal",
                                 "Principal is not a valid AWS account id or IAM Role Arn", principal=principal)

    def test_of_a_role_that_is_not_there(self):
        self.add_refused("ResourceNotFoundException", None, "Principal not found",
                         principal=f"arn:aws:iam::{world.ACCOUNT}:role/unknown")

    def test_of_an_action_that_cannot_be_granted(self):
        for action in ("signer:PutSigningProfile", "signer:*", "signer:SignPayload", "StartSigningJob", ""):
            with self.subTest(action):
                self.add_refused(
                    "ValidationException", "ValidationException",
                    f"Action {action} not supported for platform {world.LAMBDA}. Action must be one of "
                    "[signer:StartSigningJob, signer:GetSigningProfile, signer:RevokeSignature]", action=action)

    def test_of_an_action_that_cannot_be_granted_for_container_images(self):
        self.name, _ = here.profile(platformId=world.NOTATION)
        self.add_refused(
            "ValidationException", "ValidationException",
            f"Action signer:StartSigningJob not supported for platform {world.NOTATION}. Action must be one of "
            "[signer:SignPayload, signer:GetSigningProfile, signer:RevokeSignature]")
        self.add(action="signer:SignPayload")

    def test_of_an_unknown_version(self):
        self.add_refused("ResourceNotFoundException", "ProfileVersionNotFound",
                         f"Version AAAAAAAAAA does not exist for SigningProfile {self.name}.",
                         profileVersion="AAAAAAAAAA")

    def test_of_a_statement_id_that_is_taken(self):
        revision = self.add()
        for changes in ({"action": "signer:GetSigningProfile"}, {"principal": "444455556666"},
                        {"profileVersion": self.version}):
            with self.subTest(changes):
                self.add_refused("ValidationException", "InvalidPermissionStatement",
                                 "Statement with statementId s is already in the policy",
                                 revisionId=revision, **changes)

    def test_of_a_revision_when_there_is_no_policy(self):
        self.add_refused("ValidationException", "ValidationException",
                         "Resource Policy does not exist but revisionId was specified in the request",
                         revisionId=OTHER_REVISION)

    def test_of_no_revision_when_there_is_a_policy(self):
        self.add()
        for revision in (None, ""):
            self.add_refused(
                "ValidationException", "ValidationException",
                f"Resource Policy exists for Profile Name {self.name}. But no revisionId was provided in the request",
                "other", revisionId=revision)

    def test_of_a_stale_revision(self):
        first = self.add()
        current = self.add("other", revisionId=first)
        for stale in (first, OTHER_REVISION, "x"):
            expected = ("ConflictException", "PolicyRevisionIdMismatch",
                        f"Specified revisionId ({stale}) does not match the revisionId of the existing policy ({current})")
            self.add_refused(*expected, "third", revisionId=stale)
            self.remove_refused(*expected, "other", stale)
        self.assertEqual(self.listed()["revisionId"], current)

    def test_of_a_profile_without_a_policy(self):
        expected = ("ResourceNotFoundException", "PolicyNotFound", f"No policies associated with profile {self.name}")
        self.list_refused(*expected)
        self.remove_refused(*expected)

    def test_of_removing_an_unknown_statement(self):
        revision = self.add()
        self.remove_refused("ResourceNotFoundException", "PolicyNotFound",
                            f"No policy named other associated with {self.name} profile", "other", revision)

    def test_come_in_awss_order(self):
        """What is wrong in all respects is told the first; each is mended in turn."""
        self.add("taken")
        wrong = {"statement": "a b", "principal": "x", "action": "y", "profileVersion": "AAAAAAAAAA", "revisionId": None}
        mended = [
            ({}, "InvalidPermissionStatement"),
            ({"statement": "taken"}, "InvalidPrincipal"),
            ({"principal": "444455556666"}, "ValidationException"),
            ({"action": "signer:GetSigningProfile"}, "ProfileVersionNotFound"),
            ({"profileVersion": self.version}, "InvalidPermissionStatement"),
            ({"statement": "new"}, "ValidationException"),
            ({"revisionId": OTHER_REVISION}, "PolicyRevisionIdMismatch"),
        ]
        for change, code in mended:
            wrong.update(change)
            with self.subTest(change):
                changes = dict(wrong)
                response = here.server.call("POST", self.path(), (), body_of(changes.pop("statement"), **changes))
                self.assertEqual(response.json["code"], code, response)


class Revisions(Permissions):
    def test_change_with_every_change(self):
        first = self.add()
        second = self.add("other", revisionId=first)
        third = self.remove("s", second)
        for revision in (first, second, third):
            self.assertEqual(str(uuid.UUID(revision)), revision)
        self.assertEqual(len({first, second, third}), 3)
        self.assertEqual(self.listed()["revisionId"], third)

    def test_stay_when_the_same_statement_is_added_again(self):
        current = self.add("other", revisionId=self.add())
        for revision in (None, "", OTHER_REVISION, current):
            self.assertEqual(self.add(revisionId=revision), current)
        self.assertEqual(self.listed()["revisionId"], current)

    def test_end_with_the_last_statement(self):
        after = self.remove("s", self.add())
        self.assertEqual(str(uuid.UUID(after)), after)
        self.list_refused("ResourceNotFoundException", "PolicyNotFound", None)
        self.add()

    def test_change_when_the_profile_is_canceled(self):
        before = self.add()
        here.done("DELETE", f"/signing-profiles/{self.name}")
        listed = self.listed()
        self.assertNotEqual(listed["revisionId"], before)
        self.assertEqual(len(listed["permissions"]), 1)


class Sizes(Permissions):
    def policy_bytes(self, permissions):
        """As AWS counts them: the compact JSON of the statements, with account ids as root ARNs."""
        statements = []
        for permission in permissions:
            principal = permission["principal"]
            statement = {
                "Sid": permission["statementId"], "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{principal}:root" if principal.isdigit() else principal},
                "Action": permission["action"], "Resource": f"{world.PROFILES}/{self.name}",
            }
            if "profileVersion" in permission:
                statement["Condition"] = {"StringEquals": {"signer:ProfileVersion": permission["profileVersion"]}}
            statements.append(statement)
        return len(json.dumps(statements, separators=(",", ":")))

    def test_are_counted_as_aws_does(self):
        revision = self.add("account")
        revision = self.add("role", principal="arn:aws:iam::111122223333:role/path/name", revisionId=revision)
        self.add("versioned", profileVersion=self.version, revisionId=revision)
        listed = self.listed()
        self.assertEqual(listed["policySizeBytes"], self.policy_bytes(listed["permissions"]))

    def test_are_two_thousand_bytes_at_most(self):
        revision, number = None, 0
        while True:
            response = here.server.call("POST", self.path(), (), body_of(f"s{number}", revisionId=revision))
            if response.status != 200:
                break
            revision, number = response.json["revisionId"], number + 1
        assert_refused(self, response, "ServiceLimitExceededException", "ServiceLimitExceeded",
                       "Policy cannot exceed maximum size of 2000 bytes")
        listed = self.listed()
        self.assertEqual((listed["revisionId"], len(listed["permissions"])), (revision, number))
        # The limit counts an account id as it was sent, 18 bytes less than its root ARN.
        one = self.policy_bytes(listed["permissions"][:1]) - 1  # with its comma, without the brackets
        as_sent = self.policy_bytes(listed["permissions"]) - 18 * number
        self.assertLessEqual(as_sent, 2000)
        self.assertGreater(as_sent + one - 18, 2000)


class Answers(Permissions):
    def test_have_what_was_added_in_one_page(self):
        role = "arn:aws:iam::111122223333:role/path/name"
        revision = self.add("one")
        self.add("two", principal=role, profileVersion=self.version, revisionId=revision)
        listed = self.listed()
        self.assertEqual(listed["permissions"], [
            {"action": "signer:StartSigningJob", "principal": world.STRANGER, "statementId": "one"},
            {"action": "signer:StartSigningJob", "principal": role, "statementId": "two", "profileVersion": self.version},
        ])
        self.assertNotIn("nextToken", listed)

    def test_have_no_next_page(self):
        self.add()
        response = here.server.call("GET", self.path(), [("nextToken", "x")])
        assert_refused(self, response, "ValidationException")


if __name__ == "__main__":
    unittest.main()
