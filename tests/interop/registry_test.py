"""Images in a registry: the same flow, and what only a registry has."""

import re
import subprocess
import urllib.request

import flow
import hallmark
import notation

START_SECONDS_MAX = 30
NAME = "app"


def put(url, content, media_type):
    request = urllib.request.Request(url, content, {"Content-Type": media_type}, method="PUT")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status


class Registry:
    """One of go-containerregistry's, in memory, on a free port of its own choice."""

    def __init__(self, folder):
        self.log = folder / "registry.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([notation.REGISTRY, "-port", "0"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        self.port = hallmark.wait_until(self._port, START_SECONDS_MAX)

    def _port(self):
        said = re.search(r"serving on port (\d+)", self.log.read_text())
        return said and int(said.group(1))

    def close(self):
        self.process.kill()
        self.process.wait()

    def push(self, layout):
        """Uploads the image of a layout; how notation refers to it there."""
        host = f"localhost:{self.port}"
        opened = urllib.request.Request(f"http://{host}/v2/{NAME}/blobs/uploads/", b"", method="POST")
        with urllib.request.urlopen(opened, timeout=30) as answer:
            place = answer.headers["Location"]
        put(f"http://{host}{place}?digest={layout.config['digest']}", layout.read(layout.config),
            "application/octet-stream")
        put(f"http://{host}/v2/{NAME}/manifests/{layout.image['digest']}", layout.read(layout.image),
            notation.MANIFEST_TYPE)
        return (f"{host}/{NAME}@{layout.image['digest']}",)


class Registries(flow.Flow):
    @classmethod
    def setUpClass(cls):
        notation.require(notation.REGISTRY)
        super().setUpClass()
        cls.registry = Registry(cls.notation.folder)
        cls.addClassCleanup(cls.registry.close)

    def inspected_job(self, reference):
        told = self.notation.done("inspect", *reference)
        return re.search(r"arn:aws:signer:\S+:/signing-jobs/[0-9a-f-]{36}", told).group()

    def test_signatures_there_are_verified_until_they_are_revoked(self):
        _, _, arn = self.profile()
        reference = self.registry.push(self.layout)
        self.notation.trust(self.root, arn)
        self.assert_done(self.notation.sign(reference, arn))
        self.assert_done(self.notation.verify(reference))
        job = self.inspected_job(reference)
        self.call("PUT", f"/signing-jobs/{job.rpartition('/')[2]}/revoke", (), {"reason": "a test"})
        self.assert_failed(self.notation.verify(reference), "revo", job)

    def test_one_good_signature_among_revoked_ones_will_do(self):
        _, _, arn = self.profile()
        reference = self.registry.push(self.layout)
        self.notation.trust(self.root, arn)
        self.assert_done(self.notation.sign(reference, arn))
        job = self.inspected_job(reference)
        self.call("PUT", f"/signing-jobs/{job.rpartition('/')[2]}/revoke", (), {"reason": "a test"})
        self.assert_done(self.notation.sign(reference, arn))
        self.assert_done(self.notation.verify(reference))


flow.for_every_plugin(globals(), Registries)
