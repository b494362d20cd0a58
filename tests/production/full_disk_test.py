"""What the last of a disk is for: revocations. On a small file system of its own, which only root can mount."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import hallmark
import load
import operations

SIZE = "60m"
LEFT = 15 << 20  # less than signing needs
SIGNATURES = 800  # the revocations of so many take all of it, if the store's log only grows
CONFIGURATION = "[throttle]\nrequests_per_second = 0\n"


@contextlib.contextmanager
def small_file_system():
    folder = tempfile.mkdtemp(prefix="hallmark-test-")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True)
    try:
        if mounted.returncode != 0:
            raise unittest.SkipTest("a file system cannot be mounted here")
        yield pathlib.Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], capture_output=True)
        os.rmdir(folder)


def free_bytes(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


class FullDisk(unittest.TestCase):
    def server_in(self, folder):
        server = hallmark.Server(CONFIGURATION)
        shutil.rmtree(server.folder)
        server.folder, server.data = folder / "server", folder / "server/data"
        server.folder.mkdir()
        return server.start()

    def test_every_signature_can_be_revoked_when_nothing_is_signed_any_more(self):
        with small_file_system() as folder, contextlib.closing(self.server_in(folder)) as server:
            put = server.call("PUT", "/signing-profiles/images", (), {"platformId": load.PLATFORM})
            self.assertEqual(put.status, 200, put)
            jobs = []
            for _ in range(SIGNATURES):
                signed = load.sign(server, "images")
                self.assertEqual(signed.status, 200, signed)
                jobs.append(signed.json["jobId"])
            (folder / "other").write_bytes(bytes(free_bytes(folder) - LEFT))
            operations.wait_for_causes(server, ["signing"])
            self.assertEqual(load.sign(server, "images").status, 503)
            for job in jobs:
                revoked = server.call("PUT", f"/signing-jobs/{job}/revoke", (), {"reason": "leaked"})
                self.assertEqual(revoked.status, 200, revoked)
            (folder / "other").unlink()
            operations.wait_for_causes(server, [])
            self.assertEqual(load.sign(server, "images").status, 200)
