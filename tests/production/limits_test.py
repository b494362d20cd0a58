"""One client's slowness, size or number does not become everybody's trouble. What single malformed
requests get is in tests/compat/bad_http_test.py, rates in tests/compat/throttling_test.py."""

import os
import pathlib
import select
import socket
import time
import unittest
import urllib.parse

import hallmark
import wire
from refusals import assert_refused

SLOW = min(2000, hallmark.may_open(3000) // 2)
FIRST_BYTE_SECONDS = 5  # the deadlines of a connection; base/limits.h
HEADER_SECONDS = 10
BODY_SECONDS = 20
LATE_SECONDS_MAX = 8  # on a machine that has other things to do
RESERVED_DESCRIPTORS = 256
PLACES = 24


def own_address():
    """An address of this machine that is not loopback, or None. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith("127.") else address


def target_of(descriptor):
    """What an entry of /proc/PID/fd leads to; nothing when it was closed meanwhile."""
    try:
        return os.readlink(descriptor)
    except FileNotFoundError:
        return ""


def readable(sockets):
    """Those of many that have something to be read, after a moment at most."""
    found = select.poll()
    for client in sockets:
        found.register(client, select.POLLIN)
    numbers = {number for number, _ in found.poll(200)}
    return [client for client in sockets if client.fileno() in numbers]


class Limits(unittest.TestCase):
    def start(self, configuration="", listen="127.0.0.1:0"):
        server = hallmark.Server(configuration=configuration)
        server.listen = listen
        server.start()
        self.addCleanup(server.close)
        return server

    def assert_serves(self, server):
        asked = time.monotonic()
        self.assertEqual(server.call("GET", "/signing-platforms").status, 200)
        self.assertLess(time.monotonic() - asked, LATE_SECONDS_MAX)

    def many(self, endpoint, count, first=b""):
        connections = [wire.Connection(endpoint, first=first) for _ in range(count)]
        for connection in connections:
            self.addCleanup(connection.close)
        return connections

    def await_ends(self, connections, seconds, drip=b""):
        """Sends a byte to each every second, and waits until the server has closed all of them."""
        waiting = {connection.socket for connection in connections}
        for client in waiting:
            client.setblocking(False)
        deadline, next_drip = time.monotonic() + seconds, 0
        while waiting:
            self.assertLess(time.monotonic(), deadline, f"{len(waiting)} connections are still open")
            if drip and time.monotonic() > next_drip:
                next_drip = time.monotonic() + 1
                for client in list(waiting):
                    try:
                        client.send(drip)
                    except OSError:
                        waiting.discard(client)
            for client in readable(waiting):
                try:
                    if client.recv(4096):
                        continue  # the refusal that goes before
                except BlockingIOError:
                    continue
                except OSError:
                    pass
                waiting.discard(client)

    def sockets(self, server):
        """How many it has. A busy server opens files meanwhile, for connections to its store."""
        opened = pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir()
        return sum(target_of(descriptor).startswith("socket:") for descriptor in opened)

    def assert_slow_ones_are_closed(self, first, seconds, drip):
        server = self.start()
        self.assert_serves(server)
        before = self.sockets(server)
        slow = self.many(server.endpoint, SLOW, first)
        for _ in range(5):
            self.assert_serves(server)
        self.await_ends(slow, seconds + LATE_SECONDS_MAX, drip)
        hallmark.wait_until(lambda: self.sockets(server) <= before + 2, LATE_SECONDS_MAX)
        self.assert_serves(server)

    def test_connections_that_say_nothing_are_closed(self):
        self.assert_slow_ones_are_closed(b"", FIRST_BYTE_SECONDS, b"")

    def test_headers_that_come_byte_by_byte_are_closed(self):
        self.assert_slow_ones_are_closed(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", HEADER_SECONDS, b"x")

    def test_bodies_that_come_byte_by_byte_are_closed(self):
        head = b"PUT /signing-profiles/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
        self.assert_slow_ones_are_closed(head, BODY_SECONDS, b"x")

    def test_endless_headers_end(self):
        server = self.start()
        with wire.Connection(server.endpoint, first=b"GET / HTTP/1.1\r\n") as connection:
            sent = 0
            try:
                while sent < 10 * 2**20:
                    sent += connection.socket.send(b"X-Filler: " + b"x" * 1000 + b"\r\n")
            except OSError:
                pass
            self.assertLess(sent, 10 * 2**20)
        self.assert_serves(server)

    def test_endless_bodies_end(self):
        server = self.start()
        head = b"PUT /signing-profiles/long HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\n"
        with wire.Connection(server.endpoint, first=head) as connection:
            sent = 0
            try:
                while sent < 64 * 2**20:
                    sent += connection.socket.send(b"x" * 65536)
            except OSError:
                pass
            self.assertLess(sent, 64 * 2**20)
        self.assert_serves(server)

    def test_json_of_any_depth_is_refused_and_does_no_harm(self):
        server = self.start()
        for body in (b"[" * 100_000, b'{"a":' * 80_000 + b"1" + b"}" * 80_000, b'{"tags":' + b"[" * 200_000 + b"}",
                     b'{"platformId":"' + b"\\u0000" * 60_000 + b'"}'):
            response = server.call("PUT", "/signing-profiles/deep", (), body)
            self.assertEqual(response.status, 400, response)
        deep = server.call("PUT", "/signing-profiles/deep", (), b"[" * 100_000)
        assert_refused(self, deep, "SerializationException")
        self.assert_serves(server)

    def test_connections_beyond_the_bound_are_closed_and_the_others_served(self):
        server = hallmark.Server(configuration="")
        self.addCleanup(server.close)
        bound = RESERVED_DESCRIPTORS + PLACES  # a server that may open so many files has so many places
        server.before = ["prlimit", f"--nofile={bound}:{bound}"]
        server.start()
        kept = wire.Connection(server.endpoint)
        self.addCleanup(kept.close)
        request = wire.signed(server.endpoint, server.credentials, "GET", "/signing-platforms").raw()
        self.assertEqual(kept.exchange(request).status, 200)
        crowd = self.many(server.endpoint, PLACES * 2)
        time.sleep(0.5)
        self.assertEqual(kept.exchange(request).status, 200, "who is there is served")
        self.await_ends(crowd, FIRST_BYTE_SECONDS + LATE_SECONDS_MAX)
        self.assertIn("too many connections", server.log())
        self.assert_serves(server)

    def test_one_address_does_not_take_all_connections(self):
        address = own_address()
        if address is None:
            self.skipTest("NOT TESTED: this machine has no address but loopback")
        server = self.start(f'host_names = ["localhost", "{address}"]\ninsecure_plain_http_on_network = true\n'
                            "connections_per_address_max = 5\n", listen="0.0.0.0:0")
        port = urllib.parse.urlsplit(server.endpoint).port
        crowd = self.many(f"http://{address}:{port}", 20)
        sockets = [connection.socket for connection in crowd]
        closed = hallmark.wait_until(lambda: ends if len(ends := select.select(sockets, [], [], 0)[0]) >= 15 else [],
                                     FIRST_BYTE_SECONDS)
        self.assertEqual(len(closed), 15)
        self.assertIn(f"peer={address}", server.log())
        self.assert_serves(server)  # from another address: this machine's own
        for connection in crowd:
            connection.close()

        def serves():
            with wire.Connection(f"http://{address}:{port}") as connection:
                return connection.exchange(f"GET / HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())

        hallmark.wait_until(serves, LATE_SECONDS_MAX)


if __name__ == "__main__":
    unittest.main()
