"""The unmodified clients, each behind the same call: call("GetSigningProfile", profileName="x")
answers the members of the response, or raises Refused. Those that are not there raise SkipTest."""

import base64
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from hallmark import PROJECT

REGION = "us-east-1"
CALL_SECONDS_MAX = 60
FAULT = r"An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)"


class Refused(Exception):
    """The service's error as the client understood it; what a client does not show is None."""

    def __init__(self, name, message, status=None):
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.status = name, message, status


class UnknownToClient(Exception):
    """The client is older than the operation."""


class AwsCli:
    """`service` is "signer", "signer-data" or "sts"; `environment` is put over the client's own."""

    def __init__(self, path, endpoint, credentials, service="signer", **environment):
        self.path, self.endpoint, self.service = path, endpoint, service
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
            **variables(credentials),
            "AWS_PAGER": "",
            **environment,
        }

    def call(self, operation, **parameters):
        command = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
        done = subprocess.run(
            [self.path, self.service, command, "--endpoint-url", self.endpoint, "--output", "json",
             "--no-paginate", "--cli-input-json", json.dumps(parameters, default=raw)],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=CALL_SECONDS_MAX,
        )
        if done.returncode == 0:
            return json.loads(done.stdout or "{}")
        refused = re.search(FAULT, done.stderr)
        if "Invalid choice" in done.stderr:
            raise UnknownToClient(operation)
        if refused is None:
            raise AssertionError(f"aws failed: {done.stderr}")
        raise Refused(*refused.groups())


class Boto3:
    """`options` are botocore's own, of its Config."""

    def __init__(self, endpoint, credentials, service="signer", **options):
        try:
            import boto3
            import botocore.config
            import botocore.exceptions
        except ImportError as error:
            raise unittest.SkipTest("boto3 is not installed") from error
        self.error = botocore.exceptions.ClientError
        self.client = boto3.Session().client(
            service, region_name=REGION, endpoint_url=endpoint,
            aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.session_token,
            config=botocore.config.Config(retries={"total_max_attempts": 1}, **options),
        )

    def call(self, operation, **parameters):
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer = getattr(self.client, method)(**parameters)
        except self.error as error:
            fault = error.response["Error"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise Refused(fault["Code"], fault["Message"], status) from error
        return {k: v for k, v in answer.items() if k != "ResponseMetadata"}


class JavaScript:
    """`service` is "signer" or "signer-data"; `hosts` are names that it resolves as a hosts file would;
    `options` are the SDK's own, of its client."""

    MODULES = PROJECT / "build/compat-node/node_modules"

    def __init__(self, endpoint, credentials, service="signer", hosts=None, **options):
        package = f"@aws-sdk/client-{service}"
        if not (self.MODULES / package).is_dir() or not shutil.which("node"):
            raise unittest.SkipTest("the JavaScript SDK is not installed")
        identity = {"accessKeyId": credentials.access_key, "secretAccessKey": credentials.secret_key,
                    "sessionToken": credentials.session_token}
        self.settings = {"package": package, "client": service.title().replace("-", "") + "Client",
                         "hosts": hosts or {},
                         "options": {"endpoint": endpoint, "region": REGION, "credentials": identity,
                                     "maxAttempts": 1, **options}}

    def call(self, operation, **parameters):
        done = subprocess.run(
            ["node", pathlib.Path(__file__).parent / "client.js"],
            input=json.dumps({**self.settings, "operation": operation, "parameters": parameters}, default=plain),
            env={**os.environ, "NODE_PATH": str(self.MODULES)}, capture_output=True, text=True,
            timeout=CALL_SECONDS_MAX,
        )
        if done.returncode != 0:
            raise AssertionError(f"node failed: {done.stderr}")
        answer = json.loads(done.stdout)
        if "error" in answer:
            fault = answer["error"]
            raise Refused(fault["name"], fault["message"], fault.get("status"))
        return answer["output"]


def variables(credentials):
    """The environment of a client that knows these credentials and nothing else of this machine."""
    said = {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }
    if credentials.session_token:
        said["AWS_SESSION_TOKEN"] = credentials.session_token
    return said


def plain(value):
    """As JSON for another process what boto3 takes as an object."""
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{value!r} is not sent to a client")


def raw(value):
    """The same for `aws` of version 1, which takes bytes as they are."""
    return value.decode() if isinstance(value, bytes) else plain(value)


def command_line(path):
    """A maker of clients of this `aws`."""

    def make(endpoint, credentials, service="signer", **environment):
        if not os.path.exists(path):
            raise unittest.SkipTest(f"{path} is not installed")
        return AwsCli(path, endpoint, credentials, service, **environment)

    return make


# Every client that the tests run with: Debian's is the oldest, the others are the newest there are.
ALL = {
    "DebianCli": command_line("/usr/bin/aws"),
    "NewestCli": command_line(PROJECT / "build/compat-venv/bin/aws"),
    "Boto3": Boto3,
    "JavaScript": JavaScript,
}


# Those that start quickly, for tests with many calls.
LIBRARIES = ("Boto3", "JavaScript")


def for_every_client(namespace, mixin, names=tuple(ALL)):
    """Makes a test case of the mixin for each client: its class attribute `make_client`."""
    for name in names:
        full_name = mixin.__name__ + name
        namespace[full_name] = type(
            full_name, (mixin, unittest.TestCase),
            {"make_client": staticmethod(ALL[name]), "__module__": mixin.__module__},
        )


def seconds_of(value):
    """A timestamp as seconds since 1970, however the client shows it."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value.timestamp()
