"""Signing in threads of its own, beside what a test does to the server."""

import base64
import json
import threading

PLATFORM = "Notation-OCI-SHA384-ECDSA"
PAYLOAD_FORMAT = "application/vnd.cncf.notary.payload.v1+json"


def payload(number=0):
    return json.dumps({"targetArtifact": {"mediaType": "application/vnd.oci.image.manifest.v1+json",
                                          "digest": f"sha256:{number:064x}", "size": 528}}).encode()


def sign(server, profile, number=0):
    """SignPayload; the response."""
    return server.call("POST", "/signing-jobs/with-payload", (), {
        "profileName": profile, "payloadFormat": PAYLOAD_FORMAT,
        "payload": base64.b64encode(payload(number)).decode()})


class Load:
    """Signs until `end`; `acknowledged` are the answers so far, `failures` whatever was none."""

    def __init__(self, server, profile, threads=2):
        self.server, self.profile = server, profile
        self.acknowledged, self.failures = [], []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        while not self.stopping.is_set():
            try:
                answer = sign(self.server, self.profile, number)
            except OSError as error:
                self.failures.append(repr(error))
                continue
            if answer.status == 200:
                self.acknowledged.append(answer.json)
            else:
                self.failures.append(repr(answer))

    def end(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
