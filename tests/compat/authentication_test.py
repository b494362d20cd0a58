"""Who is let in: requests that are unsigned, wrongly signed, late, or changed on the way."""

import base64
import dataclasses
import datetime
import hashlib
import unittest

import hallmark
import wire
from refusals import FRONT_DOOR, assert_refused, assert_turned_away


def setUpModule():
    global server
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)


class Authentication(unittest.TestCase):
    def request(self, method="GET", path="/signing-platforms", query=(), body=None, **options):
        credentials = options.pop("credentials", server.credentials)
        return wire.signed(server.endpoint, credentials, method, path, query, body, **options)

    def put(self, **options):
        return self.request("PUT", "/signing-profiles/any_name", (), {"platformId": "Nothing"}, **options)

    def assert_refused(self, request, name):
        assert_refused(self, wire.send(server.endpoint, request), name)

    def assert_turned_away(self, request):
        assert_turned_away(self, wire.send(server.endpoint, request))

    def assert_answered(self, request):
        self.assertEqual(wire.send(server.endpoint, request).status, 200)

    def test_lets_a_good_request_in(self):
        self.assert_answered(self.request())

    def test_takes_any_host_name_on_loopback(self):
        self.assert_answered(self.request(headers={"host": "data-signer.example:1"}.items()))

    def test_takes_a_signed_hash_of_the_body(self):
        digest = hashlib.sha256(b"").hexdigest()
        self.assert_answered(self.request(headers={"x-amz-content-sha256": digest}.items()))

    def test_refuses_an_unsigned_request(self):
        unsigned = self.request().with_header("authorization", None)
        self.assert_refused(unsigned, "MissingAuthenticationTokenException")
        self.assert_refused(unsigned.with_header("x-amz-date", None), "MissingAuthenticationTokenException")

    def test_refuses_what_is_no_signature(self):
        good = self.request()
        value = good.header("authorization")
        credential, names, signature = (part.split("=", 1)[1] for part in value.split(", "))
        scope = credential.split("/", 1)[1]
        head = "AWS4-HMAC-SHA256 "
        broken = [
            "AWS4-HMAC-SHA256", head, "Basic dXNlcjpwYXNz", "Bearer token", "x", value.replace("256 ", "512 "),
            f"{head}SignedHeaders={names}, Signature={signature}",
            f"{head}Credential={credential}, Signature={signature}",
            f"{head}Credential={credential}, SignedHeaders={names}",
            f"{head}Credential={credential}, SignedHeaders={names}, Signature={signature[:-1]}",
            f"{head}Credential={credential}, SignedHeaders={names}, Signature={signature}, Signature={signature}",
            f"{head}Credential=/{scope}, SignedHeaders={names}, Signature={signature}",
            f"{head}Credential={credential.rsplit('/', 1)[0]}, SignedHeaders={names}, Signature={signature}",
            f"{head}Credential={credential}/more, SignedHeaders={names}, Signature={signature}",
            value.replace("aws4_request", "aws5_request"),
        ]
        for text in broken:
            with self.subTest(text):
                self.assert_refused(good.with_header("authorization", text), "IncompleteSignature")

    def test_refuses_a_signature_without_a_date(self):
        self.assert_refused(self.request().with_header("x-amz-date", None), "IncompleteSignature")
        for text in ("", "today", "20261399T000000Z", "2026-11-22T09:08:07Z"):
            with self.subTest(text):
                self.assert_refused(self.request().with_header("x-amz-date", text), "IncompleteSignature")

    def test_refuses_the_scope_of_another_service(self):
        self.assert_refused(self.request(service="s3"), "IncompleteSignature")

    def test_refuses_the_scope_of_another_region(self):
        self.assert_refused(self.request(region="eu-central-1"), "InvalidSignatureException")

    def test_refuses_an_unknown_access_key(self):
        stranger = wire.Credentials("AKIAIOSFODNN7EXAMPLE", server.credentials.secret_key)
        self.assert_refused(self.request(credentials=stranger), "UnrecognizedClientException")

    def test_refuses_a_wrong_secret(self):
        forger = wire.Credentials(server.credentials.access_key, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        self.assert_refused(self.request(credentials=forger), "InvalidSignatureException")

    def test_refuses_a_signature_of_sixteen_minutes_ago_or_ahead(self):
        for minutes in (-16, 16, -60 * 24, 60 * 24):
            with self.subTest(minutes):
                when = wire.now() + datetime.timedelta(minutes=minutes)
                self.assert_refused(self.request(when=when), "RequestExpired")

    def test_takes_a_signature_of_fourteen_minutes_ago_or_ahead(self):
        for minutes in (-14, 14):
            self.assert_answered(self.request(when=wire.now() + datetime.timedelta(minutes=minutes)))

    def test_refuses_another_body(self):
        good = self.put()
        self.assert_refused(dataclasses.replace(good, body=good.body.replace(b"Nothing", b"nothing")),
                            "InvalidSignatureException")

    def test_refuses_another_body_also_where_a_hash_was_signed(self):
        digest = hashlib.sha256(b'{"platformId": "Nothing"}').hexdigest()
        good = self.put(headers={"x-amz-content-sha256": digest}.items())
        self.assertNotIn(wire.send(server.endpoint, good).error, FRONT_DOOR)
        self.assert_refused(dataclasses.replace(good, body=good.body.replace(b"Nothing", b"nothing")),
                            "InvalidSignatureException")

    def test_refuses_a_body_that_nobody_hashed(self):
        for text in ("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x"):
            with self.subTest(text):
                self.assert_turned_away(self.put(headers={"x-amz-content-sha256": text}.items()))

    def test_refuses_a_meaningful_header_that_is_not_signed(self):
        for name, value in (("x-amz-anything", "1"), ("x-amz-security-token", "abc")):
            with self.subTest(name):
                self.assert_turned_away(self.request().with_header(name, value))

    def test_refuses_an_added_query_parameter(self):
        good = self.request(query=[("maxResults", "2")])
        self.assert_refused(dataclasses.replace(good, target=good.target + "&partner=x"), "InvalidSignatureException")

    def test_refuses_another_method(self):
        self.assert_refused(dataclasses.replace(self.put(), method="POST"), "InvalidSignatureException")

    def test_refuses_two_sources_of_authentication(self):
        query = [("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Signature", "0" * 64)]
        self.assert_refused(self.request(query=query), "MalformedHttpRequestException")

    def test_refuses_two_authorizations(self):
        good = self.request()
        twice = dataclasses.replace(good, headers=good.headers + (("authorization", good.header("authorization")),))
        self.assert_turned_away(twice)

    def test_refuses_an_encoded_body(self):
        self.assert_refused(self.put(headers={"content-encoding": "gzip"}.items()), "MalformedHttpRequestException")

    def test_never_echoes_a_secret(self):
        forger = wire.Credentials(server.credentials.access_key, "wrong")
        response = wire.send(server.endpoint, self.request(credentials=forger))
        secret = server.credentials.secret_key.encode()
        self.assertNotIn(secret, response.body)
        self.assertNotIn(base64.b64encode(secret), response.body)
        self.assertNotIn(secret.decode(), server.log())


if __name__ == "__main__":
    unittest.main()
