"""kill -9 of the server at random moments during 50 jobs, 25 times over.

After each restart every acknowledged job ends within 60 s, the object is there exactly when the job
succeeded, and it verifies. HALLMARK_SEED repeats the moments of an earlier run."""

import concurrent.futures
import os
import random
import threading
import time
import unittest
import uuid

import hallmark
import packages

CRASHES = 25
JOBS = 50
CLIENTS = 4
END_SECONDS_MAX = 60
PACKAGE_BYTES = 300_000


class Jobs(unittest.TestCase):
    def setUp(self):
        seed = int(os.environ.get("HALLMARK_SEED", random.randrange(2**32)))
        print(f"        HALLMARK_SEED={seed}", flush=True)
        self.chance = random.Random(seed)
        self.server = hallmark.Server().start()
        self.addCleanup(self.server.close)
        self.server.create_bucket("dst")
        self.versions = [self.server.put_object("src", f"{n}.zip", packages.package(n, PACKAGE_BYTES)) for n in range(5)]
        done = self.server.call("PUT", "/signing-profiles/crash", (), {"platformId": "AWSLambda-SHA384-ECDSA"})
        self.assertEqual(done.status, 200, done)
        self.seen = set()  # keys that were judged in an earlier round
        self.refused = self.resumed = 0

    def test_survive_a_kill_at_any_moment(self):
        whole_run = self.run_undisturbed()
        for crash in range(CRASHES):
            with self.subTest(f"crash {crash}"):
                self.crash_once(self.chance.uniform(0, whole_run))
        print(f"        {self.refused} of {CRASHES * JOBS} jobs came too late to be acknowledged, "
              f"{self.resumed} were acknowledged and not done when the server was killed", flush=True)
        self.assertGreater(self.refused + self.resumed, 0, "no crash came at a bad moment")

    def run_undisturbed(self):
        """How long the jobs take when nothing happens to them."""
        started = time.monotonic()
        acknowledged = self.submit(threading.Event())
        for _, job in acknowledged.values():
            self.ended(job)
        seconds = time.monotonic() - started
        self.judge(acknowledged)
        return seconds

    def crash_once(self, delay):
        down = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            submitting = pool.submit(self.submit, down)
            time.sleep(delay)  # the random moment itself, not a wait for something
            down.set()
            self.server.kill()
            acknowledged = submitting.result()
        restarted = time.time()
        self.server.start()
        self.refused += JOBS - len(acknowledged)
        self.resumed += sum(job["completedAt"] >= int(restarted) for job in self.judge(acknowledged))
        self.assertEqual(self.server.stop(), 0)
        self.server.run("check")
        self.server.start()

    def submit(self, down):
        """Starts the jobs from several clients until the server goes down: {token: (body, job id)}
        of those that it acknowledged."""
        acknowledged = {}

        def start(number):
            token = uuid.uuid4().hex
            place = number % len(self.versions)
            body = {
                "source": {"s3": {"bucketName": "src", "key": f"{place}.zip", "version": self.versions[place]}},
                "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
                "profileName": "crash",
                "clientRequestToken": token,
            }
            try:
                response = self.server.call("POST", "/signing-jobs", (), body)
            except OSError:  # nobody listens any more
                self.assertTrue(down.is_set())
                return
            if response is None:
                self.assertTrue(down.is_set())
            else:
                self.assertEqual(response.status, 200, response)
                acknowledged[token] = (body, response.json["jobId"])

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(start, range(JOBS)))
        return acknowledged

    def judge(self, acknowledged):
        """Checks what the acknowledged jobs came to, and answers how they are described."""
        ended = {job: self.ended(job) for _, job in acknowledged.values()}
        for body, job in acknowledged.values():
            again = self.server.call("POST", "/signing-jobs", (), body)
            self.assertEqual(again.json.get("jobId"), job, again)
        keys = self.server.keys("dst")
        for job, described in ended.items():
            succeeded = described["status"] == "Succeeded"
            self.assertIn(described["status"], ("Succeeded", "Failed"))
            self.assertEqual(f"signed/{job}.zip" in keys, succeeded, described)
        self.judge_objects(keys - self.seen)
        self.seen |= keys
        return ended.values()

    def judge_objects(self, keys):
        """Each object belongs to a job that succeeded, acknowledged or not, and verifies."""

        def judge(key):
            job = key.removeprefix("signed/").removesuffix(".zip")
            described = self.ended(job)
            self.assertEqual(described["status"], "Succeeded", described)
            path = self.server.get_object("dst", key, self.server.folder / f"{job}.zip")
            said = self.server.run("verify", path)
            self.assertIn(job, said)
            path.unlink()

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(judge, keys))

    def ended(self, job):
        def look():
            response = self.server.call("GET", f"/signing-jobs/{job}")
            self.assertEqual(response.status, 200, response)
            return response.json if response.json["status"] != "InProgress" else None

        return hallmark.wait_until(look, END_SECONDS_MAX)


if __name__ == "__main__":
    unittest.main()
