"""A proxy that keeps what a client really sent."""

import socket
import threading
import urllib.parse

import wire


class Recorder:
    """Passes requests on to a server, one at a time on each connection, and keeps them in `requests`."""

    def __init__(self, endpoint):
        self.upstream = endpoint
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which would take one more client
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, client.makefile("rb") as reader:
            while (request := read_request(reader)) is not None:
                self.requests.append(request)
                client.sendall(self._forward(request))

    def _forward(self, request):
        """The answer's bytes. The request goes out as it came, but on a connection of its own."""
        url = urllib.parse.urlsplit(self.upstream)
        with socket.create_connection((url.hostname, url.port), timeout=30) as server:
            server.sendall(request.raw())
            with server.makefile("rb") as reader:
                head, length = read_head(reader)
                return head + reader.read(length)


def read_head(reader):
    """A message up to its empty line, and the length of the body that follows."""
    lines, length = [], 0
    while (line := reader.readline()) not in (b"\r\n", b""):
        lines.append(line)
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return (b"".join(lines) + b"\r\n" if lines else b""), length


def read_request(reader):
    head, length = read_head(reader)
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = tuple(tuple(line.split(": ", 1)) for line in lines)
    return wire.Request(method, target, headers, reader.read(length))
