"""GetRevocationStatus as the clients ask it: with the prefix that they put before the host, and without;
through the client of the service and through that of its data plane."""

import datetime
import os
import unittest
import unittest.mock
import urllib.parse

import clients
import world

NOBODY = "http://signer.invalid"  # where only a proxy leads


def setUpModule():
    global here, revoked_job, profile
    here = world.World()
    unittest.addModuleCleanup(here.close)
    name, version = profile = here.profile()
    revoked_job = here.finished(here.start(name))
    here.done("PUT", f"/signing-jobs/{revoked_job}/revoke", (), {"reason": "a test"})


def proxied():
    """An environment in which every host is reached through the server."""
    return {"HTTP_PROXY": here.server.endpoint, "http_proxy": here.server.endpoint, "NO_PROXY": "", "no_proxy": ""}


class Asked:
    """Each way is a client, made by `make`."""

    def test_tells_what_is_revoked_and_what_is_not(self):
        client = self.make()
        self.assertEqual(self.ask(client, "known", here.profile_version, here.job), [])
        self.assertEqual(self.ask(client, *profile, revoked_job), [f"{world.JOBS}/{revoked_job}"])

    @staticmethod
    def ask(client, name, version, job):
        return client.call(
            "GetRevocationStatus", platformId=world.LAMBDA,
            signatureTimestamp=datetime.datetime(2026, 11, 22, 9, 8, 7, tzinfo=datetime.timezone.utc),
            profileVersionArn=f"{world.PROFILES}/{name}/{version}", jobArn=f"{world.JOBS}/{job}",
            certificateHashes=["b" * 192, "a" * 192],
        )["revokedEntities"]


class ByBoto3(Asked, unittest.TestCase):
    def make(self):
        with unittest.mock.patch.dict(os.environ, proxied()):
            return clients.Boto3(NOBODY, here.server.credentials)


class ByBoto3WithoutPrefix(Asked, unittest.TestCase):
    def make(self):
        return clients.Boto3(here.server.endpoint, here.server.credentials, inject_host_prefix=False)


class ByBoto3sDataPlane(Asked, unittest.TestCase):
    def make(self):
        return clients.Boto3(here.server.endpoint, here.server.credentials, "signer-data")


class ByTheNewestCli(Asked, unittest.TestCase):
    def make(self):
        return clients.ALL["NewestCli"](NOBODY, here.server.credentials, **proxied())


class ByTheNewestCliWithoutPrefix(Asked, unittest.TestCase):
    def make(self):
        return clients.ALL["NewestCli"](here.server.endpoint, here.server.credentials,
                                        AWS_DISABLE_HOST_PREFIX_INJECTION="true")


class ByTheNewestClisDataPlane(Asked, unittest.TestCase):
    def make(self):
        return clients.ALL["NewestCli"](here.server.endpoint, here.server.credentials, "signer-data")


class ByJavaScript(Asked, unittest.TestCase):
    def make(self):
        port = urllib.parse.urlsplit(here.server.endpoint).port
        hosts = {name: "127.0.0.1" for name in ("signer.test", "data-signer.test")}
        return clients.JavaScript(f"http://signer.test:{port}", here.server.credentials, hosts=hosts)


class ByJavaScriptWithoutPrefix(Asked, unittest.TestCase):
    def make(self):
        return clients.JavaScript(here.server.endpoint, here.server.credentials, disableHostPrefix=True)


class ByJavaScriptsDataPlane(Asked, unittest.TestCase):
    def make(self):
        return clients.JavaScript(here.server.endpoint, here.server.credentials, "signer-data")


if __name__ == "__main__":
    unittest.main()
