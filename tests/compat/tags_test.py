"""Tags of profiles: set, changed, taken away, and what may not be one."""

import unittest

import wire
import world
from refusals import assert_refused


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


def path_of(arn):
    return f"/tags/{wire.encoded(arn)}"


class Tags(unittest.TestCase):
    def setUp(self):
        self.name, _ = here.profile(tags={"team": "one"})
        self.arn = f"{world.PROFILES}/{self.name}"

    def tag(self, tags, arn=None):
        return here.server.call("POST", path_of(arn or self.arn), (), {"tags": tags})

    def untag(self, keys, arn=None):
        return here.server.call("DELETE", path_of(arn or self.arn), [("tagKeys", key) for key in keys])

    def list(self, arn=None):
        return here.server.call("GET", path_of(arn or self.arn))

    def assert_tags(self, expected):
        self.assertEqual(self.list().json, {"tags": expected})
        self.assertEqual(here.done("GET", f"/signing-profiles/{self.name}")["tags"], expected)

    def assert_done(self, response):
        self.assertEqual((response.status, response.json if response.body else {}), (200, {}), response)

    def assert_all_refused(self, name, arn, **expected):
        for response in (self.tag({"a": "b"}, arn), self.untag(["a"], arn), self.list(arn)):
            assert_refused(self, response, name, **expected)


class Changes(Tags):
    def test_are_those_that_the_profile_was_put_with(self):
        self.assert_tags({"team": "one"})

    def test_are_added_and_replaced(self):
        self.assert_done(self.tag({"team": "two", "stage": "test"}))
        self.assert_tags({"team": "two", "stage": "test"})

    def test_are_taken_away_by_key(self):
        self.tag({"stage": "test", "other": ""})
        self.assert_done(self.untag(["stage", "team", "absent"]))
        self.assert_tags({"other": ""})

    def test_may_all_be_taken_away(self):
        self.assert_done(self.untag(["team"]))
        self.assertEqual(self.list().json, {"tags": {}})

    def test_may_have_every_character_that_is_allowed(self):
        odd = {"aZ09+,-./:;<=_": "every Ünïcödé \U0001f511 \"value\" \\ 'with' \t blanks", "AWS:x": "", "k" * 128: "v" * 256}
        self.assert_done(self.tag(odd))
        self.assert_tags({"team": "one", **odd})
        self.assert_done(self.untag(odd))
        self.assert_tags({"team": "one"})

    def test_may_be_two_hundred(self):
        many = {f"key{n}": "v" * 256 for n in range(199)}
        self.assert_done(self.tag(many))
        self.assert_tags({"team": "one", **many})
        assert_refused(self, self.tag({"one-more": ""}), "BadRequestException")
        self.assert_done(self.tag({"key0": "changed"}))
        self.assert_done(self.untag(many))
        self.assert_tags({"team": "one"})

    def test_stay_when_the_profile_is_canceled(self):
        here.done("DELETE", f"/signing-profiles/{self.name}")
        self.assert_tags({"team": "one"})
        assert_refused(self, self.tag({"a": "b"}), "BadRequestException")
        assert_refused(self, self.untag(["team"]), "BadRequestException")
        self.assert_tags({"team": "one"})


class Refusals(Tags):
    def test_of_keys_against_the_pattern(self):
        for key in ("", "aws:x", "a b", "a@b", "ä", "k" * 129, "a\n"):
            with self.subTest(key):
                assert_refused(self, self.tag({key: "v"}), "BadRequestException")
                assert_refused(self, self.untag([key]), "BadRequestException")

    def test_of_a_value_that_is_too_long(self):
        assert_refused(self, self.tag({"key": "v" * 257}), "BadRequestException")
        self.assert_done(self.tag({"key": "é" * 256}))

    def test_of_more_than_two_hundred_at_once(self):
        assert_refused(self, self.tag({f"key{n}": "" for n in range(201)}), "BadRequestException")
        assert_refused(self, self.untag([f"key{n}" for n in range(201)]), "BadRequestException")

    def test_of_none(self):
        assert_refused(self, self.tag({}), "BadRequestException")
        assert_refused(self, self.tag(None), "BadRequestException")
        assert_refused(self, self.untag([]), "BadRequestException")

    def test_of_a_profile_that_is_not_there(self):
        self.assert_all_refused("NotFoundException", f"{world.PROFILES}/unknown")

    def test_of_what_has_no_tags(self):
        for arn in (f"{world.JOBS}/{here.job}", f"{self.arn}/{here.profile_version}", "x" * 30, world.PROFILES,
                    self.arn.replace(":signer:", ":s3:"), self.arn.replace("us-east-1", "us-east-2"),
                    self.arn.replace(":aws:", ":aws-cn:")):
            with self.subTest(arn):
                for response in (self.tag({"a": "b"}, arn), self.untag(["a"], arn), self.list(arn)):
                    self.assertIn(response.error, ("BadRequestException", "NotFoundException"), response)

    def test_of_another_account_s_profile(self):
        arn = self.arn.replace(world.ACCOUNT, world.STRANGER)
        for response in (self.tag({"a": "b"}, arn), self.untag(["a"], arn), self.list(arn)):
            assert_refused(self, response, "AccessDeniedException")

    def test_change_nothing(self):
        self.tag({"good": "", "bad key": ""})
        self.untag(["team", "bad key"])
        self.assert_tags({"team": "one"})


if __name__ == "__main__":
    unittest.main()
