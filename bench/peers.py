"""Others under the same load: moto_server, and a signer in Go with nothing else to do."""

import contextlib
import os
import shutil
import socket
import subprocess

from tools import BENCH, KEPT, PROJECT, Failed, Target, hallmark

MOTO = PROJECT / "build/engines/venv/bin/moto_server"
GO_SIGNER = KEPT / "go-signer"
START_SECONDS_MAX = 60
NOT_LOGGED = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextlib.contextmanager
def process(*command, **options):
    """A program, until the end of the block."""
    running = subprocess.Popen(command, **options)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextlib.contextmanager
def idle(target, request, connections):
    """So many connections to a server that had one answer each and ask nothing more."""
    words = {**target.options(request), "connections": connections}
    with process(BENCH, "idle", *(f"{name}={value}" for name, value in words.items()), stdin=subprocess.PIPE,
                 stdout=subprocess.PIPE, text=True, env={**os.environ, "HALLMARK_BENCH_SECRET": target.secret}) as held:
        said = held.stdout.readline()
        if f'"open":{connections},"failed":0' not in said:
            raise Failed(f"could not hold {connections} connections: {said}")
        yield
        held.stdin.close()


@contextlib.contextmanager
def moto():
    """moto_server, which checks no signature and keeps all in memory."""
    if not MOTO.exists():
        raise Failed("moto_server is not installed (script/engine-tools)")
    port = free_port()
    with process(MOTO, "--host", "127.0.0.1", "--port", str(port), **NOT_LOGGED) as running:
        wait_for(port)
        yield Target(port, running.pid)


@contextlib.contextmanager
def go_signer():
    """peer.go."""
    go = shutil.which("go") or next(map(str, PROJECT.glob("build/interop/python/bin/go")), None)
    if go is None:
        raise Failed("Go is not installed")
    KEPT.mkdir(parents=True, exist_ok=True)
    built = subprocess.run([go, "build", "-o", GO_SIGNER, PROJECT / "bench/peer.go"], capture_output=True, text=True,
                           env={**os.environ, "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}, timeout=300)
    if built.returncode != 0:
        raise Failed(built.stderr.strip())
    with process(GO_SIGNER, stdout=subprocess.PIPE, text=True) as running:
        yield Target(int(running.stdout.readline()), running.pid)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port):
    def is_there():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    hallmark.wait_until(is_there, START_SECONDS_MAX)
