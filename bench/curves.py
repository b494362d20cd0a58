"""The plots: throughput and latency against connections, cost against stored jobs, time against object size."""

import objects
import rows
from plot import Series, plot
from tools import MIB, Request

CONNECTIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
LAMBDA_SIZES = (1 * MIB, 16 * MIB, 64 * MIB, 250 * MIB)
IOT_SIZES = (1 * MIB, 32 * MIB, 256 * MIB, 2048 * MIB)
GET = Request("GET", "/signing-profiles/images")


def all_curves(world):
    """(name, SVG) of each."""
    yield from connections(world)
    yield "jobs", stored_jobs(world)
    yield "objects", object_sizes(world)


def connections(world):
    loads = {name: [(count, world.load(request, connections=count, seconds=world.seconds / 2))
                    for count in (CONNECTIONS[::3] if world.quick else CONNECTIONS)]
             for name, request in (("SignPayload", rows.SIGN), ("GetSigningProfile", GET))}
    yield "throughput", plot("Requests a second", "connections", [
        Series(name, [(count, load.per_second) for count, load in points]) for name, points in loads.items()])
    yield "latency", plot("Latency, µs", "connections", [
        Series(f"{name}, {part}", [(count, getattr(load, f"{part}_us")) for count, load in points])
        for name, points in loads.items() for part in ("p50", "p99")])


def stored_jobs(world):
    sign, listed, get = [], [], []
    for size in world.store_sizes:
        target = world.at_size(size)
        sign.append((size, world.load(rows.SIGN, target).server_cpu_us))
        listed.append((size, world.load(rows.LIST, target, connections=2).server_cpu_us))
        get.append((size, world.load(GET, target).server_cpu_us))
    return plot("Server CPU a request, µs", "stored jobs", [
        Series("SignPayload", sign), Series("ListSigningJobs", listed), Series("GetSigningProfile", get)])


def object_sizes(world):
    series = []
    for kind, name, bare, sizes in (("lambda", "Lambda package", "sha384sum + cp + fsync", LAMBDA_SIZES),
                                    ("iot", "IoT object", "openssl dgst -sha256", IOT_SIZES)):
        jobs = objects.measure_sizes(kind, sizes[:1] if world.quick else sizes[:-1]) + [world.object_job(kind)]
        series.append(Series(name, [(job.bytes / MIB, job.seconds) for job in jobs]))
        series.append(Series(bare, [(job.bytes / MIB, job.bare_seconds) for job in jobs]))
    return plot("Seconds", "MiB of content", series)
