"""The companion service acm: certificates that users bring with keys of their own, by unmodified clients
and as Terraform's aws_acm_certificate calls them; and the profiles that sign with them."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import uuid

import clients
import hallmark
import identities
from hallmark import ACCOUNT
from identities import policy, statement

IOT = "AWSIoTDeviceManagement-SHA256-ECDSA"
FREERTOS = "AmazonFreeRTOS-Default"
P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["-newkey", "rsa:2048"]
CODE_SIGNING = ["-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=codeSigning"]
DELETE_SECONDS_MAX = 20
ARN = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/"


def setUpModule():
    global server, code_signing
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)
    code_signing = self_signed()


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)


def self_signed(key=None, extensions=None, name="signer"):
    """The PEM of a certificate and of its key, made by openssl."""
    with tempfile.TemporaryDirectory() as folder:
        certificate, private = pathlib.Path(folder) / "certificate.pem", pathlib.Path(folder) / "key.pem"
        openssl("req", "-x509", *(key or P256), "-nodes", "-keyout", private, "-out", certificate, "-days", "30",
                "-subj", f"/CN={name}", "-config", "/dev/null", "-addext", "basicConstraints=critical,CA:FALSE",
                *(CODE_SIGNING if extensions is None else extensions))
        return certificate.read_bytes(), private.read_bytes()


def issued():
    """The PEM of a certificate, of its chain (issuer and root) and of its key."""
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: str(pathlib.Path(folder) / name)
        openssl("req", "-x509", *P256, "-nodes", "-keyout", at("root.key"), "-out", at("root.pem"), "-days", "90",
                "-subj", "/CN=root", "-config", "/dev/null", "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign")
        for name, issuer, extensions in (
                ("middle", "root", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"),
                ("leaf", "middle", "keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n")):
            pathlib.Path(at("extensions")).write_text(extensions)
            openssl("req", "-new", *P256, "-nodes", "-keyout", at(f"{name}.key"), "-out", at(f"{name}.csr"),
                    "-subj", f"/CN={name}", "-config", "/dev/null")
            openssl("x509", "-req", "-in", at(f"{name}.csr"), "-CA", at(f"{issuer}.pem"), "-CAkey",
                    at(f"{issuer}.key"), "-CAcreateserial", "-out", at(f"{name}.pem"), "-days", "60", "-extfile",
                    at("extensions"))
        read = lambda name: pathlib.Path(at(name)).read_bytes()
        return read("leaf.pem"), read("middle.pem") + read("root.pem"), read("leaf.key")


class Acm:
    """Of each client: setUp makes self.call."""

    make_client = None

    def setUp(self):
        self.client = self.make_client(server.endpoint, server.credentials, "acm")

    def call(self, operation, **parameters):
        return self.client.call(operation, **parameters)

    def imported(self, material=None, **more):
        certificate, key = material or code_signing
        return self.call("ImportCertificate", Certificate=certificate, PrivateKey=key, **more)["CertificateArn"]

    def refused(self, name, operation, **parameters):
        with self.assertRaises(clients.Refused) as caught:
            self.call(operation, **parameters)
        self.assertEqual(caught.exception.name, name)
        return caught.exception.message


class Everything(Acm):
    def test_the_life_of_a_certificate(self):
        arn = self.imported(Tags=[{"Key": "team", "Value": "one"}, {"Key": "empty"}])
        self.assertTrue(arn.startswith(ARN))
        shown = self.call("DescribeCertificate", CertificateArn=arn)["Certificate"]
        self.assertEqual((shown["DomainName"], shown["Status"], shown["Type"]), ("signer", "ISSUED", "IMPORTED"))
        self.assertEqual((shown["KeyAlgorithm"], shown["Subject"]), ("EC_prime256v1", "CN=signer"))
        self.assertEqual([each["Name"] for each in shown["ExtendedKeyUsages"]], ["CODE_SIGNING"])
        self.assertGreater(clients.seconds_of(shown["NotAfter"]), clients.seconds_of(shown["ImportedAt"]))
        self.assertEqual(self.call("GetCertificate", CertificateArn=arn)["Certificate"].encode(), code_signing[0])
        self.assertEqual(self.call("ListTagsForCertificate", CertificateArn=arn)["Tags"],
                         [{"Key": "team", "Value": "one"}, {"Key": "empty", "Value": ""}])
        self.call("RemoveTagsFromCertificate", CertificateArn=arn, Tags=[{"Key": "team"}])
        self.call("AddTagsToCertificate", CertificateArn=arn, Tags=[{"Key": "empty", "Value": "no more"}])
        self.assertEqual(self.call("ListTagsForCertificate", CertificateArn=arn)["Tags"],
                         [{"Key": "empty", "Value": "no more"}])
        listed = self.call("ListCertificates", MaxItems=1000)["CertificateSummaryList"]
        self.assertIn(arn, [each["CertificateArn"] for each in listed])
        self.call("DeleteCertificate", CertificateArn=arn)
        self.refused("ResourceNotFoundException", "DescribeCertificate", CertificateArn=arn)

    def test_refusals_have_their_names(self):
        certificate, key = code_signing
        self.refused("ValidationException", "ImportCertificate", Certificate=key, PrivateKey=key)
        self.refused("ValidationException", "ImportCertificate", Certificate=certificate,
                     PrivateKey=self_signed()[1])
        self.refused("InvalidArnException", "GetCertificate", CertificateArn=ARN + "x" * 20)
        self.refused("ResourceNotFoundException", "GetCertificate", CertificateArn=ARN + str(uuid.uuid4()))
        self.refused("InvalidTagException", "ImportCertificate", Certificate=certificate, PrivateKey=key,
                     Tags=[{"Key": "aws:team", "Value": "one"}])


class EverythingBoto3(Everything, unittest.TestCase):
    make_client = staticmethod(clients.ALL["Boto3"])


class FromFiles(Everything):
    """The command line, told of PEM files as AWS's manual says: fileb://certificate.pem."""

    def call(self, operation, **parameters):
        files = {name: value for name, value in parameters.items() if isinstance(value, bytes)}
        if not files:
            return super().call(operation, **parameters)
        rest = {name: value for name, value in parameters.items() if name not in files}
        with tempfile.TemporaryDirectory() as folder:
            options = []
            for name, content in files.items():
                path = pathlib.Path(folder) / name
                path.write_bytes(content)
                options += ["--" + re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower(), f"fileb://{path}"]
            return self.run_command("import-certificate", "--cli-input-json", json.dumps(rest), *options)

    def run_command(self, *arguments):
        done = subprocess.run([self.client.path, "acm", *arguments, "--endpoint-url", server.endpoint,
                               "--output", "json"],
                              env=self.client.environment, capture_output=True, text=True,
                              timeout=clients.CALL_SECONDS_MAX)
        if done.returncode == 0:
            return json.loads(done.stdout)
        raise clients.Refused(*re.search(clients.FAULT, done.stderr).groups())


