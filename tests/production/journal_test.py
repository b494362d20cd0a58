"""The log where systemd's journal takes it: each line with its priority, as sd-daemon(3) says; nowhere else."""

import unittest

import hallmark


def log_of_a_run(stream_of):
    """The lines of a server whose JOURNAL_STREAM is what `stream_of` makes of its log's file."""
    server = hallmark.Server()
    try:
        log = server.folder / "log"
        log.touch()
        server.environment["JOURNAL_STREAM"] = stream_of(log.stat())
        server.start().stop()
        return log.read_text().splitlines()
    finally:
        server.close()


class Journal(unittest.TestCase):
    def test_each_line_has_its_priority(self):
        lines = log_of_a_run(lambda status: f"{status.st_dev}:{status.st_ino}")
        self.assertTrue(any(line.endswith("info stopped") for line in lines), lines)
        for line in lines:
            level = line.split(" ")[1]
            self.assertEqual(line[:3], {"info": "<6>", "warning": "<4>", "error": "<3>"}[level], line)

    def test_another_file_has_none(self):
        lines = log_of_a_run(lambda status: f"{status.st_dev}:{status.st_ino + 1}")
        self.assertTrue(any(line.endswith("info stopped") for line in lines), lines)
        self.assertFalse([line for line in lines if line.startswith("<")])
