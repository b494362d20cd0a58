"""Keys and secrets lie sealed wherever they lie, under a master key that is replaced while the server signs."""

import base64
import re
import unittest

import hallmark
import load
import secrets_never_logged_test as planted
import signing_flow


class KeysAtRest(unittest.TestCase):
    def start(self):
        server = hallmark.Server(configuration="").start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server, "images", load.PLATFORM)
        return server

    def secrets_of(self, server):
        """The secrets that the server was given or has made, as far as they can be known outside."""
        server.run("certificate", "import", "--certificate", planted.CERTIFICATES / "signer.pem",
                   "--private-key", planted.CERTIFICATES / "signer.key",
                   "--chain", planted.CERTIFICATES / "signer.chain.pem")
        passphrase = re.search(r"root key passphrase +(\S+)", server.initialised).group(1)
        return {"the admin's secret access key": server.credentials.secret_key.encode(),
                "the key that was imported": planted.scalar_of(planted.CERTIFICATES / "signer.key"),
                "the master key": base64.b64decode((server.folder / "master.key").read_text()),
                "the root's passphrase": passphrase.encode(),
                **planted.BEGINNINGS}

    def expect_none_of(self, secrets, paths):
        forms = {form: name for name, secret in secrets.items() for form in planted.written_forms(secret)}
        looked_at = 0
        for path in paths:
            if not path.is_file():
                continue
            content, looked_at = path.read_bytes(), looked_at + 1
            for form, name in forms.items():
                self.assertFalse(form in content, f"{name} lies in {path}")
        self.assertGreater(looked_at, 0)

    def test_neither_the_data_directory_nor_a_backup_holds_one_unsealed(self):
        server = self.start()
        secrets = self.secrets_of(server)
        for number in range(5):
            self.assertEqual(load.sign(server, "images", number).status, 200)
        backup = server.folder / "backup"
        server.run("backup", "-o", backup, "--with-objects", "--master-key", server.folder / "master.key")
        self.expect_none_of(secrets, [backup])
        self.expect_none_of(secrets, server.data.rglob("*"))  # with the store's log
        server.stop()
        self.expect_none_of(secrets, server.data.rglob("*"))

        # A restored directory too, and a backup tells nothing of what is in the store.
        restored = server.folder / "restored"
        hallmark.run("restore", backup, "--data-dir", restored, "--master-key", server.folder / "master.key")
        self.expect_none_of(secrets, restored.rglob("*"))
        self.assertNotIn(b"images", backup.read_bytes())
        self.assertNotIn(b"SQLite", backup.read_bytes())

    def test_the_master_key_is_replaced_under_load_without_an_error(self):
        server = self.start()
        old, new = server.folder / "master.key", server.folder / "new.key"
        before = server.folder / "before"
        server.run("backup", "-o", before, "--master-key", old)
        server.stop()
        rotating = ["server", "--old-master-key", old, "--master-key", new, "--ops-listen", "127.0.0.1:0"]
        server._command = lambda: rotating
        server.start()
        running = load.Load(server, "images")
        self.addCleanup(running.end)
        hallmark.wait_until(lambda: "the old master key opens nothing any more" in server.log(), 60)
        after = server.folder / "after"
        server.run("backup", "-o", after, "--master-key", new)
        seen = len(running.acknowledged)
        hallmark.wait_until(lambda: len(running.acknowledged) > seen + 10, 60)
        running.end()
        self.assertEqual(running.failures, [])

        # The old one opens what it opened before, and nothing new.
        hallmark.run("restore", before, "--check", "--master-key", old)
        with self.assertRaisesRegex(hallmark.CommandFailed, "needs the master key"):
            hallmark.run("restore", after, "--check", "--master-key", old)
        with self.assertRaisesRegex(hallmark.CommandFailed, "master key"):
            server.run("backup", "-o", server.folder / "none", "--master-key", old)
        self.assertFalse((server.folder / "none").exists())
        server.stop()
        with self.assertRaisesRegex(hallmark.CommandFailed, "master key"):
            server.run("user", "list", "--master-key", old)
        server.run("user", "list", "--master-key", new)
        self.expect_none_of({"the old master key": base64.b64decode(old.read_text()),
                             "the new master key": base64.b64decode(new.read_text())},
                            [*server.data.rglob("*"), before, after])
        server.start()  # a replaced key is no rolled-back store
        self.assertEqual(load.sign(server, "images").status, 200)

    def test_a_master_key_that_others_can_read_is_refused(self):
        server = self.start()
        server.stop()
        key = server.folder / "master.key"
        for mode in (0o644, 0o440, 0o604):
            key.chmod(mode)
            with self.assertRaises(AssertionError):
                hallmark.Server._start(server)
            self.assertEqual(server.process.wait(30), 1)
            with self.assertRaises(hallmark.CommandFailed):
                server.run("backup", "-o", server.folder / "backup", "--master-key", key)
        key.chmod(0o400)
        server.start()


if __name__ == "__main__":
    unittest.main()
