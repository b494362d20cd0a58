"""The clients' own paginators and waiter."""

import subprocess
import unittest
import uuid

import clients
import world

LISTS = {"ListSigningJobs": "jobs", "ListSigningPlatforms": "platforms", "ListSigningProfiles": "profiles"}


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)
    for _ in range(3):
        here.profile()
        here.finished(here.start("known"))


def listed(operation):
    """What the list holds when it is asked for in one page."""
    path = "/signing-" + LISTS[operation]
    return [next(iter(item.values())) for item in here.done("GET", path)[LISTS[operation]]]


class Boto3(unittest.TestCase):
    def setUp(self):
        self.client = clients.Boto3(here.server.endpoint, here.server.credentials).client

    def test_pages_through_every_list(self):
        for operation, name in LISTS.items():
            with self.subTest(operation):
                method = {"jobs": "list_signing_jobs", "platforms": "list_signing_platforms",
                          "profiles": "list_signing_profiles"}[name]
                pages = list(self.client.get_paginator(method).paginate(PaginationConfig={"PageSize": 2}))
                self.assertEqual([len(page[name]) for page in pages[:-1]], [2] * (len(pages) - 1))
                found = [next(iter(item.values())) for page in pages for item in page[name]]
                self.assertEqual(found, listed(operation))

    def test_goes_on_from_where_it_was_told_to_stop(self):
        paginator = self.client.get_paginator("list_signing_jobs")
        first = paginator.paginate(PaginationConfig={"PageSize": 2, "MaxItems": 3}).build_full_result()
        rest = paginator.paginate(
            PaginationConfig={"PageSize": 2, "StartingToken": first["NextToken"]}).build_full_result()
        found = [job["jobId"] for job in first["jobs"] + rest["jobs"]]
        self.assertEqual(found, listed("ListSigningJobs"))

    def test_waits_until_a_job_has_succeeded(self):
        job = here.start("known")
        self.waiter().wait(jobId=job, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        self.assertEqual(self.client.describe_signing_job(jobId=job)["status"], "Succeeded")

    def test_does_not_wait_for_a_job_that_failed_or_is_not_there(self):
        import botocore.exceptions

        body = here.job_of("known")
        body["source"]["s3"].update(key="bad", version=here.server.put_object("src", "bad", b"no zip"))
        failed = here.done("POST", "/signing-jobs", (), body)["jobId"]
        for job, reason in ((failed, 'expected path: "Failed"'), (str(uuid.uuid4()), "ResourceNotFoundException")):
            with self.assertRaisesRegex(botocore.exceptions.WaiterError, reason):
                self.waiter().wait(jobId=job, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    def waiter(self):
        return self.client.get_waiter("successful_signing_job")


class JavaScript(unittest.TestCase):
    def call(self, operation, **parameters):
        return clients.JavaScript(here.server.endpoint, here.server.credentials).call(operation, **parameters)

    def test_pages_through_every_list(self):
        for operation, name in LISTS.items():
            with self.subTest(operation):
                pages = self.call(f"paginate{operation}", pageSize=2)["pages"]
                self.assertGreater(len(pages), 1)
                found = [next(iter(item.values())) for page in pages for item in page[name]]
                self.assertEqual(found, listed(operation))

    def test_waits_until_a_job_has_succeeded(self):
        waited = self.call("waitUntilSuccessfulSigningJob", jobId=here.start("known"))
        self.assertEqual(waited["state"], "SUCCESS")


class CommandLines:
    def run_aws(self, *arguments):
        client = self.make_client(here.server.endpoint, here.server.credentials)
        done = subprocess.run(
            [client.path, "signer", *arguments, "--endpoint-url", client.endpoint, "--output", "text"],
            env=client.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=clients.CALL_SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_page_through_a_list_and_wait_for_a_job(self):
        said = self.run_aws("list-signing-jobs", "--page-size", "2", "--query", "jobs[].jobId")
        self.assertEqual(said.split(), listed("ListSigningJobs"))
        self.run_aws("wait", "successful-signing-job", "--job-id", here.job)


clients.for_every_client(globals(), CommandLines, ("DebianCli", "NewestCli"))


if __name__ == "__main__":
    unittest.main()
