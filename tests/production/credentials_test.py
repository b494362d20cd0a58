"""Credentials: none by default, shown once, two a user, disabled at once, sessions that end, sealed at rest."""

import datetime
import re
import unittest
import xml.etree.ElementTree

import hallmark
import identities
import wire
from hallmark import ACCOUNT
from identities import ALL_ALLOWED, effective, policy, statement

# What people try: names and words that other servers were delivered with.
GUESSES = (("admin", "admin"), ("minioadmin", "minioadmin"), ("root", "root"), ("root", ""), ("test", "test"),
           ("hallmark", "hallmark"), ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
           ("AKIA0000000000000000", "0" * 40), ("ASIA0000000000000000", "0" * 40))
TWELVE_HOURS = datetime.timedelta(hours=12)
TRUST = policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"})


class Credentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = hallmark.Server("")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.people = identities.Identities(cls.server)

    def error(self, credentials):
        return self.server.call("GET", "/signing-profiles", credentials=credentials).error

    def sts(self, credentials, **parameters):
        """(status, the answer's texts by name)."""
        body = "&".join(f"{name}={wire.encoded(str(value))}" for name, value in
                        {"Version": "2011-06-15", **parameters}.items()).encode()
        answer = wire.send(self.server.endpoint, wire.signed(
            self.server.endpoint, credentials, "POST", "/", (), body, service="sts",
            headers={"content-type": "application/x-www-form-urlencoded"}))
        texts = {each.tag.rsplit("}", 1)[-1]: each.text for each in xml.etree.ElementTree.fromstring(answer.body).iter()}
        return answer.status, texts

    def test_none_are_there_by_default(self):
        self.assertIsNone(self.error(self.server.credentials), "the one that init printed")
        listed = self.server.run("access-key", "list", "--user", "admin")
        self.assertEqual(re.findall(r"AKIA\w+", listed), [self.server.credentials.access_key])
        self.assertEqual(self.server.run("access-key", "list", "--root"), "")
        for access_key, secret in GUESSES:
            with self.subTest(access_key):
                self.assertIn(self.error(wire.Credentials(access_key, secret or " ")),
                              ("UnrecognizedClientException", "IncompleteSignature"))
        for secret in (" ", "admin", self.server.credentials.access_key, self.server.credentials.secret_key[:-1]):
            self.assertEqual(self.error(wire.Credentials(self.server.credentials.access_key, secret)),
                             "InvalidSignatureException")

    def test_of_two_installations_have_nothing_in_common(self):
        other = hallmark.Server("")
        self.addCleanup(other.close)
        other.start()
        self.assertNotEqual(other.credentials, self.server.credentials)
        self.assertEqual(self.error(other.credentials), "UnrecognizedClientException")

    def test_are_shown_once_and_lie_sealed(self):
        user = self.people.user("shown", ALL_ALLOWED)
        self.assertIsNone(self.error(user))
        for arguments in (("access-key", "list", "--user", "shown"), ("access-key", "list", "--user", "admin"),
                          ("user", "list")):
            said = self.server.run(*arguments)
            for secret in (user.secret_key, self.server.credentials.secret_key):
                self.assertNotIn(secret, said)
        looked_at = 0
        for path in self.server.data.rglob("*"):
            if path.is_file():
                looked_at += 1
                self.assertNotIn(user.secret_key.encode(), path.read_bytes(), path)
        self.assertGreater(looked_at, 3)
        self.assertNotIn(user.secret_key, self.server.log())

    def test_are_replaced_with_two_side_by_side(self):
        old = self.people.user("rotated", ALL_ALLOWED)
        new = self.people.key("rotated")
        with self.assertRaises(hallmark.CommandFailed):
            self.server.run("access-key", "create", "--user", "rotated")
        self.assertEqual((self.error(old), self.error(new)), (None, None))
        self.server.run("access-key", "delete", old.access_key, "--user", "rotated")
        self.assertEqual((self.error(old), self.error(new)), ("UnrecognizedClientException", None))

    def test_tell_when_they_were_used_last(self):
        user = self.people.user("used", ALL_ALLOWED)
        self.assertIsNone(self.error(user))
        effective(lambda: "signer" in self.server.run("access-key", "list", "--user", "used"))

    def test_are_disabled_at_once_with_their_sessions(self):
        user = self.people.user("disabled", ALL_ALLOWED)
        status, said = self.sts(user, Action="GetSessionToken")
        self.assertEqual(status, 200, said)
        session = wire.Credentials(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
        self.assertIsNone(self.error(session))
        self.server.run("access-key", "disable", user.access_key, "--user", "disabled")
        self.assertEqual(self.error(user), "UnrecognizedClientException")  # the very next request
        self.assertIsNotNone(self.error(session))
        self.server.run("access-key", "enable", user.access_key, "--user", "disabled")
        self.assertIsNone(self.error(user))

    def test_of_a_session_last_twelve_hours_at_most_when_nothing_is_asked_and_of_a_role_whatever_is_asked(self):
        user = self.people.user("sessions", ALL_ALLOWED)
        status, said = self.sts(user, Action="GetSessionToken")
        self.assertEqual(status, 200, said)
        self.assertLessEqual(self.left(said), TWELVE_HOURS)
        self.people.role("long", TRUST, ALL_ALLOWED)
        role = {"Action": "AssumeRole", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/long", "RoleSessionName": "session"}
        status, said = self.sts(user, **role)
        self.assertEqual(status, 200, said)
        self.assertLessEqual(self.left(said), TWELVE_HOURS)
        status, said = self.sts(user, **role, DurationSeconds=43201)
        self.assertEqual(status, 400, said)
        with self.assertRaises(hallmark.CommandFailed):
            self.server.run("role", "create", "longer", "--trust", self.people.document(TRUST), "--session-seconds",
                            "43201")

    def left(self, said):
        end = datetime.datetime.fromisoformat(said["Expiration"].replace("Z", "+00:00"))
        return end - wire.now()

    def test_of_a_session_are_worth_nothing_when_changed_or_taken_apart(self):
        user = self.people.user("taken", policy(statement(action="signer:ListSigningProfiles")))
        _, said = self.sts(user, Action="GetSessionToken")
        session = wire.Credentials(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
        self.assertIsNone(self.error(session))
        middle = len(session.session_token) // 2
        other = "B" if session.session_token[middle] == "A" else "A"
        changed = session.session_token[:middle] + other + session.session_token[middle + 1:]
        for broken in (wire.Credentials(session.access_key, session.secret_key),
                       wire.Credentials(session.access_key, session.secret_key, changed),
                       wire.Credentials(user.access_key, user.secret_key, session.session_token),
                       wire.Credentials(session.access_key, user.secret_key, session.session_token)):
            self.assertIsNotNone(self.error(broken))


if __name__ == "__main__":
    unittest.main()
