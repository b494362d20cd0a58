"""A server of the release binary in a folder of its own, and the command line beside it."""

import configparser
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import subprocess
import tempfile
import time

import wire

PROJECT = pathlib.Path(__file__).parents[2]
BINARY = pathlib.Path(os.environ.get("HALLMARK", PROJECT / "build/release/hallmark"))
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
LISTENING = "hallmark listening on "


class CommandFailed(Exception):
    def __init__(self, done):
        super().__init__(f"exit {done.returncode}: {done.stderr.strip()}")
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr


ACCOUNT = "000000000000"  # the first one of each server


class Server:
    """`hallmark dev`, or with a configuration (TOML) `hallmark server`, started and stopped at will on
    one data folder, which goes with close(). `environment` is added to that of the server's process."""

    def __init__(self, configuration=None, environment=None):
        self.environment = {**os.environ, **(environment or {})}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-test-"))
        self.data = self.folder / "data"
        self.configuration = configuration
        self.listen = "127.0.0.1:0"
        self.before = []  # a command that runs the server's, such as prlimit
        self.process = None
        self.endpoint = None
        self.operations_url = None  # of its probes and metrics, kept while it drains and its file is gone
        self.initialised = ""  # what `hallmark init` said

    def start(self):
        """Starts it and waits until it listens; the folder goes if it does not."""
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def _start(self):
        command = self._command()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.before, BINARY, *command, "--data-dir", self.data, "--listen", self.listen],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.environment,
            )
        self.endpoint = self._await_endpoint()
        self.operations_url = (self.data / "ops-endpoint").read_text().strip()

    def _command(self):
        if self.configuration is None:
            return ["dev"]
        master_key, file = self.folder / "master.key", self.folder / "hallmark.toml"
        if not self.initialised:
            file.write_text(self.configuration)
            self.initialised = self.run("init", "--master-key", master_key, "--root-out", self.folder / "root.pem",
                                        "--account-id", ACCOUNT)
        return ["server", "--master-key", master_key, "--config", file, "--ops-listen", "127.0.0.1:0"]

    def _await_endpoint(self):
        """The URL of the line that says where the server listens."""
        said, deadline = b"", time.monotonic() + START_SECONDS_MAX
        stdout = self.process.stdout.fileno()
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([stdout], [], [], left)[0]:
                break
            more = os.read(stdout, 4096)
            if not more:
                break
            said += more
            for line in said.decode(errors="replace").split("\n")[:-1]:
                if line.startswith(LISTENING):
                    return line.removeprefix(LISTENING).strip()
        raise AssertionError(f"the server did not start; it said {said!r}\n{self.log()[-4000:]}")

    def stop(self):
        """SIGTERM; answers the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self):
        """kill -9, as a crash."""
        return self._end(signal.SIGKILL)

    def _end(self, number):
        self.process.send_signal(number)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
            self.process = None

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    @property
    def credentials(self):
        """Those of the first user, as `dev` wrote them for clients, or `init` printed them."""
        if self.initialised:
            return wire.Credentials(*(re.search(rf"admin {word} +(\S+)", self.initialised).group(1)
                                      for word in ("access key id", "secret access key")))
        parser = configparser.ConfigParser()
        parser.read(self.data / "credentials")
        section = parser[parser.sections()[0]]
        return wire.Credentials(section["aws_access_key_id"], section["aws_secret_access_key"])

    def call(self, method, path, query=(), body=None, *, credentials=None, **options):
        """A correctly signed request, sent; the response."""
        request = wire.signed(self.endpoint, credentials or self.credentials, method, path, query, body, **options)
        return wire.send(self.endpoint, request)

    def run(self, *arguments):
        """A command on this server's data folder; its standard output."""
        return run(*arguments, "--data-dir", self.data)

    def put_object(self, bucket, key, content):
        """Stores bytes; answers the version."""
        path = self.folder / "upload"
        path.write_bytes(content)
        return self.run("object", "put", f"{bucket}/{key}", path).strip().split("\n")[-1]

    def create_bucket(self, bucket):
        self.run("object", "create-bucket", bucket)

    def get_object(self, bucket, key, path):
        self.run("object", "get", f"{bucket}/{key}", "-o", path, "--force")
        return path

    def keys(self, bucket):
        """The keys of a bucket. A line of `object list` is a size and a key."""
        lines = self.run("object", "list", "--bucket", bucket).splitlines()
        return {line.split(maxsplit=1)[1] for line in lines}


def may_open(count):
    """Lets this process open so many files, if the machine permits; how many it then may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(soft, allowed)


def run(*arguments):
    done = subprocess.run([BINARY, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise CommandFailed(done)
    return done.stdout


def wait_until(condition, seconds):
    """Asks until the condition holds, and answers what it answered; AssertionError at the deadline."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not happen within {seconds} s")
        time.sleep(0.05)
    return answer
