"""Well signed requests that ask for the wrong thing: the documented error each time."""

import copy
import unittest
import uuid

import hallmark
import packages
from refusals import assert_refused, assert_turned_away

LAMBDA = "AWSLambda-SHA384-ECDSA"


def setUpModule():
    global server, version
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)
    server.create_bucket("dst")
    version = server.put_object("src", "app.zip", packages.package())
    done = server.call("PUT", "/signing-profiles/known", (), {"platformId": LAMBDA})
    if done.status != 200:
        raise AssertionError(done)


class BadInput(unittest.TestCase):
    def refused(self, name, method, path, query=(), body=None, code=None, message=None):
        response = server.call(method, path, query, body)
        assert_refused(self, response, name, code, message)

    def turned_away(self, *arguments):
        assert_turned_away(self, server.call(*arguments))


class Operations(BadInput):
    def test_unknown_ones_are_said_to_be_unknown(self):
        for method, path in [("GET", "/"), ("GET", "/nothing"), ("POST", "/signing-profiles"),
                             ("DELETE", "/signing-jobs"), ("GET", "/signing-jobs/a/b/c"),
                             ("GET", "/signing-profiles/known/more"), ("PUT", "/signing-platforms/x")]:
            with self.subTest(f"{method} {path}"):
                self.refused("UnknownOperationException", method, path)

    def test_odd_paths_and_methods_are_turned_away(self):
        for method, path in [("PATCH", "/signing-profiles/known"), ("GET", "//signing-profiles"),
                             ("GET", "/signing-profiles/../signing-jobs"), ("GET", "/signing-profiles/%2e%2e"),
                             ("GET", "/signing-profiles/%"),
                             ("GET", "/signing-profiles/%zz"), ("PUT", "/signing-profiles/")]:
            with self.subTest(f"{method} {path}"):
                self.turned_away(method, path)


class Bodies(BadInput):
    PATH = "/signing-profiles/bad_body"

    def test_that_are_no_json_are_refused(self):
        for body in (b"{", b"}", b"nonsense", b"{'a': 1}", b'{"a": 1,}', b'{"platformId": "x"} more', b"\xff\xfe",
                     b'{"platformId": "\xff"}', b'{"platformId": "\\ud800"}', b"[" * 100_000,
                     b'{"platformId": "a", "platformId": "b"}'):
            with self.subTest(body[:40]):
                self.refused("SerializationException", "PUT", self.PATH, (), body)

    def test_that_are_no_object_are_refused(self):
        for body in (b"[]", b'"text"', b"1", b"true", b"null"):
            with self.subTest(body):
                self.refused("SerializationException", "PUT", self.PATH, (), body)

    def test_that_are_empty_lack_the_required_members(self):
        self.refused("ValidationException", "PUT", self.PATH, (), b"")
        self.refused("ValidationException", "PUT", self.PATH, (), b"{}")

    def test_with_unknown_members_are_read_for_the_others(self):
        body = {"platformId": LAMBDA, "unknown": [{}], "signingMaterial": None}
        self.assertEqual(server.call("PUT", "/signing-profiles/more_members", (), body).status, 200)


class ProfileNames(BadInput):
    def test_against_the_pattern_are_invalid_in_every_operation(self):
        for name in ("a", "a" * 65, "ab%0A", "%0Aab", "ab-cd", "ab%20", "ab.cd", "%C3%A4b", "ab%00", "ab%2Fcd",
                     "ab%0D%0A", "ab$"):
            with self.subTest(name):
                path = f"/signing-profiles/{name}"
                self.refused("ValidationException", "PUT", path, (), {"platformId": LAMBDA})
                self.refused("ValidationException", "GET", path)

    def test_of_the_least_and_greatest_length_are_good(self):
        for name in ("z9", "_" * 64):
            response = server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": LAMBDA})
            self.assertEqual(response.status, 200, response)


