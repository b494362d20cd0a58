"""Real firmware, signed with keys of users' own for devices of IoT Device Management, FreeRTOS and TI:
judged by openssl, by Node and by Python as a device would, on the raw payload and the certificate."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import unittest
import uuid

import acm_test
import clients
import device
import hallmark

IOT, FREERTOS, TI = (
    "AWSIoTDeviceManagement-SHA256-ECDSA", "AmazonFreeRTOS-Default", "AmazonFreeRTOS-TI-CC3220SF")
FIRMWARE = {
    "seabios": "/usr/share/seabios/bios-256k.bin",
    "opensbi": "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin",
    "u-boot-qemu": "/usr/lib/u-boot/qemu_arm/u-boot.bin",
}
MIB = 1 << 20
LARGE_BYTES = 2048 * MIB
LARGE_DISK_BYTES = 8192 * MIB  # the source, the bucket's copy of it, and room for everybody else
LARGE_MEMORY_KIB = 64 * 1024
JOB_SECONDS_MAX = 60
LARGE_JOB_SECONDS_MAX = 600
OVERRIDE_RSA = {"signingConfiguration": {"encryptionAlgorithm": "RSA"}}
NODE = ("const [key,algorithm,payload,signature]=process.argv.slice(1),fs=require('fs');"
        "process.exit(require('crypto').verify(algorithm,fs.readFileSync(payload),fs.readFileSync(key),"
        "fs.readFileSync(signature))?0:1)")


def setUpModule():
    global server, signer, acm
    server = hallmark.Server().start()
    unittest.addModuleCleanup(server.close)
    signer = clients.Boto3(server.endpoint, server.credentials)
    acm = clients.Boto3(server.endpoint, server.credentials, "acm")
    server.create_bucket("dst")


def rsa(bits):
    return ["-newkey", f"rsa:{bits}"]


class Profile:
    """A profile with an imported certificate of openssl's making."""

    def __init__(self, platform, key, **more):
        self.platform, self.name = platform, "p" + uuid.uuid4().hex
        self.certificate, private = acm_test.self_signed(key)
        arn = acm.call("ImportCertificate", Certificate=self.certificate, PrivateKey=private)["CertificateArn"]
        signer.call("PutSigningProfile", profileName=self.name, platformId=platform,
                    signingMaterial={"certificateArn": arn}, signingParameters={"certname": "/cert.pem"}, **more)

    def sign(self, source, seconds_max=JOB_SECONDS_MAX):
        """The job that has signed an object, (key, version)."""
        job = signer.call(
            "StartSigningJob", profileName=self.name, destination={"s3": {"bucketName": "dst"}},
            clientRequestToken=str(uuid.uuid4()),
            source={"s3": {"bucketName": "src", "key": source[0], "version": source[1]}})["jobId"]

        def look():
            described = signer.call("DescribeSigningJob", jobId=job)
            return described if described["status"] != "InProgress" else None

        return hallmark.wait_until(look, seconds_max)


def stored(path):
    return path.name, server.run("object", "put", f"src/{path.name}", path).strip().split("\n")[-1]


