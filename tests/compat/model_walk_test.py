"""The published service model, walked: each operation is here, answers what the model says it answers,
and refuses as the model says it refuses. (every_member_test.py has the constraints.)"""

import itertools
import json
import os
import shutil
import subprocess
import unittest
import uuid

import clients
import hallmark
import identities
import model
import mutations
import wire
import world
from acm_test import IOT, self_signed
from refusals import assert_refused

# Errors that are looked for elsewhere.
ELSEWHERE = {
    "InternalServiceErrorException": "a fault of ours, which no request provokes; the unit tests inject such faults",
    "TooManyRequestsException": "throttling_test.py provokes it for each operation",
}
# (operation, error) of the model, and why it does not occur.
NEVER = {
    ("StartSigningJob", "ThrottlingException"): "deprecated; TooManyRequestsException is sent instead",
}
# Members of answers, and why they are not seen.
UNSEEN = {
    "ListProfilePermissions.nextToken": "AWS answers all permissions in one page, and so do we",
}


def setUpModule():
    global here, operations, nobody
    operations = model.operations()
    here = world.World()
    unittest.addModuleCleanup(here.close)
    nobody = identities.Identities(here.server).user("nobody")


def send(name, members, **options):
    return here.server.call(*model.request_of(operations[name], members), **options)


class Operations(unittest.TestCase):
    def test_are_all_routed(self):
        for service in ("signer", "signer-data"):
            for name, operation in model.operations(service).items():
                with self.subTest(f"{service} {name}"):
                    path = operation.http["requestUri"].replace("{", "").replace("}", "")
                    response = here.server.call(operation.http["method"], path)
                    self.assertNotEqual(response.error, "UnknownOperationException", response)

    def test_answer_nobody_who_is_not_authenticated(self):
        for name, operation in operations.items():
            with self.subTest(name):
                method, path, query, body = model.request_of(operation, here.good(name))
                signed = wire.signed(here.server.endpoint, here.server.credentials, method, path, query, body)
                response = wire.send(here.server.endpoint, signed.with_header("authorization", None))
                assert_refused(self, response, "MissingAuthenticationTokenException")

    def test_are_those_of_the_javascript_sdk(self):
        for service in ("signer", "signer-data"):
            ours, theirs = model.operations(service), self.javascript(service)
            self.assertEqual(set(ours), set(theirs["operations"]))
            for name, operation in ours.items():
                with self.subTest(f"{service} {name}"):
                    shape = operation.input_shape
                    self.assertEqual(theirs["operations"][name], {
                        "http": [operation.http["method"], operation.http["requestUri"]],
                        "input": {
                            member: inner.serialization["name"] if model.place_of(inner) == "querystring" else None
                            for member, inner in shape.members.items()},
                        "output": sorted(model.members_of(operation.output_shape)),
                    })
            self.assertEqual(theirs["errors"], {
                shape.name: shape.metadata["error"]["httpStatusCode"] for shape in model.load(service).error_shapes})

    def javascript(self, service):
        package = f"@aws-sdk/client-{service}"
        modules = clients.JavaScript.MODULES
        if not (modules / package).is_dir() or not shutil.which("node"):
            self.skipTest("the JavaScript SDK is not installed")
        done = subprocess.run(
            ["node", hallmark.PROJECT / "tests/compat/model.js", package], env={**os.environ, "NODE_PATH": str(modules)},
            capture_output=True, text=True, timeout=clients.CALL_SECONDS_MAX, check=True)
        return json.loads(done.stdout)


class Errors(unittest.TestCase):
    def test_of_the_model_each_occur(self):
        for name, operation in operations.items():
            for error in (shape.name for shape in operation.error_shapes):
                if error in ELSEWHERE or (name, error) in NEVER:
                    continue
                with self.subTest(f"{name} {error}"):
                    assert_refused(self, getattr(self, error)(name, operation), error)

    def test_that_never_occur_are_in_the_model(self):
        modelled = {(name, shape.name) for name, operation in model.operations().items() for shape in operation.error_shapes}
        self.assertLessEqual(set(NEVER), modelled)

    # pylint: disable=invalid-name: each provokes the error that it is named as

    def AccessDeniedException(self, name, _):
        return send(name, here.good(name), credentials=nobody)

    def ValidationException(self, name, operation):
        broken = next(itertools.chain(mutations.broken_constraints(operation), mutations.missing(operation)))
        return send(name, broken.of(here.good(name)))

    def ResourceNotFoundException(self, name, _):
        good = here.good(name)
        if name == "PutSigningProfile":
            arn = f"arn:aws:acm:us-east-1:{hallmark.ACCOUNT}:certificate/{uuid.uuid4()}"
            return send(name, {"profileName": good["profileName"], "platformId": IOT,
                               "signingMaterial": {"certificateArn": arn}})
        absent = {"profileName": "unknown", "jobId": str(uuid.uuid4()), "platformId": "Nothing"}
        return send(name, {member: absent.get(member, value) for member, value in good.items()})

    def BadRequestException(self, name, operation):
        if name == "ListTagsForResource":
            return send(name, {"resourceArn": "x" * 30})
        return self.ValidationException(name, operation)

    def NotFoundException(self, name, _):
        return send(name, {**here.good(name), "resourceArn": f"{world.PROFILES}/unknown"})

    def ConflictException(self, name, _):
        good = here.good(name)
        if name == "AddProfilePermission":
            here.permission(good["profileName"])
        return send(name, {**good, "revisionId": str(uuid.uuid4())})

    def ServiceLimitExceededException(self, name, _):
        good = here.good(name)
        for number in range(20):
            response = send(name, {**good, "statementId": f"s{number}"})
            if response.status != 200:
                return response
            good["revisionId"] = response.json["revisionId"]
        return response


