"""One installation on PostgreSQL: the whole flow, then three nodes of which one is killed, one stands
still past its leases, and whose database is restarted and killed under load."""

import collections
import concurrent.futures
import itertools
import threading
import time
import unittest
import uuid

import hallmark
import identities
import packages
import postgresql
import signing_flow

JOBS = 60
CLIENTS = 6
END_SECONDS_MAX = 90
NOT_TESTED = "NOT TESTED: there is no PostgreSQL (package postgresql)"
PAYLOAD = {
    "profileName": "images", "payloadFormat": "application/vnd.cncf.notary.payload.v1+json",
    "payload": "eyJ0YXJnZXRBcnRpZmFjdCI6eyJtZWRpYVR5cGUiOiJhcHBsaWNhdGlvbi92bmQub2NpLmltYWdlLm1hbmlmZXN0LnYx"
               "K2pzb24iLCJkaWdlc3QiOiJzaGEyNTY6NzNjODAzOTMwZWEzYmExZTU0YmMyNWMyYmRjNTNlZGQwMjg0YzYyZWQ2NTFmZTdi"
               "MDAzNjlkYTUxOWEzYzMzMyIsInNpemUiOjE2NzI0fX0="}
NOTATION = "Notation-OCI-SHA384-ECDSA"


@unittest.skipUnless(postgresql.usable(), NOT_TESTED)
class OneNode(unittest.TestCase):
    def setUp(self):
        self.cluster = postgresql.Cluster()
        self.addCleanup(self.cluster.close)

    def test_the_whole_flow_works_before_and_after_a_restart(self):
        node = postgresql.Node(self.cluster).start()
        self.addCleanup(node.close)
        signing_flow.put_profile(self, node)
        signing_flow.sign_and_verify(self, node, seed=1)
        self.assertEqual(node.stop(), 0)
        node.run("check")
        node.start()
        signing_flow.sign_and_verify(self, node, seed=2)
        self.assertNotIn("hallmark.db", [path.name for path in node.data.iterdir()])

    def test_a_database_that_is_away_is_said_to_be_and_is_found_again(self):
        node = postgresql.Node(self.cluster).start()
        self.addCleanup(node.close)
        signing_flow.put_profile(self, node)
        self.cluster.stop()
        refused = node.call("GET", "/signing-profiles/release")
        self.assertEqual((refused.status, refused.headers.get("x-amzn-errortype")), (503, "ServiceUnavailable"))
        self.cluster.start()
        hallmark.wait_until(lambda: node.call("GET", "/signing-profiles/release").status == 200, 5)
        signing_flow.sign_and_verify(self, node)

    def test_init_refuses_a_password_in_the_url_and_does_not_repeat_it(self):
        server = hallmark.Server("")
        self.addCleanup(server.close)
        with self.assertRaises(hallmark.CommandFailed) as failed:
            server.run("init", "--master-key", server.folder / "master.key", "--root-out", server.folder / "root.pem",
                       "--store", "postgresql://hallmark:hunter2@127.0.0.1/x")
        self.assertIn("passfile", failed.exception.stderr)
        self.assertNotIn("hunter2", failed.exception.stderr)

    def test_init_refuses_a_database_that_holds_an_installation(self):
        node = postgresql.Node(self.cluster).start()
        self.addCleanup(node.close)
        other = postgresql.Node(self.cluster)
        self.addCleanup(other.close)
        with self.assertRaises(hallmark.CommandFailed) as failed:
            other.start()
        self.assertIn("hallmark join", failed.exception.stderr)

    def test_join_refuses_another_master_key(self):
        node = postgresql.Node(self.cluster).start()
        self.addCleanup(node.close)
        other = postgresql.Node(self.cluster, node)
        self.addCleanup(other.close)
        other.master_key = other.folder / "other.key"
        other.master_key.write_bytes(node.master_key.read_bytes()[::-1])
        other.master_key.chmod(0o400)
        with self.assertRaises(hallmark.CommandFailed):
            other.start()
        self.assertFalse((other.data / "installation").exists())


