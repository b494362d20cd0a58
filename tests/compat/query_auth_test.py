"""Authentication in the query string: URLs that botocore signs, and what becomes of them when changed."""

import dataclasses
import datetime
import hashlib
import unittest
import unittest.mock
import urllib.parse

import clients
import identities
import model
import wire
import world
from refusals import assert_refused, assert_turned_away

READING = ("DescribeSigningJob", "GetRevocationStatus", "GetSigningPlatform", "GetSigningProfile", "ListSigningJobs",
           "ListProfilePermissions", "ListSigningPlatforms", "ListSigningProfiles", "ListTagsForResource")


def setUpModule():
    global here, operations
    operations = model.operations()
    here = world.World()
    unittest.addModuleCleanup(here.close)


def presigned(method="GET", path="/signing-platforms", query=(), body=b"", *, expires=60, minutes=0, region="us-east-1",
              service="signer", credentials=None):
    """The request of a URL as botocore's presigner makes it, `minutes` from now."""
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials

    known = credentials or here.server.credentials
    class WithBody(botocore.auth.SigV4QueryAuth):
        """botocore presigns no bodies but forms, which it moves into the query."""

        def payload(self, request):
            return hashlib.sha256(body).hexdigest()

    request = botocore.awsrequest.AWSRequest(
        method, f"{here.server.endpoint}{path}" + ("?" + urllib.parse.urlencode(query) if query else ""))
    signer = (WithBody if body else botocore.auth.SigV4QueryAuth)(
        botocore.credentials.Credentials(known.access_key, known.secret_key, known.session_token),
        service, region, expires=expires)
    when = wire.now() + datetime.timedelta(minutes=minutes)
    with unittest.mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: when.replace(tzinfo=None)):
        signer.add_auth(request)
    url = urllib.parse.urlsplit(request.url)
    headers = [("host", url.netloc)] + ([("content-length", str(len(body)))] if body else [])
    return wire.Request(method, f"{url.path}?{url.query}", tuple(headers), body)


def without(request, name):
    """The request without one query parameter."""
    path, query = request.target.split("?")
    kept = [pair for pair in query.split("&") if pair.split("=")[0] != name]
    return dataclasses.replace(request, target=f"{path}?{'&'.join(kept)}")


class Urls(unittest.TestCase):
    def send(self, request):
        return wire.send(here.server.endpoint, request)

    def assert_answered(self, request):
        response = self.send(request)
        self.assertEqual(response.status, 200, response)

    def assert_refused(self, request, name):
        assert_refused(self, self.send(request), name)


class Good(Urls):
    def test_are_answered_for_every_reading_operation(self):
        for name in READING:
            with self.subTest(name):
                self.assert_answered(presigned(*model.request_of(operations[name], here.good(name))[:3]))

    def test_may_say_the_action_and_the_version(self):
        said = [("Action", "ListSigningPlatforms"), ("Version", model.VERSION)]
        for query in (said, said[:1], said[1:]):
            self.assert_answered(presigned(query=query))

    def test_carry_a_body_whose_hash_is_signed(self):
        body = b'{"platformId": "AWSLambda-SHA384-ECDSA"}'
        self.assert_answered(presigned("PUT", "/signing-profiles/put_by_url", body=body))

    def test_live_as_long_as_they_say(self):
        self.assert_answered(presigned(minutes=-1, expires=120))
        self.assert_answered(presigned(minutes=-13, expires=900))

    def test_carry_a_session_token(self):
        sts = clients.Boto3(here.server.endpoint, here.server.credentials, "sts")
        session = identities.credentials_of(sts.call("GetSessionToken"))
        request = presigned(credentials=session)
        self.assert_answered(request)
        assert_turned_away(self, self.send(without(request, "X-Amz-Security-Token")))


class Bad(Urls):
    def test_of_another_action_or_version_are_turned_away(self):
        for query in ([("Action", "ListSigningJobs")], [("Action", "x")], [("Version", "2011-06-15")],
                      [("Action", "ListSigningPlatforms"), ("Version", "1")]):
            with self.subTest(query):
                assert_turned_away(self, self.send(presigned(query=query)))

    def test_are_refused_when_they_have_expired(self):
        self.assert_refused(presigned(minutes=-2, expires=60), "RequestExpired")

    def test_live_fifteen_minutes_at_most(self):
        self.assert_refused(presigned(minutes=-16, expires=3600), "RequestExpired")
        self.assert_refused(presigned(minutes=-16, expires=604800), "RequestExpired")

    def test_from_the_future_are_refused(self):
        self.assert_refused(presigned(minutes=16), "RequestExpired")

    def test_of_a_senseless_life_are_turned_away(self):
        for expires in (0, -1, "x", "", "1e3", "9" * 30):
            with self.subTest(expires):
                assert_turned_away(self, self.send(presigned(expires=expires)))

    def test_that_lack_a_part_are_incomplete(self):
        request = presigned()
        for name in ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature"):
            with self.subTest(name):
                self.assert_refused(without(request, f"X-Amz-{name}"), "IncompleteSignature")

    def test_whose_expiry_was_taken_away_are_refused(self):
        self.assert_refused(without(presigned(), "X-Amz-Expires"), "InvalidSignatureException")

    def test_with_a_part_twice_are_turned_away(self):
        request = presigned()
        for pair in request.target.split("?")[1].split("&"):
            with self.subTest(pair[:30]):
                assert_turned_away(self, self.send(dataclasses.replace(request, target=f"{request.target}&{pair}")))

    def test_of_another_service_or_region_are_refused(self):
        self.assert_refused(presigned(service="s3"), "IncompleteSignature")
        self.assert_refused(presigned(region="eu-central-1"), "InvalidSignatureException")

    def test_of_an_unknown_key_or_a_wrong_secret_are_refused(self):
        known = here.server.credentials
        stranger = wire.Credentials("AKIAIOSFODNN7EXAMPLE", known.secret_key)
        forger = wire.Credentials(known.access_key, "wrong")
        self.assert_refused(presigned(credentials=stranger), "UnrecognizedClientException")
        self.assert_refused(presigned(credentials=forger), "InvalidSignatureException")

    def test_beside_an_authorization_are_refused(self):
        signed = wire.signed(here.server.endpoint, here.server.credentials, "GET", "/signing-platforms")
        both = presigned().with_header("authorization", signed.header("authorization"))
        self.assert_refused(both, "MalformedHttpRequestException")

    def test_with_another_body_are_refused(self):
        request = presigned("PUT", "/signing-profiles/never_put", body=b'{"platformId": "AWSLambda-SHA384-ECDSA"}')
        self.assert_refused(dataclasses.replace(request, body=request.body.replace(b"384", b"256")),
                            "InvalidSignatureException")

    def test_with_a_meaningful_header_that_is_not_signed_are_turned_away(self):
        for name in ("x-amz-anything", "x-amz-date", "x-amz-security-token"):
            assert_turned_away(self, self.send(presigned().with_header(name, "1")))

    def test_are_refused_with_any_byte_changed(self):
        with wire.Turnstile(here.server.endpoint) as turnstile:
            for name in ("GetSigningProfile", "ListSigningJobs", "ListTagsForResource"):
                request = presigned(*model.request_of(operations[name], here.good(name))[:3])
                raw, start = request.raw(), len("GET ")
                for place in range(start, start + len(request.target)):
                    response = turnstile.exchange(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
                    with self.subTest(f"{name}, byte {place - start}: {request.target[place - start]}"):
                        assert_turned_away(self, response)


if __name__ == "__main__":
    unittest.main()
