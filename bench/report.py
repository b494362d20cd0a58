"""What was measured, for readers: a table on the terminal, JSON and Markdown in build/bench, and after a
whole run the page docs/performance.md with its plots."""

import dataclasses
import json
import os
import pathlib
import platform
import re
import subprocess
import tempfile
import time

import curves
import peers
from rows import SIGN, Row
from tools import KEPT, PROJECT

PAGE = PROJECT / "docs/performance.md"
PLOTS = PROJECT / "docs/performance"
REASON_CHARACTERS_MAX = 300
START, END = "<!-- measured: written by script/bench -->", "<!-- measured: end -->"


@dataclasses.dataclass
class Result:
    row: Row
    value: float  # None: it could not be measured
    note: str
    took_seconds: float = 0

    @property
    def verdict(self):
        if self.value is None:
            return "FAILED"
        if self.row.goal == "–":
            return ""
        return "met" if self.row.is_met(self.value) else "MISSED"

    @property
    def shown(self):
        if self.value is None:
            return "–"
        digits = 0 if self.value >= 100 or self.value == 0 else 1 if self.row.unit or self.value >= 10 else 2
        return f"{self.value:,.{digits}f} {self.row.unit}".strip()

    @property
    def command(self):
        return f"script/bench --only {self.row.name}"


def show(result):
    """A line of the table, as soon as it is known."""
    print(f"{result.row.name:24} {result.shown:>14} {result.row.goal:>14}  {result.verdict:7} {result.note}", flush=True)


def heading():
    print(f"{machine()}\n\n{'row':24} {'measured':>14} {'goal':>14}\n", flush=True)


def reason(failure):
    """Why something could not be measured, in a line."""
    return f"{type(failure).__name__}: {failure}".split("\n")[0][:REASON_CHARACTERS_MAX]


def data_file_system():
    """Where the servers have their data."""
    asked = ["df", "--output=fstype", tempfile.gettempdir()]
    return subprocess.run(asked, capture_output=True, text=True).stdout.split()[-1]


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) / (1 << 20)
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    processor = model.group(1) if model else platform.machine()
    return (f"{os.cpu_count()} × {processor}, {memory:.0f} GiB, {data_file_system()}, {system}, "
            f"kernel {platform.release()}")


def measure_peers(world):
    """(who, signatures a second, CPU µs of each) of the signers beside us."""
    def of_go():
        with peers.go_signer() as go:
            return world.load(SIGN, go)

    found = []
    for who, measure in (("bare Nettle, one core", lambda: world.bare(1)),
                         ("bare OpenSSL, one core", lambda: world.bare(1, "openssl")),
                         ("Hallmark, SignPayload", lambda: world.median_sign()[0]), ("a bare HTTP signer in Go", of_go)):
        try:
            load = measure()
            found.append((who, load.per_second, getattr(load, "server_cpu_us", None) or load.cpu_us))
        except Exception as failure:  # a peer that cannot be had costs nobody else a row
            found.append((f"{who}: {reason(failure)}", None, None))
    return found


def show_peers(found):
    print()
    for who, rate, cpu in found:
        print(f"{who:38} " + (f"{rate:>9,.0f}/s {cpu:>9.1f} µs of CPU" if rate else "not measured"))


def markdown(results, found):
    lines = [f"Measured {time.strftime('%Y-%m-%d', time.gmtime())} on {machine()}.", "",
             "| what | measured | goal | | command |", "| --- | ---: | ---: | --- | --- |"]
    for result in results:
        what = result.row.what + (f" ({result.note})" if result.note else "")
        verdict = f"**{result.verdict}**" if result.verdict in ("MISSED", "FAILED") else result.verdict
        lines.append(f"| {what} | {result.shown} | {result.row.goal} | {verdict} | `{result.command}` |")
    if found:
        lines += ["", "| signer | signatures/s | CPU µs each |", "| --- | ---: | ---: |"]
        lines += [f"| {who} | {rate:,.0f} | {cpu:.1f} |" for who, rate, cpu in found if rate]
    return "\n".join(lines) + "\n"


def write(name, results, found, took_seconds):
    """NAME.json and NAME.md in build/bench."""
    KEPT.mkdir(parents=True, exist_ok=True)
    rows = [{"name": result.row.name, "what": result.row.what, "goal": result.row.goal, "value": result.value,
             "unit": result.row.unit, "verdict": result.verdict, "note": result.note, "command": result.command,
             "took_seconds": round(result.took_seconds, 1)} for result in results]
    (KEPT / f"{name}.json").write_text(json.dumps(
        {"machine": machine(), "took_seconds": round(took_seconds), "rows": rows,
         "peers": [{"who": who, "per_second": rate, "cpu_us": cpu} for who, rate, cpu in found]}, indent=1) + "\n")
    (KEPT / f"{name}.md").write_text(markdown(results, found))
    count = {verdict: sum(result.verdict == verdict for result in results) for verdict in ("met", "MISSED", "FAILED")}
    print(f"\n{count['met']} met, {count['MISSED']} missed, {count['FAILED']} failed; {took_seconds:.0f} s; "
          f"{KEPT / name}.md")


def draw(world):
    """The plots, by their names; none when one of them cannot be drawn."""
    try:
        return dict(curves.all_curves(world))
    except Exception as failure:  # the rows are measured
        print(f"\nThe plots could not be drawn, and the page stays as it is: {reason(failure)}", flush=True)
        return {}


def write_page(drawn):
    """The page's part between the marks becomes what results.md says; the plots are put beside it."""
    before, _, rest = PAGE.read_text().partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{START}\n{(KEPT / 'results.md').read_text()}{END}{after}")
    PLOTS.mkdir(parents=True, exist_ok=True)
    for name, svg in drawn.items():
        (PLOTS / f"{name}.svg").write_text(svg)