class Signed:
    """What a job signed, beside its payload, as files."""

    def __init__(self, job, profile, payload):
        self.folder = server.folder / job["jobId"]
        self.folder.mkdir()
        self.payload = payload
        self.document = server.get_object("dst", job["signedObject"]["s3"]["key"], self.folder / "signed.json")
        self.members = json.loads(self.document.read_bytes())
        self.signature = self.written("signature", base64.b64decode(self.members["signature"], validate=True))
        self.certificate = self.written("certificate.pem", profile.certificate)
        public = subprocess.run(["openssl", "x509", "-in", self.certificate, "-pubkey", "-noout"], check=True,
                                capture_output=True).stdout
        self.key = self.written("key.pem", public)
        self.digest, self.encryption = self.members["signatureAlgorithm"].split("with")

    def written(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def openssl_says(self, payload):
        return subprocess.run(["openssl", "dgst", "-" + self.digest.lower(), "-verify", self.key, "-signature",
                               self.signature, payload], capture_output=True).returncode == 0

    def node_says(self, payload):
        return subprocess.run(["node", "-e", NODE, self.key, self.digest, payload, self.signature],
                              capture_output=True).returncode == 0

    def device_says(self, payload):
        key = base64.b64decode("".join(self.key.read_text().split("\n")[1:-2]))
        return device.is_signed(self.members["signatureAlgorithm"], key, payload.read_bytes(),
                                self.signature.read_bytes())

    def changed_payload(self):
        content = bytearray(self.payload.read_bytes())
        content[len(content) // 2] ^= 1
        return self.written("changed", content)


class Firmware(unittest.TestCase):
    def judge(self, profile, algorithm):
        """Signs every firmware, and has everybody judge it; what was signed."""
        if shutil.which("node") is None:
            self.skipTest("NOT JUDGED: node is missing")
        found = {package: pathlib.Path(path) for package, path in FIRMWARE.items() if os.path.exists(path)}
        if not found:
            self.skipTest(f"NOT TESTED: none of the packages {', '.join(FIRMWARE)} is there")
        all_signed = []
        for package, path in found.items():
            with self.subTest(package):
                job = profile.sign(stored(path))
                self.assertEqual(job["status"], "Succeeded", job)
                self.assertEqual(job["signingParameters"], {"certname": "/cert.pem"})
                signed = Signed(job, profile, path)
                self.assertEqual(signed.members["signatureAlgorithm"], algorithm)
                self.assertEqual(signed.members["rawPayloadSize"], path.stat().st_size)
                self.assert_judged(signed)
                all_signed.append((job, signed))
        self.assertEqual(len(all_signed), len(found))
        return all_signed

    def assert_judged(self, signed):
        changed = signed.changed_payload()
        for judge in (signed.openssl_says, signed.node_says, signed.device_says):
            self.assertTrue(judge(signed.payload), judge)
            self.assertFalse(judge(changed), judge)

    def assert_embedded(self, signed, *options):
        self.assertEqual(list(signed.members), ["rawPayloadSize", "signature", "signatureAlgorithm", "payload"])
        self.assertEqual(base64.b64decode(signed.members["payload"], validate=True), signed.payload.read_bytes())
        hallmark.run("verify", signed.document, "--certificate", signed.certificate, *options)

    def test_of_iot_devices_is_signed_by_ecdsa_beside_it(self):
        for job, signed in self.judge(Profile(IOT, acm_test.P256), "SHA256withECDSA"):
            self.assertEqual(signed.members["payloadLocation"], {"s3": job["source"]["s3"]})
            self.assertNotIn("payload", signed.members)
            hallmark.run("verify", signed.document, "--certificate", signed.certificate, "--payload", signed.payload)
            with self.assertRaises(hallmark.CommandFailed):
                hallmark.run("verify", signed.document, "--certificate", signed.certificate, "--payload",
                             signed.changed_payload())

    def test_of_freertos_is_signed_by_ecdsa(self):
        for _, signed in self.judge(Profile(FREERTOS, acm_test.P256), "SHA256withECDSA"):
            self.assert_embedded(signed)

    def test_of_freertos_is_signed_by_rsa_of_each_size(self):
        for bits in (2048, 3072, 4096):
            for _, signed in self.judge(Profile(FREERTOS, rsa(bits), overrides=OVERRIDE_RSA), "SHA256withRSA"):
                self.assertEqual(signed.signature.stat().st_size, bits // 8)
                self.assert_embedded(signed)

    def test_of_ti_is_signed_by_rsa_with_sha1(self):
        for bits in (2048, 3072, 4096):
            for _, signed in self.judge(Profile(TI, rsa(bits)), "SHA1withRSA"):
                self.assert_embedded(signed, "--platform", TI)
                with self.assertRaises(hallmark.CommandFailed):
                    self.assert_embedded(signed)

    def test_has_sha1_on_no_other_platform(self):
        sha1 = {"signingConfiguration": {"hashAlgorithm": "SHA1", "encryptionAlgorithm": "RSA"}}
        for platform in (IOT, FREERTOS):
            with self.assertRaises(clients.Refused) as caught:
                Profile(platform, rsa(2048), overrides=sha1)
            self.assertEqual(caught.exception.name, "ValidationException")
        with self.assertRaises(clients.Refused):
            Profile(TI, rsa(2048), overrides={"signingConfiguration": {"hashAlgorithm": "SHA256"}})

    def test_embedded_has_16_mebibytes_at_most(self):
        profile = Profile(FREERTOS, acm_test.P256)
        path = server.folder / "large.bin"
        path.write_bytes(b"\xff" * 16 * MIB)
        job = profile.sign(stored(path))
        self.assertEqual(job["status"], "Succeeded", job)
        signed = Signed(job, profile, path)
        self.assertTrue(signed.openssl_says(path))
        self.assert_embedded(signed)
        path.write_bytes(b"\xff" * (16 * MIB + 1))
        with self.assertRaises(clients.Refused) as caught:
            profile.sign(stored(path))
        self.assertIn("at most 16 MB", caught.exception.message)

    def memory_kib(self):
        """The most that the server held since forget_memory."""
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))

    def forget_memory(self):
        try:
            pathlib.Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
        except PermissionError:  # only root may, of a process that dumps no core: then the peak so far counts
            pass
        return self.memory_kib()

    def test_of_two_gibibytes_is_signed_in_constant_memory(self):
        free = shutil.disk_usage(server.folder).free
        if free < LARGE_DISK_BYTES:
            self.skipTest(f"NOT TESTED: only {free // MIB} MiB of disk are free")
        path, profile = server.folder / "image", Profile(IOT, acm_test.P256)
        self.addCleanup(path.unlink)
        with open(path, "wb") as file:
            file.truncate(LARGE_BYTES)
        source = stored(path)
        before, started = self.forget_memory(), time.monotonic()
        job = profile.sign(source, LARGE_JOB_SECONDS_MAX)
        print(f"        2 GiB in {time.monotonic() - started:.1f} s and {self.memory_kib() - before} KiB more")
        self.assertEqual(job["status"], "Succeeded", job)
        self.assertLess(self.memory_kib() - before, LARGE_MEMORY_KIB)
        signed = Signed(job, profile, path)
        self.assertEqual(signed.members["rawPayloadSize"], LARGE_BYTES)
        self.assertTrue(signed.openssl_says(path))


if __name__ == "__main__":
    unittest.main()
