"""Signing from and to the buckets of real S3 servers, with the server configured as its users do."""

import io
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time
import unittest
import uuid
import zipfile

import hallmark
import packages

try:
    import boto3
    import s3_servers
except ImportError:  # no boto3
    s3_servers = None

LAMBDA = "AWSLambda-SHA384-ECDSA"
JOB_SECONDS_MAX = 120
MANY_BYTES = 70 * 1024 * 1024  # beyond what is uploaded in one request
KILLS = 6


def large_package():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("index.js", "exports.handler = 1;\n")
        archive.writestr("data.bin", random.Random(1).randbytes(MANY_BYTES))
    return made.getvalue()


def certificate():
    """What ImportCertificate takes: a certificate for code signing, and its key, made by openssl."""
    with tempfile.TemporaryDirectory() as folder:
        made, private = pathlib.Path(folder) / "certificate.pem", pathlib.Path(folder) / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
             private, "-out", made, "-days", "30", "-subj", "/CN=device", "-config", "/dev/null",
             "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
             "-addext", "extendedKeyUsage=codeSigning"], check=True, capture_output=True)
        return {"Certificate": made.read_bytes(), "PrivateKey": private.read_bytes()}


def configuration(server):
    return f"""
objects = "s3:{server.url}?region={s3_servers.REGION}"
[s3]
access_key_id = "{server.access_key_id}"
secret_access_key_file = "s3-secret"
expected_bucket_owner = {"true" if server.owners_are_ours else "false"}
[s3.buckets]
src = "{hallmark.ACCOUNT}"
dst = "{hallmark.ACCOUNT}"
plain = "{hallmark.ACCOUNT}"
missing = "{hallmark.ACCOUNT}"
foreign = "999999999999"
"""


