"""The envelope that is kept as a vector is still what `notation` takes."""

import json
import time
import unittest

import flow
import notation
import wire
from hallmark import PROJECT

GOLDEN = PROJECT / "tests/vectors/notation"
EXPIRY = 2150567118  # 2038-02-22T19:45:18Z


class Golden:
    """Needs no server: the policy asks for no revocation."""

    def setUp(self):
        flow.require_tools(self.plugin)
        if time.time() >= EXPIRY:
            raise unittest.SkipTest("the signature has expired")
        self.notation = notation.Notation(self.plugin, notation.NOWHERE, wire.Credentials("none", "none"))
        self.addCleanup(self.notation.close)
        self.layout = notation.Layout(self.notation.folder / "layout")
        self.layout.image = self.layout.blob((GOLDEN / "manifest.json").read_bytes(), notation.MANIFEST_TYPE)

    def verify(self, envelope):
        arn = f"{notation.PROFILES}/golden"
        self.notation.trust((GOLDEN / "root.pem").read_text(), arn, override={"revocation": "skip"})
        return self.notation.verify(self.layout.attach(envelope).reference)

    def test_is_good(self):
        done = self.verify((GOLDEN / "envelope.json").read_bytes())
        self.assertEqual(done.code, 0, done.text)

    def test_is_refused_without_its_root(self):
        envelope = json.loads((GOLDEN / "envelope.json").read_bytes())
        envelope["header"]["x5c"].pop()
        self.assertEqual(self.verify(json.dumps(envelope).encode()).code, 1)


flow.for_every_plugin(globals(), Golden)