class Profiles(BadInput):
    def put(self, name, **body):
        """The error of putting a Lambda profile with these members beside."""
        self.refused(name, "PUT", "/signing-profiles/never_made", (), {"platformId": LAMBDA, **body})

    def test_of_wrong_types_are_refused(self):
        for member, value in [("platformId", 1), ("platformId", ["x"]), ("signatureValidityPeriod", 3),
                              ("signatureValidityPeriod", {"value": "1", "type": "DAYS"}),
                              ("signatureValidityPeriod", {"value": 1.5, "type": "DAYS"}),
                              ("signatureValidityPeriod", {"value": 1, "type": 2}),
                              ("signingParameters", "x"), ("tags", ["a"]), ("tags", {"a": 1})]:
            with self.subTest(f"{member}={value}"):
                self.put("SerializationException", **{member: value})

    def test_of_a_number_beyond_all_bounds_are_refused(self):
        for text in (b"1e400", b"99999999999999999999"):
            body = b'{"platformId": "%s", "signatureValidityPeriod": {"type": "DAYS", "value": %s}}'
            self.refused("SerializationException", "PUT", "/signing-profiles/never_made", (),
                         body % (LAMBDA.encode(), text))

    def test_of_a_validity_out_of_range_are_invalid(self):
        for value, unit in [(136, "MONTHS"), (12, "YEARS"), (0, "DAYS"), (-1, "DAYS"), (1, "WEEKS"), (1, "days")]:
            with self.subTest(f"{value} {unit}"):
                self.put("ValidationException", signatureValidityPeriod={"value": value, "type": unit})

    def test_of_lambda_take_no_signing_parameters(self):
        body = {"platformId": LAMBDA, "signingParameters": {"a": "b"}}
        self.refused(
            "ValidationException", "PUT", "/signing-profiles/never_made", (), body,
            message=f"Signing parameters should not be present when using {LAMBDA} platform")

    def test_of_a_certificate_platform_need_a_certificate(self):
        self.refused("ValidationException", "PUT", "/signing-profiles/never_made", (),
                     {"platformId": "AmazonFreeRTOS-Default"}, message="signing material cannot be null.")

    def test_whose_name_is_taken_say_so(self):
        self.refused("ValidationException", "PUT", "/signing-profiles/known", (), {"platformId": LAMBDA},
                     code="ProfileAlreadyExists", message="Profile with name known already exists")

    def test_of_an_unknown_platform_are_refused(self):
        self.turned_away("PUT", "/signing-profiles/never_made", (), {"platformId": "Nothing"})

    def test_that_were_refused_do_not_exist(self):
        self.refused("ResourceNotFoundException", "GET", "/signing-profiles/never_made")


