"""The filters of the lists, alone and together, against a count by hand; pages, and their tokens."""

import datetime
import itertools
import unittest

import identities
import packages
import world
from refusals import assert_refused

ADMIN = f"arn:aws:iam::{world.ACCOUNT}:user/admin"
YEAR_2030 = "2030-01-01T00:00:00Z"  # between the expiry of a short and of a long signature
PATHS = ("/signing-jobs", "/signing-profiles", "/signing-platforms")


def setUpModule():
    global here, jobs, profiles, platforms
    here = world.World()
    unittest.addModuleCleanup(here.close)
    populate()
    jobs = [{**here.done("GET", f"/signing-jobs/{job['jobId']}"), **job} for job in all_of("/signing-jobs")]
    profiles = all_of("/signing-profiles", statuses=["Active", "Canceled", "Revoked"])
    platforms = all_of("/signing-platforms")


def populate():
    """Jobs and profiles of every kind."""
    short = {"value": 10, "type": "DAYS"}
    for place in range(3):
        name, _ = here.profile(signatureValidityPeriod=short)
        here.finished(here.start(name))
        here.done("DELETE", f"/signing-profiles/{name}")
        name, version = here.profile()
        revoked = here.finished(here.start(name))
        here.done("PUT", f"/signing-jobs/{revoked}/revoke", (), {"reason": "a test"})
        here.done("PUT", f"/signing-profiles/{name}/revoke", (),
                  {"profileVersion": version, "reason": "a test", "effectiveTime": 1_700_000_000})
        here.done("POST", "/signing-jobs/with-payload", (), here.good("SignPayload"))
        fail_once(place)
    for name, version in (here.profile(platformId=world.NOTATION) for _ in range(2)):
        here.done("DELETE", f"/signing-profiles/{name}")


def fail_once(place):
    body = here.job_of("known")
    body["source"]["s3"]["key"] = f"bad{place}.zip"
    body["source"]["s3"]["version"] = here.server.put_object("src", f"bad{place}.zip", packages.without_entries())
    job = here.done("POST", "/signing-jobs", (), body)["jobId"]
    try:
        here.finished(job)
    except AssertionError:
        pass


def pages_of(path, **filters):
    query = [(name, text) for name, value in filters.items() if value is not None
             for text in (value if isinstance(value, list) else [value])]
    token = []
    while True:
        page = here.done("GET", path, query + token)
        yield page[path.removeprefix("/signing-")]
        if "nextToken" not in page:
            return
        token = [("nextToken", page["nextToken"])]


def all_of(path, **filters):
    return [item for page in pages_of(path, **filters) for item in page]


def combinations(choices):
    """Every choice of one value, or none, for each filter."""
    names = list(choices)
    for values in itertools.product(*((None, *choices[name]) for name in names)):
        yield dict(zip(names, values))


class Filters(unittest.TestCase):
    def assert_filters(self, path, everything, key, choices, holds):
        for chosen in combinations(choices):
            with self.subTest({name: value for name, value in chosen.items() if value is not None}):
                expected = [item[key] for item in everything
                            if all(holds[name](item, value) for name, value in chosen.items() if value is not None)]
                self.assertEqual([item[key] for item in all_of(path, **chosen)], expected)

    def test_of_jobs(self):
        def expires(job):
            return datetime.datetime.fromtimestamp(job["signatureExpiresAt"], datetime.timezone.utc).strftime(
                "%Y-%m-%dT%H:%M:%SZ") if "signatureExpiresAt" in job else None

        self.assertGreater(len(jobs), 10)
        self.assert_filters("/signing-jobs", jobs, "jobId", {
            "status": ["Succeeded", "Failed", "InProgress"],
            "platformId": [world.LAMBDA, world.NOTATION],
            "isRevoked": ["true", "false"],
            "requestedBy": [ADMIN, ADMIN + "x"],
            "jobInvoker": [world.ACCOUNT, world.STRANGER],
            "signatureExpiresAfter": [YEAR_2030],
            "signatureExpiresBefore": [YEAR_2030],
        }, {
            "status": lambda job, value: job["status"] == value,
            "platformId": lambda job, value: job["platformId"] == value,
            "isRevoked": lambda job, value: job["isRevoked"] == (value == "true"),
            "requestedBy": lambda job, value: job["requestedBy"] == value,
            "jobInvoker": lambda job, value: job["jobInvoker"] == value,
            "signatureExpiresAfter": lambda job, value: bool(expires(job)) and expires(job) > value,
            "signatureExpiresBefore": lambda job, value: bool(expires(job)) and expires(job) < value,
        })

    def test_of_profiles(self):
        self.assertEqual({p["status"] for p in profiles}, {"Active", "Canceled", "Revoked"})
        states = ["Active", "Canceled", "Revoked"]
        sets = [list(chosen) for size in (1, 2, 3) for chosen in itertools.combinations(states, size)]
        for chosen in combinations({"includeCanceled": ["true", "false"], "statuses": sets,
                                    "platformId": [world.LAMBDA, world.NOTATION, "Nothing"]}):
            with self.subTest(chosen):
                wanted = chosen["statuses"] or (
                    ["Active", "Canceled"] if chosen["includeCanceled"] == "true" else ["Active"])
                expected = [p["profileName"] for p in profiles
                            if p["status"] in wanted and chosen["platformId"] in (None, p["platformId"])]
                self.assertEqual([p["profileName"] for p in all_of("/signing-profiles", **chosen)], expected)

    def test_of_platforms(self):
        same = {name: lambda platform, value, name=name: platform[name] == value for name in ("partner", "target")}
        self.assert_filters("/signing-platforms", platforms, "platformId", {
            "category": ["AWS", "AWSIoT", "Nothing"],
            "partner": ["AWSLambda", "AmazonFreeRTOS", "Nothing"],
            "target": ["SHA256-ECDSA", "SHA384-ECDSA", "Nothing"],
        }, {"category": lambda _, value: value != "Nothing", **same})


