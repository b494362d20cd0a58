"""Each cause for which the service is not ready, brought about and taken away: the right probe says so within
five seconds, /livez never does."""

import os
import pathlib
import signal
import socket
import sqlite3
import time
import unittest
import urllib.parse

import hallmark
import operations
import signing_flow
import softhsm

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
HOUR = 3600


class Health(unittest.TestCase):
    def start(self, server):
        server.start()
        self.addCleanup(server.close)
        operations.wait_for_causes(server, [])
        return server

    def assert_alive(self, server):
        self.assertEqual(operations.ask(server, "/livez"), (200, "alive\n"))

    def test_a_healthy_server_is_ready(self):
        server = self.start(hallmark.Server(configuration=""))
        self.assertEqual(operations.ask(server, "/readyz"), (200, "ready\n"))
        self.assert_alive(server)

    def test_a_store_that_takes_no_writes(self):
        server = self.start(hallmark.Server(configuration=""))
        other = sqlite3.connect(next(server.data.glob("*.db")), isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        operations.wait_for_causes(server, ["store"])
        self.assert_alive(server)
        other.execute("ROLLBACK")
        operations.wait_for_causes(server, [])

    def set_seen_time(self, server, seconds):
        """As if the server had run at another time before."""
        store = sqlite3.connect(next(server.data.glob("*.db")))
        store.execute("UPDATE seen_times SET seen_at = ?", ((int(time.time()) + seconds) * 1000,))
        store.commit()
        store.close()

    def test_a_clock_that_is_behind_what_it_was(self):
        server = self.start(hallmark.Server(configuration=""))
        self.assertEqual(server.stop(), 0)
        self.set_seen_time(server, 2 * HOUR)
        server.start()
        operations.wait_for_causes(server, ["clock", "signing"])
        self.assert_alive(server)
        self.assertEqual(server.stop(), 0)
        usual = server._command
        server._command = lambda: [*usual(), "--accept-clock"]
        server.start()
        operations.wait_for_causes(server, [])

    def test_a_clock_that_is_a_little_behind_is_fine(self):
        server = self.start(hallmark.Server(configuration=""))
        self.assertEqual(server.stop(), 0)
        self.set_seen_time(server, 120)
        server.start()
        operations.wait_for_causes(server, [])

    @unittest.skipUnless(FAKETIME, "NOT TESTED: there is no libfaketime")
    def test_a_clock_that_is_set_back_while_it_serves(self):
        server = hallmark.Server(configuration="")
        self.addCleanup(server.close)
        shift = server.folder / "faketime"
        shift.write_text("+0\n")
        server.environment |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(shift),
                               "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.start(server)
        signing_flow.put_profile(self, server)
        operations.wait_for_causes(server, [])  # and what was done is looked at
        time.sleep(1.5)
        shift.write_text("-600\n")
        operations.wait_for_causes(server, ["clock", "signing"])
        self.assert_alive(server)
        for method, path, body in (("PUT", "/signing-profiles/other", {"platformId": "AWSLambda-SHA384-ECDSA"}),
                                   ("DELETE", "/signing-profiles/release", None)):
            answer = server.call(method, path, (), body)
            self.assertEqual((answer.status, answer.error), (503, "ServiceUnavailable"), answer)
            self.assertIn("clock", str(answer.json))
        with self.assertRaisesRegex(hallmark.CommandFailed, "clock"):
            server.run("user", "create", "mallory")
        self.assertEqual(server.call("GET", "/signing-profiles/release").status, 200)
        shift.write_text("+0\n")
        operations.wait_for_causes(server, [])
        self.assertEqual(server.call("DELETE", "/signing-profiles/release").status, 200)

    @unittest.skipUnless(softhsm.usable(), "NOT TESTED: there is no SoftHSM (packages softhsm2 and opensc)")
    def test_a_token_that_goes_away(self):
        token = softhsm.Token()
        self.addCleanup(token.close)
        server = self.start(softhsm.TokenServer(token))
        token.vanish()
        operations.wait_for_causes(server, ["keys"])
        self.assert_alive(server)
        token.come_back()
        operations.wait_for_causes(server, [])

    def test_draining(self):
        server = self.start(hallmark.Server(configuration=""))
        address = urllib.parse.urlsplit(server.endpoint)
        with socket.create_connection((address.hostname, address.port)) as slow:
            slow.sendall(b"POST /signing-jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
                         b"Expect: 100-continue\r\n\r\n")
            self.assertEqual(slow.recv(4096), b"HTTP/1.1 100 Continue\r\n\r\n")  # so it is read
            os.kill(server.process.pid, signal.SIGTERM)
            operations.wait_for_causes(server, ["draining"])
            self.assert_alive(server)
            slow.sendall(b"0123456789")
            self.assertIn(b"HTTP/1.1 403", slow.recv(4096))
        self.assertEqual(server.process.wait(hallmark.STOP_SECONDS_MAX), 0)
        server.process.stdout.close()
        server.process = None

    def test_a_server_that_is_not_ready_keeps_answering_what_it_can(self):
        server = self.start(hallmark.Server(configuration=""))
        signing_flow.put_profile(self, server)
        other = sqlite3.connect(next(server.data.glob("*.db")), isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        operations.wait_for_causes(server, ["store"])
        self.assertEqual(server.call("GET", "/signing-profiles/release").status, 200)
        self.assertEqual(server.call("PUT", "/signing-profiles/other", (),
                                     {"platformId": signing_flow.PLATFORM}).status, 503)
        other.execute("ROLLBACK")
        operations.wait_for_causes(server, [])
