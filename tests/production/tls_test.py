"""TLS as strangers see it, the certificate's replacement, and who is believed about the client."""

import fcntl
import os
import pathlib
import pty
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import termios
import threading
import time
import unittest

import hallmark
import identities
import operations
import tls
import wire
from refusals import assert_refused

SECONDS_MAX = 30
HANDSHAKE_SECONDS_MAX = 15  # the deadline is 10
HALF_OPEN = min(2000, hallmark.may_open(3000) // 2)
SUITES_1_3 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
SUITES_1_2 = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")  # behind ECDHE-…-
CLIENT = "203.0.113.5"
PROXY = "127.0.0.2"


def setUpModule():
    global authority, folder
    folder = tempfile.TemporaryDirectory(prefix="hallmark-test-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = tls.Authority(folder.name)


class Case(unittest.TestCase):
    def start(self, **options):
        server = tls.TlsServer(authority, **options).start()
        self.addCleanup(server.close)
        return server

    def assert_serves(self, server, **options):
        self.assertEqual(server.call("GET", "/signing-platforms", **options).status, 200)

    def refusal(self, server):
        """What a server says that does not start."""
        with self.assertRaises(AssertionError) as failed:
            server.start()
        return str(failed.exception)


class TLS(Case):
    """What every stranger gets, on two servers: with a key of ECDSA and of RSA."""

    @classmethod
    def setUpClass(cls):
        cls.servers = {}
        for kind in tls.KEYS:
            server = tls.TlsServer(authority, kind=kind).start()
            cls.addClassCleanup(server.close)
            cls.servers[kind] = server
        cls.server = cls.servers["ec"]

    def tearDown(self):
        for server in self.servers.values():
            self.assert_serves(server)

    def shake(self, *options, kind="ec", said=b""):
        """What openssl's client says of a connection."""
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.servers[kind].port}", "-CAfile", authority.file,
             "-servername", "localhost", *options], input=said, capture_output=True, timeout=SECONDS_MAX)
        return (done.stdout + done.stderr).decode(errors="replace")

    def assert_shaken(self, suite, *options, kind="ec"):
        said = self.shake(*options, kind=kind)
        self.assertIn(f"Cipher is {suite}", said)
        self.assertIn("Verify return code: 0 (ok)", said)

    def assert_not_shaken(self, *options, kind="ec"):
        self.assertIn("Cipher is (NONE)", self.shake(*options, kind=kind), options)

    def test_1_3_with_each_suite(self):
        for suite in SUITES_1_3:
            with self.subTest(suite):
                self.assert_shaken(suite, "-tls1_3", "-ciphersuites", suite)

    def test_1_2_with_each_authenticated_suite_and_ephemeral_keys(self):
        for kind, prefix in (("ec", "ECDHE-ECDSA-"), ("rsa", "ECDHE-RSA-")):
            for suite in SUITES_1_2:
                with self.subTest(prefix + suite):
                    self.assert_shaken(prefix + suite, "-tls1_2", "-cipher", prefix + suite, kind=kind)

    def test_no_older_version(self):
        for version in ("-tls1", "-tls1_1"):
            with self.subTest(version):
                self.assert_not_shaken(version, "-cipher", "ALL:@SECLEVEL=0")

    def test_no_suite_without_authentication_of_data_or_without_ephemeral_keys(self):
        for suite in ("AES128-GCM-SHA256", "AES256-SHA256", "AES128-SHA", "ECDHE-RSA-AES128-SHA256",
                      "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA", "ARIA128-GCM-SHA256", "NULL", "AECDH"):
            with self.subTest(suite):
                self.assert_not_shaken("-tls1_2", "-cipher", f"{suite}:@SECLEVEL=0", kind="rsa")

    def test_no_renegotiation(self):
        with subprocess.Popen(["openssl", "s_client", "-tls1_2", "-connect", f"127.0.0.1:{self.server.port}"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
            while line := client.stdout.readline():
                if b"Extended master secret" in line:  # the last one before it reads its terminal's commands
                    break
            said, _ = client.communicate(b"R\n", timeout=SECONDS_MAX)
        self.assertIn(b"RENEGOTIATING", said)
        self.assertIn(b"no renegotiation", said)

    def test_no_compression_and_no_resumption(self):
        for version in ("-tls1_2", "-tls1_3"):
            said = self.shake(version, "-reconnect" if version == "-tls1_2" else "-ign_eof",
                              said=b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertIn("Compression: NONE", said)
            self.assertNotIn("Reused,", said)
            self.assertNotIn("New Session Ticket arrived", said)

    def test_http_1_1_by_alpn_and_nothing_else(self):
        self.assertIn("ALPN protocol: http/1.1", self.shake("-alpn", "h2,http/1.1"))
        self.assertIn("no application protocol", self.shake("-alpn", "h2"))

    def test_the_end_is_said(self):
        """close_notify: whoever reads to the end knows that it was the end."""
        with tls.TlsConnection(self.server.endpoint, self.server.context()) as connection:
            connection.socket.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            said = b""
            while more := connection.socket.recv(4096):  # raises SSLEOFError without it
                said += more
        self.assertTrue(said.startswith(b"HTTP/1.1 403 "), said)

    @unittest.skipUnless(shutil.which("gnutls-cli"), "NOT TESTED: there is no gnutls-cli (package gnutls-bin)")
    def test_gnutls(self):
        for kind, server in self.servers.items():
            for version in ("VERS-TLS1.3", "VERS-TLS1.2"):
                with self.subTest(f"{kind} {version}"):
                    done = subprocess.run(
                        ["gnutls-cli", "--port", str(server.port), "--x509cafile", authority.file, "--priority",
                         f"NORMAL:-VERS-ALL:+{version}", "localhost"], input=b"", capture_output=True,
                        timeout=SECONDS_MAX)
                    self.assertIn(b"Handshake was completed", done.stdout)
        done = subprocess.run(["gnutls-cli", "--port", str(self.server.port), "--insecure", "--priority",
                               "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", "localhost"], input=b"", capture_output=True,
                              timeout=SECONDS_MAX)
        self.assertNotIn(b"Handshake was completed", done.stdout)

    def test_curl(self):
        if not shutil.which("curl"):
            self.skipTest("NOT TESTED: there is no curl")
        done = subprocess.run(["curl", "-sS", "--cacert", authority.file, self.server.endpoint], capture_output=True,
                              text=True, timeout=SECONDS_MAX)
        self.assertIn("MissingAuthenticationTokenException", done.stdout, done.stderr)

    def environment(self):
        """What `hallmark env` prints for a client."""
        said = self.server.run("env", "--ca-file", authority.file)
        return {**os.environ, **dict(re.findall(r"(AWS_\w+)='?([^'\s]*)'?", said)),
                "AWS_ACCESS_KEY_ID": self.server.credentials.access_key,
                "AWS_SECRET_ACCESS_KEY": self.server.credentials.secret_key,
                "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": "",
                "AWS_EC2_METADATA_DISABLED": "true"}

    def test_the_aws_command(self):
        beside = pathlib.Path(os.sys.executable).parent / "aws"
        aws = str(beside) if beside.exists() else shutil.which("aws")
        if aws is None:
            self.skipTest("NOT TESTED: there is no aws")
        call = [aws, "signer", "list-signing-platforms", "--endpoint-url", self.server.endpoint]
        done = subprocess.run(call, env=self.environment(), capture_output=True, text=True, timeout=60)
        self.assertIn("AWSLambda-SHA384-ECDSA", done.stdout, done.stderr)
        without = {k: v for k, v in self.environment().items() if k != "AWS_CA_BUNDLE"}
        done = subprocess.run(call, env=without, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0, "another authority's certificate is not believed")

    def test_boto3(self):
        try:
            import boto3
        except ImportError:
            self.skipTest("NOT TESTED: boto3 is not installed")
        credentials = self.server.credentials
        client = boto3.Session().client(
            "signer", region_name="us-east-1", endpoint_url=self.server.endpoint, verify=str(authority.file),
            aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key)
        self.assertEqual(len(client.list_signing_platforms()["platforms"]), 5)

    def test_our_own_client(self):
        payload, envelope = self.server.folder / "payload.json", self.server.folder / "envelope.jws"
        payload.write_text('{"targetArtifact":{"mediaType":"a/b","digest":"sha256:' + "0" * 64 + '","size":1}}')
        self.server.call("PUT", "/signing-profiles/ours", (), {"platformId": "Notation-OCI-SHA384-ECDSA"})
        command = [hallmark.BINARY, "sign", "--profile", "ours", payload, "-o", envelope, "--force", "--endpoint",
                   self.server.endpoint, "--ca-file", authority.file]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run(command[:-2], env={k: v for k, v in self.environment().items() if k != "AWS_CA_BUNDLE"},
                              capture_output=True, text=True, timeout=SECONDS_MAX)
        self.assertNotEqual(done.returncode, 0)

    def test_plain_http_gets_no_answer_and_does_no_harm(self):
        for raw in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\0" * 5000, b"\x16\x03\x01\xff\xff" + b"x" * 70000,
                    b"PROXY TCP4 203.0.113.5 192.0.2.1 1 443\r\n\r\n"):
            with wire.Connection(self.server.endpoint) as connection:
                self.assertIsNone(connection.exchange(raw))

    def test_half_open_handshakes_hinder_nobody_and_are_closed(self):
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
        begun = time.monotonic()
        waiting = [wire.Connection(self.server.endpoint, first=hello[:i % len(hello)]) for i in range(HALF_OPEN)]
        try:
            for _ in range(10):
                asked = time.monotonic()
                self.assert_serves(self.server)
                self.assertLess(time.monotonic() - asked, 5)
            for connection in waiting:
                connection.socket.settimeout(max(0.1, begun + HANDSHAKE_SECONDS_MAX - time.monotonic()))
                try:
                    while connection.socket.recv(4096):
                        pass
                except ConnectionResetError:
                    pass
        finally:
            for connection in waiting:
                connection.close()


class Certificates(Case):
    """Replaced while the server serves."""

    def replaced(self, server):
        return tls.serial_of(server.port, authority) == tls.serial_in(server.certificate)

    def test_a_new_pair_is_served_after_a_signal_and_nobody_notices(self):
        server = self.start()
        request = wire.signed(server.endpoint, server.credentials, "GET", "/signing-platforms").raw()
        over, faults, answered = threading.Event(), [], []

        def ask():
            context = server.context()
            while not over.is_set():
                try:
                    with tls.TlsConnection(server.endpoint, context) as connection:
                        for _ in range(3):
                            status = connection.exchange(request).status
                            (answered if status == 200 else faults).append(status)
                except (OSError, AttributeError) as fault:
                    faults.append(fault)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(5):
                authority.issue(server.certificate, server.key)
                server.process.send_signal(signal.SIGHUP)
                hallmark.wait_until(lambda: self.replaced(server), SECONDS_MAX)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        self.assertEqual(faults, [])
        self.assertGreater(len(answered), 20)

    def test_a_new_pair_is_noticed_without_a_signal(self):
        server = self.start()
        authority.issue(server.certificate, server.key)
        self.assertFalse(self.replaced(server) and "the TLS certificate was read" not in server.log())
        hallmark.wait_until(lambda: self.replaced(server), SECONDS_MAX)

    def test_a_broken_pair_is_not_taken(self):
        server = self.start()
        before = tls.serial_of(server.port, authority)
        key = server.key.read_bytes()

        def assert_not_taken(what):
            known = server.log().count("is not taken")
            server.process.send_signal(signal.SIGHUP)
            hallmark.wait_until(lambda: server.log().count("is not taken") > known, SECONDS_MAX)
            self.assertIn(what, server.log().splitlines()[-1])
            self.assertEqual(tls.serial_of(server.port, authority), before)

        server.certificate.write_text("garbage")
        assert_not_taken("no PEM")
        authority.issue(server.certificate, server.key, days="0")  # over before it is read
        time.sleep(1)
        assert_not_taken("is valid from")
        authority.issue(server.certificate, server.key)
        server.key.write_bytes(key)
        assert_not_taken("not the certificate's")
        server.key.chmod(0o644)
        assert_not_taken("Others may read or write")
        server.certificate.unlink()
        assert_not_taken("tls.pem")
        authority.issue(server.certificate, server.key)
        server.process.send_signal(signal.SIGHUP)
        hallmark.wait_until(lambda: self.replaced(server), SECONDS_MAX)

    def test_its_end_is_a_metric(self):
        server = self.start()
        seconds = operations.metrics(server)['hallmark_certificate_expiry_seconds{kind="tls"}']
        self.assertAlmostEqual(seconds / 86400, 10, delta=0.1)

    def test_names_that_the_certificate_lacks_are_warned_of(self):
        server = tls.TlsServer(authority)
        self.addCleanup(server.close)
        authority.issue(server.certificate, server.key, names="DNS:localhost,DNS:data-localhost")
        server.start()
        self.assertEqual(re.findall(r"name=(\S+)", server.log()), ["verification.localhost"])


class ClientCertificates(Case):
    @classmethod
    def setUpClass(cls):
        cls.clients, cls.others = tls.Authority(folder.name, "clients"), tls.Authority(folder.name, "others")
        cls.server = tls.TlsServer(authority, more_tls=f'client_ca_file = "{cls.clients.file}"').start()
        cls.addClassCleanup(cls.server.close)
        put = cls.server.call("PUT", "/signing-profiles/probed", (), {"platformId": "Notation-OCI-SHA384-ECDSA"},
                              context=cls.server.context(*cls.pair(cls.clients)))
        assert put.status == 200, put

    @classmethod
    def pair(cls, by, **options):
        files = cls.server.folder / "client.pem", cls.server.folder / "client.key"
        by.issue(*files, **options)
        return files

    def assert_turned_away(self, context):
        with self.assertRaises((OSError, AttributeError)):  # no answer, and in 1.3 the alert at the first read
            self.server.call("GET", "/signing-platforms", context=context).status

    def test_one_of_the_authority_is_let_in(self):
        self.assert_serves(self.server, context=self.server.context(*self.pair(self.clients)))

    def probe(self, *shown, **options):
        """By our own client."""
        environment = {**os.environ, "AWS_REGION": "us-east-1",
                       "AWS_ACCESS_KEY_ID": self.server.credentials.access_key,
                       "AWS_SECRET_ACCESS_KEY": self.server.credentials.secret_key}
        return subprocess.run(
            [hallmark.BINARY, "probe", "--profile", "probed", "--endpoint", self.server.endpoint, "--ca-file",
             authority.file, "--trust-root", self.server.data / "roots.pem", *shown],
            capture_output=True, text=True, timeout=SECONDS_MAX, env=environment, **options)

    def test_our_own_clients_show_theirs(self):
        certificate, key = self.pair(self.clients)
        both, bare, sealed = (key.with_suffix(f".{name}") for name in ("both", "bare", "sealed"))
        both.write_bytes(certificate.read_bytes() + key.read_bytes())
        shutil.copy(key, bare)
        tls.openssl("pkcs8", "-topk8", "-passout", "pass:x", "-in", key, "-out", sealed)
        for path, mode in ((both, 0o600), (bare, 0o644), (sealed, 0o600)):
            path.chmod(mode)
        for shown, said, code in (
                ([], "does not answer", 1),
                (["--client-certificate", certificate, "--client-key", key], "verify", 0),
                (["--client-certificate", both], "verify", 0),
                (["--client-certificate", certificate], f"Others may read or write {certificate}", 1),
                (["--client-certificate", certificate, "--client-key", bare], f"Others may read or write {bare}", 1),
                (["--client-certificate", certificate, "--client-key", sealed], "or its key cannot be used", 1),
                (["--client-certificate", certificate, "--client-key", "none"], "--client-key: cannot open", 1),
                (["--client-key", key], "--client-certificate, which is not given", 2)):
            with self.subTest(shown=shown):
                done = self.probe(*shown)
                self.assertIn(said, done.stdout + done.stderr)
                self.assertEqual(done.returncode, code, done)

    def test_our_own_clients_ask_nobody_for_a_passphrase(self):
        certificate, key = self.pair(self.clients)
        sealed = key.with_suffix(".sealed")
        tls.openssl("pkcs8", "-topk8", "-passout", "pass:x", "-in", key, "-out", sealed)
        sealed.chmod(0o600)
        terminal, end = pty.openpty()  # where a question would be asked, and nobody answers
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.close, end)
        done = self.probe("--client-certificate", certificate, "--client-key", sealed, stdin=end,
                          start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.assertIn("or its key cannot be used", done.stdout)

    def test_without_one_nobody_is_let_in(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.server.context()
            context.minimum_version = context.maximum_version = version
            self.assert_turned_away(context)

    def test_one_of_another_authority_is_turned_away(self):
        self.assert_turned_away(self.server.context(*self.pair(self.others)))

    def test_one_that_names_the_authority_falsely_is_turned_away(self):
        forger = tls.Authority(self.server.folder, "clients")
        self.assert_turned_away(self.server.context(*self.pair(forger)))

    def test_when_the_authority_is_replaced_connections_of_the_old_one_end(self):
        chosen = self.server.folder / "chosen.pem"
        shutil.copy(self.clients.file, chosen)
        server = self.start(more_tls=f'client_ca_file = "{chosen}"')
        old = server.context(*self.pair(self.clients))

        def ask(connection):
            request = wire.signed(server.endpoint, server.credentials, "GET", "/signing-platforms")
            return connection.exchange(request.raw(), "GET")
        with tls.TlsConnection(server.endpoint, old) as connection:
            self.assertEqual(ask(connection).status, 200)
            server.authority.issue(server.certificate, server.key)  # another pair alone ends nothing
            os.kill(server.process.pid, signal.SIGHUP)
            hallmark.wait_until(lambda: "certificate was read" in server.log(), SECONDS_MAX)
            self.assertEqual(ask(connection).status, 200)
            shutil.copy(self.others.file, chosen)
            os.kill(server.process.pid, signal.SIGHUP)
            hallmark.wait_until(lambda: server.log().count("certificate was read") >= 2, SECONDS_MAX)
            with self.assertRaises((OSError, AttributeError)):
                ask(connection).status
        self.assert_serves(server, context=server.context(*self.pair(self.others)))

    def test_an_expired_one_is_turned_away(self):
        pair = self.pair(self.clients, days="0")
        time.sleep(1)
        self.assert_turned_away(self.server.context(*pair))


class Network(Case):
    def test_a_listener_answers_to_its_names_only(self):
        server = self.start(listen="0.0.0.0:0")
        self.assertRegex(server.endpoint, r"^https://localhost:\d+$")
        self.assert_serves(server)
        with tls.TlsConnection(server.endpoint, server.context()) as connection:
            for host in ("localhost", "LOCALHOST:1", "data-localhost", f"verification.localhost:{server.port}"):
                response = connection.exchange(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                self.assertEqual(response.error, "MissingAuthenticationTokenException", host)
        for host in ("127.0.0.1", "example.com", "xlocalhost", "localhost.example.com", "evil-localhost"):
            with tls.TlsConnection(server.endpoint, server.context()) as connection:
                response = connection.exchange(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert_refused(self, response, "MalformedHttpRequestException")

    def test_nothing_is_served_to_others_without_tls(self):
        server = hallmark.Server(configuration='host_names = ["localhost"]')
        self.addCleanup(server.close)
        server.listen = "0.0.0.0:0"
        self.assertIn("it needs TLS", self.refusal(server))

    def test_but_with_a_flag_that_says_what_it_does(self):
        server = hallmark.Server(configuration='host_names = ["localhost"]')
        self.addCleanup(server.close)
        command = server._command
        server._command = lambda: [*command(), "--insecure-plain-http-on-network"]
        server.listen = "0.0.0.0:0"
        server.start()
        self.assertTrue(server.endpoint.startswith("http://localhost:"))
        self.assertEqual(server.call("GET", "/signing-platforms").status, 200)

    def test_nothing_is_served_to_others_without_names(self):
        server = tls.TlsServer(authority, listen="0.0.0.0:0")
        self.addCleanup(server.close)
        server.configuration = server.configuration.replace('host_names = ["localhost"]', "")
        self.assertIn("host_names", self.refusal(server))

    def test_files_that_cannot_be_used_are_refused_at_the_start(self):
        def spoiled(spoil):
            server = tls.TlsServer(authority)
            self.addCleanup(server.close)
            spoil(server)
            return self.refusal(server)

        self.assertIn("Others may read or write", spoiled(lambda server: server.key.chmod(0o644)))
        self.assertIn("not the certificate's", spoiled(lambda server: server.key.write_bytes(authority.key.read_bytes())))
        self.assertIn("tls.pem", spoiled(lambda server: server.certificate.unlink()))
        self.assertIn("tls.key", spoiled(lambda server: server.key.unlink()))


class Proxies(Case):
    """Whom policies see: a user may ask from CLIENT only, another over TLS only."""

    def prepare(self, server):
        self.addCleanup(server.close)
        server.start()
        made = identities.Identities(server)
        from_client = identities.statement(Condition={"IpAddress": {"aws:SourceIp": CLIENT}})
        secure = identities.statement(Condition={"Bool": {"aws:SecureTransport": "true"}})
        self.inside = made.user("inside", identities.policy(from_client))
        self.secure = made.user("secure", identities.policy(secure))
        return server

    def plain(self, more):
        return self.prepare(hallmark.Server(configuration=more))

    def status(self, server, credentials, *, source="127.0.0.1", first=b"", **fields):
        request = wire.signed(server.endpoint, credentials, "GET", "/signing-platforms")
        for name, value in fields.items():
            request = request.with_header("X-Forwarded-" + name, value)
        with wire.Connection(server.endpoint, source, first) as connection:
            response = connection.exchange(request.raw())
            return response and response.status

    def test_fields_of_whom_nobody_named_are_ignored(self):
        server = self.plain(f'trusted_proxies = ["{PROXY}"]')
        for credentials in (self.inside, self.secure):
            self.assertEqual(self.status(server, credentials, For=CLIENT, Proto="https"), 403)
        self.assertEqual(self.status(server, self.inside, For=","), 403)

    def test_fields_of_a_trusted_proxy_count(self):
        server = self.plain(f'trusted_proxies = ["{PROXY}"]')

        def status(credentials, **fields):
            return self.status(server, credentials, source=PROXY, **fields)

        self.assertEqual(status(self.inside, For=CLIENT), 200)
        self.assertEqual(status(self.inside, For=f"198.51.100.1, {CLIENT}"), 200)
        self.assertEqual(status(self.inside, For=f"{CLIENT}, 198.51.100.1"), 403, "the client's own word")
        self.assertEqual(status(self.inside, For=f"{CLIENT}, {PROXY}"), 200)
        self.assertEqual(status(self.inside), 403)
        self.assertEqual(status(self.inside, For=","), 403)
        self.assertEqual(status(self.inside, For="nobody"), 400)
        self.assertEqual(status(self.secure, For=CLIENT, Proto="https"), 200)
        self.assertEqual(status(self.secure, For=CLIENT, Proto="http"), 403)
        self.assertEqual(status(self.secure, For=CLIENT), 403)

    def test_the_proxy_protocol_counts_from_a_trusted_proxy_only(self):
        server = self.plain(f'trusted_proxies = ["{PROXY}"]\nproxy_protocol = true')
        line = f"PROXY TCP4 {CLIENT} 192.0.2.1 51234 443\r\n".encode()
        addresses = socket.inet_aton(CLIENT) + socket.inet_aton("192.0.2.1") + b"\xc8\x22\x01\xbb"
        binary = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + addresses
        over_tls = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x14" + addresses + b"\x20\0\5\1\0\0\0\0"
        for first in (line, binary):
            self.assertEqual(self.status(server, self.inside, source=PROXY, first=first), 200)
            self.assertEqual(self.status(server, self.inside, first=first), 400, "nobody's word")
        self.assertEqual(self.status(server, self.secure, source=PROXY, first=over_tls), 200)
        self.assertEqual(self.status(server, self.secure, source=PROXY, first=binary), 403)
        self.assertEqual(self.status(server, self.inside, source=PROXY, first=b"PROXY UNKNOWN\r\n"), 403)
        self.assertEqual(self.status(server, self.inside, source=PROXY, first=binary, For="198.51.100.1"), 200)
        self.assertIsNone(self.status(server, self.inside, source=PROXY))
        self.assertIsNone(self.status(server, self.inside, source=PROXY, first=line.replace(b"203", b"903")))
        self.assertEqual(self.status(server, server.credentials), 200, "who is no proxy comes as ever")

    def test_the_proxy_protocol_before_tls(self):
        server = self.prepare(tls.TlsServer(authority, more=f'trusted_proxies = ["{PROXY}"]\nproxy_protocol = true'))
        request = wire.signed(server.endpoint, self.inside, "GET", "/signing-platforms").raw()
        line = f"PROXY TCP4 {CLIENT} 192.0.2.1 51234 443\r\n".encode()
        with tls.TlsConnection(server.endpoint, server.context(), source=PROXY, first=line) as connection:
            self.assertEqual(connection.exchange(request).status, 200)
        self.assert_serves(server)

    def test_tls_is_secure_and_plain_http_is_not(self):
        server = self.prepare(tls.TlsServer(authority))
        self.assert_serves(server, credentials=self.secure)
        plain = self.plain("")
        self.assertEqual(self.status(plain, self.secure), 403)


if __name__ == "__main__":
    unittest.main()