class Answers(unittest.TestCase):
    def setUp(self):
        import botocore.parsers

        self.parser = botocore.parsers.create_parser("rest-json")
        self.seen = set()

    def record(self, name, members):
        """Sends it, and has botocore parse the answer: nothing may be left over."""
        response = send(name, members)
        self.assertEqual(response.status, 200, response)
        shape = operations[name].output_shape
        headers = {key.lower(): value for key, value in response.headers.items()}
        parsed = self.parser.parse({"status_code": 200, "headers": headers, "body": response.body}, shape)
        parsed.pop("ResponseMetadata")
        raw = response.json if response.body else {}
        self.assertEqual(sorted(left_over(raw, parsed, name)), [])
        self.seen |= {name} | set(paths_of(parsed, name, shape))
        return parsed

    def test_have_every_member_of_the_model_and_no_other(self):
        for name in operations:
            with self.subTest(name):
                self.record(name, here.good(name))
        self.record_rarities()
        wanted = {path for name, operation in operations.items() for path in leaves(operation.output_shape, name)}
        self.assertEqual(sorted(wanted - self.seen - set(UNSEEN)), [])
        self.assertEqual(sorted(set(UNSEEN) & self.seen), [], "these are seen")

    def record_rarities(self):
        """Members that only some answers have."""
        tagged = here.good("PutSigningProfile")
        here.done(*model.request_of(operations["PutSigningProfile"], tagged))
        self.record("GetSigningProfile", {"profileName": tagged["profileName"]})
        revoked = here.good("RevokeSignature")
        here.done(*model.request_of(operations["RevokeSignature"], revoked))
        self.record("DescribeSigningJob", {"jobId": revoked["jobId"]})
        job = here.finished(here.start(tagged["profileName"]))
        self.record("DescribeSigningJob", {"jobId": job})
        self.record_certificates()
        gone = here.good("RevokeSigningProfile")
        here.done(*model.request_of(operations["RevokeSigningProfile"], gone))
        self.record("GetSigningProfile", {"profileName": gone["profileName"]})
        versioned = here.good("AddProfilePermission")
        here.done(*model.request_of(operations["AddProfilePermission"], versioned))
        self.record("ListProfilePermissions", {"profileName": versioned["profileName"]})
        status = here.good("GetRevocationStatus")
        self.record("GetRevocationStatus", {
            **status, "jobArn": f"{world.JOBS}/{revoked['jobId']}"})
        for name in ("ListSigningJobs", "ListSigningPlatforms", "ListSigningProfiles"):
            self.record(name, {"maxResults": "1"})
            self.record(name, {})

    def record_certificates(self):
        """What a profile with a certificate of its account has."""
        certificate, key = self_signed()
        client = clients.Boto3(here.server.endpoint, here.server.credentials, "acm")
        imported = client.call("ImportCertificate", Certificate=certificate, PrivateKey=key)
        name, _ = here.profile(platformId=IOT, signingMaterial={"certificateArn": imported["CertificateArn"]},
                               signingParameters={"certname": "/cert.pem"})
        self.record("GetSigningProfile", {"profileName": name})
        self.record("DescribeSigningJob", {"jobId": here.finished(here.start(name))})


def left_over(raw, parsed, path):
    """Where the answer has what the parser did not take."""
    if isinstance(raw, dict) and isinstance(parsed, dict):
        yield from (f"{path}.{key}" for key in set(raw) - set(parsed))
        for key in set(raw) & set(parsed):
            yield from left_over(raw[key], parsed[key], f"{path}.{key}")
    elif isinstance(raw, list) and isinstance(parsed, list):
        for raw_item, parsed_item in zip(raw, parsed):
            yield from left_over(raw_item, parsed_item, path)


def leaves(shape, path):
    """The members of a structure that hold no further ones."""
    if shape is None:
        return
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from leaves(member, f"{path}.{name}")
    elif shape.type_name == "list":
        yield from leaves(shape.member, path)
    else:
        yield path


def paths_of(value, path, shape):
    """The leaves that a parsed answer has."""
    if shape is None:
        return
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from paths_of(inner, f"{path}.{name}", shape.members[name])
    elif shape.type_name == "list":
        for item in value:
            yield from paths_of(item, path, shape.member)
    else:
        yield path


if __name__ == "__main__":
    unittest.main()
