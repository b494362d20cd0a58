"""The benchmark works: its load, its servers and its table. What it measures here means nothing."""

import json
import pathlib
import subprocess
import unittest

PROJECT = pathlib.Path(__file__).parents[2]
ROWS = ("get-profile", "list-jobs", "idle-connections")
SECONDS_MAX = 300


@unittest.skipUnless((PROJECT / "build/release/CMakeCache.txt").exists(), "NOT TESTED: there is no release build")
class Bench(unittest.TestCase):
    def setUp(self):
        subprocess.run(["cmake", "--build", PROJECT / "build/release", "--target", "hallmark", "hallmark_bench"],
                       check=True, capture_output=True, timeout=SECONDS_MAX)

    def test_measures_single_rows_quickly(self):
        only = [word for row in ROWS for word in ("--only", row)]
        done = subprocess.run(["python3", PROJECT / "bench/run.py", "--quick", *only], capture_output=True, text=True,
                              timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        rows = json.loads((PROJECT / "build/bench/part.json").read_text())["rows"]
        self.assertEqual([row["name"] for row in rows if row["value"] is not None], list(ROWS))


if __name__ == "__main__":
    unittest.main()
