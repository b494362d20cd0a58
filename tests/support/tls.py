"""Certificates by openssl, and servers that serve with them."""

import pathlib
import ssl
import subprocess
import urllib.parse

import hallmark
import wire

NAMES = "DNS:localhost,DNS:data-localhost,DNS:verification.localhost,IP:127.0.0.1"
KEYS = {"ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "rsa": ("rsa:2048",)}


def openssl(*arguments, environment=None):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, env=environment)


class Authority:
    """A certificate authority in a folder; `file` is its certificate."""

    def __init__(self, folder, name="authority"):
        self.folder, self.name = pathlib.Path(folder), name
        self.file, self.key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        openssl("req", "-x509", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-newkey", *KEYS["ec"],
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", self.key, "-out", self.file)

    def context(self):
        """Of a client that believes this authority only."""
        return ssl.create_default_context(cafile=self.file)

    def issue(self, certificate, key, *, kind="ec", names=NAMES, days="10"):
        """Writes a new pair to these files, the key first."""
        request = self.folder / "request.pem"
        extensions = self.folder / "extensions"
        extensions.write_text(f"subjectAltName={names}\nauthorityKeyIdentifier=keyid\n")  # Python 3.13 is strict
        new = self.folder / "new"
        openssl("req", "-new", "-nodes", "-subj", "/CN=server", "-newkey", *KEYS[kind], "-keyout", new, "-out", request)
        new.chmod(0o600)
        new.replace(key)
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-CAcreateserial",
                "-days", days, "-extfile", extensions, "-out", new)
        new.replace(certificate)


class TlsServer(hallmark.Server):
    """On loopback, or where `listen` says, with a certificate of `authority`. `more` is put before the
    table [tls], `more_tls` into it."""

    def __init__(self, authority, more="", more_tls="", kind="ec", listen="127.0.0.1:0"):
        super().__init__(configuration=f'host_names = ["localhost"]\n{more}\n[tls]\ncertificate_file = "tls.pem"\n'
                                       f'key_file = "tls.key"\n{more_tls}\n')
        self.listen, self.authority = listen, authority
        self.certificate, self.key = self.folder / "tls.pem", self.folder / "tls.key"
        authority.issue(self.certificate, self.key, kind=kind)

    @property
    def port(self):
        return urllib.parse.urlsplit(self.endpoint).port

    def context(self, certificate=None, key=None):
        context = self.authority.context()
        if certificate is not None:
            context.load_cert_chain(certificate, key)
        return context

    def call(self, method, path, query=(), body=None, *, credentials=None, context=None, **options):
        request = wire.signed(self.endpoint, credentials or self.credentials, method, path, query, body, **options)
        with TlsConnection(self.endpoint, context or self.context()) as connection:
            return connection.exchange(request.raw(), method)


class TlsConnection(wire.Connection):
    def __init__(self, endpoint, context, **options):
        super().__init__(endpoint, **options)
        host = urllib.parse.urlsplit(endpoint).hostname
        self.socket = context.wrap_socket(self.socket, server_hostname=host)


def serial_of(port, authority):
    """Of the certificate that a new connection is served with."""
    context = authority.context()
    with wire.Connection(f"https://localhost:{port}") as plain:
        with context.wrap_socket(plain.socket, server_hostname="localhost") as connection:
            return connection.getpeercert()["serialNumber"]


def serial_in(certificate):
    said = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-serial"], check=True, capture_output=True,
                          text=True).stdout
    return said.strip().removeprefix("serial=")
