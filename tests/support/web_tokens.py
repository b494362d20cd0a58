"""An OpenID Connect issuer of our own: its key, its JWKS document, and the tokens (JWT) it signs."""

import base64
import json
import subprocess
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True, timeout=60).stdout


class Issuer:
    """`algorithm` is "RS256" or "ES256"; the key lies in `folder`."""

    def __init__(self, folder, algorithm, url, audience="sts.amazonaws.com"):
        self.algorithm, self.url, self.audience = algorithm, url, audience
        self.key_id = f"key-{algorithm}"
        self.path = folder / f"{self.key_id}.pem"
        options = {"RS256": ("RSA", "rsa_keygen_bits:2048"), "ES256": ("EC", "ec_paramgen_curve:P-256")}[algorithm]
        openssl("genpkey", "-algorithm", options[0], "-pkeyopt", options[1], "-out", str(self.path))

    def key_set(self):
        """The JWKS document."""
        return json.dumps({"keys": [{"kid": self.key_id, "use": "sig", "alg": self.algorithm, **self._public_key()}]})

    def _public_key(self):
        der = openssl("pkey", "-in", str(self.path), "-pubout", "-outform", "DER")
        if self.algorithm == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": base64url(der[-64:-32]), "y": base64url(der[-32:])}
        modulus = openssl("rsa", "-in", str(self.path), "-noout", "-modulus").decode().strip().split("=")[1]
        return {"kty": "RSA", "n": base64url(bytes.fromhex(modulus)), "e": "AQAB"}

    def token(self, header=None, **claims):
        """A token of this minute; None takes a claim away."""
        now = int(time.time())
        said = {"iss": self.url, "aud": self.audience, "sub": "repo:app:main", "iat": now, "nbf": now,
                "exp": now + 300, **claims}
        said = {name: value for name, value in said.items() if value is not None}
        head = header or {"alg": self.algorithm, "typ": "JWT", "kid": self.key_id}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (head, said))
        return f"{signed}.{base64url(self._signature(signed.encode()))}"

    def _signature(self, data):
        made = openssl("dgst", "-sha256", "-sign", str(self.path), data=data)
        return raw_of(made) if self.algorithm == "ES256" else made


def raw_of(der):
    """The two numbers of an ECDSA signature as 32 bytes each, out of their DER sequence."""
    numbers, at = b"", 2
    for _ in range(2):
        length = der[at + 1]
        numbers += der[at + 2 : at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + length
    return numbers
