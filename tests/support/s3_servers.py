"""S3 servers for the tests: versitygw, which keeps objects as files, and moto, which keeps them in memory.
Each is a process of its own on a free port of this machine, and goes with close()."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import boto3
import botocore.config

import hallmark

REGION = "us-east-1"
SECRET = "s3-secret-of-the-tests"
START_SECONDS_MAX = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class S3Server:
    """A server that can be stopped and started again on the same port with the same objects."""

    access_key_id = hallmark.ACCOUNT  # in versitygw an access key is the owner of its buckets
    owners_are_ours = True

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-s3-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            hallmark.wait_until(self.listens, START_SECONDS_MAX)
        except BaseException:
            print((self.folder / "log").read_text(errors="replace")[-2000:])
            self.close()
            raise
        return self

    def listens(self):
        if self.process.poll() is not None:
            raise AssertionError("the S3 server ended")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self):
        return boto3.client(
            "s3", endpoint_url=self.url, region_name=REGION, aws_access_key_id=self.access_key_id,
            aws_secret_access_key=SECRET, config=botocore.config.Config(s3={"addressing_style": "path"}))

    def create_bucket(self, name, *, versioned=True):
        s3 = self.client()
        s3.create_bucket(Bucket=name)
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


class VersityGateway(S3Server):
    binary = hallmark.PROJECT / "build/engines/bin/versitygw"

    def command(self):
        buckets, versions = self.folder / "buckets", self.folder / "versions"
        buckets.mkdir(exist_ok=True)
        versions.mkdir(exist_ok=True)
        return [self.binary, "--access", self.access_key_id, "--secret", SECRET, "--region", REGION,
                "--port", f"127.0.0.1:{self.port}", "--quiet",
                "posix", "--versioning-dir", versions, buckets]


class Moto(S3Server):
    binary = hallmark.PROJECT / "build/engines/venv/bin/moto_server"
    owners_are_ours = False

    def command(self):
        return [self.binary, "-H", "127.0.0.1", "-p", str(self.port)]
