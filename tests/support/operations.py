"""The operations listener, as probes and Prometheus ask it."""

import re
import urllib.error
import urllib.request

import hallmark

PROBE_SECONDS_MAX = 10
FLIP_SECONDS_MAX = 5  # the promise: from a cause to its probe
SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)$")


def ask(server, page):
    """The status and the text of a page."""
    try:
        with urllib.request.urlopen(server.operations_url + page, timeout=PROBE_SECONDS_MAX) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def causes(server):
    """What /readyz names; none: ready."""
    status, text = ask(server, "/readyz")
    if status == 200:
        return set()
    assert status == 503, (status, text)
    return {line.split(":", 1)[0] for line in text.splitlines()}


def wait_for_causes(server, wanted, seconds=FLIP_SECONDS_MAX):
    hallmark.wait_until(lambda: causes(server) == set(wanted), seconds)


def metrics(server):
    """Each sample by its name with labels, as a number."""
    status, text = ask(server, "/metrics")
    assert status == 200, text
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        samples[name + (labels or "")] = float(value)
    return samples
