"""A SoftHSM token in a folder of its own, and a server whose keys are in it."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import hallmark

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", *map(str, pathlib.Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")))
SPIES = tuple(map(str, pathlib.Path("/usr/lib").glob("*/pkcs11/pkcs11-spy.so")))
PIN = "24681357"


def module():
    return next((path for path in MODULES if os.path.exists(path)), None)


def usable():
    return module() is not None and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool")


class Token:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-token-"))
        self.tokens = self.folder / "tokens"
        self.tokens.mkdir()
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
        # Every process that this one starts finds the token.
        self.before = os.environ.get("SOFTHSM2_CONF")
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        self.pin_file = self.folder / "pin"
        self.set_pin(PIN)
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "hallmark", "--so-pin", "13572468",
                        "--pin", PIN], check=True, capture_output=True)

    def set_pin(self, pin):
        self.pin_file.unlink(missing_ok=True)
        self.pin_file.write_text(pin + "\n")
        self.pin_file.chmod(0o400)

    def uri(self, through=None):
        return f"pkcs11:token=hallmark?module-path={through or module()}&pin-source=file:{self.pin_file}"

    def tool(self, *arguments):
        """What pkcs11-tool says, logged in."""
        done = subprocess.run(["pkcs11-tool", "--module", module(), "--login", "--pin", PIN, *arguments],
                              capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    def vanish(self):
        self.tokens.rename(self.folder / "gone")

    def come_back(self):
        (self.folder / "gone").rename(self.tokens)

    def close(self):
        if self.before is None:
            os.environ.pop("SOFTHSM2_CONF", None)
        else:
            os.environ["SOFTHSM2_CONF"] = self.before
        shutil.rmtree(self.folder, ignore_errors=True)


class TokenServer(hallmark.Server):
    """`hallmark init --keys` and `hallmark server`, the master key in the token too unless a file is named."""

    def __init__(self, token, master_key=None, environment=None):
        super().__init__("", environment)
        self.token, self.master_key = token, master_key
        self.uri = token.uri()
        self.options = []

    def _command(self):
        if not self.initialised:
            master_key = ["--master-key", self.master_key] if self.master_key else []
            self.initialised = self.run("init", "--keys", self.uri, *master_key, "--root-out", self.folder / "root.pem",
                                        "--account-id", hallmark.ACCOUNT)
        return ["server", "--ops-listen", "127.0.0.1:0", *self.options]