class Jobs(BadInput):
    def body(self):
        return {
            "source": {"s3": {"bucketName": "src", "key": "app.zip", "version": version}},
            "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
            "profileName": "known",
            "clientRequestToken": uuid.uuid4().hex,
        }

    def changed(self, path, value):
        """The good body with one member, named by its path, set to a value."""
        body = copy.deepcopy(self.body())
        *parents, last = path.split(".")
        inner = body
        for parent in parents:
            inner = inner[parent]
        inner[last] = value
        return body

    REQUIRED = ["source", "source.s3", "source.s3.bucketName", "source.s3.key", "source.s3.version", "destination",
                "destination.s3", "destination.s3.bucketName", "profileName", "clientRequestToken"]

    def start(self, name, body, **expected):
        self.refused(name, "POST", "/signing-jobs", (), body, **expected)

    def test_are_started_by_a_good_body(self):
        self.assertEqual(server.call("POST", "/signing-jobs", (), self.body()).status, 200)

    def test_need_every_required_member(self):
        for path in self.REQUIRED:
            with self.subTest(path):
                self.start("ValidationException", self.changed(path, None))

    def test_of_wrong_types_are_refused(self):
        for path in self.REQUIRED:
            for value in (1, True, [], "text" if path.split(".")[-1] in ("source", "s3", "destination") else {}):
                with self.subTest(f"{path}={value}"):
                    self.start("SerializationException", self.changed(path, value))

    def test_of_an_empty_version_are_told_what_they_lack(self):
        self.start("ValidationException", self.changed("source.s3.version", ""), code="InvalidJobParameters",
                   message="StartSigningJobRequest:source:version should not be empty")

    def test_of_a_source_or_destination_that_is_not_there_are_not_found(self):
        for path, value in [("source.s3.bucketName", "no-such-bucket"), ("source.s3.key", "no-such-key"),
                            ("source.s3.version", str(uuid.uuid4())), ("source.s3.version", "../../etc/passwd"),
                            ("source.s3.key", "../app.zip"), ("destination.s3.bucketName", "no-such-bucket")]:
            with self.subTest(f"{path}={value}"):
                self.start("ResourceNotFoundException", self.changed(path, value))

    def test_of_a_bucket_that_no_bucket_can_be_called_are_turned_away(self):
        for value in ("..", "a/b", "A", "", "x" * 300, "a\nb", "a\0b", ".", "src/../src"):
            for path in ("source.s3.bucketName", "destination.s3.bucketName"):
                with self.subTest(f"{path}={value!r}"):
                    self.turned_away("POST", "/signing-jobs", (), self.changed(path, value))

    def test_of_keys_beyond_all_bounds_are_turned_away(self):
        for path in ("source.s3.key", "source.s3.version", "clientRequestToken", "destination.s3.prefix"):
            with self.subTest(path):
                self.turned_away("POST", "/signing-jobs", (), self.changed(path, "x" * 100_000))

    def test_of_a_profile_name_against_the_pattern_are_invalid(self):
        for name in ("a", "a" * 65, "known\n", "kn-own", "known ", ""):
            with self.subTest(repr(name)):
                self.start("ValidationException", self.changed("profileName", name))

    def test_of_an_unknown_profile_are_not_found(self):
        self.start("ResourceNotFoundException", self.changed("profileName", "unknown"))

    def test_that_are_unknown_are_not_found(self):
        for job in (str(uuid.uuid4()), "nothing", "0" * 5000, "%00", "..%2f.."):
            with self.subTest(job[:40]):
                self.refused("ResourceNotFoundException", "GET", f"/signing-jobs/{job}")


class Lists(BadInput):
    PATHS = ("/signing-jobs", "/signing-profiles", "/signing-platforms")

    def test_of_a_wrong_page_size_are_refused(self):
        for path in self.PATHS:
            for size in ("0", "26", "-1", "abc", "1.5", "9" * 30, "1\n", " 1", "0x5"):
                with self.subTest(f"{path} {size!r}"):
                    self.turned_away("GET", path, [("maxResults", size)])

    def test_from_a_token_that_nobody_gave_are_refused(self):
        for path in self.PATHS:
            for token in ("x", "AAAA", "../..", "0" * 1000, "\0"):
                with self.subTest(f"{path} {token[:10]!r}"):
                    self.refused("ValidationException", "GET", path, [("nextToken", token)])

    def test_from_a_token_of_another_list_are_refused(self):
        token = server.call("GET", "/signing-platforms", [("maxResults", "1")]).json["nextToken"]
        self.refused("ValidationException", "GET", "/signing-jobs", [("nextToken", token)])

    def test_of_an_unknown_status_are_refused(self):
        self.refused("ValidationException", "GET", "/signing-jobs", [("status", "Nothing")])
        self.refused("ValidationException", "GET", "/signing-profiles", [("statuses", "Nothing")])

    def test_of_a_repeated_parameter_are_refused(self):
        for path in self.PATHS:
            self.turned_away("GET", path, [("maxResults", "1"), ("maxResults", "2")])

    def test_with_unknown_parameters_are_answered(self):
        for path in self.PATHS:
            self.assertEqual(server.call("GET", path, [("unknown", "1")]).status, 200)


if __name__ == "__main__":
    unittest.main()
