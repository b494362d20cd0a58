"""The companion service sts: who a caller is, sessions, roles, and tokens of other issuers."""

import datetime
import json
import time
import unittest
import xml.etree.ElementTree

import clients
import hallmark
import identities
import web_tokens
import wire
from hallmark import ACCOUNT
from identities import ALL_ALLOWED, policy, statement

ISSUERS = {"RS256": "https://rsa.example.com", "ES256": "https://ec.example.com/path"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}
PLATFORMS_ONLY = policy(statement(action="signer:ListSigningPlatforms"))


def trust(action="sts:AssumeRole", principal=None, **condition):
    said = {"Effect": "Allow", "Principal": principal or {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": action}
    return {"Version": "2012-10-17", "Statement": [{**said, **({"Condition": condition} if condition else {})}]}


def setUpModule():
    global server, people, issuers
    server = hallmark.Server(configuration="")
    unittest.addModuleCleanup(server.close)
    issuers = {algorithm: web_tokens.Issuer(server.folder, algorithm, url) for algorithm, url in ISSUERS.items()}
    for algorithm, issuer in issuers.items():
        (server.folder / f"{algorithm}.json").write_text(issuer.key_set())
        server.configuration += (f'[[web_identity]]\nissuer = "{issuer.url}"\nkey_set_file = "{algorithm}.json"\n'
                                 f'audiences = ["{issuer.audience}"]\n')
    server.start()
    people = identities.Identities(server)


def sts(credentials=None):
    return clients.Boto3(server.endpoint, credentials or server.credentials, "sts")


def platforms(credentials):
    """Whether these may list the platforms."""
    response = server.call("GET", "/signing-platforms", credentials=credentials)
    return response.status == 200


def profiles(credentials):
    return server.call("GET", "/signing-profiles", credentials=credentials).status == 200


class Sts(unittest.TestCase):
    def refused(self, name, client, operation, **parameters):
        with self.assertRaises(clients.Refused) as caught:
            client.call(operation, **parameters)
        self.assertEqual(caught.exception.name, name, caught.exception)
        return caught.exception

    def assert_expires_in(self, answer, seconds):
        left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        self.assertAlmostEqual(left.total_seconds(), seconds, delta=60)


class CallerIdentity(Sts):
    def test_is_told_to_everybody_who_is_authenticated(self):
        said = sts(people.user("nobody")).call("GetCallerIdentity")
        self.assertEqual((said["Account"], said["Arn"]), (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/nobody"))
        self.assertRegex(said["UserId"], r"\AAIDA[A-Z0-9]{16,}\Z")

    def test_is_told_to_every_client(self):
        for name in ("DebianCli", "NewestCli"):
            with self.subTest(name):
                said = clients.ALL[name](server.endpoint, server.credentials, "sts").call("GetCallerIdentity")
                self.assertEqual((said["Account"], said["Arn"]), (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/admin"))

    def test_is_not_told_to_a_stranger(self):
        known = server.credentials
        self.refused("InvalidClientTokenId", sts(wire.Credentials("AKIAIOSFODNN7EXAMPLE", known.secret_key)),
                     "GetCallerIdentity")
        self.refused("SignatureDoesNotMatch", sts(wire.Credentials(known.access_key, "wrong")), "GetCallerIdentity")


class SessionTokens(Sts):
    def test_have_the_rights_of_who_asked(self):
        user = people.user("session_user", PLATFORMS_ONLY)
        answer = sts(user).call("GetSessionToken", DurationSeconds=900)
        session = identities.credentials_of(answer)
        self.assert_expires_in(answer, 900)
        self.assertTrue(session.access_key.startswith("ASIA"))
        self.assertEqual((platforms(session), profiles(session)), (True, False))
        self.assertEqual(sts(session).call("GetCallerIdentity")["Arn"], f"arn:aws:iam::{ACCOUNT}:user/session_user")

    def test_live_twelve_hours_unless_told_otherwise(self):
        self.assert_expires_in(sts().call("GetSessionToken"), 12 * 3600)

    def test_are_not_made_for_less_or_more_than_they_may_live(self):
        for seconds in (0, 899, 129601, 10**9):
            with self.subTest(seconds):
                signed = form(GetSessionToken={"DurationSeconds": str(seconds)})
                self.assertEqual(error_of(signed), (400, "ValidationError"))

    def test_must_be_whole(self):
        session = identities.credentials_of(sts().call("GetSessionToken"))
        token = session.session_token
        for changed in (token[:-1], token + "A", token[::-1], "x", token[:40] + ("A" if token[40] != "A" else "B") + token[41:]):
            response = server.call("GET", "/signing-platforms",
                                   credentials=wire.Credentials(session.access_key, session.secret_key, changed))
            self.assertEqual(response.status, 403, response)
        other = identities.credentials_of(sts().call("GetSessionToken"))
        mixed = wire.Credentials(session.access_key, session.secret_key, other.session_token)
        self.assertFalse(platforms(mixed))
        self.assertFalse(platforms(wire.Credentials(session.access_key, session.secret_key)))
        known = server.credentials
        self.assertFalse(platforms(wire.Credentials(known.access_key, known.secret_key, token)))

    def test_make_no_further_sessions(self):
        session = identities.credentials_of(sts().call("GetSessionToken"))
        self.refused("AccessDenied", sts(session), "GetSessionToken")


class Roles(Sts):
    def assume(self, name, credentials=None, **parameters):
        return sts(credentials).call("AssumeRole", RoleArn=f"{ROLE}/{name}", RoleSessionName="a_session", **parameters)

    def denied(self, name, credentials=None, **parameters):
        return self.refused("AccessDenied", sts(credentials), "AssumeRole", RoleArn=f"{ROLE}/{name}",
                            RoleSessionName="a_session", **parameters)

    def test_are_assumed_by_whom_they_trust(self):
        people.role("plain", TRUST, ALL_ALLOWED)
        answer = self.assume("plain", DurationSeconds=1800)
        session = identities.credentials_of(answer)
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/plain/a_session"
        self.assertEqual(answer["AssumedRoleUser"]["Arn"], arn)
        self.assertRegex(answer["AssumedRoleUser"]["AssumedRoleId"], r"\AAROA[A-Z0-9]{16,}:a_session\Z")
        self.assert_expires_in(answer, 1800)
        self.assertTrue(platforms(session))
        said = sts(session).call("GetCallerIdentity")
        self.assertEqual((said["Arn"], said["UserId"]), (arn, answer["AssumedRoleUser"]["AssumedRoleId"]))

    def test_live_an_hour_unless_told_otherwise(self):
        people.role("hour", TRUST)
        self.assert_expires_in(self.assume("hour"), 3600)

    def test_are_not_assumed_by_others(self):
        people.user("somebody")
        people.role("closed", trust(principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/somebody"}))
        message = self.denied("closed").message
        self.assertEqual(message, f"User: arn:aws:iam::{ACCOUNT}:user/admin is not authorized to perform: "
                                  f"sts:AssumeRole on resource: {ROLE}/closed because no role trust policy allows "
                                  "the sts:AssumeRole action")

    def test_are_not_assumed_without_the_right_to_where_the_account_is_trusted(self):
        people.role("by_account", TRUST)
        self.denied("by_account", people.user("without_rights"))
        allowed = people.user("with_rights", policy(statement(action="sts:AssumeRole", resource=f"{ROLE}/by_account")))
        self.assume("by_account", allowed)

    def test_that_are_not_there_are_denied_alike(self):
        self.denied("unknown")

    def test_want_their_external_id(self):
        people.role("external", trust(StringEquals={"sts:ExternalId": "secret"}))
        self.assume("external", ExternalId="secret")
        self.denied("external", ExternalId="Secret")
        self.denied("external")

    def test_are_narrowed_by_a_session_policy_and_never_widened(self):
        people.role("wide", TRUST, ALL_ALLOWED)
        people.role("narrow", TRUST, PLATFORMS_ONLY)
        narrowed = identities.credentials_of(self.assume("wide", Policy=json.dumps(PLATFORMS_ONLY)))
        self.assertEqual((platforms(narrowed), profiles(narrowed)), (True, False))
        widened = identities.credentials_of(self.assume("narrow", Policy=json.dumps(ALL_ALLOWED)))
        self.assertEqual((platforms(widened), profiles(widened)), (True, False))

    def test_of_a_malformed_session_policy_are_refused(self):
        people.role("malformed", TRUST)
        for text in ("{}", "x", '{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}'):
            self.refused("MalformedPolicyDocument", sts(), "AssumeRole", RoleArn=f"{ROLE}/malformed",
                         RoleSessionName="a_session", Policy=text)

    def test_are_chained_for_an_hour_at_most(self):
        people.role("chained", TRUST, ALL_ALLOWED)
        session = identities.credentials_of(self.assume("chained"))
        self.assume("chained", session, DurationSeconds=3600)
        self.refused("ValidationError", sts(session), "AssumeRole", RoleArn=f"{ROLE}/chained",
                     RoleSessionName="again", DurationSeconds=3601)

    def test_are_not_assumed_with_a_senseless_name_or_life(self):
        people.role("senseless", TRUST)
        for changes in ({"RoleSessionName": "a"}, {"RoleSessionName": "a b"}, {"RoleSessionName": "a" * 65},
                        {"DurationSeconds": "899"}, {"DurationSeconds": "43201"}, {"RoleArn": "x" * 20},
                        {"ExternalId": "x"}):
            with self.subTest(changes):
                parameters = {"RoleArn": f"{ROLE}/senseless", "RoleSessionName": "a_session", **changes}
                self.assertEqual(error_of(form(AssumeRole=parameters)), (400, "ValidationError"))

    def test_of_a_session_end_with_who_assumed_them(self):
        people.role("outlived", TRUST, ALL_ALLOWED)
        parent = people.user("parent", ALL_ALLOWED)
        session = identities.credentials_of(self.assume("outlived", parent))
        self.assertTrue(platforms(session))
        server.run("user", "delete", "parent")
        identities.effective(lambda: not platforms(session))


class WebIdentities(Sts):
    def setUp(self):
        self.client = sts(wire.Credentials("unused", "unused"))

    def trust(self, algorithm, **condition):
        name = ISSUERS[algorithm].removeprefix("https://")
        conditions = {"StringEquals": {f"{name}:aud": "sts.amazonaws.com", f"{name}:sub": "repo:app:main"}, **condition}
        return trust("sts:AssumeRoleWithWebIdentity",
                     {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}"}, **conditions)

    def assume(self, role, token, **parameters):
        return self.client.call("AssumeRoleWithWebIdentity", RoleArn=f"{ROLE}/{role}", RoleSessionName="pipeline",
                                WebIdentityToken=token, **parameters)

    def refused_token(self, name, role, token):
        return self.refused(name, self.client, "AssumeRoleWithWebIdentity", RoleArn=f"{ROLE}/{role}",
                            RoleSessionName="pipeline", WebIdentityToken=token)

    def test_of_both_algorithms_become_a_role(self):
        for algorithm, issuer in issuers.items():
            with self.subTest(algorithm):
                role = f"web_{algorithm}"
                people.role(role, self.trust(algorithm), PLATFORMS_ONLY)
                answer = self.assume(role, issuer.token(), DurationSeconds=900)
                session = identities.credentials_of(answer)
                self.assertEqual(answer["AssumedRoleUser"]["Arn"],
                                 f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/pipeline")
                self.assertEqual(answer["SubjectFromWebIdentityToken"], "repo:app:main")
                self.assertEqual(answer["Audience"], "sts.amazonaws.com")
                self.assert_expires_in(answer, 900)
                self.assertEqual((platforms(session), profiles(session)), (True, False))

    def test_of_a_subject_that_is_not_trusted_are_denied(self):
        people.role("web_subject", self.trust("RS256"))
        for subject in ("repo:app:other", "repo:app:main ", "Repo:app:main"):
            self.refused_token("AccessDenied", "web_subject", issuers["RS256"].token(sub=subject))

    def test_are_denied_a_role_that_does_not_trust_their_issuer(self):
        people.role("web_other", self.trust("ES256"))
        people.role("web_none", TRUST)
        for role in ("web_other", "web_none", "unknown"):
            self.refused_token("AccessDenied", role, issuers["RS256"].token())

    def test_that_have_expired_are_said_to_have(self):
        people.role("web_expired", self.trust("RS256"))
        self.refused_token("ExpiredTokenException", "web_expired", issuers["RS256"].token(exp=int(time.time()) - 3600))

    def test_that_are_none_of_a_known_issuer_are_invalid(self):
        people.role("web_invalid", self.trust("RS256"))
        issuer, now = issuers["RS256"], int(time.time())
        good = issuer.token()
        head, body, signature = good.split(".")
        none = web_tokens.base64url(b'{"alg":"none"}')
        bad = {
            "another audience": issuer.token(aud="somebody.else"),
            "another issuer": issuer.token(iss="https://stranger.example.com"),
            "another issuer's key": issuer.token(iss=ISSUERS["ES256"]),
            "another key id": issuer.token(header={"alg": "RS256", "kid": "unknown"}),
            "another algorithm": issuer.token(header={"alg": "HS256", "kid": issuer.key_id}),
            "not yet valid": issuer.token(nbf=now + 3600),
            "no expiry": issuer.token(exp=None),
            "no audience": issuer.token(aud=None),
            "no subject": issuer.token(sub=""),
            "no signature": f"{head}.{body}.",
            "the algorithm none": f"{none}.{body}.",
            "another's signature": f"{head}.{body}.{issuers['ES256'].token().split('.')[2]}",
            "a changed body": f"{head}.{issuer.token(sub='repo:app:main', extra=1).split('.')[1]}.{signature}",
            "no token": "x.y.z",
        }
        for why, token in bad.items():
            with self.subTest(why):
                self.refused_token("InvalidIdentityToken", "web_invalid", token)


def form(service="sts", **action):
    """The response to a signed request of AWS Query; {Action: parameters}."""
    (name, parameters), = action.items()
    body = "&".join(f"{wire.encoded(k)}={wire.encoded(v)}" for k, v in
                    {"Action": name, "Version": "2011-06-15", **parameters}.items()).encode()
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = wire.signed(server.endpoint, server.credentials, "POST", "/", (), body, service=service,
                          headers=headers.items())
    return wire.send(server.endpoint, request)


def error_of(response):
    """Status and code of an error of AWS Query."""
    root = xml.etree.ElementTree.fromstring(response.body)
    space = "{https://sts.amazonaws.com/doc/2011-06-15/}"
    return response.status, root.findtext(f"{space}Error/{space}Code")


class Wire(Sts):
    def test_of_an_unknown_action_is_an_error_in_xml(self):
        self.assertEqual(error_of(form(Nothing={})), (400, "InvalidAction"))

    def test_of_another_service_s_scope_is_no_sts(self):
        self.assertNotEqual(form("signer", GetCallerIdentity={}).status, 200)


if __name__ == "__main__":
    unittest.main()
