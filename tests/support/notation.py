"""The `notation` command line with its plugin, in a folder of its own, and images for it to sign."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import hallmark

PLUGIN = "com.amazonaws.signer.notation.plugin"
TOOLS = hallmark.PROJECT / "build/interop/bin"
NOTATION, REGISTRY = TOOLS / "notation", TOOLS / "registry"
# AWS's plugin as script/interop-tools installs it, or one that its user has from elsewhere.
AWS_PLUGIN = pathlib.Path(os.environ.get("NOTATION_AWS_PLUGIN", TOOLS / f"notation-{PLUGIN}"))
STAND_IN = pathlib.Path(__file__).parent / "notation_plugin.py"

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
SIGNATURE_TYPE = "application/vnd.cncf.notary.signature"
ENVELOPE_TYPE = "application/jose+json"
PROFILES = f"arn:aws:signer:us-east-1:{hallmark.ACCOUNT}:/signing-profiles"
JOBS = f"arn:aws:signer:us-east-1:{hallmark.ACCOUNT}:/signing-jobs"
NOWHERE = "http://signer.invalid"  # where only a proxy leads
COMMAND_SECONDS_MAX = 300


def require(*tools):
    """Skips what cannot be run without these."""
    for tool in tools:
        if not tool.exists():
            raise unittest.SkipTest(f"{tool.name} is not installed: script/interop-tools says why")


class Done:
    def __init__(self, done):
        self.code, self.text = done.returncode, done.stdout + done.stderr

    def __repr__(self):
        return f"exit {self.code}: {self.text}"


class Notation:
    """One user's notation: with a plugin, roots, and one policy that is strict."""

    def __init__(self, plugin, endpoint, credentials, proxy=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-notation-"))
        self.endpoint = endpoint
        self.prefix = []  # of every command
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "xdg"),
            "NOTATION_CONFIG": str(self.folder), "NOTATION_LIBEXEC": str(self.folder),
            "NOTATION_CACHE": str(self.folder / "cache"), "NOTATION_EXPERIMENTAL": "1",
            "AWS_SIGNER_NOTATION_PLUGIN_DEBUG": "true", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": credentials.access_key, "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        }
        if proxy:
            self.environment |= {"HTTP_PROXY": proxy, "http_proxy": proxy}
        self._install(plugin)

    def _install(self, plugin):
        place = self.folder / "plugins" / PLUGIN / f"notation-{PLUGIN}"
        place.parent.mkdir(parents=True)
        if plugin == STAND_IN:
            place.write_text(f"#!/bin/sh\nexec '{sys.executable}' -B '{STAND_IN}' \"$@\"\n")
        else:
            shutil.copy(plugin, place)
        place.chmod(0o755)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments):
        done = subprocess.run([*self.prefix, NOTATION, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False)
        return Done(done)

    def done(self, *arguments):
        """What a command said that must succeed."""
        done = self.run(*arguments)
        if done.code != 0:
            raise AssertionError(f"notation {' '.join(map(str, arguments))}: {done}")
        return done.text

    def trust(self, root, *identities, **verification):
        """Trusts this root (PEM) and these signers, and nothing else."""
        shutil.rmtree(self.folder / "truststore", ignore_errors=True)
        pem, policy = self.folder / "root.pem", self.folder / "policy.json"
        pem.write_text(root)
        policy.write_text(json.dumps({"version": "1.0", "trustPolicies": [{
            "name": "signer", "registryScopes": ["*"],
            "signatureVerification": {"level": "strict", **verification},
            "trustStores": ["signingAuthority:test"], "trustedIdentities": identities,
        }]}))
        self.done("cert", "add", "--type", "signingAuthority", "--store", "test", pem)
        self.done("policy", "import", "--force", policy)

    def sign(self, reference, profile_arn, *options):
        return self.run("sign", *reference, "--plugin", PLUGIN, "--id", profile_arn, *self._plugin_config(), *options)

    def add_key(self, name, profile_arn):
        self.done("key", "add", "--plugin", PLUGIN, "--id", profile_arn, *self._plugin_config(), name)

    def verify(self, reference):
        scope = ("--scope", "local/test") if reference[0] == "--oci-layout" else ()
        return self.run("verify", "-v", *reference, *scope, *self._plugin_config())

    def take_endpoint_from_environment(self):
        """As programs do that give a plugin no configuration."""
        self.environment["AWS_ENDPOINT_URL_SIGNER"], self.endpoint = self.endpoint, None

    def _plugin_config(self):
        if self.endpoint is None:
            return ()
        return "--plugin-config", f"aws-signer-endpoint-url={self.endpoint}", "--plugin-config", "aws-region=us-east-1"

    def plugin_log(self):
        return (self.folder / "xdg/notation-aws-signer/plugin.log").read_text(errors="replace")


class Layout:
    """An OCI image layout with one image in it."""

    def __init__(self, folder, seed=""):
        self.folder = folder
        (folder / "blobs/sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        self.config = self.blob({"architecture": "amd64", "os": "linux", "seed": seed}, CONFIG_TYPE)
        self.image = self.blob({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": self.config, "layers": []},
                               MANIFEST_TYPE)
        self._index([self.image])

    def blob(self, content, media_type):
        """Stores bytes, or a value as JSON; its descriptor."""
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def read(self, descriptor):
        return (self.folder / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()

    def _index(self, manifests):
        index = {"schemaVersion": 2, "manifests": manifests}
        (self.folder / "index.json").write_text(json.dumps(index))

    @property
    def reference(self):
        return "--oci-layout", f"{self.folder}@{self.image['digest']}"

    @property
    def payload(self):
        """What notation asks to have signed for this image."""
        return json.dumps({"targetArtifact": self.image}, separators=(",", ":")).encode()

    def attach(self, envelope):
        """Makes this the image's only signature, as notation stores one."""
        manifest = {
            "schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": self.blob({}, SIGNATURE_TYPE),
            "layers": [self.blob(envelope, ENVELOPE_TYPE)], "subject": self.image,
            "annotations": {"io.cncf.notary.x509chain.thumbprint#S256": "[]"},
        }
        self._index([self.image, self.blob(manifest, MANIFEST_TYPE)])
        return self

    def signatures(self):
        """(manifest, envelope) of each signature."""
        for descriptor in json.loads((self.folder / "index.json").read_text())["manifests"]:
            manifest = json.loads(self.read(descriptor))
            if manifest.get("subject"):
                yield manifest, self.read(manifest["layers"][0])
