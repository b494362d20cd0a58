"""What the measurements share: hallmark_bench, servers that are measured, and what a process has used."""

import collections
import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import types

PROJECT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests/support"))
import hallmark  # noqa: E402  (it is found by the line above)
import packages  # noqa: E402, F401  (others take it from here)
import postgresql  # noqa: E402, F401

BENCH = PROJECT / "build/release/hallmark_bench"
KEPT = PROJECT / "build/bench"  # results, and what is dear to make again
UNLIMITED = "[throttle]\nrequests_per_second = 0\n"
CHECK_ALL = "sign_payload_verified_one_in = 1\n"
TOOL_SECONDS_MAX = 120
MIB = 1 << 20


class Failed(Exception):
    """A measurement that counts for nothing, and why."""


def bench(verb, secret="none", **options):
    """What hallmark_bench measured, as a value with its members as attributes."""
    words = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run([BENCH, verb, *words], capture_output=True, text=True, timeout=TOOL_SECONDS_MAX,
                          env={**os.environ, "HALLMARK_BENCH_SECRET": secret})
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or f"hallmark_bench ended with {done.returncode}")
    return json.loads(done.stdout, object_hook=lambda members: types.SimpleNamespace(**members))


@dataclasses.dataclass(frozen=True)
class Request:
    """One kind of request; "{n}" in path and body is a number that is new in each."""
    method: str
    path: str
    body: str = ""
    query: str = ""


class Target:
    """A server that takes load: at a port, by a process, with an access key."""

    def __init__(self, port, process, credentials=None):
        self.port, self.process, self.credentials = port, process, credentials
        self.sent = 0

    def options(self, request):
        self.sent += 1
        named = {"port": self.port, "server": self.process, "first": f"{self.sent}00000000",
                 **dataclasses.asdict(request)}
        if self.credentials:
            named["access_key"] = self.credentials.access_key
        return named

    @property
    def secret(self):
        return self.credentials.secret_key if self.credentials else "none"

    def load(self, request, **options):
        """Load of one kind of request; Failed when any of them was."""
        result = bench("load", self.secret, **self.options(request), **options)
        if result.failed > 0 or result.answered == 0:
            raise Failed(f"{request.method} {request.path}: {result.failed} requests failed, "
                         f"{result.answered} answered; the first: {result.failure.first_failure[:500]}")
        return result


def target_of(server):
    return Target(int(server.endpoint.rsplit(":", 1)[1]), server.process.pid, server.credentials)


class KeptServer(hallmark.Server):
    """A server whose folder stays for the next run."""

    def __init__(self, folder, configuration=UNLIMITED):
        super().__init__(configuration)
        shutil.rmtree(self.folder)
        self.folder, self.data = folder, folder / "data"
        said = folder / "initialised"
        self.initialised = said.read_text() if said.exists() else ""
        folder.mkdir(parents=True, exist_ok=True)

    def _command(self):
        command = super()._command()
        (self.folder / "initialised").write_text(self.initialised)
        return command

    def close(self):
        if self.process is not None:
            self.stop()


def done(server, method, path, body=None, query=()):
    """The JSON of a request that must be answered."""
    response = server.call(method, path, query, body)
    if response is None or response.status != 200:
        raise Failed(f"{method} {path}: {response}")
    return response.json if response.body else {}


@contextlib.contextmanager
def running(server):
    """The server, until the end of the block."""
    try:
        yield server.start()
    finally:
        server.close()


def status_kib(process, name):
    """A number of /proc/PID/status, in KiB."""
    return int(re.search(rf"{name}:\s+(\d+) kB", pathlib.Path(f"/proc/{process}/status").read_text()).group(1))


def forget_peak(process):
    """From now on VmHWM is the most that the process held since."""
    pathlib.Path(f"/proc/{process}/clear_refs").write_text("5")


def serving_threads(process):
    """The threads that answer requests: those that wait for connections while there is no load."""
    found = set()
    for _ in range(20):  # one that does something else at one moment waits at another
        found |= {task.name for task in pathlib.Path(f"/proc/{process}/task").iterdir()
                  if re.search("ep_poll|epoll", (task / "wchan").read_text())}
        time.sleep(0.01)
    if not found:
        raise Failed("none of the server's threads waits for connections")
    return found


def disk_bytes(process, threads=()):
    """What the process, or these threads of it, had read from the disk, and what from files in all."""
    folder = pathlib.Path(f"/proc/{process}")
    sums = collections.Counter()
    for taken in [folder / "task" / thread for thread in threads] or [folder]:
        sums.update({name: int(number) for name, number in re.findall(r"(\w+): (\d+)", (taken / "io").read_text())})
    return sums


def middle(turns, value):
    """The turn whose value is the median of an odd number of them."""
    return sorted(turns, key=value)[len(turns) // 2]


def seconds_of(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def checksum_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
