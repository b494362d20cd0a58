"""kill -9 under a load of PutSigningProfile: what was acknowledged is there after the restart."""

import concurrent.futures
import itertools
import os
import random
import time
import unittest

import hallmark

CRASHES = 10
CLIENTS = 8
LOAD_SECONDS_MAX = 0.5


class Profiles(unittest.TestCase):
    def setUp(self):
        seed = int(os.environ.get("HALLMARK_SEED", random.randrange(2**32)))
        print(f"        HALLMARK_SEED={seed}", flush=True)
        self.chance = random.Random(seed)
        self.server = hallmark.Server().start()
        self.addCleanup(self.server.close)

    def test_acknowledged_are_never_lost(self):
        total = 0
        for crash in range(CRASHES):
            acknowledged = self.load_and_kill(crash, self.chance.uniform(0.02, LOAD_SECONDS_MAX))
            self.server.start()
            for name, arn in acknowledged.items():
                response = self.server.call("GET", f"/signing-profiles/{name}")
                self.assertEqual(response.status, 200, response)
                self.assertEqual(response.json["profileVersionArn"], arn)
            total += len(acknowledged)
        self.assertGreater(total, CRASHES, "the load was no load")
        self.assertEqual(self.server.stop(), 0)
        self.server.run("check")

    def load_and_kill(self, crash, delay):
        """Puts profiles from several clients, kills the server, and answers {name: profile version
        ARN} of those that were acknowledged."""
        acknowledged = {}

        def put_until_dead(client):
            for number in itertools.count():
                name = f"p_{crash}_{client}_{number}"
                try:
                    body = {"platformId": "AWSLambda-SHA384-ECDSA"}
                    response = self.server.call("PUT", f"/signing-profiles/{name}", (), body)
                except OSError:  # nobody listens any more
                    return
                if response is None:
                    return
                self.assertEqual(response.status, 200, response)
                acknowledged[name] = response.json["profileVersionArn"]

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(put_until_dead, client) for client in range(CLIENTS)]
            time.sleep(delay)  # the random moment itself, not a wait for something
            self.server.kill()
            for client in clients:
                client.result()
        return acknowledged


if __name__ == "__main__":
    unittest.main()
