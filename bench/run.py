#!/usr/bin/env python3
"""Measures the goals and prints them in a table; script/bench builds what it needs and runs it.

    --list            the names of the rows
    --only NAME       this row; may be repeated
    --quick           everything small, to see that it works: the figures mean nothing
"""

import argparse
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import report  # noqa: E402
import rows  # noqa: E402


MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("--list", action="store_true", help="the names of the rows")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="everything small, to see that it works")
    given = parser.parse_args()
    unknown = set(given.only) - {row.name for row in rows.ROWS}
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    return given


def measured(row, world):
    started = time.monotonic()
    try:
        value, note = row.measure(world)
        result = report.Result(row, value, note)
    except Exception as failure:  # whatever it was, the other rows are measured
        result = report.Result(row, None, report.reason(failure))
    result.took_seconds = time.monotonic() - started
    return result


def main():
    given = arguments()
    if given.list:
        for row in rows.ROWS:
            print(f"{row.name:26} {row.goal:>14}  {row.what}")
        return 0
    is_whole = not given.only and not given.quick
    folder, disk = tempfile.gettempdir(), report.data_file_system()
    if disk in MEMORY_FILE_SYSTEMS and not given.quick:
        sys.exit(f"{folder} is {disk}: nothing there is durable. Set TMPDIR to a folder on a disk.")
    world = rows.World(seconds=0.5 if given.quick else 1.5, repeats=1 if given.quick else 3, quick=given.quick)
    started = time.monotonic()
    report.heading()
    results, found, curves = [], [], {}
    try:
        for row in rows.ROWS:
            if not given.only or row.name in given.only:
                results.append(measured(row, world))
                report.show(results[-1])
        if not given.only:
            found = report.measure_peers(world)
            report.show_peers(found)
            curves = report.draw(world)
    finally:
        world.close()
    report.write("results" if is_whole else "part", results, found, time.monotonic() - started)
    if is_whole and curves:
        report.write_page(curves)
    return 0 if all(result.value is not None for result in results) and (given.only or curves) else 1


if __name__ == "__main__":
    sys.exit(main())
