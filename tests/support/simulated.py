"""A server, its commands and its clients at another time, by libfaketime."""

import datetime
import os
import pathlib
import subprocess

import hallmark
import wire

LIBRARY = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class Server(hallmark.Server):
    """As `hallmark init` and `hallmark server`; every process that it starts has the time of `ahead`."""

    def __init__(self, configuration="", ahead=datetime.timedelta()):
        super().__init__(configuration)
        self.set(ahead)

    def set(self, ahead):
        self.ahead = ahead
        self.environment = {**os.environ, "LD_PRELOAD": str(LIBRARY), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                            "FAKETIME": f"{int(ahead.total_seconds()):+d}"}

    def now(self):
        return wire.now() + self.ahead

    def at(self, ahead):
        """Goes on at that distance from the real time, as after a restart."""
        if self.process is not None:
            assert self.stop() == 0, self.log()[-2000:]
        self.set(ahead)
        return self.start()

    def at_time(self, when):
        return self.at(when - wire.now())

    def run(self, *arguments):
        return self.command(*arguments, "--data-dir", self.data)

    def command(self, *arguments):
        done = subprocess.run([hallmark.BINARY, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=600, env=self.environment)
        if done.returncode != 0:
            raise hallmark.CommandFailed(done)
        return done.stdout

    def call(self, *arguments, **options):
        return super().call(*arguments, when=self.now(), **options)
