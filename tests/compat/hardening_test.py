"""What the hardening flags of cmake/hardening.cmake promise, seen in the release binary."""

import re
import subprocess
import unittest

from hallmark import BINARY, PROJECT


def readelf(*options):
    done = subprocess.run(["readelf", "--wide", *options, BINARY], capture_output=True, text=True, check=True)
    return done.stdout


class ReleaseBinary(unittest.TestCase):
    def test_is_a_position_independent_executable(self):
        self.assertRegex(readelf("--file-header"), r"Type:\s+DYN")
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS_1\).*\bPIE\b")

    def test_binds_everything_at_start_and_then_makes_it_read_only(self):
        self.assertIn("GNU_RELRO", readelf("--segments"))
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS_1\).*\bNOW\b")

    def test_has_no_executable_stack(self):
        self.assertRegex(readelf("--segments"), r"GNU_STACK\s.*\sRW\s")

    def test_has_no_segment_both_writable_and_executable(self):
        self.assertIsNone(re.search(r"LOAD\s.*\sRWE\s", readelf("--segments")))

    def test_guards_its_stack(self):
        self.assertIn("__stack_chk_fail", readelf("--dyn-syms"))

    def test_calls_the_checked_functions_of_the_c_library(self):
        self.assertRegex(readelf("--dyn-syms"), r"__\w+_chk@")

    def test_takes_no_library_from_a_folder_of_its_own(self):
        self.assertNotRegex(readelf("--dynamic"), r"\((RPATH|RUNPATH)\)")

    def test_tells_nothing_of_where_it_was_built(self):
        self.assertNotIn(str(PROJECT).encode(), BINARY.read_bytes())


if __name__ == "__main__":
    unittest.main()
