"""HAProxy and nginx as operators run them: policies see the client that is behind them."""

import pathlib
import shutil
import tempfile
import unittest

import hallmark
import identities
import proxies
import tls
import wire

CLIENT = "127.0.0.5"
TRUST = f'trusted_proxies = ["{proxies.PROXY}"]\n'
TOLD = TRUST + "proxy_protocol = true\n"


def setUpModule():
    global authority, folder
    folder = tempfile.TemporaryDirectory(prefix="hallmark-test-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = tls.Authority(folder.name)


class RealProxies(unittest.TestCase):
    def prepare(self, server):
        """Users who may ask from CLIENT only, and over TLS only."""
        self.addCleanup(server.close)
        server.start()
        made = identities.Identities(server)
        self.inside = made.user("inside", identities.policy(identities.statement(
            Condition={"IpAddress": {"aws:SourceIp": CLIENT}})))
        self.secure = made.user("secure", identities.policy(identities.statement(
            Condition={"Bool": {"aws:SecureTransport": "true"}})))
        return server

    def haproxy(self, server, **options):
        if not shutil.which("haproxy"):
            self.skipTest("NOT TESTED: there is no haproxy")
        proxy = proxies.HAProxy().start(server.endpoint, **options)
        self.addCleanup(proxy.close)
        return proxy

    def pair(self):
        """One file with certificate and key, as HAProxy wants it."""
        certificate, key, both = (pathlib.Path(folder.name) / name for name in ("c", "k", "both"))
        authority.issue(certificate, key)
        both.write_bytes(certificate.read_bytes() + key.read_bytes())
        return both

    def status(self, proxy, credentials, source=CLIENT, scheme="http", **fields):
        endpoint = f"{scheme}://localhost:{proxy.port}"
        request = wire.signed(endpoint, credentials, "GET", "/signing-platforms")
        for name, value in fields.items():
            request = request.with_header("X-Forwarded-" + name, value)
        made = (wire.Connection(endpoint, source) if scheme == "http"
                else tls.TlsConnection(endpoint, authority.context(), source=source))
        with made as connection:
            return connection.exchange(request.raw()).status

    def assert_client_is_seen(self, proxy, scheme="http"):
        self.assertEqual(self.status(proxy, self.inside, scheme=scheme), 200)
        self.assertEqual(self.status(proxy, self.inside, source="127.0.0.6", scheme=scheme), 403)
        self.assertEqual(self.status(proxy, self.secure, scheme=scheme), 200 if scheme == "https" else 403)

    def assert_lies_are_not_believed(self, proxy):
        self.assertEqual(self.status(proxy, self.inside, source="127.0.0.6", For=CLIENT), 403)
        self.assertEqual(self.status(proxy, self.secure, Proto="https"), 403)

    @unittest.skipUnless(shutil.which("nginx"), "NOT TESTED: there is no nginx (package nginx-light)")
    def test_nginx_as_the_page_says(self):
        server = self.prepare(hallmark.Server(configuration=TRUST))
        proxy = proxies.Nginx().start(server.endpoint)
        self.addCleanup(proxy.close)
        self.assert_client_is_seen(proxy)
        self.assert_lies_are_not_believed(proxy)

    def test_haproxy_with_fields(self):
        server = self.prepare(hallmark.Server(configuration=TRUST))
        rules = ("option forwardfor", "http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]")
        plain = self.haproxy(server, rules=rules)
        self.assert_client_is_seen(plain)
        self.assert_lies_are_not_believed(plain)
        self.assert_client_is_seen(self.haproxy(server, rules=rules, bind=f"ssl crt {self.pair()}"), "https")

    def test_haproxy_with_the_proxy_protocol(self):
        server = self.prepare(hallmark.Server(configuration=TOLD))
        for option in ("send-proxy", "send-proxy-v2"):
            proxy = self.haproxy(server, mode="tcp", to=option)
            self.assert_client_is_seen(proxy)
            self.assert_lies_are_not_believed(proxy)
        ended = self.haproxy(server, mode="tcp", to="send-proxy-v2-ssl", bind=f"ssl crt {self.pair()}")
        self.assert_client_is_seen(ended, "https")

    def test_haproxy_before_our_own_tls(self):
        server = self.prepare(tls.TlsServer(authority, more=TOLD))
        self.assert_client_is_seen(self.haproxy(server, mode="tcp", to="send-proxy-v2"), "https")

    def test_haproxy_checks_our_health(self):
        server = self.prepare(hallmark.Server(configuration=TOLD))
        proxy = self.haproxy(server, mode="tcp", to="send-proxy-v2 check inter 200 check-send-proxy")
        self.assert_client_is_seen(proxy)


if __name__ == "__main__":
    unittest.main()
