"""The goals, a row each: what is measured, how, and what it should come to."""

import contextlib
import dataclasses
import functools
import json
import os
import statistics
import time
import typing

import objects
import peers
import stores
from tools import (CHECK_ALL, UNLIMITED, Failed, Request, bench, disk_bytes, done, hallmark, middle, postgresql, running,
                   serving_threads, status_kib, target_of)

SIGN = Request("POST", "/signing-jobs/with-payload", json.dumps(stores.payload()))
LIST = Request("GET", "/signing-jobs")
CONNECTIONS = 64
IDLE_CONNECTIONS = 10_000
FEW_JOBS = 10_000
CORES = os.cpu_count()
READS = ("GetRevocationStatus", "GetSigningProfile", "DescribeSigningJob")


class World:
    """What several rows measure with, made when the first of them asks, and gone with close()."""

    def __init__(self, seconds, repeats, quick):
        self.seconds, self.repeats, self.quick = seconds, repeats, quick
        self.cleanup = contextlib.ExitStack()
        self.sized = {}  # by the number of stored jobs: the server and its target

    def close(self):
        self.cleanup.close()

    @functools.cached_property
    def server(self):
        """A server with the profile "images" and a job of each kind."""
        server = self.cleanup.enter_context(running(hallmark.Server(UNLIMITED)))
        self.package_job = stores.write_models(server)
        return server

    @functools.cached_property
    def target(self):
        return self.warm(target_of(self.server))

    def warm(self, target):
        target.load(SIGN, connections=CONNECTIONS, seconds=0.5)
        return target

    @functools.cached_property
    def many_jobs(self):
        return FEW_JOBS * 2 if self.quick else stores.many_jobs()

    @functools.cached_property
    def store_sizes(self):
        return [size for size in (10**4, 10**5, 10**6, 10**7) if size <= self.many_jobs]

    @functools.lru_cache
    def signs(self):
        """SignPayload at 64 connections between bare signatures on all cores and on one, repeated."""
        return [(self.load(SIGN), self.bare(CORES), self.bare(1)) for _ in range(self.repeats)]

    def median_sign(self):
        """The turn of signs() that its row is about."""
        return middle(self.signs(), lambda turn: turn[0].server_cpu_us / turn[1].cpu_us)

    def load(self, request, target=None, **options):
        target = target or self.target
        return target.load(request, **{"connections": CONNECTIONS, "seconds": self.seconds, "warm_up": 0.2, **options})

    def bare(self, threads, library="nettle"):
        return bench("signatures", threads=threads, seconds=self.seconds / 2, **{"with": library})

    def ratio(self, of, by):
        """The median of of() ÷ by(), measured in turns."""
        return statistics.median(of() / by() for _ in range(self.repeats))

    def at_size(self, jobs):
        """A server with so many jobs in its store."""
        if jobs not in self.sized:
            server = self.cleanup.enter_context(running(stores.server_with(jobs)))
            self.sized[jobs] = server, self.warm(target_of(server))
        return self.sized[jobs][1]

    @functools.cached_property
    def start_of_many(self):
        """(milliseconds, MiB): a start with many jobs to the first answer, and what it holds then."""
        if self.many_jobs in self.sized:  # one process to a folder
            self.sized.pop(self.many_jobs)[0].close()
        server, times = stores.server_with(self.many_jobs), []
        for _ in range(self.repeats):
            with running_until_answer(server, times):
                idle_mib = status_kib(server.process.pid, "VmRSS") / 1024
        return statistics.median(times), idle_mib

    @functools.cached_property
    def reads(self):
        """By the name of an operation that only reads: its CPU, the bytes that were read from the disk meanwhile by
        the threads that answer and by all others, and the reads of files a request."""
        measured, process = {}, self.server.process.pid
        serving = serving_threads(process)
        for name in READS:
            request = read_request(name, self.package_job)
            self.load(request, seconds=0.5)
            loads = []
            for _ in range(self.repeats):
                before, before_all = disk_bytes(process, serving), disk_bytes(process)
                loads.append(self.load(request))
                after, after_all = disk_bytes(process, serving), disk_bytes(process)
            # The disk's bytes are those of the last load: the steady state.
            read = after["read_bytes"] - before["read_bytes"]
            measured[name] = (statistics.median(load.server_cpu_us for load in loads), read,
                              after_all["read_bytes"] - before_all["read_bytes"] - read,
                              (after_all["syscr"] - before_all["syscr"]) / loads[-1].answered)
        return measured

    @functools.lru_cache
    def object_job(self, kind):
        return objects.measure(kind, self.quick)


@contextlib.contextmanager
def running_until_answer(server, times):
    start = time.monotonic()
    with running(server):
        done(server, "GET", "/signing-profiles/images")
        times.append((time.monotonic() - start) * 1000)
        time.sleep(1)  # it is idle memory that is asked for
        yield


