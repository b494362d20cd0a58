"""Nobody starves: not by an object store that hangs, nor by another account that floods."""

import base64
import concurrent.futures
import json
import socket
import threading
import time
import unittest

import hallmark
import identities
import operations
import wire

PLATFORM = "Notation-OCI-SHA384-ECDSA"
PARTNER = "222233334444"
PAYLOAD = base64.b64encode(json.dumps({"targetArtifact": {
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "digest": "sha256:73c803930ea3ba1e54bc25c2bdc53edd0284c62ed651fe7b00369da519a3c333", "size": 16724}}).encode()).decode()
ANSWER_SECONDS_MAX = 5
FLOODERS = 64
FLOOD_SECONDS = 4


class HangingStore:
    """Takes connections, and answers none."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.held = []
        threading.Thread(target=self.hold, daemon=True).start()

    def hold(self):
        try:
            while True:
                self.held.append(self.listener.accept()[0])
        except OSError:
            pass

    def close(self):
        self.listener.close()
        for connection in self.held:
            connection.close()


def put_profile(test, server, name="images", credentials=None):
    done = server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": PLATFORM}, credentials=credentials)
    test.assertEqual(done.status, 200, done)


def sign(server, name="images", credentials=None):
    return server.call("POST", "/signing-jobs/with-payload", (), {
        "profileName": name, "payloadFormat": "application/vnd.cncf.notary.payload.v1+json", "payload": PAYLOAD},
        credentials=credentials)


class LimitsFairness(unittest.TestCase):
    def start(self, configuration="", environment=None):
        server = hallmark.Server(configuration=configuration, environment=environment).start()
        self.addCleanup(server.close)
        return server

    def test_an_object_store_that_hangs_holds_up_nobody_else(self):
        store = HangingStore()
        self.addCleanup(store.close)
        server = self.start(f'objects = "s3:{store.url}?region=us-east-1"\n[s3.buckets]\nsrc = "{hallmark.ACCOUNT}"\n'
                            f'dst = "{hallmark.ACCOUNT}"\n',
                            {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"})
        put_profile(self, server)
        self.assertEqual(server.call("PUT", "/signing-profiles/zips", (),
                                     {"platformId": "AWSLambda-SHA384-ECDSA"}).status, 200)
        asked = [wire.Connection(server.endpoint) for _ in range(32)]
        for place, connection in enumerate(asked):
            request = wire.signed(server.endpoint, server.credentials, "POST", "/signing-jobs", (), {
                "source": {"s3": {"bucketName": "src", "key": "a.zip", "version": "v"}},
                "destination": {"s3": {"bucketName": "dst"}}, "profileName": "zips",
                "clientRequestToken": f"hang-{place}"})
            head = "".join([f"{request.method} {request.target} HTTP/1.1\r\n",
                            *(f"{name}: {value}\r\n" for name, value in request.headers), "\r\n"])
            connection.socket.sendall(head.encode() + request.body)
        hallmark.wait_until(lambda: len(store.held) >= 4, 30)
        for _ in range(10):
            began = time.monotonic()
            self.assertEqual(sign(server).status, 200)
            self.assertEqual(server.call("GET", "/signing-jobs").status, 200)
            self.assertEqual(server.call("GET", "/signing-profiles").status, 200)
            self.assertLess(time.monotonic() - began, ANSWER_SECONDS_MAX)
        self.assertGreater(operations.metrics(server)['hallmark_waiting_tasks{pool="objects"}'], 0)
        for connection in asked:
            connection.socket.close()
        server.kill()

    def test_an_account_that_floods_raises_no_errors_for_another(self):
        server = self.start()
        put_profile(self, server)
        people = identities.Identities(server)
        people.account(PARTNER)
        partner = people.user("partner", identities.ALL_ALLOWED, account=PARTNER)
        put_profile(self, server, "theirs", partner)
        end = time.monotonic() + FLOOD_SECONDS

        def flood(_):
            answers = set()
            while time.monotonic() < end:
                answers.add(sign(server).status)
            return answers

        with concurrent.futures.ThreadPoolExecutor(FLOODERS) as flooders:
            flooding = flooders.map(flood, range(FLOODERS))
            answers = []
            while time.monotonic() < end:
                began = time.monotonic()
                answers.append(sign(server, "theirs", partner).status)
                self.assertLess(time.monotonic() - began, ANSWER_SECONDS_MAX)
            flooded = set().union(*flooding)
        self.assertEqual(set(answers), {200})
        self.assertGreater(len(answers), 3)
        self.assertLessEqual(flooded, {200, 429, 503})
