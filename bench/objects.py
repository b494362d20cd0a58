"""Large objects, signed by a job, beside the least that the same bytes take with the system's tools."""

import dataclasses
import os
import random
import shutil
import subprocess
import tempfile
import time
import uuid
import zipfile

from tools import KEPT, MIB, UNLIMITED, Failed, done, forget_peak, hallmark, middle, running, seconds_of, status_kib

JOB_SECONDS_MAX = 300
ASKED_EVERY_SECONDS = 1
TURNS = 5  # of a job and of the tools, after one of each that does not count; the median one does
SPARE_BYTES = 8 << 30
LAMBDA_BYTES, IOT_BYTES = 250 * MIB, 2048 * MIB
LAMBDA_PLATFORM, IOT_PLATFORM = "AWSLambda-SHA384-ECDSA", "AWSIoTDeviceManagement-SHA256-ECDSA"
ENTRY_BYTES = MIB // 2
WORDS = ("function return const require module exports default import await async promise request response error "
         "value index length string object undefined prototype callback options configuration").split()


@dataclasses.dataclass
class ObjectJob:
    bytes: int
    seconds: float  # from StartSigningJob to Succeeded
    bare_seconds: float
    memory_mib: float  # at the most, beyond what the server held before


def measure(kind, quick):
    """A job of the largest object of its kind; a small one when it is to be quick."""
    size = (8 if quick else (LAMBDA_BYTES if kind == "lambda" else IOT_BYTES) // MIB) * MIB
    return measure_sizes(kind, [size])[0]


def measure_sizes(kind, sizes):
    copies = 3 + (1 + TURNS if kind == "lambda" else 0)  # the source, the server's, the tools', and what is signed
    if shutil.disk_usage(tempfile.gettempdir()).free < SPARE_BYTES + copies * max(sizes):
        raise Failed("the disk has no room for the object, its copy and its signed copies")
    with running(hallmark.Server(UNLIMITED)) as server:
        server.create_bucket("dst")
        (put_lambda_profile if kind == "lambda" else put_iot_profile)(server)
        return [measure_one(server, kind, size) for size in sizes]


def measure_one(server, kind, size):
    source, content = lambda_package(size) if kind == "lambda" else iot_object(size)
    version = server.run("object", "put", f"src/{source.name}", source).strip().split("\n")[-1]
    process = server.process.pid
    before = status_kib(process, "VmRSS")
    forget_peak(process)
    turns = []
    for _ in range(1 + TURNS):
        bare = bare_seconds(kind, source, content, server.folder / "copy")
        turns.append((bare, job_seconds(server, {"bucketName": "src", "key": source.name, "version": version})))
    bare, took = middle(turns[1:], lambda turn: turn[1] / turn[0])
    return ObjectJob(size, took, bare, (status_kib(process, "VmHWM") - before) / 1024)


def job_seconds(server, source):
    signed = count_signed(server)
    started = time.monotonic()
    job = done(server, "POST", "/signing-jobs", {
        "source": {"s3": source}, "destination": {"s3": {"bucketName": "dst"}}, "profileName": "objects",
        "clientRequestToken": str(uuid.uuid4())})
    wait_for_success(server, job["jobId"], signed)
    return time.monotonic() - started


def wait_for_success(server, job, signed_before):
    """Asks how the job is once its object is there, and seldom before: each question is recorded, durably, and takes
    milliseconds of the very cores that are measured."""
    deadline = time.monotonic() + JOB_SECONDS_MAX
    while (described := done(server, "GET", f"/signing-jobs/{job}"))["status"] == "InProgress":
        if time.monotonic() > deadline:
            raise Failed("the job did not end in time")
        asks_again = time.monotonic() + ASKED_EVERY_SECONDS
        time.sleep(0.005)
        while count_signed(server) == signed_before and time.monotonic() < asks_again:
            time.sleep(0.005)
    if described["status"] != "Succeeded":
        raise Failed(f"the job failed: {described}")


def count_signed(server):
    """How many objects the destination shows."""
    return sum(1 for _ in (server.data / "objects/dst").glob("*/[0-9a-f]*.*"))


def bare_seconds(kind, source, content, copy):
    if kind == "iot":
        return seconds_of(lambda: quiet("openssl", "dgst", "-sha256", content))

    def digest_and_copy():
        quiet("sha384sum", content)
        quiet("cp", source, copy)
        with open(copy, "rb") as copied:
            os.fsync(copied.fileno())

    try:
        return seconds_of(digest_and_copy)
    finally:
        copy.unlink()


def quiet(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def put_lambda_profile(server):
    done(server, "PUT", "/signing-profiles/objects", {"platformId": LAMBDA_PLATFORM})


def put_iot_profile(server):
    certificate, key = server.folder / "certificate.pem", server.folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", "30", "-subj", "/CN=bench", "-config", "/dev/null",
                    "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
                    "-addext", "extendedKeyUsage=codeSigning"], check=True, capture_output=True)
    said = server.run("certificate", "import", "--certificate", certificate, "--private-key", key)
    arn = next(word for word in said.split() if word.startswith("arn:"))
    done(server, "PUT", "/signing-profiles/objects", {
        "platformId": IOT_PLATFORM, "signingMaterial": {"certificateArn": arn}})


def lambda_package(size):
    """(zip, its content in one file): half of it like source code, half like what no longer gets smaller."""
    package, content = KEPT / f"lambda-{size}.zip", KEPT / f"lambda-{size}.content"
    if not package.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        growing = package.with_suffix(".growing")
        chance = random.Random(size)
        with zipfile.ZipFile(growing, "w", zipfile.ZIP_DEFLATED) as archive, open(content, "wb") as whole:
            for number in range(size // ENTRY_BYTES):
                entry = chance.randbytes(ENTRY_BYTES) if number % 2 else like_source(chance)
                archive.writestr(zipfile.ZipInfo(f"node_modules/m{number}/index.js"), entry,
                                 zipfile.ZIP_DEFLATED)
                whole.write(entry)
        growing.rename(package)
    return package, content


def like_source(chance):
    words = " ".join(chance.choices(WORDS, k=ENTRY_BYTES // 8 + 1000))
    varied = "".join(f"{word}{number % 997};\n" for number, word in enumerate(words.split()))
    return varied.encode()[:ENTRY_BYTES].ljust(ENTRY_BYTES)


def iot_object(size):
    path = KEPT / f"iot-{size}.bin"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        growing = path.with_suffix(".growing")
        with open(growing, "wb") as file:
            chance = random.Random(size)
            for _ in range(size // MIB):
                file.write(chance.randbytes(MIB))
        growing.rename(path)
    return path, path