@unittest.skipUnless(postgresql.usable(), NOT_TESTED)
class ThreeNodes(unittest.TestCase):
    def setUp(self):
        self.cluster = postgresql.Cluster()
        self.addCleanup(self.cluster.close)
        first = postgresql.Node(self.cluster)
        self.nodes = [first]
        self.addCleanup(postgresql.close_all, self.nodes)
        first.start()
        for _ in range(2):
            self.nodes.append(postgresql.Node(self.cluster, first))
            self.nodes[-1].start()
        signing_flow.put_profile(self, first)
        signing_flow.put_profile(self, first, "images", NOTATION)
        first.create_bucket("dst")
        self.versions = [first.put_object("src", f"{n}.zip", packages.package(n, 100_000)) for n in range(5)]

    # What the clients do: jobs with tokens of their own, asked of any node until one acknowledges.

    def submit(self, number, deadline):
        place = number % len(self.versions)
        body = {"source": {"s3": {"bucketName": "src", "key": f"{place}.zip", "version": self.versions[place]}},
                "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
                "profileName": "release", "clientRequestToken": uuid.uuid4().hex}
        for node in itertools.islice(itertools.cycle(self.nodes), number, None):
            if time.monotonic() > deadline:
                self.fail("no node took the job in time")
            if node.process is None or node.paused:
                time.sleep(0.02)
                continue
            response = node.try_call("POST", "/signing-jobs", (), body)
            if response is not None and response.status == 200:
                return body, response.json["jobId"]
            if response is not None:
                self.assertIn(response.status, (500, 503), response)
            time.sleep(0.05)

    def submit_until(self, over):
        """At least JOBS of them, and on and on until `over`."""
        deadline, numbers, acknowledged = time.monotonic() + END_SECONDS_MAX, itertools.count(), []

        def client():
            while (number := next(numbers)) < JOBS or not over.is_set():
                acknowledged.append(self.submit(number, deadline))

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            for running in [pool.submit(client) for _ in range(CLIENTS)]:
                running.result()
        return acknowledged

    def under_load(self, disturb):
        """Submits jobs while `disturb` runs; answers the acknowledged ones."""
        over = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            submitting = pool.submit(self.submit_until, over)
            try:
                time.sleep(0.3)  # the moment itself, not a wait for something
                disturb()
            finally:
                over.set()
            return submitting.result()

    # What must hold afterwards.

    def judge(self, acknowledged):
        node = next(node for node in self.nodes if node.process is not None and not node.paused)
        ended = {job: self.ended(node, job) for _, job in acknowledged}
        self.assertEqual(len(ended), len(acknowledged), "two requests got one job")
        print(f"        {len(ended)} jobs were acknowledged", flush=True)
        for job, described in ended.items():
            self.assertEqual(described["status"], "Succeeded", described)
        for body, job in acknowledged[::7]:
            again = node.call("POST", "/signing-jobs", (), body)
            self.assertEqual(again.json.get("jobId"), job, again)
        self.judge_objects(node, ended)
        self.judge_store()

    def ended(self, node, job):
        def look():
            response = node.try_call("GET", f"/signing-jobs/{job}")
            if response is None or response.status in (500, 503):
                return None
            self.assertEqual(response.status, 200, response)
            return response.json if response.json["status"] != "InProgress" else None
        return hallmark.wait_until(look, END_SECONDS_MAX)

    def judge_objects(self, node, ended):
        """One version of one object a job, and it verifies."""
        keys = node.keys("dst")
        for job in ended:
            self.assertIn(f"signed/{job}.zip", keys)
        found = collections.Counter(
            path.parent.name for path in (self.nodes[0].data / "objects" / "dst").glob("*/*.*")
            if not path.name.startswith("."))  # what a killed node was at is no version
        self.assertEqual(set(found.values()), {1}, "a job has two objects")
        for job in list(ended)[:3]:
            path = node.get_object("dst", f"signed/{job}.zip", node.folder / f"{job}.zip")
            self.assertIn(job, node.run("verify", path))

    def judge_store(self):
        """One recorded signature and one end a job; all chains whole."""
        for event, what in (("SignObject", "jobArn"), ("CompleteSigningJob", "jobId")):
            doubled = self.cluster.ask(
                f"SELECT count(*) FROM audit WHERE body LIKE '%\"{event}\"%' "
                f"GROUP BY substring(body FROM '\"{what}\":\"([^\"]+)\"') HAVING count(*) > 1")
            self.assertEqual(doubled, [], f"{event} twice for one job")
        for node in self.nodes:
            if node.process is not None:
                self.assertEqual(node.stop(), 0)
        self.nodes[0].run("check")

    def test_lose_nothing_when_one_is_killed(self):
        def kill():
            self.nodes[1].kill()
            time.sleep(4)  # longer than a lease, so that its jobs are taken up under load
        self.judge(self.under_load(kill))

    def test_lose_nothing_when_one_stands_still_past_its_leases(self):
        def stand_still():
            self.nodes[2].pause()
            time.sleep(5)  # longer than a lease
            self.nodes[2].resume()
        self.judge(self.under_load(stand_still))

    def test_lose_nothing_when_the_database_is_restarted_and_killed(self):
        def disturb():
            self.cluster.stop()
            self.cluster.start()
            for _ in range(3):
                time.sleep(0.5)
                self.cluster.kill()
                self.cluster.start()
        self.judge(self.under_load(disturb))

    def test_know_at_once_what_another_revoked(self):
        one, two, three = self.nodes
        for node in self.nodes:  # each holds the profile's key and the caller's in memory
            self.assertEqual(node.call("POST", "/signing-jobs/with-payload", (), PAYLOAD).status, 200)
        stop = threading.Event()
        signed_late = []

        def sign_on(node):
            while not stop.is_set():
                began = time.monotonic()
                if node.call("POST", "/signing-jobs/with-payload", (), PAYLOAD).status == 200:
                    signed_late.append(began)

        threads = [threading.Thread(target=sign_on, args=(node,)) for node in (two, three)]
        for thread in threads:
            thread.start()
        version = one.call("GET", "/signing-profiles/images").json["profileVersion"]
        revoked = one.call("PUT", "/signing-profiles/images/revoke", (),
                           {"profileVersion": version, "reason": "leaked", "effectiveTime": int(time.time())})
        at = time.monotonic()
        self.assertEqual(revoked.status, 200, revoked)
        for node in (two, three):
            self.assertEqual(node.call("GET", "/signing-profiles/images").json["status"], "Revoked")
            self.assertNotEqual(node.call("POST", "/signing-jobs/with-payload", (), PAYLOAD).status, 200)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual([began for began in signed_late if began > at], [])

    def test_know_at_once_a_key_that_another_disabled(self):
        one, two, three = self.nodes
        made = identities.Identities(one)
        credentials = made.user("ci", identities.ALL_ALLOWED)
        for node in self.nodes:
            self.assertEqual(node.call("GET", "/signing-profiles/images", credentials=credentials).status, 200)
        one.run("access-key", "disable", credentials.access_key, "--user", "ci")
        for node in (two, three):
            self.assertEqual(node.call("GET", "/signing-profiles/images", credentials=credentials).status, 403)

    def test_give_a_token_one_job_wherever_it_is_sent(self):
        body = {"source": {"s3": {"bucketName": "src", "key": "0.zip", "version": self.versions[0]}},
                "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
                "profileName": "release", "clientRequestToken": uuid.uuid4().hex}
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda n: self.nodes[n % 3].call("POST", "/signing-jobs", (), body), range(48)))
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.json["jobId"] for answer in answers}), 1)


if __name__ == "__main__":
    unittest.main()