def read_request(name, job):
    if name == "GetSigningProfile":
        return Request("GET", "/signing-profiles/images")
    if name == "DescribeSigningJob":
        return Request("GET", f"/signing-jobs/{job['jobId']}")
    arn = f"arn%3Aaws%3Asigner%3Aus-east-1%3A{hallmark.ACCOUNT}%3A%2F"
    query = {"certificateHashes": "0" * 192, "jobArn": f"{arn}signing-jobs%2F{job['jobId']}",
             "platformId": job["platformId"],
             "profileVersionArn": f"{arn}signing-profiles%2Frelease%2F{job['profileVersion']}",
             "signatureTimestamp": time.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ", time.gmtime())}
    return Request("GET", "/revocations", query="&".join(f"{key}={value}" for key, value in query.items()))


def sign_payload(world):
    load, bare, _ = world.median_sign()
    return load.server_cpu_us / bare.cpu_us, f"{load.server_cpu_us:.0f} µs ÷ {bare.cpu_us:.0f} µs"


def sign_payload_checked(world):
    with running(hallmark.Server(CHECK_ALL + UNLIMITED)) as server:
        stores.write_models(server)
        target = world.warm(target_of(server))
        return world.ratio(lambda: world.load(SIGN, target).server_cpu_us, lambda: world.bare(CORES).cpu_us), ""


def sign_payload_throughput(world):
    load, _, bare = middle(world.signs(), lambda turn: turn[0].per_second / turn[2].per_second)
    return load.per_second / bare.per_second, f"{load.per_second:,.0f}/s ÷ {bare.per_second:,.0f}/s"


def sign_payload_latency(world):
    rate = statistics.median(load.per_second for load, _, _ in world.signs()) / 2
    pairs = []
    for _ in range(world.repeats):
        bare = bench("durable", folder=world.server.data, seconds=world.seconds)
        # Asked for as the requests are, at half of what one thread can do: these wait for each other, too.
        waiting = bench("durable", folder=world.server.data, seconds=world.seconds,
                        rate=round(bare.count / world.seconds / 2))
        pairs.append((world.load(SIGN, rate=round(rate)), bare, waiting))
    load, bare, waiting = middle(pairs, lambda turn: turn[0].p99_us / turn[1].p99_us)
    return (load.p99_us / bare.p99_us,
            f"at {rate:,.0f}/s {load.p99_us:,.0f} µs ÷ {bare.p99_us:,.0f} µs; bare ones that are asked for at half of "
            f"their rate: {waiting.p99_us:,.0f} µs; with all cores busy the longest bare signature took "
            f"{world.bare(CORES).longest_us:,.0f} µs")


def read_cpu(name, world):
    cpu, _, _, reads = world.reads[name]
    return cpu, f"{reads:.1f} reads of cached files a request"


def read_disk(world):
    read, others = (sum(values) for values in list(zip(*world.reads.values()))[1:3])
    return read, f"the three above together; {others:,} bytes by threads with other work meanwhile"


def sizes(world):
    """Of two stores, before SignPayload adds its jobs."""
    return f"stores that began with {world.many_jobs:,} and {FEW_JOBS:,} jobs"


def list_jobs(world):
    value = world.ratio(lambda: world.load(LIST, world.at_size(world.many_jobs), connections=2).server_cpu_us,
                        lambda: world.load(LIST, world.at_size(FEW_JOBS), connections=2).server_cpu_us)
    return value, f"CPU of a page of 25; {sizes(world)}"


def sign_with_many_jobs(world):
    value = world.ratio(lambda: world.load(SIGN, world.at_size(world.many_jobs)).server_cpu_us,
                        lambda: world.load(SIGN, world.at_size(FEW_JOBS)).server_cpu_us)
    return value, sizes(world)


def start_job(world):
    """On a server of its own, because its jobs go on long after."""
    with running(hallmark.Server(UNLIMITED)) as server:
        stores.write_models(server)
        body = json.dumps({**stores.job_of(server), "clientRequestToken": "t{n}"})
        load = world.load(Request("POST", "/signing-jobs", body), target_of(server), warm_up=0.5)
        return load.per_second, (f"{load.server_cpu_us:.0f} µs of CPU each, with the work on those jobs that ran "
                                 "meanwhile; the others wait")


def start_time(world):
    return world.start_of_many[0], f"{world.many_jobs:,} jobs"


def idle_memory(world):
    return world.start_of_many[1], f"{world.many_jobs:,} jobs"


def idle_connections(world):
    with running(hallmark.Server(UNLIMITED)) as server:
        stores.write_models(server)
        target = target_of(server)
        target.load(Request("GET", "/signing-profiles/images"), seconds=0.5)
        before = status_kib(target.process, "VmRSS")
        count = 1000 if world.quick else IDLE_CONNECTIONS
        with peers.idle(target, Request("GET", "/signing-profiles/images"), count):
            return (status_kib(target.process, "VmRSS") - before) / 1024, f"{count:,} connections that had an answer each"


def control_plane(world):
    put = Request("PUT", "/signing-profiles/p{n}", json.dumps(stores.LAMBDA))
    get = Request("GET", "/signing-profiles/known")
    with peers.moto() as moto:
        first = Request("PUT", "/signing-profiles/known", put.body)
        moto.load(first, connections=1, seconds=1)
        done(world.server, "PUT", "/signing-profiles/known", stores.LAMBDA)

        def rate(target):
            """Of half Put and half Get: the harmonic mean."""
            puts, gets = (world.load(request, target, connections=16).per_second for request in (put, get))
            return 2 / (1 / puts + 1 / gets)

        return world.ratio(lambda: rate(world.target), lambda: rate(moto)), "half PutSigningProfile, half GetSigningProfile"


def postgresql_ratio(world):
    if not postgresql.usable():
        raise Failed("PostgreSQL is not installed")
    cluster = postgresql.Cluster()
    try:
        with running(postgresql.Node(cluster, configuration=UNLIMITED)) as node:
            stores.write_models(node)
            target = world.warm(target_of(node))
            return world.ratio(lambda: world.load(SIGN, target).per_second, lambda: world.load(SIGN).per_second), ""
    finally:
        cluster.close()


def object_time(kind, world):
    job = world.object_job(kind)
    return job.seconds / job.bare_seconds, f"{job.seconds:.2f} s ÷ {job.bare_seconds:.2f} s"


def object_memory(kind, world):
    return world.object_job(kind).memory_mib, ""


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    what: str
    measure: typing.Callable  # of a World: (value, note)
    at_most: float = None
    at_least: float = None
    unit: str = ""  # none: a ratio

    @property
    def goal(self):
        if self.at_most is None and self.at_least is None:
            return "–"
        sign, bound = ("≤", self.at_most) if self.at_most is not None else ("≥", self.at_least)
        return f"{sign} {bound:,} {self.unit}".strip()

    def is_met(self, value):
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


BARE = "bare Nettle P-384 signature"
ROWS = [
    Row("sign-payload", f"SignPayload saturated, durable: server CPU ÷ that of a {BARE}, all cores busy",
        sign_payload, at_most=1.4),
    Row("sign-payload-checked", "the same, with every signature verified before it is answered", sign_payload_checked),
    Row("sign-payload-throughput", f"SignPayload/s, 64 connections, load generator on the same cores ÷ {BARE}s/s on one",
        sign_payload_throughput, at_least=round(0.6 * CORES, 1)),
    Row("sign-payload-latency", "SignPayload at half load: p99 ÷ p99 of a bare fsync and signature on this disk",
        sign_payload_latency, at_most=2),
    *(Row(row, f"{name}: server CPU a request", functools.partial(read_cpu, name), at_most=30, unit="µs")
      for row, name in zip(("revocation-status", "get-profile", "describe-job"), READS)),
    Row("reads-disk", "bytes that these read from the disk", read_disk, at_most=0, unit="bytes"),
    Row("list-jobs", "ListSigningJobs, a page: with 10 million jobs ÷ with 10 thousand", list_jobs, at_most=1.5),
    Row("start-job", "StartSigningJob accepted, durable", start_job, at_least=5000, unit="/s"),
    Row("lambda", "a Lambda package of 250 MiB of content, source to durable object ÷ (sha384sum of that + cp and fsync)",
        functools.partial(object_time, "lambda"), at_most=1.3),
    Row("iot", "a 2 GiB IoT object, source to durable signature ÷ openssl dgst -sha256",
        functools.partial(object_time, "iot"), at_most=1.3),
    Row("lambda-memory", "extra memory while signing the package", functools.partial(object_memory, "lambda"),
        at_most=48, unit="MiB"),
    Row("iot-memory", "extra memory while signing the IoT object", functools.partial(object_memory, "iot"),
        at_most=48, unit="MiB"),
    Row("start", "start with 10 million jobs to the first answer", start_time, at_most=200, unit="ms"),
    Row("idle-memory", "memory when idle then", idle_memory, at_most=40, unit="MiB"),
    Row("many-jobs", "CPU per SignPayload with 10 million stored jobs ÷ with 10 thousand", sign_with_many_jobs,
        at_most=1.2),
    Row("idle-connections", "memory for 10,000 idle connections", idle_connections, at_most=150, unit="MiB"),
    Row("control-plane", "control-plane requests/s ÷ moto_server's", control_plane, at_least=50),
    Row("postgresql", "SignPayload/s on PostgreSQL ÷ on SQLite", postgresql_ratio, at_least=0.4),
]
