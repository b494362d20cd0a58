"""The demo, command for command, with the store on PostgreSQL, objects on an S3 server and keys in a token."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import hallmark
import postgresql
import softhsm

try:
    import s3_servers
except ImportError:  # no boto3
    s3_servers = None

DEMO = hallmark.PROJECT / "script/demo"
DEMO_SECONDS_MAX = 600
CONFIGURATION = f"""
[s3.buckets]
demo-source = "{hallmark.ACCOUNT}"
demo-signed = "{hallmark.ACCOUNT}"
"""


def missing():
    if not postgresql.usable():
        return "PostgreSQL"
    if not softhsm.usable():
        return "SoftHSM"
    if s3_servers is None or not s3_servers.VersityGateway.binary.exists():
        return "versitygw"
    return None


class DemoOnEngines(unittest.TestCase):
    def opened(self, engine):
        self.addCleanup(engine.close)
        return engine

    def run_demo(self, *options, **environment):
        return subprocess.run([DEMO, *options], env={**os.environ, **environment}, capture_output=True, text=True,
                              timeout=DEMO_SECONDS_MAX)

    def test_the_demo_works_unchanged_on_three_engines(self):
        if missing():
            self.skipTest(f"{missing()} is not installed (script/engine-tools)")
        token, cluster = self.opened(softhsm.Token()), self.opened(postgresql.Cluster())
        s3 = self.opened(s3_servers.VersityGateway().start())
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        configuration = pathlib.Path(folder.name) / "hallmark.toml"
        configuration.write_text(CONFIGURATION)

        done = self.run_demo("--store", cluster.url, "--objects", f"s3:{s3.url}?region={s3_servers.REGION}", "--keys",
                             token.uri(), "--config", configuration, AWS_ACCESS_KEY_ID=s3.access_key_id,
                             AWS_SECRET_ACCESS_KEY=s3_servers.SECRET)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("a changed package", done.stdout)
        # Each engine had its part.
        self.assertEqual(cluster.ask("SELECT count(*) FROM jobs WHERE status = 2"), ["1"])
        self.assertIn("hallmark code_signing", token.tool("--list-objects", "--type", "privkey"))
        signed = s3.client().list_objects_v2(Bucket="demo-signed")["Contents"]
        self.assertEqual([entry["Key"][:7] for entry in signed], ["signed/"])

    def test_an_option_of_the_demo_that_is_none_is_refused(self):
        done = self.run_demo("--stores", "x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("usage: script/demo", done.stderr)


if __name__ == "__main__":
    unittest.main()
