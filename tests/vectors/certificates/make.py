#!/usr/bin/env python3
"""Makes the certificates of this folder, with pyca/cryptography: NAME.pem, NAME.key, NAME.chain.pem.
They are kept, not made by the tests: the tests' clock stands in 2026, and theirs does too."""

import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

FOLDER = pathlib.Path(__file__).parent
BEGIN, END = datetime.datetime(2026, 1, 1), datetime.datetime(2056, 1, 1)


def name_of(common_name):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage_of(*names):
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in names for name in every})


class Entity:
    def __init__(self, name, key, issuer=None, authority=False, usage=("digital_signature",),
                 purposes=(Purpose.CODE_SIGNING,), end=END, domains=(), begin=BEGIN):
        issuer = issuer or self
        self.name, self.key, self.subject = name, key, name_of(name)
        builder = (x509.CertificateBuilder().subject_name(self.subject).issuer_name(issuer.subject)
                   .public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(begin).not_valid_after(end)
                   .add_extension(x509.BasicConstraints(authority, None), critical=True)
                   .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False))
        if usage:
            builder = builder.add_extension(usage_of(*usage), critical=True)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        if domains:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(d) for d in domains]), False)
        self.certificate = builder.sign(issuer.key, hashes.SHA256())

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, chain=()):
        base = FOLDER / self.name
        base.with_suffix(".pem").write_bytes(self.pem())
        base.with_suffix(".key").write_bytes(self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        if chain:
            base.with_suffix(".chain.pem").write_bytes(b"".join(each.pem() for each in chain))


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def rsa_of(bits):
    return rsa.generate_private_key(65537, bits)


def main():
    authority = {"authority": True, "usage": ("key_cert_sign", "crl_sign"), "purposes": ()}
    root = Entity("root", p256(), **authority)
    middle = Entity("middle", p256(), root, **authority)
    chain = (middle, root)
    Entity("signer", p256(), middle, domains=("signer.example.com",)).write(chain)
    Entity("renewed", p256(), middle, usage=("digital_signature", "content_commitment")).write(chain)
    Entity("unrelated", p256()).write()
    Entity("rsa2048", rsa_of(2048)).write()
    Entity("rsa3072", rsa_of(3072)).write()
    Entity("rsa1024", rsa_of(1024)).write()
    Entity("p384", ec.generate_private_key(ec.SECP384R1())).write()
    Entity("p521", ec.generate_private_key(ec.SECP521R1())).write()
    Entity("tls", p256(), purposes=(Purpose.SERVER_AUTH,), domains=("www.example.com",)).write()
    Entity("bare", p256(), usage=(), purposes=()).write()
    Entity("expired", p256(), end=datetime.datetime(2026, 2, 1)).write()
    Entity("future", p256(), begin=datetime.datetime(2050, 1, 1)).write()
    # With a day to live after the tests' clock.
    Entity("short", p256(), end=datetime.datetime(2026, 11, 23)).write()
    Entity("authority", p256(), authority=True, usage=("digital_signature", "key_cert_sign")).write()


main()
