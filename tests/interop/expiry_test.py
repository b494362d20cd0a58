"""A signature that has expired: made by a server whose clock is two days slow, judged in real time."""

import base64
import datetime
import pathlib
import unittest

import flow
import hallmark
import wire

LATE = datetime.timedelta(days=2)
LIBRARY = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class Expiring(flow.Flow):
    @classmethod
    def make_server(cls):
        if LIBRARY is None:
            raise unittest.SkipTest("libfaketime is not installed")
        return hallmark.Server(environment={
            "LD_PRELOAD": str(LIBRARY), "FAKETIME": "-2d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}).start()

    def call(self, *arguments):
        return super().call(*arguments, when=wire.now() - LATE)  # as the server's clock has it

    def attach_signature(self, days):
        """Signs the image by a profile of so many days, as a script would; the profile's ARN."""
        name, _, arn = self.profile(signatureValidityPeriod={"value": days, "type": "DAYS"})
        answer = self.call("POST", "/signing-jobs/with-payload", (), {
            "profileName": name, "payload": base64.b64encode(self.layout.payload).decode(),
            "payloadFormat": flow.PAYLOAD_FORMAT})
        self.layout.attach(base64.b64decode(answer["signature"]))
        return arn

    def test_a_signature_of_one_day_is_refused_after_two(self):
        arn = self.attach_signature(days=1)
        self.assert_failed(self.verify(arn, override={"revocation": "skip"}), "expired")

    def test_a_signature_of_three_days_is_good_after_two(self):
        arn = self.attach_signature(days=3)
        self.assert_done(self.verify(arn, override={"revocation": "skip"}))


flow.for_every_plugin(globals(), Expiring)
