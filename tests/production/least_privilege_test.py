"""What packaging/hallmark.service takes from the service: judged by systemd-analyze, and the service
running without it. No systemd runs here: tests/support/within_unit.py does what the unit says."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import unittest
from unittest import mock

import hallmark
import signing_flow
import softhsm
from hallmark import BINARY, PROJECT

UNIT = PROJECT / "packaging/hallmark.service"
EXPOSURE_MAX = 1.5
NOBODY = 65534
CAN_CONFINE = os.geteuid() == 0 and shutil.which("systemd-analyze") is not None and subprocess.run(
    ["/usr/bin/python3", "-c", "import seccomp"], capture_output=True, check=False).returncode == 0
WHY_NOT = "NOT TESTED: needs root, systemd-analyze and python3-seccomp"
has_systemd = unittest.skipUnless(shutil.which("systemd-analyze"), "NOT TESTED: there is no systemd-analyze")


def hand_over(folder):
    """To the user of the confined service."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


class LeastPrivilege(unittest.TestCase):
    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="hallmark-test-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def confine(self):
        """From now on every command of ours runs within the unit, as another user."""
        wrapper = os.path.join(self.folder(), "hallmark")
        binary = shutil.copy(BINARY, wrapper + "-binary")  # a checkout may be closed to other users
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec /usr/bin/python3 "{PROJECT}/tests/support/within_unit.py" "{UNIT}" "{binary}" "$@"\n')
        os.chmod(wrapper, 0o755)
        os.chmod(os.path.dirname(wrapper), 0o755)
        patched = mock.patch.object(hallmark, "BINARY", wrapper)
        patched.start()
        self.addCleanup(patched.stop)

    def run_confined(self, server):
        hand_over(server.folder)
        server.start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        status = open(f"/proc/{server.process.pid}/status", encoding="utf-8").read()
        for line in (rf"Uid:\t{NOBODY}\t", "CapEff:\t0{16}\n", "CapPrm:\t0{16}\n", "NoNewPrivs:\t1\n", "Seccomp:\t2\n"):
            self.assertRegex(status, line)
        self.assertEqual(server.stop(), 0)
        return server

    @has_systemd
    def test_the_unit_exposes_little(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT],
                              capture_output=True, text=True, check=True)
        exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout).group(1))
        self.assertLessEqual(exposure, EXPOSURE_MAX, done.stdout)

    @has_systemd
    def test_the_unit_has_no_fault(self):
        unit = os.path.join(self.folder(), UNIT.name)
        text = UNIT.read_text().replace("/usr/bin/hallmark", str(BINARY))
        with open(unit, "w", encoding="utf-8") as file:
            file.write(re.sub("^Documentation=.*\n", "", text, flags=re.M))  # the pages are not installed here
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True,
                              check=False)
        faults = [line for line in done.stderr.splitlines() if "hallmark.service" in line]
        self.assertEqual((done.returncode, faults), (0, []), done.stderr)

    @unittest.skipUnless(CAN_CONFINE, WHY_NOT)
    def test_the_service_signs_with_what_the_unit_leaves_it(self):
        self.confine()
        server = self.run_confined(hallmark.Server(configuration=""))
        self.assertNotIn("running as root", server.log())
        for path in server.data.rglob("*"):
            if not path.is_socket():
                others = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
                self.assertTrue(others == 0 or path.name.endswith(("endpoint", "roots.pem")), path)

    @unittest.skipUnless(CAN_CONFINE and softhsm.usable(), WHY_NOT + ", softhsm2 and opensc")
    def test_the_service_signs_by_a_token_with_what_the_unit_leaves_it(self):
        token = softhsm.Token()
        self.addCleanup(token.close)
        hand_over(token.folder)
        self.confine()
        self.run_confined(softhsm.TokenServer(token))

    def test_root_is_warned_of(self):
        server = hallmark.Server(configuration="").start()
        self.addCleanup(server.close)
        self.assertEqual("running as root" in server.log(), os.geteuid() == 0)

    def test_the_manager_is_told_when_it_serves_and_when_it_stops(self):
        path = os.path.join(self.folder(), "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(hallmark.START_SECONDS_MAX)
            server = hallmark.Server(configuration="", environment={"NOTIFY_SOCKET": path}).start()
            self.addCleanup(server.close)
            self.assertEqual(manager.recv(64), b"READY=1")
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(manager.recv(64), b"STOPPING=1")
            self.assertEqual(server.process.wait(hallmark.STOP_SECONDS_MAX), 0)


if __name__ == "__main__":
    unittest.main()
