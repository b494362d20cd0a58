"""Odd ZIP archives as packages: each is either Failed with its defect named, or signed, and then Python's
zipfile, unzip and bsdtar list the same names, sizes and CRCs in it, as it lies and unpacked."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import unittest
import uuid
import zipfile
import zlib

import clients
import hallmark
import lambda_zip
import odd_zips

LAMBDA = "AWSLambda-SHA384-ECDSA"
JOBS_SECONDS_MAX = 300
ZIPS_MIN = 60
UTF8 = {**os.environ, "LC_ALL": "C.UTF-8"}


def setUpModule():
    for tool in ("unzip", "bsdtar"):
        if shutil.which(tool) is None:
            raise unittest.SkipTest(f"NOT TESTED: {tool} is missing")
    global server, jobs
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)
    jobs = Jobs()


class Jobs:
    """Of every odd package one, all started at once."""

    def __init__(self):
        self.client = clients.Boto3(server.endpoint, server.credentials)
        self.client.call("PutSigningProfile", profileName="odd", platformId=LAMBDA)
        server.create_bucket("dst")
        self.zips = odd_zips.odd_zips()
        self.started = {name: self.start(archive) for name, (archive, _) in self.zips.items()}

    def start(self, archive):
        key = f"{uuid.uuid4()}.zip"
        version = server.put_object("src", key, archive)
        return self.client.call(
            "StartSigningJob", profileName="odd", clientRequestToken=str(uuid.uuid4()),
            source={"s3": {"bucketName": "src", "key": key, "version": version}},
            destination={"s3": {"bucketName": "dst"}})["jobId"]

    def ended(self, name):
        def look():
            job = self.client.call("DescribeSigningJob", jobId=self.started[name])
            return None if job["status"] == "InProgress" else job

        return hallmark.wait_until(look, JOBS_SECONDS_MAX)

    def names(self, are_good):
        return [name for name, (_, reason) in self.zips.items() if (reason is None) == are_good]


def tool(*command, folder=None):
    done = subprocess.run(command, capture_output=True, env=UTF8, cwd=folder, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout!r}\n{done.stderr!r}")
    return done.stdout


def lines_of(*command):
    return tool(*command).decode().split("\n")[:-1]


def listed_by_python(path):
    """Names that are not marked stand there as code page 437: these are the bytes of Unix."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise AssertionError("zipfile finds a wrong checksum")
        return [(name_in(entry), entry.file_size, entry.CRC) for entry in archive.infolist()]


def name_in(entry):
    is_marked = entry.flag_bits & odd_zips.UTF8
    return entry.orig_filename if is_marked else entry.orig_filename.encode("cp437").decode()


def listed_by_unzip(path):
    """A line: length, method, size, saved, date, time, CRC-32 and the name."""
    tool("unzip", "-tqq", path)
    lines = lines_of("unzip", "-vqq", path)
    found = [re.match(r" *(\d+) +\S+ +\d+ +\S+% +\S+ \S+ ([0-9a-f]{8})  (.*)", line).groups() for line in lines]
    return [(name, int(size), int(crc, 16)) for size, crc, name in found]


def listed_by_bsdtar(path):
    """A line of it: mode, links, user, group, size, date in three parts, and the name. It shows no CRC,
    but checks them."""
    tool("bsdtar", "-xOf", path)
    lines = lines_of("bsdtar", "-tvf", path)
    found = [re.match(r"(.)\S+ +\d+ +\d+ +\d+ +(\d+) \w{3} [ \d]\d  ?[\d:]+ (.*)", line).groups() for line in lines]
    return [(name.partition(" -> ")[0] if kind == "l" else name, int(size)) for kind, size, name in found]


def unpacked(path, folder, *command):
    """What stands in a folder afterwards: by path, the content's CRC or the target of a link."""
    folder.mkdir()
    tool(*command, path, folder=folder)
    found = {}
    for parent, _, files in os.walk(folder):
        for name in files:
            place = pathlib.Path(parent) / name
            is_link = stat.S_ISLNK(place.lstat().st_mode)
            if not is_link:
                place.chmod(0o600)  # one of them forbids everything
            content = os.readlink(place) if is_link else zlib.crc32(place.read_bytes())
            found[str(place.relative_to(folder))] = content
    return found


class OddZips(unittest.TestCase):
    def test_are_many(self):
        self.assertGreaterEqual(len(jobs.zips), ZIPS_MIN)

    def test_fail_with_their_defect_named(self):
        for name in jobs.names(are_good=False):
            with self.subTest(name):
                job = jobs.ended(name)
                self.assertEqual(job["status"], "Failed", job)
                self.assertIn(jobs.zips[name][1], job["statusReason"])
                self.assertNotIn("signedObject", job)

    def test_are_signed_when_they_are_honest(self):
        for name in jobs.names(are_good=True):
            with self.subTest(name):
                self.judge(name, jobs.ended(name))

    def judge(self, name, job):
        self.assertEqual(job["status"], "Succeeded", job)
        folder = server.folder / str(uuid.uuid4())
        folder.mkdir()
        original, signed = folder / "original.zip", folder / "signed.zip"
        original.write_bytes(jobs.zips[name][0])
        server.get_object("dst", job["signedObject"]["s3"]["key"], signed)
        server.run("verify", signed)
        for path in (original, signed):
            listed = self.assert_listed_identically(path)
        self.assertEqual(listed[-1][0], lambda_zip.SIGNATURE)
        self.assert_unpacked_identically(signed, folder)

    def assert_listed_identically(self, path):
        by_python = listed_by_python(path)
        self.assertEqual(listed_by_unzip(path), by_python)
        self.assertEqual([name for name, _ in listed_by_bsdtar(path)], [name for name, *_ in by_python])
        sizes = {name: size for name, size, _ in by_python}
        for name, size in listed_by_bsdtar(path):
            self.assertIn(size, (sizes[name], 0), name)  # of a link it is 0
        return by_python

    def assert_unpacked_identically(self, path, folder):
        by_unzip = unpacked(path, folder / "unzip", "unzip", "-qq")
        self.assertEqual(unpacked(path, folder / "bsdtar", "bsdtar", "-xf"), by_unzip)


if __name__ == "__main__":
    unittest.main()
