"""What the tests with `notation` share: a server, a user's notation with one of the plugins, images."""

import base64
import datetime
import json
import pathlib
import tempfile
import time
import unittest
import uuid

import hallmark
import notation
import recording

PLATFORM = "Notation-OCI-SHA384-ECDSA"
PAYLOAD_FORMAT = "application/vnd.cncf.notary.payload.v1+json"
PAYLOAD_BYTES_MAX = 4096
PLUGINS = {"AwsPlugin": notation.AWS_PLUGIN, "StandIn": notation.STAND_IN}


def for_every_plugin(namespace, *mixins):
    """Makes of each mixin a test case for each plugin, `MixinByPlugin`."""
    for mixin in mixins:
        for name, plugin in PLUGINS.items():
            kind = f"{mixin.__name__}By{name}"
            namespace[kind] = type(kind, (mixin, unittest.TestCase), {"plugin": plugin, "__module__": mixin.__module__})


def require_tools(plugin):
    notation.require(notation.NOTATION, plugin)
    if plugin == notation.STAND_IN:
        try:
            import boto3  # noqa: F401
            import notation_checker  # noqa: F401
        except ImportError as missing:
            raise unittest.SkipTest(f"the stand-in for AWS's plugin needs {missing.name}") from missing


class Flow:
    """A server, its requests recorded on their way, and one notation; for the tests of a class."""

    @classmethod
    def setUpClass(cls):
        require_tools(cls.plugin)
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)
        cls.recorder = recording.Recorder(cls.server.endpoint)
        cls.addClassCleanup(cls.recorder.close)
        cls.root = cls.server.run("trust", "export")
        cls.notation = cls.make_notation(cls.server.credentials)

    @classmethod
    def make_server(cls):
        return hallmark.Server().start()

    @classmethod
    def make_notation(cls, credentials):
        """Of a user who reaches the server, under any name, as a proxy."""
        made = notation.Notation(cls.plugin, notation.NOWHERE, credentials, cls.recorder.endpoint)
        cls.addClassCleanup(made.close)
        return made

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hallmark-layout-")
        self.addCleanup(folder.cleanup)
        self.layout = notation.Layout(pathlib.Path(folder.name) / "layout", uuid.uuid4().hex)

    def call(self, *arguments, **options):
        response = self.server.call(*arguments, **options)
        self.assertEqual(response.status, 200, (arguments, response))
        return response.json if response.body else {}

    def profile(self, **members):
        """A profile of the test's own: (name, version, ARN)."""
        name = "p" + uuid.uuid4().hex
        put = self.call("PUT", f"/signing-profiles/{name}", (), {"platformId": PLATFORM, **members})
        return name, put["profileVersion"], put["arn"]

    def signed(self):
        """A profile, and the image signed by it."""
        profile = self.profile()
        self.assert_done(self.notation.sign(self.layout.reference, profile[2]))
        return profile

    def claims(self):
        """The protected header of the image's signature."""
        (_, envelope), = self.layout.signatures()
        text = json.loads(envelope)["protected"]
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

    def job(self):
        return self.claims()["com.amazonaws.signer.signingJob"]

    def verify(self, *identities, root=None, **verification):
        self.notation.trust(root or self.root, *identities, **verification)
        return self.notation.verify(self.layout.reference)

    def assert_done(self, done):
        self.assertEqual(done.code, 0, done.text)

    def assert_failed(self, done, *words):
        self.assertEqual(done.code, 1, done.text)
        for word in words:
            self.assertIn(word, done.text)


def await_second_after(time_text):
    """Waits until a whole second lies between a time of an envelope and now; now, in seconds."""
    moment = datetime.datetime.fromisoformat(time_text.replace("Z", "+00:00")).timestamp()
    hallmark.wait_until(lambda: time.time() >= moment + 2, seconds=10)
    return int(time.time())
