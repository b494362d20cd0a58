"""HTTP and SigV4 by hand, so that a test can send what no client would."""

import dataclasses
import datetime
import hashlib
import hmac
import http.client
import json
import socket
import urllib.parse

RESPONSE_SECONDS_MAX = 30


@dataclasses.dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str
    session_token: str = None


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    target: str  # as it goes over the wire
    headers: tuple  # of (name, value)
    body: bytes = b""

    def header(self, name):
        return next(value for key, value in self.headers if key.lower() == name.lower())

    def with_header(self, name, value):
        """With this value in place of the one it has, if any; None takes the header away."""
        kept = [(k, v) for k, v in self.headers if k.lower() != name.lower()]
        return dataclasses.replace(self, headers=tuple(kept + ([(name, value)] if value is not None else [])))

    def raw(self):
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{k}: {v}" for k, v in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


class Response:
    def __init__(self, message):
        self.status, self.headers, self.body = message.status, message.headers, message.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.headers.get("x-amzn-ErrorType")

    def __repr__(self):
        return f"{self.status} {self.error} {self.body[:500]!r}"


def encoded(text):
    return urllib.parse.quote(text, safe="-_.~")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(endpoint, credentials, method, path, query=(), body=None, *, when=None, region="us-east-1",
           service="signer", headers=()):
    """A request signed as AWS documents Signature Version 4 for services other than S3. `path` is
    as on the wire, percent-encoded; `body` is bytes, or a value to be sent as JSON."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    stamp = (when or now()).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    query_text = "&".join(sorted(f"{encoded(k)}={encoded(v)}" for k, v in query))
    sent = {"host": urllib.parse.urlsplit(endpoint).netloc, "x-amz-date": stamp, **dict(headers)}
    if credentials.session_token:
        sent["x-amz-security-token"] = credentials.session_token
    if body is not None:
        sent.setdefault("content-type", "application/json")
    names = ";".join(sorted(sent))
    canonical = "\n".join([
        method, urllib.parse.quote(path, safe="/-_.~"), query_text,
        *(f"{name}:{sent[name].strip()}" for name in sorted(sent)), "",
        names, hashlib.sha256(body or b"").hexdigest(),
    ])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + credentials.secret_key).encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    signature = hmac_sha256(key, to_sign).hex()
    sent["authorization"] = (f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
                             f"SignedHeaders={names}, Signature={signature}")
    if body is not None:
        sent["content-length"] = str(len(body))
    target = path + (f"?{query_text}" if query_text else "")
    return Request(method, target, tuple(sent.items()), body or b"")


class Connection:
    """One connection, for as many requests as the server takes on it."""

    def __init__(self, endpoint, source="", first=b""):
        """From the address `source` of this machine; `first` goes before all else."""
        url = urllib.parse.urlsplit(endpoint)
        self.socket = socket.create_connection((url.hostname, url.port), timeout=RESPONSE_SECONDS_MAX,
                                               source_address=(source, 0))
        self.socket.sendall(first)

    def exchange(self, raw, method="GET"):
        """Sends bytes and reads one response; None when the server closes before its end."""
        try:
            self.socket.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may have answered before it had read all
        message = http.client.HTTPResponse(self.socket, method=method)
        try:
            message.begin()
            return Response(message)
        except (http.client.BadStatusLine, http.client.IncompleteRead, ConnectionResetError):
            return None

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Turnstile:
    """Exchanges on one connection, opened anew whenever the server has closed it."""

    def __init__(self, endpoint):
        self.endpoint, self.connection = endpoint, None

    def exchange(self, raw):
        for connection in (self.connection, None):
            self.connection = connection or Connection(self.endpoint)
            response = self.connection.exchange(raw)
            if response is not None and response.headers.get("Connection", "").lower() != "close":
                return response
            self.close()
            if response is not None:
                return response
        return None

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def send(endpoint, request):
    return send_raw(endpoint, request.raw(), request.method)


def send_raw(endpoint, raw, method="GET"):
    with Connection(endpoint) as connection:
        return connection.exchange(raw, method)
