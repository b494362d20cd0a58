"""Events of ended jobs, as a receiver that trusts nobody sees them: it checks each signature by itself."""

import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import select
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import hallmark
import operations
import signing_flow

SECRET = base64.b64encode(bytes(range(32)))
SECONDS_MAX = 30
CLOCK_SECONDS_MAX = 60


class Receiver:
    """Takes events over HTTP; `answers` are given first, then 200."""

    def __init__(self, port=0, context=None):
        self.bodies, self.ids, self.faults, self.answers = [], [], [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(self.headers, body)
                status = receiver.answers.pop(0) if receiver.answers else 200
                if status == 200:
                    receiver.bodies.append(json.loads(body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                receiver.faults.append("a redirect was followed")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, headers, body):
        identity, at = headers["webhook-id"], headers["webhook-timestamp"]
        signed = b".".join((identity.encode(), at.encode(), body))
        expected = base64.b64encode(hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()).decode()
        if headers["webhook-signature"] != "v1," + expected:
            self.faults.append("a wrong signature")
        if abs(time.time() - int(at)) > CLOCK_SECONDS_MAX:
            self.faults.append("a wrong time")
        if headers["Content-Type"] != "application/json":
            self.faults.append("a wrong type")
        self.ids.append(identity)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Events(unittest.TestCase):
    def receiver(self, **options):
        made = Receiver(**options)
        self.addCleanup(made.close)
        return made

    def server(self, url, more=""):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-events-"))
        self.addCleanup(subprocess.run, ["rm", "-r", folder])
        secret = folder / "secret"
        secret.write_bytes(b"whsec_" + SECRET + b"\n")
        secret.chmod(0o400)
        server = hallmark.Server(
            configuration=f'[events]\nwebhook_url = "{url}"\nwebhook_secret_file = "{secret}"\n{more}')
        server.start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server)
        return server

    def sign(self, server, seed=1):
        return signing_flow.sign_and_verify(self, server, seed=seed)["jobId"]

    def wait(self, receiver, count):
        hallmark.wait_until(lambda: len(receiver.bodies) >= count, SECONDS_MAX)

    def test_the_end_of_a_job_is_told_once_signed_and_in_the_form_of_eventbridge(self):
        receiver = self.receiver()
        server = self.server(f"http://127.0.0.1:{receiver.port}/hook")
        job = self.sign(server)
        self.wait(receiver, 1)
        event = receiver.bodies[0]
        described = server.call("GET", f"/signing-jobs/{job}").json
        self.assertEqual((event["version"], event["source"], event["detail-type"]),
                         ("0", "aws.signer", "Signer Job Status Change"))
        self.assertEqual((event["account"], event["region"]), (hallmark.ACCOUNT, "us-east-1"))
        self.assertEqual(event["resources"], [f"arn:aws:signer:us-east-1:{hallmark.ACCOUNT}:/signing-jobs/{job}"])
        self.assertEqual(event["detail"], {
            "job_id": job, "status": "Succeeded", "platform": signing_flow.PLATFORM,
            "source": described["source"]["s3"], "destination": described["signedObject"]["s3"]})
        self.assertEqual(receiver.ids, [event["id"]])
        # No repeat comes without a failure, and the outbox is empty.
        hallmark.wait_until(lambda: operations.metrics(server)
                            ['hallmark_events_delivered_total{target="webhook"}'] == 1, SECONDS_MAX)
        self.assertEqual(operations.metrics(server)['hallmark_oldest_event_age_seconds{target="webhook"}'], 0)
        self.assertEqual((len(receiver.ids), receiver.faults), (1, []))

    def test_a_failed_job_is_told_too(self):
        receiver = self.receiver()
        server = self.server(f"http://127.0.0.1:{receiver.port}/hook")
        version = server.put_object("src", "bad.zip", b"this is no archive")
        server.create_bucket("dst")
        started = server.call("POST", "/signing-jobs", (), {
            "source": {"s3": {"bucketName": "src", "key": "bad.zip", "version": version}},
            "destination": {"s3": {"bucketName": "dst"}}, "profileName": "release", "clientRequestToken": "bad"})
        self.assertEqual(started.status, 200, started)
        self.wait(receiver, 1)
        self.assertEqual(receiver.bodies[0]["detail"]["status"], "Failed")

    def test_what_is_refused_is_sent_again_with_the_same_id(self):
        receiver = self.receiver()
        receiver.answers = [500, 302, 404]
        server = self.server(f"http://127.0.0.1:{receiver.port}/hook")
        self.sign(server)
        self.wait(receiver, 1)
        self.assertEqual(len(receiver.ids), 4)
        self.assertEqual(len(set(receiver.ids)), 1)
        self.assertEqual(receiver.faults, [])
        self.assertEqual(operations.metrics(server)['hallmark_event_attempts_failed_total{target="webhook"}'], 3)

    def test_an_event_outlives_a_crash_and_a_receiver_that_is_away(self):
        away = Receiver()
        port = away.port
        away.close()
        server = self.server(f"http://127.0.0.1:{port}/hook")
        jobs = [self.sign(server, seed) for seed in (1, 2)]
        server.kill()
        receiver = self.receiver(port=port)
        server.start()
        self.wait(receiver, 2)
        self.assertEqual({event["detail"]["job_id"] for event in receiver.bodies}, set(jobs))

    def test_a_receiver_that_proves_nothing_gets_nothing(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-events-"))
        self.addCleanup(subprocess.run, ["rm", "-r", folder])
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1",
                        "-keyout", folder / "key", "-out", folder / "certificate"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate", folder / "key")
        receiver = self.receiver(context=context)
        url = f"https://127.0.0.1:{receiver.port}/hook"
        server = self.server(url)
        self.sign(server)
        hallmark.wait_until(lambda: "event not delivered" in server.log(), SECONDS_MAX)
        self.assertEqual(receiver.ids, [])
        trusting = self.server(url, more=f'webhook_ca_file = "{folder / "certificate"}"\n')
        self.sign(trusting)
        self.wait(receiver, 1)

    def test_standard_output_has_events_behind_its_first_line(self):
        receiver = self.receiver()
        server = self.server(f"http://127.0.0.1:{receiver.port}/hook", more="stdout = true\n")
        job = self.sign(server)
        self.assertTrue(select.select([server.process.stdout], [], [], SECONDS_MAX)[0])
        line = server.process.stdout.readline()
        self.assertEqual(json.loads(line)["detail"]["job_id"], job)
        self.wait(receiver, 1)

    def test_without_a_target_nothing_is_kept(self):
        server = hallmark.Server(configuration="").start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        names = set(operations.metrics(server))
        self.assertFalse({name for name in names if "target=" in name})
