"""Too many requests: 429 for the one account and operation, and a client that comes back a little later."""

import unittest

import hallmark
import identities
import model
import wire
from identities import ALL_ALLOWED
from refusals import assert_refused

OTHER = "222233334444"
CONFIGURATION = """
[throttle]
requests_per_second = 1
burst_seconds = 1
[throttle.operations]
ListSigningPlatforms = 0
"""


def setUpModule():
    global server, operations
    operations = model.operations()
    server = hallmark.Server(CONFIGURATION).start()
    unittest.addModuleCleanup(server.close)


class Throttling(unittest.TestCase):
    def hurried(self, method, path, attempts=20):
        """The first answer of many that is a refusal for haste; None if there is none."""
        for _ in range(attempts):
            body = {} if method in ("PUT", "POST") else None
            response = server.call(method, path, (), body)
            if response.status == 429:
                return response
        return None

    def test_holds_for_every_operation(self):
        for name, operation in operations.items():
            if name == "ListSigningPlatforms":
                continue
            with self.subTest(name):
                path = operation.http["requestUri"].replace("{", "").replace("}", "")
                response = self.hurried(operation.http["method"], path)
                assert_refused(self, response, "TooManyRequestsException")
                self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)

    def test_is_for_one_operation_and_account(self):
        people = identities.Identities(server)
        people.account(OTHER)
        stranger = people.user("stranger", ALL_ALLOWED, account=OTHER)
        self.assertIsNotNone(self.hurried("GET", "/signing-jobs"))
        self.assertEqual(server.call("GET", "/signing-jobs", credentials=stranger).status, 200)

    def test_spares_an_operation_that_has_no_limit(self):
        self.assertIsNone(self.hurried("GET", "/signing-platforms", 100))

    def test_makes_clients_come_back(self):
        import boto3
        import botocore.config

        known = server.credentials
        client = boto3.Session().client(
            "signer", region_name="us-east-1", endpoint_url=server.endpoint, aws_access_key_id=known.access_key,
            aws_secret_access_key=known.secret_key,
            config=botocore.config.Config(retries={"mode": "standard", "max_attempts": 10}))
        calls = (client.list_signing_profiles()["ResponseMetadata"]["RetryAttempts"] for _ in range(20))
        self.assertTrue(any(calls), "no call had to be repeated")

    def test_does_not_count_what_is_not_authenticated(self):
        forger = wire.Credentials(server.credentials.access_key, "wrong")
        for _ in range(5):
            response = server.call("GET", "/signing-profiles/any", credentials=forger)
            assert_refused(self, response, "InvalidSignatureException")


if __name__ == "__main__":
    unittest.main()
