"""Stores with many jobs: rows like the ones that the server writes, put into its own SQLite file while it
stands still, indexes last."""

import base64
import json
import os
import shutil
import sqlite3
import time

from tools import KEPT, PROJECT, Failed, KeptServer, checksum_of, done, hallmark, packages, running

NOTATION = {"platformId": "Notation-OCI-SHA384-ECDSA"}
LAMBDA = {"platformId": "AWSLambda-SHA384-ECDSA"}
BYTES_PER_JOB = 500  # with its indexes
SPARE_BYTES = 12 << 30  # of the disk, for everything else
MOST_JOBS, FEWER_JOBS = 10_000_000, 1_000_000
FRESH_JOBS_MAX = 100_000  # stores up to here are made anew each time
SPREAD_MILLISECONDS = 300 * 86_400_000  # over which the jobs were made
JOB_SECONDS_MAX = 60
TIMES = ("created_at", "completed_at", "signed_at", "signature_expires_at")


def many_jobs():
    """How many jobs the largest store has: fewer where the disk has no room."""
    if folder_of(MOST_JOBS).exists():
        return MOST_JOBS
    remove_old(MOST_JOBS)
    free = shutil.disk_usage(PROJECT).free
    return MOST_JOBS if free > MOST_JOBS * BYTES_PER_JOB + SPARE_BYTES else FEWER_JOBS


def folder_of(jobs):
    return KEPT / f"jobs-{jobs}-{checksum_of(PROJECT / 'src/store/migrations.cc')}"


def remove_old(jobs):
    """Stores of that size, also half made ones, of this schema or an earlier one."""
    for old in KEPT.glob(f"*jobs-{jobs}-*"):
        shutil.rmtree(old)


def server_with(jobs):
    """A server, not started, whose store has so many jobs. The profile "images" signs payloads."""
    folder = folder_of(jobs)
    if folder.exists() and jobs > FRESH_JOBS_MAX:
        return KeptServer(folder)
    remove_old(jobs)
    growing = folder.with_name("growing-" + folder.name)
    server = KeptServer(growing)
    with running(server):
        write_models(server)
    bulk_load(growing / "data/hallmark.db", jobs)
    growing.rename(folder)  # whole, or not at all
    return KeptServer(folder)


def write_models(server):
    """A job of each kind, written by the server itself; what it says of the one of a package."""
    done(server, "PUT", "/signing-profiles/images", NOTATION)
    done(server, "PUT", "/signing-profiles/release", LAMBDA)
    done(server, "POST", "/signing-jobs/with-payload", payload())
    job = done(server, "POST", "/signing-jobs", job_of(server))["jobId"]

    def is_done():
        return done(server, "GET", f"/signing-jobs/{job}")["status"] == "Succeeded"

    hallmark.wait_until(is_done, JOB_SECONDS_MAX)
    return done(server, "GET", f"/signing-jobs/{job}")


def payload():
    content = {"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                  "digest": "sha256:" + "0" * 64, "size": 528}}
    return {"profileName": "images", "payloadFormat": "application/vnd.cncf.notary.payload.v1+json",
            "payload": base64.b64encode(json.dumps(content).encode()).decode()}


def job_of(server, token="model"):
    """The body of StartSigningJob for a small package."""
    version = server.put_object("src", "app.zip", packages.package())
    server.create_bucket("dst")
    return {"source": {"s3": {"bucketName": "src", "key": "app.zip", "version": version}},
            "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
            "profileName": "release", "clientRequestToken": token}


def bulk_load(path, jobs):
    """Adds jobs older than those that are there, taking turns between their kinds."""
    database = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144", "temp_store = MEMORY"):
        database.execute(f"PRAGMA {setting}").fetchall()
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'jobs' AND sql IS NOT NULL").fetchall()
    columns = [row[1] for row in database.execute("PRAGMA table_info(jobs)")]
    models = database.execute("SELECT * FROM jobs ORDER BY id").fetchall()
    if len(models) != 2:
        raise Failed(f"expected two jobs to copy, found {len(models)}")
    step = SPREAD_MILLISECONDS // jobs
    start = int(time.time() * 1000) - SPREAD_MILLISECONDS - 60_000
    database.create_function("job_id", 1, lambda n: uuid_v7(start + n * step, n), deterministic=True)
    database.execute("CREATE TEMP TABLE models AS SELECT row_number() OVER (ORDER BY id) - 1 AS kind, * FROM jobs")
    database.execute("BEGIN")
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    database.execute(f"""
        INSERT INTO jobs ({", ".join(columns)})
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {jobs})
        SELECT {", ".join(value_of(column, start, step) for column in columns)}
        FROM numbers JOIN temp.models AS model ON model.kind = n % 2""")
    for _, sql in indexes:
        database.execute(sql)
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = WAL").fetchall()
    database.close()
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def value_of(column, start, step):
    """What stands in a column of job number n: what its model has, but for ids, times and names."""
    if column == "id":
        return "job_id(n)"
    if column in TIMES:
        return f"model.{column} - model.created_at + {start} + n * {step}"
    if column == "request_token":
        return "iif(model.request_token IS NULL, NULL, 'token-' || lower(hex(randomblob(16))))"
    if column == "destination_key":
        return "iif(model.destination_key = '', '', 'signed/' || lower(hex(job_id(n))) || '.zip')"
    return f"model.{column}"


def uuid_v7(milliseconds, number):
    """RFC 9562 §5.7, with a number where others have chance."""
    return (milliseconds << 80 | 7 << 76 | 2 << 62 | number).to_bytes(16, "big")
