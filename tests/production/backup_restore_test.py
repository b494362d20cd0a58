"""A backup taken under load gives back everything that was acknowledged before it, and nothing that was
revoked comes back unnoticed."""

import base64
import concurrent.futures
import shutil
import unittest

import hallmark
import load
import operations
import signing_flow

NOTATION_HASH = "0" * 192  # of no certificate


class BackupAndRestore(unittest.TestCase):
    def start(self):
        server = hallmark.Server(configuration="").start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server, "images", load.PLATFORM)
        signing_flow.put_profile(self, server)
        return server

    # What is done to a server.

    def back_up(self, server, name="backup", *options):
        server.run("backup", "-o", server.folder / name, "--master-key", server.folder / "master.key", *options)
        return server.folder / name

    def restore(self, server, backup):
        hallmark.run("restore", backup, "--data-dir", server.data, "--master-key", server.folder / "master.key")

    def accept_restore(self, server, reason):
        """Accepts what is shown; what was printed."""
        shown = server.run("accept-restore")
        numbers = [line.split()[0] for line in shown.splitlines() if line[:1].isdigit()]
        named = [word for number in numbers for word in ("--accept", number)]
        return shown + server.run("accept-restore", *named, "--reason", reason)

    def accept(self, server):
        self.accept_restore(server, "a drill")
        hallmark.wait_until(lambda: load.sign(server, "images").status == 200, 10)

    def revocation_status(self, server, signed, profile_version):
        account = hallmark.ACCOUNT
        return server.call("GET", "/revocations", (
            ("signatureTimestamp", "2099-01-01T00:00:00Z"), ("platformId", load.PLATFORM),
            ("profileVersionArn", f"arn:aws:signer:us-east-1:{account}:/signing-profiles/images/{profile_version}"),
            ("jobArn", f"arn:aws:signer:us-east-1:{account}:/signing-jobs/{signed['jobId']}"),
            ("certificateHashes", NOTATION_HASH)))

    def version_of(self, server, profile="images"):
        return server.call("GET", f"/signing-profiles/{profile}").json["profileVersion"]

    def expect_standstill(self, server):
        """Signing stops, and says why; what is asked and what takes rights away goes on."""
        refused = load.sign(server, "images")
        self.assertEqual((refused.status, refused.error), (503, "ServiceUnavailable"), refused)
        self.assertIn("restored or put back", refused.json["message"])
        server.create_bucket("dst")
        self.assertEqual(signing_flow.start_job(server, seed="still").status, 503)
        status, text = operations.ask(server, "/readyz")
        self.assertEqual(status, 503, text)
        self.assertEqual(server.call("GET", "/signing-profiles").status, 200)

    # The drill.

    def test_gives_back_what_was_acknowledged_before_it(self):
        server = self.start()
        signing_flow.sign_and_verify(self, server)
        running = load.Load(server, "images")
        self.addCleanup(running.end)
        hallmark.wait_until(lambda: len(running.acknowledged) > 50, 60)
        before = list(running.acknowledged)
        backup = self.back_up(server, "backup", "--with-objects")
        hallmark.wait_until(lambda: len(running.acknowledged) > len(before) + 20, 60)
        running.end()
        self.assertEqual(running.failures, [])
        roots = server.folder / "roots.pem"
        roots.write_text(server.run("trust", "export"))
        server.kill()
        shutil.rmtree(server.data)

        self.restore(server, backup)
        self.assertIn("sound", server.run("check"))
        server.start()
        self.expect_standstill(server)
        self.accept(server)
        self.assertEqual(operations.ask(server, "/readyz")[0], 200)
        version = self.version_of(server)
        for signed in before:
            job = server.call("GET", f"/signing-jobs/{signed['jobId']}")
            self.assertEqual((job.status, job.json["status"]), (200, "Succeeded"), job)
        self.assertEqual(self.revocation_status(server, before[-1], version).json, {"revokedEntities": []})
        envelope = server.folder / "envelope"
        envelope.write_bytes(base64.b64decode(before[-1]["signature"]))
        self.assertIn("valid", hallmark.run("verify", envelope, "--trust-root", roots))
        self.assertEqual(len(server.keys("src")), 2)  # and the one of the standstill's job
        signing_flow.sign_and_verify(self, server, seed=2)
        # What was acknowledged after the backup is unknown, which verifiers take as bad.
        lost = running.acknowledged[-1]
        self.assertEqual(self.revocation_status(server, lost, version).status, 400)
        server.stop()
        self.assertIn("sound", server.run("check"))

    # T14.

    def test_a_revocation_does_not_come_back_with_an_old_store(self):
        server = self.start()
        signed = load.sign(server, "images").json
        version = self.version_of(server)
        server.stop()
        kept = server.folder / "kept.db"
        shutil.copy(server.data / "hallmark.db", kept)
        server.start()
        revoked = server.call("PUT", "/signing-profiles/images/revoke", (), {
            "profileVersion": version, "reason": "stolen", "effectiveTime": 1700000000})
        self.assertEqual(revoked.status, 200, revoked)
        self.assertNotEqual(self.revocation_status(server, signed, version).json["revokedEntities"], [])
        server.kill()
        self.put_back(server, kept)

        server.start()
        self.assertIn("accept-restore", server.log())
        self.expect_standstill(server)
        answer = self.revocation_status(server, signed, version)
        self.assertEqual((answer.status, answer.error), (503, "ServiceUnavailable"), answer)
        server.stop()
        server.start()  # does not help
        self.expect_standstill(server)

        # What is revoked meanwhile is said, and stays.
        again = server.call("PUT", "/signing-profiles/images/revoke", (), {
            "profileVersion": version, "reason": "stolen", "effectiveTime": 1700000000})
        self.assertEqual(again.status, 200, again)
        self.assertEqual(len(self.revocation_status(server, signed, version).json["revokedEntities"]), 1)
        with self.assertRaisesRegex(hallmark.CommandFailed, "--accept"):
            server.run("accept-restore", "--reason", "unseen")
        with self.assertRaisesRegex(hallmark.CommandFailed, "not the doubts"):
            server.run("accept-restore", "--accept", "99", "--reason", "another")
        self.expect_standstill(server)
        self.assertIn("which it had once", self.accept_restore(server, "revoked again"))
        hallmark.wait_until(lambda: operations.ask(server, "/readyz")[0] == 200, 10)
        self.assertEqual(load.sign(server, "images").status, 400)  # it is revoked
        with self.assertRaisesRegex(hallmark.CommandFailed, "Nothing is to be accepted"):
            server.run("accept-restore", "--accept", "1", "--reason", "once more")
        server.stop()
        self.assertIn("sound", server.run("check"))

    def put_back(self, server, kept):
        for suffix in ("-wal", "-shm"):
            (server.data / f"hallmark.db{suffix}").unlink(missing_ok=True)
        shutil.copy(kept, server.data / "hallmark.db")

    def test_without_any_witness_the_log_warns_at_the_start(self):
        server = self.start()
        server.stop()
        kept = server.folder / "kept.db"
        shutil.copy(server.data / "hallmark.db", kept)
        server.start()
        load.sign(server, "images")
        server.kill()
        self.put_back(server, kept)
        (server.data / "head").unlink()
        server.start()
        self.assertIn("may go unnoticed", server.log())
        self.assertEqual(load.sign(server, "images").status, 200)

    def test_a_head_file_elsewhere_tells_of_a_whole_directory_that_was_put_back(self):
        folder = hallmark.Server(configuration="")  # for its folder alone
        self.addCleanup(folder.close)
        server = hallmark.Server(configuration=f'head_file = "{folder.folder}/head"\n').start()
        self.addCleanup(server.close)
        signing_flow.put_profile(self, server, "images", load.PLATFORM)
        signing_flow.put_profile(self, server)
        server.stop()
        copy = server.folder / "copy"
        shutil.copytree(server.data, copy)
        server.start()
        self.assertEqual(server.call("DELETE", "/signing-profiles/images").status, 200)
        server.kill()
        shutil.rmtree(server.data)
        copy.rename(server.data)
        server.start()
        self.expect_standstill(server)

    # The file.

    def test_opens_with_its_master_key_alone(self):
        server = self.start()
        backup = self.back_up(server)
        other = hallmark.Server(configuration="").start()
        self.addCleanup(other.close)
        with self.assertRaisesRegex(hallmark.CommandFailed, "needs the master key"):
            hallmark.run("restore", backup, "--check", "--master-key", other.folder / "master.key")
        with self.assertRaises(hallmark.CommandFailed):
            hallmark.run("restore", backup, "--data-dir", server.folder / "new", "--master-key",
                         other.folder / "master.key")
        self.assertFalse((server.folder / "new").exists())

    def test_a_damaged_one_is_refused_wherever_it_is_damaged(self):
        server = self.start()
        backup = self.back_up(server)
        content = backup.read_bytes()
        damaged = server.folder / "damaged"

        def expect_refused(content, what):
            damaged.write_bytes(content)
            with self.assertRaises(hallmark.CommandFailed, msg=what):
                hallmark.run("restore", damaged, "--check", "--master-key", server.folder / "master.key")

        for step in range(40):
            at = step * (len(content) - 1) // 39
            expect_refused(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1:], f"byte {at}")
        for kept in (0, 1, 100, len(content) // 2, len(content) - 1):
            expect_refused(content[:kept], f"the first {kept} bytes")
        expect_refused(content + b"\0", "a byte more")
        with self.assertRaises(hallmark.CommandFailed):
            hallmark.run("restore", damaged, "--data-dir", server.folder / "new", "--master-key",
                         server.folder / "master.key")
        self.assertFalse((server.folder / "new").exists())

    def test_replaces_no_file_and_no_directory(self):
        server = self.start()
        backup = self.back_up(server)
        with self.assertRaisesRegex(hallmark.CommandFailed, "exists"):
            self.back_up(server)
        with self.assertRaisesRegex(hallmark.CommandFailed, "not empty"):
            self.restore(server, backup)

    def test_several_may_be_made_at_once(self):
        server = self.start()
        running = load.Load(server, "images")
        self.addCleanup(running.end)
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            backups = list(pool.map(lambda number: self.back_up(server, f"backup{number}"), range(3)))
        running.end()
        self.assertEqual(running.failures, [])
        for backup in backups:
            hallmark.run("restore", backup, "--check", "--master-key", server.folder / "master.key")
        self.assertEqual([path.name for path in server.folder.iterdir() if path.name.startswith(".new")], [])


if __name__ == "__main__":
    unittest.main()