class EverythingNewestCli(FromFiles, unittest.TestCase):
    make_client = staticmethod(clients.ALL["NewestCli"])


class EverythingDebianCli(FromFiles, unittest.TestCase):
    make_client = staticmethod(clients.ALL["DebianCli"])


class WithBoto3(Acm, unittest.TestCase):
    make_client = staticmethod(clients.ALL["Boto3"])


class Imports(WithBoto3):
    def test_take_a_chain_with_its_root(self):
        leaf, chain, key = issued()
        arn = self.imported((leaf, key), CertificateChain=chain)
        self.assertEqual(self.call("GetCertificate", CertificateArn=arn)["CertificateChain"].encode(), chain)

    def test_want_the_chain_in_order_and_whole(self):
        leaf, chain, key = issued()
        root = chain[chain.index(b"-----BEGIN", 1):]
        for wrong in ({}, {"CertificateChain": root}, {"CertificateChain": code_signing[0]}):
            self.refused("ValidationException", "ImportCertificate", Certificate=leaf, PrivateKey=key, **wrong)

    def test_refuse_weak_keys_with_the_reason(self):
        certificate, key = self_signed(["-newkey", "rsa:1024"])
        said = self.refused("ValidationException", "ImportCertificate", Certificate=certificate, PrivateKey=key)
        self.assertIn("weak", said)

    def test_go_through_the_paginator(self):
        arns = {self.imported() for _ in range(3)}
        pages = self.client.client.get_paginator("list_certificates").paginate(PaginationConfig={"PageSize": 2})
        listed = {each["CertificateArn"] for page in pages for each in page["CertificateSummaryList"]}
        self.assertLessEqual(arns, listed)

    def test_never_give_the_key_away(self):
        _, key = code_signing
        arn = self.imported()
        secret = key.splitlines()[1].decode()
        for operation in ("DescribeCertificate", "GetCertificate", "ListTagsForCertificate"):
            self.assertNotIn(secret, str(self.call(operation, CertificateArn=arn)))
        self.assertNotIn(secret, server.log())
        self.assertNotIn(b"PRIVATE KEY", b"".join(path.read_bytes() for path in server.data.glob("*.db*")))


