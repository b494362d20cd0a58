"""A private PostgreSQL cluster, and nodes of one installation on it."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import hallmark

SCRIPT = pathlib.Path(__file__).parent / "postgresql-cluster"


def usable():
    return any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))


class Cluster:
    """Real commits (fsync), on a Unix socket in a folder that goes with close()."""

    def __init__(self):
        self.parent = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-pg-"))
        self.parent.chmod(0o711)  # the server may run as another user
        self.folder = self.parent / "cluster"
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.parent, ignore_errors=True)
            raise

    def _run(self, what):
        subprocess.run([SCRIPT, what, self.folder], check=True, timeout=120,
                       env={**os.environ, "HALLMARK_TEST_FSYNC": "on"})

    def start(self):
        self._run("start")

    def stop(self):
        self._run("stop")

    def kill(self):
        """kill -9 of all its processes."""
        self._run("kill")

    def close(self):
        self._run("remove")
        shutil.rmtree(self.parent, ignore_errors=True)

    @property
    def url(self):
        return f"postgresql://hallmark@/postgres?host={self.folder}"

    def ask(self, sql):
        """The answer's only column, in lines."""
        done = subprocess.run(["psql", "-XAtq", "-h", self.folder, "-U", "hallmark", "-d", "postgres", "-c", sql],
                              capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.split()


class Node(hallmark.Server):
    """A server on a database. The first one makes the installation; others, given the first, join it
    and share its master key and its buckets."""

    def __init__(self, cluster, first=None, configuration="job_lease_seconds = 3\n"):
        super().__init__(configuration)
        self.cluster, self.first = cluster, first
        self.paused = False
        self.master_key = (first or self).folder / "master.key"

    def _command(self):
        file = self.folder / "hallmark.toml"
        if not self.initialised:
            file.write_text(self.configuration)
            self.initialised = self._join() if self.first else self._init()
        return ["server", "--config", file, "--ops-listen", "127.0.0.1:0"]

    def _init(self):
        return self.run("init", "--master-key", self.master_key, "--root-out", self.folder / "root.pem",
                        "--account-id", hallmark.ACCOUNT, "--store", self.cluster.url)

    def _join(self):
        self.data.mkdir(mode=0o700)
        (self.data / "objects").symlink_to(self.first.data / "objects")
        return self.run("join", "--master-key", self.master_key, "--store", self.cluster.url)

    @property
    def credentials(self):
        return self.first.credentials if self.first else super().credentials

    def pause(self):
        self.paused = True
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.paused = False
        self.process.send_signal(signal.SIGCONT)

    def try_call(self, method, path, query=(), body=None, **options):
        """Like call; nothing when nobody answered."""
        try:
            return self.call(method, path, query, body, **options)
        except OSError:
            return None


def close_all(nodes):
    for node in nodes:
        if node.process is not None:
            node.resume()
        node.close()
