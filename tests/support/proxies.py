"""HAProxy and nginx before a server, from the address PROXY, to which the server's trust belongs."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import urllib.parse

import hallmark

PROXY = "127.0.0.2"
START_SECONDS_MAX = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def address_of(endpoint):
    return f"127.0.0.1:{urllib.parse.urlsplit(endpoint).port}"


class Proxy:
    """A program that listens on `port` until close()."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-proxy-"))
        self.port = free_port()

    def run(self, *command):
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            hallmark.wait_until(lambda: accepts(self.port), START_SECONDS_MAX)
        except AssertionError as error:
            said = (self.folder / "log").read_text(errors="replace")
            self.close()
            raise AssertionError(said) from error
        return self

    def close(self):
        self.process.terminate()
        self.process.wait(START_SECONDS_MAX)
        shutil.rmtree(self.folder, ignore_errors=True)


class HAProxy(Proxy):
    """`mode` is http or tcp; `bind` and `to` are options of its two ends; `rules` are lines more."""

    def start(self, endpoint, mode="http", bind="", to="", rules=()):
        file = self.folder / "haproxy.cfg"
        file.write_text("\n".join([
            "defaults", f"  mode {mode}", "  timeout connect 5s", "  timeout client 30s", "  timeout server 30s",
            "listen hallmark", f"  bind 127.0.0.1:{self.port} {bind}", *(f"  {rule}" for rule in rules),
            f"  server one {address_of(endpoint)} source {PROXY} {to}", ""]))
        return self.run("haproxy", "-db", "-f", file)


class Nginx(Proxy):
    """As docs/operations.md says."""

    def start(self, endpoint):
        page = (hallmark.PROJECT / "docs/operations.md").read_text()
        location = page.split("```nginx\n", 1)[1].split("```", 1)[0]
        location = location.replace("http://127.0.0.1:9400", f"http://{address_of(endpoint)}")
        location = location.replace("location / {", f"location / {{\n  proxy_bind {PROXY};")
        folders = "".join(f"{kind}_temp_path {self.folder};\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        file = self.folder / "nginx.conf"
        file.write_text(f"daemon off; master_process off; pid {self.folder}/pid; error_log stderr;\nevents {{}}\n"
                        f"http {{ access_log off; {folders} server {{ listen 127.0.0.1:{self.port}; {location} }} }}\n")
        return self.run("nginx", "-p", self.folder, "-c", file)