class Terraform(WithBoto3):
    """aws_acm_certificate with a certificate_body: the provider's calls, one by one."""

    def test_makes_reads_changes_and_deletes(self):
        arn = self.imported(Tags=[{"Key": "Name", "Value": "one"}])
        shown = self.call("DescribeCertificate", CertificateArn=arn)["Certificate"]
        self.assertEqual(shown["Status"], "ISSUED")
        for name in ("DomainName", "NotBefore", "NotAfter", "KeyAlgorithm", "RenewalEligibility", "Type", "Options",
                     "SubjectAlternativeNames"):
            self.assertIn(name, shown)
        again = self.imported(self_signed(name="renewed"), CertificateArn=arn)
        self.assertEqual(again, arn)
        self.assertEqual(self.call("DescribeCertificate", CertificateArn=arn)["Certificate"]["DomainName"], "renewed")
        self.assertEqual(self.call("ListTagsForCertificate", CertificateArn=arn)["Tags"],
                         [{"Key": "Name", "Value": "one"}])
        self.call("DeleteCertificate", CertificateArn=arn)
        self.refused("ResourceNotFoundException", "DescribeCertificate", CertificateArn=arn)


class Profiles(WithBoto3):
    def setUp(self):
        super().setUp()
        self.signer = clients.Boto3(server.endpoint, server.credentials)

    def put(self, arn, platform=IOT, **more):
        name = "p" + uuid.uuid4().hex
        self.signer.call("PutSigningProfile", profileName=name, platformId=platform,
                         signingMaterial={"certificateArn": arn}, signingParameters={"certname": "/cert.pem"}, **more)
        return name

    def test_sign_with_a_certificate_of_their_account(self):
        arn = self.imported()
        name = self.put(arn)
        got = self.signer.call("GetSigningProfile", profileName=name)
        self.assertEqual(got["signingMaterial"], {"certificateArn": arn})
        self.assertEqual(self.call("DescribeCertificate", CertificateArn=arn)["Certificate"]["InUseBy"], [got["arn"]])

    def test_keep_their_certificate_until_they_are_canceled(self):
        arn = self.imported()
        name = self.put(arn)
        self.refused("ResourceInUseException", "DeleteCertificate", CertificateArn=arn)
        self.signer.call("CancelSigningProfile", profileName=name)
        # The same request of the same second has the same signature, and gets the same answer.
        hallmark.wait_until(lambda: self.is_deleted(arn), DELETE_SECONDS_MAX)

    def is_deleted(self, arn):
        try:
            self.call("DeleteCertificate", CertificateArn=arn)
        except clients.Refused as refused:
            self.assertEqual(refused.name, "ResourceInUseException")
            return False
        return True

    def test_want_a_certificate_that_their_platform_signs_with(self):
        p384 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"]
        for material, platform in ((self_signed(RSA), IOT), (self_signed(extensions=[]), IOT),
                                   (self_signed(p384), IOT), (self_signed(RSA), FREERTOS)):
            with self.assertRaises(clients.Refused) as caught:
                self.put(self.imported(material), platform)
            self.assertEqual(caught.exception.name, "ValidationException")
        self.put(self.imported(self_signed(RSA)), FREERTOS,
                 overrides={"signingConfiguration": {"encryptionAlgorithm": "RSA"}})

    def test_want_a_certificate_that_is_there(self):
        with self.assertRaises(clients.Refused) as caught:
            self.put(ARN + str(uuid.uuid4()))
        self.assertEqual(caught.exception.name, "ResourceNotFoundException")


class Policies(WithBoto3):
    def test_judge_by_action_arn_and_tags(self):
        people = identities.Identities(server)
        tagged = self.imported(Tags=[{"Key": "team", "Value": "one"}])
        other = self.imported()
        allowed = policy(statement(action="acm:DescribeCertificate",
                                   Condition={"StringEquals": {"aws:ResourceTag/team": "one"}}))
        someone = clients.Boto3(server.endpoint, people.user("describer", allowed), "acm")
        someone.call("DescribeCertificate", CertificateArn=tagged)
        for operation, arn in (("DescribeCertificate", other), ("GetCertificate", tagged)):
            with self.assertRaises(clients.Refused) as caught:
                someone.call(operation, CertificateArn=arn)
            self.assertEqual(caught.exception.name, "AccessDeniedException")


if __name__ == "__main__":
    unittest.main()
