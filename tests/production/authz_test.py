"""Authorization: denied unless allowed, a Deny wins, conditions hold, and `policy simulate` says what the
server does; for every operation of the service. (Who else is refused: tests/compat/authorization_matrix_test.py.)"""

import json
import pathlib
import re
import sys
import unittest

import hallmark
import identities
import model
from identities import ALL_ALLOWED, policy, statement

sys.path.append(str(pathlib.Path(__file__).parents[1] / "compat"))
import world  # noqa: E402

PAST, FUTURE = "2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z"
HERE, ELSEWHERE = "127.0.0.0/8", "192.0.2.0/24"


def setUpModule():
    global here, operations, people
    operations = model.operations()
    here = world.World()
    unittest.addModuleCleanup(here.close)
    people = identities.Identities(here.server)


class AuthZ(unittest.TestCase):
    def send(self, name, credentials):
        return here.server.call(*model.request_of(operations[name], here.good(name)), credentials=credentials)

    def simulated(self, user, action, resource="*", **context):
        arguments = ["policy", "simulate", "--user", user, "--action", action, "--resource", resource, "--json"]
        for key, value in context.items():
            arguments += ["--context", f"{key}={value}"]
        try:
            return json.loads(here.server.run(*arguments))["EvalDecision"]
        except hallmark.CommandFailed as refused:
            self.assertEqual(refused.code, 1, refused)
            return json.loads(refused.stdout)["EvalDecision"]

    def denied_resource(self, answer):
        """The resource of a refusal in the words of AWS, whose name the simulation is asked about."""
        self.assertEqual((answer.status, answer.error), (403, "AccessDeniedException"), answer)
        return re.search(r"on resource: (\S+)", answer.json["Message"]).group(1)

    def test_of_every_operation_is_a_refusal_by_default_and_a_deny_wins_and_the_simulation_agrees(self):
        nobody = people.user("nobody")
        everybody = people.user("everybody", ALL_ALLOWED)
        for name in operations:
            with self.subTest(name):
                action = f"signer:{name}"
                resource = self.denied_resource(self.send(name, nobody))
                self.assertEqual(self.simulated("nobody", action, resource), "implicitDeny")
                self.assertEqual(self.send(name, everybody).status, 200)
                self.assertEqual(self.simulated("everybody", action, resource), "allowed")
                denied = people.user(f"no_{name}", ALL_ALLOWED, policy(statement("Deny", action)))
                answer = self.send(name, denied)
                self.denied_resource(answer)
                self.assertIn("explicit deny", answer.json["Message"])
                self.assertEqual(self.simulated(f"no_{name}", action, resource), "explicitDeny")

    def test_an_allow_of_one_operation_is_not_one_of_another(self):
        user = people.user("reader", policy(statement(action="signer:Get*")))
        self.assertEqual(self.send("GetSigningProfile", user).status, 200)
        for name in ("ListSigningProfiles", "PutSigningProfile", "RevokeSigningProfile", "SignPayload"):
            self.denied_resource(self.send(name, user))
        for action in ("signer:*", "Signer:getsigningprofile"):  # actions have no case
            self.assertEqual(self.simulated("reader", action.replace("*", "ListSigningJobs")),
                             "implicitDeny" if "*" in action else "allowed")

    # Conditions: each case is (operator, key, value that holds, value that does not, context for the simulation).

    def judge(self, name, operator, key, good, bad, simulation, extra=()):
        """What a condition allows, what it does not, and what it denies."""
        label = re.sub(r"\W", "", f"{operator}{key}{name}")
        cases = ((statement(action=f"signer:{name}", Condition={operator: {key: good}}), 200),
                 (statement(action=f"signer:{name}", Condition={operator: {key: bad}}), 403))
        for place, (said, expected) in enumerate(cases):
            user = people.user(f"u{place}{label}"[:64], policy(said, *extra))
            self.assertEqual(self.send(name, user).status, expected, said)
            decision = self.simulated(f"u{place}{label}"[:64], f"signer:{name}", *simulation[:1],
                                      **(simulation[1] if len(simulation) > 1 else {}))
            self.assertEqual(decision, "allowed" if expected == 200 else "implicitDeny", said)
        denier = people.user(f"d{label}"[:64], ALL_ALLOWED, policy(
            statement("Deny", f"signer:{name}", Condition={operator: {key: good}})))
        self.denied_resource(self.send(name, denier))

    def test_source_ip(self):
        self.judge("ListSigningPlatforms", "IpAddress", "aws:SourceIp", HERE, ELSEWHERE,
                   ("*", {"aws:SourceIp": "127.0.0.1"}))

    def test_current_time(self):
        now = {"aws:CurrentTime": "2026-11-22T12:00:00Z"}
        self.judge("ListSigningPlatforms", "DateLessThan", "aws:CurrentTime", FUTURE, PAST, ("*", now))
        self.judge("ListSigningPlatforms", "DateGreaterThan", "aws:CurrentTime", PAST, FUTURE, ("*", now))

    def test_tags_of_the_resource(self):
        arn = f"{world.PROFILES}/known"
        here.done("POST", f"/tags/{arn.replace('/', '%2F').replace(':', '%3A')}", (), {"tags": {"team": "red"}})
        self.judge("GetSigningProfile", "StringEquals", "aws:ResourceTag/team", "red", "blue", (arn,))

    def test_the_profile_s_version(self):
        version = here.done("GET", "/signing-profiles/notation")["profileVersion"]
        self.judge("SignPayload", "StringEquals", "signer:ProfileVersion", version, "Ab3dEf6h1J",
                   (f"{world.PROFILES}/notation", {"signer:ProfileVersion": version}))

    def test_transport(self):
        user = people.user("tls_only", ALL_ALLOWED, policy(
            statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})))
        self.denied_resource(self.send("ListSigningPlatforms", user))  # the tests talk plain HTTP on loopback

    def test_a_condition_whose_key_is_missing_allows_nothing(self):
        user = people.user("missing", policy(
            statement(action="signer:*", Condition={"StringEquals": {"aws:ResourceTag/none": "x"}})))
        self.denied_resource(self.send("GetSigningProfile", user))
        self.assertEqual(self.simulated("missing", "signer:GetSigningProfile", f"{world.PROFILES}/known"),
                         "implicitDeny")

    def test_a_change_of_a_policy_counts_for_the_next_request(self):
        user = people.user("changing", policy(statement(action="signer:ListSigningPlatforms")))
        self.assertEqual(self.send("ListSigningPlatforms", user).status, 200)
        people.put_policy("--user", "changing", "policy0", policy(statement("Deny")))
        self.denied_resource(self.send("ListSigningPlatforms", user))


if __name__ == "__main__":
    unittest.main()
