"""The metrics: documented, understood by Prometheus's own tools, and moved by what they measure; alerts and
dashboard use what there is."""

import dataclasses
import json
import re
import shutil
import subprocess
import unittest

import hallmark
import operations
import signing_flow

PAGE = hallmark.PROJECT / "docs/operations.md"
PROMETHEUS = hallmark.PROJECT / "packaging/prometheus"
DASHBOARD = hallmark.PROJECT / "packaging/grafana/hallmark.json"
OURS = re.compile(r"\b(?:hallmark|process)_[a-z_]+")
HISTOGRAM_PARTS = re.compile(r"_(?:bucket|sum|count)$")


def documented():
    """Type and labels by name, of the table in docs/operations.md."""
    section = PAGE.read_text().split("\n## Metrics\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", section, re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def promtool(*arguments, **options):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, **options)


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = hallmark.Server(configuration="").start()
        cls.addClassCleanup(cls.server.close)
        test = cls("test_all_are_documented_and_all_that_is_documented_is_there")
        signing_flow.put_profile(test, cls.server)
        signing_flow.sign_and_verify(test, cls.server)
        cls.text = operations.ask(cls.server, "/metrics")[1]
        cls.types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", cls.text, re.M))

    def test_all_are_documented_and_all_that_is_documented_is_there(self):
        self.assertEqual(self.types, {name: kind for name, (kind, _) in documented().items()})

    def test_labels_are_those_documented(self):
        page = documented()
        for line in self.text.splitlines():
            if line.startswith("#"):
                continue
            name, labels, _ = operations.SAMPLE.match(line).groups()
            names = set(re.findall(r'(\w+)="', labels or "")) - {"le"}
            family = name if name in page else HISTOGRAM_PARTS.sub("", name)
            self.assertEqual(names, page[family][1], line)

    def test_no_label_names_an_account(self):
        self.assertNotRegex(self.text, r'"[^"]*\d{12}[^"]*"')

    @unittest.skipUnless(shutil.which("promtool"), "NOT TESTED: there is no promtool (package prometheus)")
    def test_promtool_finds_no_fault(self):
        checked = promtool("check", "metrics", input=self.text)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("promtool"), "NOT TESTED: there is no promtool (package prometheus)")
    def test_a_fault_brings_its_alert_about(self):
        for arguments in (["check", "rules", "hallmark-alerts.yml"], ["test", "rules", "hallmark-alerts-test.yml"]):
            done = promtool(*arguments, cwd=PROMETHEUS)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_requests_are_counted_by_what_became_of_them(self):
        before = operations.metrics(self.server)
        self.assertEqual(self.server.call("GET", "/signing-profiles/release").status, 200)
        self.assertEqual(self.server.call("GET", "/signing-profiles/nowhere").status, 404)
        wrong = dataclasses.replace(self.server.credentials, secret_key="x" * 40)
        self.assertEqual(self.server.call("GET", "/signing-profiles/release", credentials=wrong).status, 403)
        after = operations.metrics(self.server)

        def grown(name):
            return after.get(name, 0) - before.get(name, 0)
        of = 'service="signer",operation="GetSigningProfile"'
        self.assertEqual(grown(f'hallmark_requests_total{{{of},outcome="ok"}}'), 1)
        self.assertEqual(grown(f'hallmark_requests_total{{{of},outcome="not_found"}}'), 1)
        self.assertEqual(grown(f"hallmark_request_duration_seconds_count{{{of}}}"), 2)
        self.assertEqual(grown('hallmark_refused_requests_total{reason="wrong_signature"}'), 1)

    def test_signing_moves_its_meters(self):
        before = operations.metrics(self.server)
        signing_flow.sign_and_verify(self, self.server, seed=2)
        after = operations.metrics(self.server)
        for name in ("hallmark_key_signature_duration_seconds_count",
                     'hallmark_object_store_duration_seconds_count{call="put"}', "hallmark_store_units_total"):
            self.assertGreater(after[name], before[name], name)
        self.assertEqual(after['hallmark_unfinished_jobs{state="waiting"}'], 0)
        year = 365 * 86400
        self.assertGreater(after['hallmark_certificate_expiry_seconds{kind="intermediate"}'], year)
        self.assertLess(after['hallmark_certificate_expiry_seconds{kind="leaf"}'], year)

    def used_metrics(self, expressions):
        for expression in expressions:
            for name in OURS.findall(re.sub(r'"[^"]*"', "", expression)):
                yield name if name in self.types else HISTOGRAM_PARTS.sub("", name)

    def test_alerts_use_what_there_is_and_say_what_to_do(self):
        text = (PROMETHEUS / "hallmark-alerts.yml").read_text()
        for name in self.used_metrics(re.findall(r"expr: (.*)", text)):
            self.assertIn(name, self.types)
        alerts = re.findall(r"alert: (\w+)", text)
        page = PAGE.read_text()
        self.assertEqual(re.findall(r"runbook_url: docs/operations.md#(\w+)", text), [name.lower() for name in alerts])
        for name in alerts:
            self.assertIn(f"\n### {name}\n", page)

    def test_the_dashboard_uses_what_there_is(self):
        panels = json.loads(DASHBOARD.read_text())["panels"]
        used = set(self.used_metrics(target["expr"] for panel in panels for target in panel["targets"]))
        self.assertLessEqual(used, set(self.types))
        self.assertEqual({name for name in self.types if name.startswith("hallmark_")} - used,
                         {"hallmark_accepted_connections_total", "hallmark_store_readable"})
