"""Requests as real clients sign them, sent again with one byte changed: each is refused."""

import dataclasses
import re
import unittest

import clients
import hallmark
import packages
import recording
import wire
from refusals import FRONT_DOOR, assert_refused, assert_turned_away

LAMBDA = "AWSLambda-SHA384-ECDSA"


class ChangedRequests:
    @classmethod
    def setUpClass(cls):
        cls.server = hallmark.Server().start()
        cls.addClassCleanup(cls.server.close)
        recorder = recording.Recorder(cls.server.endpoint)
        cls.addClassCleanup(recorder.close)
        client = cls.make_client(recorder.endpoint, cls.server.credentials)
        cls.server.create_bucket("dst")
        version = cls.server.put_object("src", "app.zip", packages.package())
        client.call("PutSigningProfile", profileName="recorded", platformId=LAMBDA)
        client.call("GetSigningProfile", profileName="recorded")
        client.call("ListSigningPlatforms", maxResults=3)
        client.call(
            "StartSigningJob", profileName="recorded",
            source={"s3": {"bucketName": "src", "key": "app.zip", "version": version}},
            destination={"s3": {"bucketName": "dst"}})
        cls.put, cls.get, cls.list, cls.start = cls.requests = recorder.requests

    def send(self, request):
        return wire.send(self.server.endpoint, request)

    def assert_refused(self, request, name):
        assert_refused(self, self.send(request), name)

    def changed_authorization(self, old, new):
        request = self.get.with_header("Authorization", self.get.header("authorization").replace(old, new, 1))
        self.assertNotEqual(request.header("authorization"), self.get.header("authorization"))
        return request

    def test_unchanged_they_are_let_in_again(self):
        for request in self.requests:
            with self.subTest(f"{request.method} {request.target}"):
                self.assertNotIn(self.send(request).error, FRONT_DOOR)

    def test_a_changed_name_in_the_path_is_a_wrong_signature(self):
        for request in (self.put, self.get):
            changed = dataclasses.replace(request, target=request.target.replace("recorded", "Recorded"))
            self.assert_refused(changed, "InvalidSignatureException")

    def test_a_changed_query_is_a_wrong_signature(self):
        changed = dataclasses.replace(self.list, target=self.list.target.replace("=3", "=2"))
        self.assert_refused(changed, "InvalidSignatureException")

    def test_a_changed_body_is_a_wrong_signature(self):
        changed = dataclasses.replace(self.start, body=self.start.body.replace(b"dst", b"src"))
        self.assert_refused(changed, "InvalidSignatureException")

    def test_another_secret_s_signature_is_wrong(self):
        signature = re.search("Signature=([0-9a-f]{64})", self.get.header("authorization")).group(1)
        other = signature[:-1] + ("0" if signature[-1] != "0" else "1")
        self.assert_refused(self.changed_authorization(signature, other), "InvalidSignatureException")

    def test_another_access_key_is_unknown(self):
        key = self.server.credentials.access_key
        other = key[:-1] + ("A" if key[-1] != "A" else "B")
        self.assert_refused(self.changed_authorization(key, other), "UnrecognizedClientException")

    def test_another_region_or_service_is_refused(self):
        self.assert_refused(self.changed_authorization("/us-east-1/", "/us-east-2/"), "InvalidSignatureException")
        self.assert_refused(self.changed_authorization("/signer/", "/signed/"), "IncompleteSignature")

    def test_each_byte_that_is_signed_matters(self):
        with wire.Turnstile(self.server.endpoint) as turnstile:
            for request in self.requests:
                for what, raw in every_change(request):
                    response = turnstile.exchange(raw)
                    with self.subTest(f"{request.method} {what}"):
                        assert_turned_away(self, response)


def every_change(request):
    """The request's bytes with one bit changed, for every byte of the target, the signed headers,
    the authorization and the body. The length of the body stays: it only frames the message."""
    raw = request.raw()
    signed = re.search("SignedHeaders=([^,]*)", request.header("authorization")).group(1).split(";")
    places = [("target", len(request.method) + 1, len(request.target))]
    at = raw.index(b"\r\n") + 2
    for name, value in request.headers:
        if name.lower() in {*signed, "authorization"} - {"content-length"}:
            places.append((name, at + len(name) + 2, len(value)))
        at += len(name) + len(value) + 4
    places.append(("body", len(raw) - len(request.body), len(request.body)))
    for what, start, length in places:
        for place in range(start, start + length):
            yield f"{what}, byte {place - start}", raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


clients.for_every_client(globals(), ChangedRequests)


if __name__ == "__main__":
    unittest.main()