class OnS3:
    """One S3 server and one Hallmark for the tests of a class."""

    make_server = None

    @classmethod
    def setUpClass(cls):
        made = getattr(s3_servers, cls.make_server, None)
        if made is None or not made.binary.exists():
            raise unittest.SkipTest(f"{cls.make_server} is not installed (script/engine-tools)")
        cls.s3_server = made().start()
        cls.addClassCleanup(lambda: cls.s3_server.close())
        for bucket in ("src", "dst", "foreign", "unnamed"):
            cls.s3_server.create_bucket(bucket)
        cls.s3_server.create_bucket("plain", versioned=False)
        cls.s3 = cls.s3_server.client()
        cls.version = cls.put("src", "app.zip", packages.package())
        cls.server = hallmark.Server(configuration(cls.s3_server))
        cls.addClassCleanup(cls.server.close)
        (cls.server.folder / "s3-secret").write_text(s3_servers.SECRET + "\n")
        cls.server.start()
        (cls.server.folder / "root.pem").write_text(cls.server.run("trust", "export"))
        cls.server.call("PUT", "/signing-profiles/lambda", (), {"platformId": LAMBDA})

    @classmethod
    def put(cls, bucket, key, content):
        return cls.s3.put_object(Bucket=bucket, Key=key, Body=content).get("VersionId", "null")

    def aws(self, service):
        """boto3's client of a service of Hallmark."""
        return boto3.client(
            service, endpoint_url=self.server.endpoint, region_name="us-east-1",
            aws_access_key_id=self.server.credentials.access_key,
            aws_secret_access_key=self.server.credentials.secret_key)

    def start(self, *, bucket="src", key="app.zip", version=None, destination="dst", profile="lambda"):
        body = {
            "source": {"s3": {"bucketName": bucket, "key": key, "version": version or self.version}},
            "destination": {"s3": {"bucketName": destination, "prefix": "signed/"}},
            "profileName": profile,
            "clientRequestToken": uuid.uuid4().hex,
        }
        return self.server.call("POST", "/signing-jobs", (), body)

    def started(self, **more):
        response = self.start(**more)
        self.assertEqual(response.status, 200, response)
        return response.json["jobId"]

    def ended(self, job):
        def look():
            described = self.server.call("GET", f"/signing-jobs/{job}").json
            return described if described["status"] != "InProgress" else None

        return hallmark.wait_until(look, JOB_SECONDS_MAX)

    def signed(self, job):
        """The bytes of a job that succeeded, which verify."""
        described = self.ended(job)
        self.assertEqual(described["status"], "Succeeded", described)
        key = described["signedObject"]["s3"]["key"]
        content = self.s3.get_object(Bucket="dst", Key=key)["Body"].read()
        path = self.server.folder / f"{job}.zip"
        path.write_bytes(content)
        hallmark.run("verify", path, "--trust-root", self.server.folder / "root.pem")
        path.unlink()
        return content

    def versions(self, key):
        listed = self.s3.list_object_versions(Bucket="dst", Prefix=key)
        return [one["VersionId"] for one in listed.get("Versions", []) if one["Key"] == key]

    def uploads(self):
        return self.s3.list_multipart_uploads(Bucket="dst").get("Uploads", [])

    def assert_refused(self, response, name, status):
        self.assertEqual((response.error, response.status), (name, status), response)

    def test_a_package_is_signed_from_bucket_to_bucket(self):
        job = self.started()
        self.assertNotEqual(self.signed(job), packages.package())
        self.assertEqual(len(self.versions(f"signed/{job}.zip")), 1)

    def test_the_version_that_was_named_is_signed(self):
        first = self.put("src", "twice.zip", packages.package(1))
        self.put("src", "twice.zip", b"no package at all")
        self.signed(self.started(key="twice.zip", version=first))

    def test_an_odd_key_is_a_key_like_every_other(self):
        for key in ("a b+c.zip", "folder/\N{SNOWMAN}.zip", "a=b&c?d#e.zip"):
            with self.subTest(key):
                self.signed(self.started(key=key, version=self.put("src", key, packages.package())))

    def test_a_large_package_is_uploaded_in_parts(self):
        version = self.put("src", "large.zip", large_package())
        self.assertGreater(len(self.signed(self.started(key="large.zip", version=version))), MANY_BYTES)
        self.assertEqual(self.uploads(), [])

    def test_a_version_that_is_not_there_is_not_found(self):
        gone = self.put("src", "gone.zip", packages.package())
        self.s3.delete_object(Bucket="src", Key="gone.zip", VersionId=gone)
        self.assert_refused(self.start(key="gone.zip", version=gone), "ResourceNotFoundException", 404)
        self.assert_refused(self.start(version="no-such-version"), "ResourceNotFoundException", 404)
        self.assert_refused(self.start(key="no-such-key"), "ResourceNotFoundException", 404)

    def test_a_bucket_without_versions_is_no_source(self):
        self.put("plain", "app.zip", packages.package())
        self.assert_refused(self.start(bucket="plain", version="null"), "ValidationException", 400)
        self.assert_refused(self.start(bucket="plain", version="some-version"), "ValidationException", 400)

    def test_a_bucket_of_another_account_is_refused(self):
        version = self.put("foreign", "app.zip", packages.package())
        self.assert_refused(self.start(bucket="foreign", version=version), "AccessDeniedException", 403)
        self.assert_refused(self.start(destination="foreign"), "AccessDeniedException", 403)

    def test_a_bucket_that_is_not_configured_is_not_there(self):
        version = self.put("unnamed", "app.zip", packages.package())
        self.assert_refused(self.start(bucket="unnamed", version=version), "ResourceNotFoundException", 404)
        self.assert_refused(self.start(destination="unnamed"), "ResourceNotFoundException", 404)

    def test_a_bucket_that_the_s3_server_does_not_have_is_not_there(self):
        self.assert_refused(self.start(bucket="missing"), "ResourceNotFoundException", 404)
        self.assert_refused(self.start(destination="missing"), "ResourceNotFoundException", 404)

    def test_a_malformed_package_fails_and_nothing_is_written(self):
        job = self.started(version=self.put("src", "app.zip", b"no package"))
        self.assertEqual(self.ended(job)["status"], "Failed")
        self.assertEqual(self.versions(f"signed/{job}.zip"), [])

    def test_firmware_is_signed_with_a_certificate_of_its_own(self):
        arn = self.aws("acm").import_certificate(**certificate())["CertificateArn"]
        self.aws("signer").put_signing_profile(
            profileName="firmware", platformId="AWSIoTDeviceManagement-SHA256-ECDSA",
            signingMaterial={"certificateArn": arn}, signingParameters={"certname": "/cert.pem"})
        version = self.put("src", "firmware.bin", random.Random(2).randbytes(1_000_000))
        described = self.ended(self.started(key="firmware.bin", version=version, profile="firmware"))
        self.assertEqual(described["status"], "Succeeded", described)
        signed = self.s3.get_object(Bucket="dst", Key=described["signedObject"]["s3"]["key"])["Body"].read()
        self.assertEqual(json.loads(signed)["payloadLocation"]["s3"],
                         {"bucketName": "src", "key": "firmware.bin", "version": version})

    def test_the_secret_is_nowhere(self):
        self.signed(self.started())
        self.assertNotIn(s3_servers.SECRET, self.server.log())
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn(s3_servers.SECRET.encode(), path.read_bytes(), path)


class Versity(OnS3, unittest.TestCase):
    make_server = "VersityGateway"

    def test_a_server_killed_while_uploading_finishes_after_its_restart(self):
        seed = int(os.environ.get("HALLMARK_SEED", random.randrange(2**32)))
        print(f"        HALLMARK_SEED={seed}", flush=True)
        chance = random.Random(seed)
        version = self.put("src", "large.zip", large_package())
        started = time.monotonic()
        self.signed(self.started(key="large.zip", version=version))
        whole_run = time.monotonic() - started
        for kill in range(KILLS):
            with self.subTest(f"kill {kill}"):
                job = self.started(key="large.zip", version=version)
                time.sleep(chance.uniform(0, whole_run))  # the random moment itself
                self.server.kill()
                self.server.start()
                self.signed(job)
                self.assertEqual(len(self.versions(f"signed/{job}.zip")), 1)
                self.assertEqual(self.uploads(), [])

    def test_jobs_wait_for_an_s3_server_that_is_away(self):
        jobs = [self.started() for _ in range(8)]
        self.s3_server.stop()
        self.assert_refused(self.start(), "ServiceUnavailable", 503)
        self.s3_server.start()
        for job in jobs:
            self.signed(job)


class MotoServer(OnS3, unittest.TestCase):
    make_server = "Moto"
