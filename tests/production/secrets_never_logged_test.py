"""Plants secrets, uses all of them, and looks for each in every byte that the server left behind."""

import base64
import binascii
import pathlib
import re
import subprocess
import tempfile
import unittest

import hallmark
import signing_flow
import softhsm
import wire

CERTIFICATES = hallmark.PROJECT / "tests/vectors/certificates"
# How PKCS#8 and SEC 1 begin for a key of P-384: what a key that nobody planted would look like.
BEGINNINGS = {
    "a PKCS#8 key": bytes.fromhex("3081b6020100301006072a8648ce3d020106052b81040022"),
    "a SEC 1 key": bytes.fromhex("3081a40201010430"),
}


def written_forms(secret):
    """The ways in which bytes are written down: as they are, in hex, in base64 at each place."""
    forms = {secret, binascii.hexlify(secret), binascii.hexlify(secret).upper()}
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + secret)
        # Without the characters at either end that other bytes have a part in.
        middle = whole[-(-before * 4 // 3):].rstrip(b"=")
        forms |= {middle[:-1], middle[:-1].translate(bytes.maketrans(b"+/", b"-_"))}
    return forms


def scalar_of(key_file):
    text = subprocess.run(["openssl", "pkey", "-in", key_file, "-text", "-noout"], check=True, capture_output=True,
                          text=True).stdout
    digits = re.search(r"priv:\s*((?:[0-9a-f]{2}:?\s*)+)", text).group(1)
    return bytes.fromhex(re.sub(r"[:\s]", "", digits)).lstrip(b"\0")


class Forms(unittest.TestCase):
    def test_every_form_is_found_wherever_it_stands(self):
        secret = bytes(range(100, 132))
        for before in range(3):
            for text in (base64.b64encode(b"x" * before + secret + b"y"),
                         base64.urlsafe_b64encode(b"x" * before + secret), secret.hex().encode()):
                self.assertTrue(any(form in b"<" + text + b">" for form in written_forms(secret)), text)


class SecretsNeverLogged(unittest.TestCase):
    def start(self, server):
        server.start()
        self.addCleanup(server.close)
        return server

    def use_everything(self, server):
        """The whole flow, and the secrets that were in it."""
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        server.run("certificate", "import", "--certificate", CERTIFICATES / "signer.pem",
                   "--private-key", CERTIFICATES / "signer.key", "--chain", CERTIFICATES / "signer.chain.pem")
        secrets = {"the admin's secret access key": server.credentials.secret_key.encode(),
                   "the key that was imported": scalar_of(CERTIFICATES / "signer.key"),
                   **BEGINNINGS}
        answer = wire.send(server.endpoint, wire.signed(
            server.endpoint, server.credentials, "POST", "/", (), b"Action=GetSessionToken&Version=2011-06-15",
            service="sts", headers={"content-type": "application/x-www-form-urlencoded"}))
        self.assertEqual(answer.status, 200, answer)
        body = answer.body.decode()
        for name in ("SecretAccessKey", "SessionToken"):
            secrets[f"a session's {name}"] = re.search(f"<{name}>(.*?)</{name}>", body).group(1).encode()
        session = wire.Credentials(re.search("<AccessKeyId>(.*?)<", body).group(1),
                                   secrets["a session's SecretAccessKey"].decode(),
                                   secrets["a session's SessionToken"].decode())
        self.assertEqual(server.call("GET", "/signing-profiles", credentials=session).status, 200)
        return secrets

    def look(self, secrets, folders, known=()):
        """Every byte of every file; `known` are the places where a secret belongs."""
        forms = {form: name for name, secret in secrets.items() for form in written_forms(secret)}
        looked_at = 0
        for folder in folders:
            for path in pathlib.Path(folder).rglob("*"):
                if not path.is_file() or path in known:
                    continue
                content, looked_at = path.read_bytes(), looked_at + 1
                for form, name in forms.items():
                    if form in content:
                        self.fail(f"{name} lies in {path}")
        self.assertGreater(looked_at, 3)

    def judge(self, server, secrets, folders=(), known=()):
        folders = [server.folder, *folders]
        self.look(secrets, folders, known)  # while it runs, with what the store has not yet tidied up
        self.assertEqual(server.stop(), 0)
        self.look(secrets, folders, known)

    def test_sealed_in_the_store_lie_nowhere_else(self):
        server = self.start(hallmark.Server(configuration=""))
        secrets = self.use_everything(server)
        master_key = server.folder / "master.key"
        secrets["the master key"] = base64.b64decode(master_key.read_text())
        passphrase = re.search(r"root key passphrase +(\S+)", server.initialised).group(1)
        secrets["the root's passphrase"] = passphrase.encode()
        self.assertNotIn(server.data, master_key.parents)
        self.judge(server, secrets, known=(master_key,))

    def test_a_master_key_that_was_replaced_lies_nowhere_either(self):
        server = self.start(hallmark.Server(configuration=""))
        secrets = self.use_everything(server)
        old, new = server.folder / "master.key", server.folder / "new.key"
        self.assertEqual(server.stop(), 0)
        server.run("key", "rotate-master", "--master-key", old, "--new-master-key", new)
        secrets["the old master key"] = base64.b64decode(old.read_text())
        secrets["the new master key"] = base64.b64decode(new.read_text())
        with self.assertRaises(hallmark.CommandFailed) as failed:
            server.run("user", "list", "--master-key", old)
        self.assertIn("master key", failed.exception.stderr)
        old.replace(server.folder / "old.key")
        new.replace(old)  # where the server of the tests looks for it
        server.start()
        signing_flow.sign_and_verify(self, server, seed=2)
        self.judge(server, secrets, known=(old, server.folder / "old.key"))

    def test_a_master_key_is_replaced_while_the_server_serves(self):
        server = self.start(hallmark.Server(configuration=""))
        signing_flow.put_profile(self, server)
        self.assertEqual(server.stop(), 0)
        old, new = server.folder / "master.key", server.folder / "new.key"
        rotating = ["server", "--old-master-key", old, "--master-key", new, "--ops-listen", "127.0.0.1:0"]
        server._command = lambda: rotating
        server.start()
        hallmark.wait_until(lambda: "the old master key opens nothing any more" in server.log(), 30)
        signing_flow.sign_and_verify(self, server)
        self.assertEqual(server.stop(), 0)
        server.start()  # with the same options, as a unit that nobody has changed yet
        signing_flow.sign_and_verify(self, server, seed=2)
        self.assertEqual(server.stop(), 0)
        server._command = lambda: ["server", "--master-key", old, "--ops-listen", "127.0.0.1:0"]
        with self.assertRaises(AssertionError):
            server.start()

    @unittest.skipUnless(softhsm.usable(), "NOT TESTED: there is no SoftHSM (packages softhsm2 and opensc)")
    def test_in_a_token_lie_nowhere_outside_it(self):
        token = softhsm.Token()
        self.addCleanup(token.close)
        server = self.start(softhsm.TokenServer(token))
        secrets = self.use_everything(server)
        secrets["the PIN"] = softhsm.PIN.encode()
        self.judge(server, secrets, [token.tokens])  # SoftHSM encrypts what it keeps


if __name__ == "__main__":
    unittest.main()
