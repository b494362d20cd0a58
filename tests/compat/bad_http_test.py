"""Bytes that are no good HTTP, or too much of it: an answer in time, and a server that lives on."""

import socket
import time
import unittest

import hallmark
import wire
from refusals import assert_refused, assert_turned_away

ANSWER_SECONDS_MAX = 30


def setUpModule():
    global server
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)


class BadHttp(unittest.TestCase):
    def tearDown(self):
        self.assertEqual(server.call("GET", "/signing-platforms").status, 200, "the server lives on")

    def send(self, raw):
        return wire.send_raw(server.endpoint, raw)

    def assert_refused(self, raw, name):
        assert_refused(self, self.send(raw), name)

    def assert_turned_away(self, raw):
        assert_turned_away(self, self.send(raw))

    def good(self, method="PUT", path="/signing-profiles/any_name"):
        body = {"platformId": "x"} if method == "PUT" else None
        return wire.signed(server.endpoint, server.credentials, method, path, (), body)

    def test_a_body_of_ten_gibibytes_is_refused_before_it_is_sent(self):
        huge = self.good().with_header("content-length", str(10 * 2**30))
        started = time.monotonic()
        self.assert_refused(huge.raw(), "RequestEntityTooLargeException")
        self.assertLess(time.monotonic() - started, 5)

    def test_a_body_over_the_limit_is_refused(self):
        self.assert_refused(self.good().with_header("content-length", str(512 * 1024 + 1)).raw(),
                            "RequestEntityTooLargeException")

    def test_a_length_that_is_no_number_is_refused(self):
        for text in ("abc", "-1", "+25", "1.0", "0x10", "25, 25", "99999999999999999999999", "", "25 25"):
            with self.subTest(text):
                self.assert_turned_away(self.good().with_header("content-length", text).raw())

    def test_two_lengths_are_refused(self):
        raw = self.good().raw().replace(b"content-length:", b"Content-Length: 1\r\ncontent-length:")
        self.assert_turned_away(raw)

    def test_a_chunked_body_is_asked_for_its_length(self):
        for coding in ("chunked", "gzip", "identity", "gzip, chunked", "xchunked"):
            with self.subTest(coding):
                request = self.good().with_header("content-length", None).with_header("transfer-encoding", coding)
                response = self.send(request.raw())
                self.assertEqual(response.status, 411, response)
                self.assertTrue(response.error)

    def test_what_follows_a_refused_framing_is_not_read_as_a_request(self):
        smuggled = self.good("GET", "/signing-platforms").raw()
        head = self.good().with_header("content-length", None).with_header("transfer-encoding", "gzip").raw()
        with wire.Connection(server.endpoint) as connection:
            self.assertEqual(connection.exchange(head + smuggled).status, 411)
            rest = b""
            try:
                while more := connection.socket.recv(4096):
                    rest += more
            except ConnectionResetError:
                pass
            self.assertNotIn(b" 200 ", rest)

    def test_no_host_or_two_are_refused(self):
        good = self.good("GET", "/signing-platforms")
        self.assert_turned_away(good.with_header("host", None).raw())
        self.assert_turned_away(good.raw().replace(b"host:", b"Host: other\r\nhost:", 1))

    def test_other_versions_and_garbage_are_refused(self):
        host = b"Host: 127.0.0.1\r\n\r\n"
        for raw in (b"GET / HTTP/1.0\r\n" + host, b"GET / HTTP/2.0\r\n" + host, b"GET / HTTP/9.9\r\n" + host,
                    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
                    b"GET  / HTTP/1.1\r\n" + host, b"G\0T / HTTP/1.1\r\n" + host,
                    b"GET / HTTP/1.1\r\nno colon\r\n" + host, b"GET / HTTP/1.1\r\na : b\r\n" + host,
                    b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n" + host, b"GET / HTTP/1.1\r\nA: \0\r\n" + host,
                    b"CONNECT example:443 HTTP/1.1\r\n" + host, b"GET http://u@h/ HTTP/1.1\r\n" + host):
            with self.subTest(raw[:30]):
                response = self.send(raw)
                if response is not None:  # what is no HTTP at all may be closed without a word
                    self.assertGreaterEqual(response.status, 400, response)
                    self.assertLess(response.status, 500, response)

    def test_headers_over_the_limit_are_refused(self):
        good = self.good("GET", "/signing-platforms")
        self.assert_turned_away(good.with_header("x-filler", "x" * 20_000).raw())
        many = b"".join(b"x-%d: y\r\n" % n for n in range(5000))
        self.assert_turned_away(good.raw().replace(b"\r\n", b"\r\n" + many, 1))

    def test_a_target_over_the_limit_is_refused(self):
        self.assert_turned_away(self.good("GET", "/" + "x" * 100_000).raw())

    def test_a_long_target_within_the_limit_is_read(self):
        response = wire.send(server.endpoint, self.good("GET", "/nothing/" + "x" * 90_000))
        assert_refused(self, response, "UnknownOperationException")

    def test_a_body_that_breaks_off_ends_the_connection(self):
        raw = self.good().with_header("content-length", "1000").raw()
        with wire.Connection(server.endpoint) as connection:
            connection.socket.sendall(raw)
            connection.socket.shutdown(socket.SHUT_WR)
            started = time.monotonic()
            connection.exchange(b"")
            self.assertLess(time.monotonic() - started, 5)

    def test_a_request_that_never_ends_is_answered_in_time(self):
        head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        body = self.good().with_header("content-length", "1000").raw()
        with wire.Connection(server.endpoint) as first, wire.Connection(server.endpoint) as second:
            first.socket.sendall(head)
            second.socket.sendall(body)
            for connection in (first, second):
                response = connection.exchange(b"")
                if response is not None:
                    self.assertEqual((response.status, response.error), (408, "RequestTimeoutException"))

    def test_several_requests_take_turns_on_one_connection(self):
        with wire.Connection(server.endpoint) as connection:
            for _ in range(3):
                self.assertEqual(connection.exchange(self.good("GET", "/signing-platforms").raw()).status, 200)


if __name__ == "__main__":
    unittest.main()