class Pages(unittest.TestCase):
    def test_of_every_size_hold_the_same(self):
        for path, everything in zip(PATHS, (jobs, None, platforms)):
            expected = everything or all_of(path)
            for size in (1, 2, 3, 25):
                with self.subTest(f"{path} {size}"):
                    pages = list(pages_of(path, maxResults=str(size)))
                    self.assertLessEqual(max(map(len, pages)), size)
                    key = next(iter(expected[0]))
                    self.assertEqual([item[key] for page in pages for item in page], [item[key] for item in expected])

    def test_of_a_filtered_list_hold_the_same(self):
        expected = [job["jobId"] for job in jobs if job["isRevoked"]]
        pages = list(pages_of("/signing-jobs", isRevoked="true", maxResults="1"))
        self.assertEqual([job["jobId"] for page in pages for job in page], expected)

    def test_of_jobs_are_newest_first(self):
        created = [job["createdAt"] for job in jobs]
        self.assertEqual(created, sorted(created, reverse=True))

    def test_of_profiles_are_in_order_of_name(self):
        names = [profile["profileName"] for profile in profiles]
        self.assertEqual(names, sorted(names))


class Tokens(unittest.TestCase):
    FILTERS = {
        "/signing-jobs": [("status", "Succeeded"), ("platformId", world.LAMBDA), ("isRevoked", "false"),
                          ("requestedBy", ADMIN), ("jobInvoker", world.ACCOUNT), ("signatureExpiresAfter", YEAR_2030),
                          ("signatureExpiresBefore", YEAR_2030)],
        "/signing-profiles": [("includeCanceled", "true"), ("platformId", world.LAMBDA), ("statuses", "Active")],
        "/signing-platforms": [("category", "AWS"), ("partner", "AmazonFreeRTOS"), ("target", "SHA256-ECDSA")],
    }

    def token(self, path, *filters):
        return here.done("GET", path, [("maxResults", "1"), *filters])["nextToken"]

    def assert_refused(self, path, token, *filters):
        response = here.server.call("GET", path, [("nextToken", token), *filters])
        assert_refused(self, response, "ValidationException")
        self.assertIn("nextToken", response.json["message"])

    def test_go_on_with_another_page_size(self):
        for path in PATHS:
            query = [("nextToken", self.token(path)), ("maxResults", "7")]
            self.assertEqual(here.server.call("GET", path, query).status, 200)

    def test_are_refused_when_changed(self):
        for path in PATHS:
            token = self.token(path)
            for place, letter in enumerate(token):
                other = "A" if letter != "A" else "B"
                with self.subTest(f"{path} {place}"):
                    self.assert_refused(path, token[:place] + other + token[place + 1 :])
            for changed in (token[:-1], token + "A", token + "=", token.upper(), token[1:], " " + token):
                with self.subTest(f"{path} {changed}"):
                    self.assert_refused(path, changed)

    def test_are_refused_under_another_filter(self):
        for path, filters in self.FILTERS.items():
            for chosen in filters:
                with self.subTest(f"{path} {chosen[0]}"):
                    self.assert_refused(path, self.token(path), chosen)

    def test_of_a_filter_are_refused_without_it(self):
        self.assert_refused("/signing-jobs", self.token("/signing-jobs", ("status", "Succeeded")))
        self.assert_refused("/signing-profiles", self.token("/signing-profiles", ("includeCanceled", "true")))
        self.assert_refused("/signing-platforms", self.token("/signing-platforms", ("partner", "AmazonFreeRTOS")))

    def test_are_refused_to_another_account(self):
        people = identities.Identities(here.server)
        people.account("222233334444")
        stranger = people.user("stranger", identities.ALL_ALLOWED, account="222233334444")
        for path in ("/signing-jobs", "/signing-profiles"):
            response = here.server.call("GET", path, [("nextToken", self.token(path))], credentials=stranger)
            assert_refused(self, response, "ValidationException")

    def test_are_refused_by_another_list(self):
        for path in PATHS:
            for other in PATHS:
                if other != path:
                    with self.subTest(f"{path} to {other}"):
                        self.assert_refused(other, self.token(path))


if __name__ == "__main__":
    unittest.main()
