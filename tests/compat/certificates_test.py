"""The certificates that the server issues, judged by openssl at its strictest and by GnuTLS: the chains of
packages and of Notation's envelopes, of a server for trying out and of one for production."""

import base64
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import uuid

import clients
import hallmark
import lambda_zip
import packages
import world

LAMBDA, NOTATION = "AWSLambda-SHA384-ECDSA", "Notation-OCI-SHA384-ECDSA"
JOB_SECONDS_MAX = 60


def run(*command, text=None):
    return subprocess.run(command, capture_output=True, text=True, input=text, timeout=60)


def pem_of(der):
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() + "-----END CERTIFICATE-----\n"


def split(pem):
    return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", pem, re.S)


class Issued:
    """Of each kind of server; `configuration` is None or TOML."""

    configuration = None

    @classmethod
    def setUpClass(cls):
        cls.server = hallmark.Server(cls.configuration).start()
        cls.addClassCleanup(cls.server.close)
        cls.signer = clients.Boto3(cls.server.endpoint, cls.server.credentials)
        cls.server.create_bucket("dst")
        cls.root = cls.server.run("trust", "export")

    def profile(self, platform):
        name = "p" + uuid.uuid4().hex
        self.signer.call("PutSigningProfile", profileName=name, platformId=platform)
        return name

    def chain_of_package(self):
        """Leaf first, root last, as PEM: sorted by openssl's own reading of the signature."""
        version = self.server.put_object("src", "app.zip", packages.package())
        job = self.signer.call(
            "StartSigningJob", profileName=self.profile(LAMBDA), clientRequestToken=uuid.uuid4().hex,
            source={"s3": {"bucketName": "src", "key": "app.zip", "version": version}},
            destination={"s3": {"bucketName": "dst"}})["jobId"]

        def look():
            described = self.signer.call("DescribeSigningJob", jobId=job)
            return described if described["status"] != "InProgress" else None

        ended = hallmark.wait_until(look, JOB_SECONDS_MAX)
        self.assertEqual(ended["status"], "Succeeded", ended)
        path = self.server.get_object("dst", ended["signedObject"]["s3"]["key"], self.server.folder / "signed.zip")
        printed = run("openssl", "pkcs7", "-print_certs", text=lambda_zip.signature(path).decode())
        self.assertEqual(printed.returncode, 0, printed.stderr)
        return self.in_order(split(printed.stdout))

    def chain_of_envelope(self):
        answer = self.signer.call(
            "SignPayload", profileName=self.profile(NOTATION), payload=world.PAYLOAD,
            payloadFormat="application/vnd.cncf.notary.payload.v1+json")
        envelope = json.loads(answer["signature"])
        return [pem_of(base64.b64decode(each)) for each in envelope["header"]["x5c"]]

    def in_order(self, certificates):
        """Each followed by its issuer."""
        names = {self.field(each, "-subject"): each for each in certificates}
        issuers = {self.field(each, "-issuer") for each in certificates}
        chain = [next(each for name, each in names.items() if name not in issuers)]
        while (issuer := names[self.field(chain[-1], "-issuer")]) != chain[-1]:
            chain.append(issuer)
        return chain

    def field(self, certificate, option):
        shown = run("openssl", "x509", "-noout", option, "-nameopt", "RFC2253", text=certificate)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return shown.stdout.partition("=")[2]

    def test_chains_of_packages_are_good_at_their_strictest(self):
        self.judge(self.chain_of_package())

    def test_chains_of_envelopes_are_good_at_their_strictest(self):
        self.judge(self.chain_of_envelope())

    def judge(self, chain):
        self.assertEqual(len(chain), 3)
        self.assertEqual("".join(chain[-1].split()), "".join(self.root.split()))
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: str(pathlib.Path(folder) / name) for name in ("leaf", "middle", "root", "chain")}
            for name, pem in zip(paths, (*chain, "".join(chain))):
                pathlib.Path(paths[name]).write_text(pem)
            self.assert_openssl(paths)
            self.assert_gnutls(paths)

    def assert_openssl(self, paths):
        strict = ("openssl", "verify", "-x509_strict", "-check_ss_sig", "-policy_check", "-auth_level", "3", "-CAfile",
                  paths["root"])
        judged = run(*strict, "-untrusted", paths["middle"], "-show_chain", paths["leaf"])
        self.assertEqual((judged.returncode, judged.stderr), (0, ""), judged.stdout)
        self.assertEqual(len(re.findall(r"^depth=", judged.stdout, re.M)), 3)
        self.assertNotEqual(run(*strict, paths["leaf"]).returncode, 0)  # nothing fills the gap
        tls = run(*strict, "-untrusted", paths["middle"], "-purpose", "sslserver", paths["leaf"])
        self.assertNotEqual(tls.returncode, 0)  # for signing code only

    def assert_gnutls(self, paths):
        if shutil.which("certtool") is None:
            self.skipTest("NOT JUDGED by GnuTLS: certtool is missing")
        for command in (("--verify-chain", "--infile", paths["chain"]),
                        ("--verify", "--load-ca-certificate", paths["root"], "--infile", paths["chain"],
                         "--verify-profile", "high")):
            judged = run("certtool", *command)
            self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)
            self.assertIn("Chain verification output: Verified.", judged.stdout)

    def test_leaves_of_profiles_have_numbers_and_keys_of_their_own(self):
        leaves = [self.chain_of_envelope()[0] for _ in range(5)]
        for option in ("-serial", "-pubkey"):
            self.assertEqual(len({run("openssl", "x509", "-noout", option, text=leaf).stdout for leaf in leaves}), 5)


class IssuedForTryingOut(Issued, unittest.TestCase):
    pass


class IssuedForProduction(Issued, unittest.TestCase):
    configuration = ""


if __name__ == "__main__":
    unittest.main()
