"""Keys in a PKCS#11 token: the whole flow, a token that goes away, and PINs that are wrong."""

import os
import pathlib
import re
import tempfile
import time
import unittest

import hallmark
import operations
import signing_flow
import softhsm

HEAL_SECONDS_MAX = 10


def payload_status(server):
    return server.call("POST", "/signing-jobs/with-payload", (), {
        "profileName": "images", "payloadFormat": "application/vnd.cncf.notary.payload.v1+json",
        "payload": "eyJ0YXJnZXRBcnRpZmFjdCI6eyJtZWRpYVR5cGUiOiJhcHBsaWNhdGlvbi92bmQub2NpLmltYWdlLm1hbmlmZXN0LnYx"
                   "K2pzb24iLCJkaWdlc3QiOiJzaGEyNTY6NzNjODAzOTMwZWEzYmExZTU0YmMyNWMyYmRjNTNlZGQwMjg0YzYyZWQ2NTFmZTdi"
                   "MDAzNjlkYTUxOWEzYzMzMyIsInNpemUiOjE2NzI0fX0="}).status


@unittest.skipUnless(softhsm.usable(), "NOT TESTED: there is no SoftHSM (packages softhsm2 and opensc)")
class HSM(unittest.TestCase):
    def setUp(self):
        self.token = softhsm.Token()
        self.addCleanup(self.token.close)

    def start(self, server=None):
        server = server or softhsm.TokenServer(self.token)
        server.start()
        self.addCleanup(server.close)
        return server

    def test_the_whole_flow_works_before_and_after_a_restart(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server, seed=1)
        self.assertEqual(server.stop(), 0)
        server.run("check")
        server.start()
        signing_flow.sign_and_verify(self, server, seed=2)

    def test_the_whole_flow_works_with_the_master_key_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            server = self.start(softhsm.TokenServer(self.token, pathlib.Path(folder) / "master.key"))
            signing_flow.put_profile(self, server)
            signing_flow.sign_and_verify(self, server)

    def test_dev_works_with_a_token(self):
        class Dev(hallmark.Server):
            def _command(server):
                return ["dev", "--keys", self.token.uri()]
        server = self.start(Dev())
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)

    def test_private_keys_are_in_the_token_and_never_come_out(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        listed = self.token.tool("--list-objects")
        keys = re.split(r"(?=Private Key Object|Secret Key Object)", listed)[1:]
        labels = [re.search(r"label: +hallmark (\S+)", key).group(1) for key in keys]
        others = sorted(label for label in labels if label != "audit")  # which a first checkpoint makes
        self.assertEqual(others, ["code_signing", "intermediate_certificate", "master"])
        for key in keys:
            self.assertIn("Access:     sensitive, always sensitive, never extractable, local", key)
        for kind, label in (("privkey", "code_signing"), ("secrkey", "master")):
            ident = re.search(r"ID: +(\w+)", keys[labels.index(label)]).group(1)
            read = self.token.tool("--read-object", "--type", kind, "--id", ident)
            self.assertRegex(read, "(?i)error|sensitive|fail|not")
        self.assertNotIn("root_certificate", listed)

    def keys_of(self, purpose):
        return len(re.findall(rf"Private Key Object[^\n]*\n\s*label: +hallmark {purpose}\b",
                              self.token.tool("--list-objects")))

    def test_a_new_intermediate_has_its_key_in_the_token_too(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server, seed=1)
        passphrase = server.folder / "passphrase"
        passphrase.write_text(re.search(r"root key passphrase +(\S+)", server.initialised).group(1) + "\n")
        passphrase.chmod(0o400)
        server.run("authority", "request", "-o", server.folder / "forgotten.pem")
        self.assertEqual(self.keys_of("intermediate_certificate"), 2)
        server.run("authority", "renew", "--root", server.folder / "root.pem", "--passphrase-file", passphrase)
        self.assertEqual(self.keys_of("intermediate_certificate"), 2, "the forgotten key is gone")
        signing_flow.sign_and_verify(self, server, seed=2)
        self.assertEqual(server.stop(), 0)
        server.run("check")
        server.start()
        signing_flow.sign_and_verify(self, server, seed=3)

    def test_keys_of_one_purpose_do_not_serve_another(self):  # threats.md E7
        server = self.start()
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        listed = self.token.tool("--list-objects")
        for key in re.split(r"(?=Private Key Object|Secret Key Object)", listed)[1:]:
            usage = re.search(r"Usage: +(.*)", key).group(1).strip()
            # Newer versions of pkcs11-tool tell signatures with recovery apart.
            self.assertIn(usage, ["encrypt, decrypt"] if "Secret Key" in key else ["sign", "sign, signRecover"], key)

    def test_a_token_that_vanishes_comes_back(self):  # threats.md C10
        server = self.start()
        signing_flow.put_profile(self, server, "images", "Notation-OCI-SHA384-ECDSA")
        self.assertEqual(payload_status(server), 200)
        self.assertEqual(operations.causes(server), set())
        self.token.vanish()
        self.assertIn(payload_status(server), (500, 503))
        operations.wait_for_causes(server, ["keys"], HEAL_SECONDS_MAX)
        self.assertEqual(server.call("GET", "/signing-profiles/images").status, 200, "reads go on")
        self.token.come_back()
        hallmark.wait_until(lambda: payload_status(server) == 200, HEAL_SECONDS_MAX)
        operations.wait_for_causes(server, [], HEAL_SECONDS_MAX)

    def test_a_job_that_meets_a_vanished_token_ends(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        self.token.vanish()
        started = signing_flow.start_job(server)
        time.sleep(1)  # while the token is away; whatever the job does then, it ends
        self.token.come_back()
        if started.status == 200:
            signing_flow.ended(server, started.json["jobId"])
        signing_flow.sign_and_verify(self, server, seed=2)

    def test_a_wrong_pin_is_tried_once(self):
        server = self.start()
        self.assertEqual(server.stop(), 0)
        self.token.set_pin("11112222")
        uri, log, environment = self.token.uri(), None, {}
        if softhsm.SPIES:  # every call of the module, written down
            log = self.token.folder / "calls"
            uri = self.token.uri(softhsm.SPIES[0])
            environment = {"PKCS11SPY": softhsm.module(), "PKCS11SPY_OUTPUT": str(log)}
        os.environ.update(environment)
        self.addCleanup(lambda: [os.environ.pop(name, None) for name in environment])
        with self.assertRaises(hallmark.CommandFailed) as failed:
            server.run("server", "--keys", uri, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0")
        self.assertEqual(failed.exception.code, 3)
        self.assertIn("CKR_PIN_INCORRECT", failed.exception.stderr)
        self.assertNotIn("11112222", failed.exception.stderr)
        if log:
            self.assertEqual(log.read_text(errors="replace").count("C_Login\n"), 1)
        self.token.set_pin(softhsm.PIN)
        server.start()

    def test_a_wrong_pin_while_serving_is_tried_once(self):
        if not softhsm.SPIES:
            self.skipTest("there is no pkcs11-spy (package opensc)")
        log = self.token.folder / "calls"
        server = softhsm.TokenServer(self.token, environment={
            "PKCS11SPY": softhsm.module(), "PKCS11SPY_OUTPUT": str(log)})
        server.options = ["--keys", self.token.uri(softhsm.SPIES[0])]
        self.start(server)
        signing_flow.put_profile(self, server, "images", "Notation-OCI-SHA384-ECDSA")
        self.assertEqual(payload_status(server), 200)
        logins = log.read_text(errors="replace").count("C_Login\n")
        self.token.vanish()
        self.assertIn(payload_status(server), (500, 503))
        self.token.set_pin("11112222")
        self.token.come_back()
        hallmark.wait_until(lambda: payload_status(server) and "CKR_PIN_INCORRECT" in server.log(), HEAL_SECONDS_MAX)
        for _ in range(5):
            time.sleep(0.5)  # time in which a storm would blow
            self.assertIn(payload_status(server), (500, 503))
        self.assertEqual(log.read_text(errors="replace").count("C_Login\n"), logins + 1)

    def test_the_pin_is_refused_in_the_uri_and_never_shown(self):
        server = softhsm.TokenServer(self.token)
        self.addCleanup(server.close)
        uri = self.token.uri().replace("pin-source=file:" + str(self.token.pin_file), "pin-value=" + softhsm.PIN)
        with self.assertRaises(hallmark.CommandFailed) as failed:
            server.run("init", "--keys", uri, "--root-out", server.folder / "root.pem")
        self.assertNotIn(softhsm.PIN, failed.exception.stderr + failed.exception.stdout)


if __name__ == "__main__":
    unittest.main()
