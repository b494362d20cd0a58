#!/usr/bin/env python3
"""Runs the *_test.py files of folders: run.py [--tally FILE] [--only WORD] FOLDER...

Prints a line for each test, what failed in full, and every skipped test with its reason. With
--tally the numbers "passed failed skipped" go to a file, else they are the last line."""

import argparse
import importlib.util
import pathlib
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))


class Report(unittest.TestResult):
    """Counts each test once, whatever its subtests do, and says so as it goes."""

    def startTest(self, test):
        super().startTest(test)
        self.started, self.faults, self.reason = time.monotonic(), [], None

    def addError(self, test, err):
        super().addError(test, err)
        if isinstance(test, unittest.TestCase):
            self.faults.append(self.errors[-1][1])
        else:  # a class or module that could not be set up
            self.show("FAILED", test.id(), self.errors[-1][1])
            self.failed += 1

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.faults.append(self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.faults.append(f"{subtest.id()}\n" + (self.failures + self.errors)[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = reason
        if not isinstance(test, unittest.TestCase):
            self.show("SKIPPED", test.id(), reason)
            self.skips += 1

    def stopTest(self, test):
        super().stopTest(test)
        name = f"{test.id()} ({time.monotonic() - self.started:.1f} s)"
        if self.faults:
            self.failed += 1
            self.show("FAILED", name, "\n".join(self.faults))
        elif self.reason is not None:
            self.skips += 1
            self.show("SKIPPED", name, self.reason)
        else:
            self.passed += 1
            self.show("ok", name, "")

    @staticmethod
    def show(outcome, name, text):
        print(f"{outcome:7} {name}" + "".join(f"\n        {line}" for line in text.splitlines()), flush=True)

    passed = failed = skips = 0
    started, faults, reason = 0.0, [], None


def load(folder):
    """The tests of a folder's files, in the order of their names."""
    sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("*_test.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        yield from unittest.defaultTestLoader.loadTestsFromModule(module)


def selected(suite, word):
    return unittest.TestSuite(t for group in suite for t in group if word in t.id())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tally")
    parser.add_argument("--only", default="")
    parser.add_argument("folders", nargs="+", type=lambda name: pathlib.Path(name).resolve())
    options = parser.parse_args()

    report = Report()
    for folder in options.folders:
        selected(load(folder), options.only).run(report)
    if options.tally:
        pathlib.Path(options.tally).write_text(f"{report.passed} {report.failed} {report.skips}\n")
    else:
        print(f"{report.passed} passed, {report.failed} failed, {report.skips} skipped")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
