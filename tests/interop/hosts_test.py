"""The names under which verifiers reach the server, as they really ask for them: by a proxy, or by
names that lead to it. The name before the host differs with the age of the client."""

import subprocess
import unittest
import urllib.parse

import flow
import notation

HOST = "signer.test"
PREFIXES = {"AwsPlugin": "verification.", "StandIn": "data-"}
WITH_HOSTS = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'


class Hosts(flow.Flow):
    def prefix(self):
        return PREFIXES[next(name for name, plugin in flow.PLUGINS.items() if plugin == self.plugin)]

    def hosts_asked(self):
        return [request.header("Host") for request in self.recorder.requests]

    def test_a_proxy_gets_the_whole_url(self):
        self.recorder.requests.clear()
        _, _, arn = self.signed()
        self.assert_done(self.verify(arn))
        self.assertEqual(self.hosts_asked(), ["signer.invalid", self.prefix() + "signer.invalid"])
        for request in self.recorder.requests:
            self.assertTrue(request.target.startswith(f"http://{request.header('Host')}/"), request.target)

    def test_names_that_lead_to_the_server_will_do(self):
        _, _, arn = self.profile()
        port = urllib.parse.urlsplit(self.recorder.endpoint).port
        there = notation.Notation(self.plugin, f"http://{HOST}:{port}", self.server.credentials)
        self.addCleanup(there.close)
        hosts = there.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {HOST} verification.{HOST} data-{HOST}\n")
        there.prefix = ["unshare", "--map-root-user", "--mount", "sh", "-c", WITH_HOSTS, "sh", str(hosts)]
        if subprocess.run([*there.prefix, "true"], capture_output=True, check=False).returncode != 0:
            raise unittest.SkipTest("no mount namespace may be made here")
        self.recorder.requests.clear()
        self.assert_done(there.sign(self.layout.reference, arn))
        there.trust(self.root, arn)
        self.assert_done(there.verify(self.layout.reference))
        self.assertEqual(self.hosts_asked(), [f"{HOST}:{port}", f"{self.prefix()}{HOST}:{port}"])

    def test_the_endpoint_may_stand_in_the_environment(self):
        user = self.make_notation(self.server.credentials)
        user.take_endpoint_from_environment()
        _, _, arn = self.profile()
        self.recorder.requests.clear()
        self.assert_done(user.sign(self.layout.reference, arn))
        user.trust(self.root, arn)
        self.assert_done(user.verify(self.layout.reference))
        self.assertEqual(self.hosts_asked(), ["signer.invalid", self.prefix() + "signer.invalid"])

    def test_the_question_names_the_job_and_the_whole_chain(self):
        self.recorder.requests.clear()
        _, _, arn = self.signed()
        self.assert_done(self.verify(arn))
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.recorder.requests[-1].target).query)
        self.assertEqual(len(query["certificateHashes"]), 3)
        self.assertEqual((query["jobArn"], query["platformId"]), ([self.job()], [flow.PLATFORM]))


flow.for_every_plugin(globals(), Hosts)
