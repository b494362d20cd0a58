"""Users, keys and policies changed under a running server: what holds a second later."""

import json
import unittest

import clients
import hallmark
import identities
import wire
from hallmark import ACCOUNT
from identities import ALL_ALLOWED, effective, policy, statement

OTHER = "222233334444"
PLATFORMS_ONLY = policy(statement(action="signer:ListSigningPlatforms"))


def setUpModule():
    global server, people
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)
    people = identities.Identities(server)
    people.account(OTHER)


class Identities(unittest.TestCase):
    def error(self, credentials, path="/signing-platforms"):
        return server.call("GET", path, credentials=credentials).error

    def refused(self, *arguments):
        """What a command says that fails for a reason, not for wrong usage."""
        with self.assertRaises(hallmark.CommandFailed) as caught:
            server.run(*arguments)
        self.assertEqual(caught.exception.code, 1, caught.exception)
        self.assertEqual(len(caught.exception.stderr.strip().splitlines()), 1, caught.exception)
        return caught.exception.stderr


class Policies(Identities):
    def test_are_in_force_as_soon_as_they_are_put_and_deleted(self):
        user = people.user("policies")
        self.assertEqual(self.error(user), "AccessDeniedException")
        people.put_policy("--user", "policies", "some", PLATFORMS_ONLY)
        effective(lambda: self.error(user) is None)
        people.put_policy("--user", "policies", "some", policy(statement(action="signer:ListSigningJobs")))
        effective(lambda: self.error(user) == "AccessDeniedException")
        self.assertIsNone(self.error(user, "/signing-jobs"))
        server.run("policy", "delete", "--user", "policies", "--name", "some")
        effective(lambda: self.error(user, "/signing-jobs") == "AccessDeniedException")

    def test_that_are_malformed_are_refused_with_the_place(self):
        people.user("malformed")
        for document, place in (
                ('{"Version": "2012-10-17"}', "Statement"),
                ('{"Version": "2011-01-01", "Statement": []}', "Version"),
                (json.dumps(policy(statement("Perhaps"))), "Effect"),
                (json.dumps(policy(statement(action="ListSigningJobs"))), "Action"),
                (json.dumps(policy(statement(resource="x"))), "Resource"),
                (json.dumps(policy(statement(Condition={"StringLikes": {"a": "b"}}))), "StringLikes"),
                (json.dumps(policy(statement(Conditions={}))), "Conditions"),
                ("{", "")):
            with self.subTest(document):
                said = self.refused("policy", "put", "--user", "malformed", "--name", "bad",
                                    people.document(document))
                self.assertIn(place, said)

    def test_are_simulated_with_the_statement_that_decides(self):
        people.user("simulated", PLATFORMS_ONLY, policy(
            statement(), statement("Deny", "signer:ListSigningJobs", Sid="NoJobs"), statement("Deny", "signer:Put*")))
        for action, decision, index, sid in (("ListSigningPlatforms", "allowed", 0, None),
                                             ("ListSigningJobs", "explicitDeny", 1, "NoJobs"),
                                             ("PutSigningProfile", "explicitDeny", 2, None)):
            with self.subTest(action):
                said = self.simulated("simulated", action)
                self.assertEqual((said["EvalDecision"], said["StatementIndex"]), (decision, index))
                self.assertEqual(said.get("StatementId") or None, sid)
        people.user("simulated_too", PLATFORMS_ONLY)
        said = self.simulated("simulated_too", "ListSigningJobs")
        self.assertEqual(said["EvalDecision"], "implicitDeny")
        self.assertNotIn("StatementIndex", said)

    @staticmethod
    def simulated(user, action):
        """What the command says, whose exit code tells whether it is allowed."""
        arguments = ("policy", "simulate", "--user", user, "--action", f"signer:{action}", "--resource", "*",
                     "--json")
        try:
            return json.loads(server.run(*arguments))
        except hallmark.CommandFailed as refused:
            return json.loads(refused.stdout)


