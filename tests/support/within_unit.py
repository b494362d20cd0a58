#!/usr/bin/env python3
"""Runs a command within what a systemd unit leaves a process, as far as that can be had without
systemd: within_unit.py UNIT COMMAND... Another user, no capabilities, no new privileges, no memory both
writable and executable, the system calls and the limits of the unit. Needs root, python3-seccomp and
systemd-analyze, and Debian's own python3."""

import configparser
import ctypes
import errno
import os
import resource
import subprocess
import sys

import seccomp

NOBODY = 65534
PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 38, 65, 1


class Repeated(dict):
    """Keeps every value of a key: systemd adds them up."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and isinstance(self.get(key), list):
            value = self[key] + value
        super().__setitem__(key, value)


def service_of(unit):
    parser = configparser.RawConfigParser(dict_type=Repeated, strict=False, comment_prefixes=("#",),
                                          delimiters=("=",), empty_lines_in_values=False)
    parser.optionxform = str
    parser.read(unit)
    return {name: value.split("\n") for name, value in parser["Service"].items()}


def calls_of(word):
    """The system calls that a word of SystemCallFilter= stands for: itself, or those of its group."""
    if not word.startswith("@"):
        return {word}
    listed = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", word], check=True,
                            capture_output=True, text=True).stdout
    found = set()
    for line in listed.splitlines()[1:]:
        line = line.strip()
        if line and not line.startswith("#"):
            found |= calls_of(line)
    return found


def allowed_calls(lines):
    """The first line allows; lines with ~ take away."""
    allowed = set()
    for line in lines:
        words = set().union(*(calls_of(word) for word in line.lstrip("~").split()))
        allowed = allowed - words if line.startswith("~") else allowed | words
    return allowed


def forbid_all_but(calls):
    program = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for call in sorted(calls | {"execve"}):
        number = seccomp.resolve_syscall(seccomp.Arch(), call)
        if number >= 0:  # of this machine
            program.add_rule(seccomp.ALLOW, number)
    program.load()


def prctl(*arguments):
    if ctypes.CDLL(None, use_errno=True).prctl(*map(ctypes.c_ulong, arguments)) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {arguments}")


def main():
    service, command = service_of(sys.argv[1]), sys.argv[2:]
    calls = allowed_calls(service["SystemCallFilter"])
    os.umask(int(service["UMask"][0], 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wanted = int(service["LimitMEMLOCK"][0].removesuffix("M")) << 20
    least = min(wanted, resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] % (1 << 64))  # -1 is no limit
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (least, least))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    assert service["NoNewPrivileges"] == service["MemoryDenyWriteExecute"] == ["yes"]
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
    except OSError as error:  # a kernel older than 6.3
        if error.errno != errno.EINVAL:
            raise
    forbid_all_but(calls)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