class AccessKeys(Identities):
    def test_are_two_at_most(self):
        people.user("two_keys")
        people.key("two_keys")
        self.refused("access-key", "create", "--user", "two_keys")

    def test_are_rotated(self):
        old = people.user("rotated", ALL_ALLOWED)
        new = people.key("rotated")
        self.assertEqual((self.error(old), self.error(new)), (None, None))
        server.run("access-key", "delete", old.access_key, "--user", "rotated")
        effective(lambda: self.error(old) == "UnrecognizedClientException")
        self.assertIsNone(self.error(new))

    def test_are_disabled_and_enabled(self):
        user = people.user("disabled", ALL_ALLOWED)
        server.run("access-key", "disable", user.access_key, "--user", "disabled")
        effective(lambda: self.error(user) == "UnrecognizedClientException")
        server.run("access-key", "enable", user.access_key, "--user", "disabled")
        effective(lambda: self.error(user) is None)

    def test_are_shown_once(self):
        user = people.user("shown", ALL_ALLOWED)
        self.assertNotIn(user.secret_key, server.run("access-key", "list", "--user", "shown"))
        for path in server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn(user.secret_key.encode(), path.read_bytes(), path)

    def test_are_brought_along(self):
        people.user("brought", ALL_ALLOWED)
        secret = server.folder / "secret"
        secret.write_text("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n")
        server.run("access-key", "create", "--user", "brought", "--id", "AKIAIOSFODNN7EXAMPLE",
                   "--secret-file", secret)
        known = wire.Credentials("AKIAIOSFODNN7EXAMPLE", secret.read_text().strip())
        effective(lambda: self.error(known) is None)

    def test_tell_when_they_were_used_last(self):
        user = people.user("used", ALL_ALLOWED)

        def listed():
            return server.run("access-key", "list", "--user", "used")

        self.assertIn(user.access_key, listed())
        self.error(user)
        effective(lambda: "signer" in listed())


class Users(Identities):
    def test_are_gone_with_their_keys(self):
        user = people.user("gone", ALL_ALLOWED)
        server.run("user", "delete", "gone")
        effective(lambda: self.error(user) == "UnrecognizedClientException")

    def test_do_not_inherit_from_an_earlier_one_of_their_name(self):
        old = people.user("again", ALL_ALLOWED)
        server.run("user", "delete", "again")
        new = people.user("again")
        self.assertEqual(self.error(new), "AccessDeniedException")
        self.assertEqual(self.error(old), "UnrecognizedClientException")

    def test_are_of_one_account(self):
        here, there = people.user("twin", ALL_ALLOWED), people.user("twin", ALL_ALLOWED, account=OTHER)
        for user, account in ((here, ACCOUNT), (there, OTHER)):
            made = server.call("PUT", "/signing-profiles/twin", (), {"platformId": "AWSLambda-SHA384-ECDSA"},
                               credentials=user)
            self.assertEqual(made.json["arn"], f"arn:aws:signer:us-east-1:{account}:/signing-profiles/twin")

    def test_of_a_taken_name_are_refused(self):
        people.user("taken")
        self.refused("user", "create", "taken")

    def test_are_listed(self):
        people.user("listed")
        self.assertIn("listed", server.run("user", "list"))


class Sessions(Identities):
    def session(self, user):
        answer = clients.Boto3(server.endpoint, user, "sts").call("GetSessionToken")
        made = identities.credentials_of(answer)
        self.assertIsNone(self.error(made))
        return made

    def test_end_with_the_key_that_made_them(self):
        for end in ("disable", "delete"):
            user = people.user(f"session_{end}", ALL_ALLOWED)
            session = self.session(user)
            server.run("access-key", end, user.access_key, "--user", f"session_{end}")
            effective(lambda: self.error(session) is not None)
            self.assertIn(self.error(session), ("UnrecognizedClientException", "ExpiredTokenException"))

    def test_end_with_their_user(self):
        session = self.session(people.user("session_user", ALL_ALLOWED))
        server.run("user", "delete", "session_user")
        effective(lambda: self.error(session) is not None)

    def test_lose_the_rights_that_their_user_loses(self):
        session = self.session(people.user("session_rights", PLATFORMS_ONLY))
        server.run("policy", "delete", "--user", "session_rights", "--name", "policy0")
        effective(lambda: self.error(session) == "AccessDeniedException")


class AfterARestart(Identities):
    def test_everything_is_as_it_was(self):
        user = people.user("survivor", PLATFORMS_ONLY)
        session = Sessions.session(self, user)
        self.assertEqual(server.stop(), 0)
        people.server.run("user", "create", "made_while_it_was_down")
        server.start()
        self.assertIsNone(self.error(user))
        self.assertIsNone(self.error(session))
        self.assertIn("made_while_it_was_down", server.run("user", "list"))


if __name__ == "__main__":
    unittest.main()
