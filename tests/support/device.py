"""What a device does with a signature: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2) and ECDSA on P-256 (FIPS
186-5 §6.4.2), with nothing but Python's numbers. `key` is the DER of a SubjectPublicKeyInfo."""

import hashlib

# FIPS 186-5 and SP 800-186 §3.2.1.3.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
DIGEST_INFO = {"sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
               "sha256": bytes.fromhex("3031300d060960864801650304020105000420")}


def is_signed(algorithm, key, payload, signature):
    """By the name of a document's signatureAlgorithm."""
    digest, encryption = algorithm.split("with")
    hashed = hashlib.new(digest.lower(), payload).digest()
    if encryption == "RSA":
        return is_signed_rsa(key, DIGEST_INFO[digest.lower()] + hashed, signature)
    return is_signed_ecdsa(key, hashed, signature)


def is_signed_rsa(key, digest_info, signature):
    modulus, exponent = integers(sequence(bit_string(key)))
    size = (modulus.bit_length() + 7) // 8
    expected = b"\0\1" + b"\xff" * (size - len(digest_info) - 3) + b"\0" + digest_info
    return len(signature) == size and pow(int.from_bytes(signature, "big"), exponent, modulus) == int.from_bytes(expected, "big")


def is_signed_ecdsa(key, hashed, signature):
    point = bit_string(key)
    public = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    r, s = integers(sequence(signature))
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    found = add(times(int.from_bytes(hashed, "big") * inverse % N, G), times(r * inverse % N, public))
    return found is not None and found[0] % N == r


def add(a, b):
    """Of two points; the neutral one is None. The curve is y² = x³ − 3x + b."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(count, point):
    total = None
    for bit in bin(count)[2:]:
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total


def element(der):
    """The tag, the content and the rest of DER."""
    size, at = der[1], 2
    if size & 0x80:
        at += size & 0x7F
        size = int.from_bytes(der[2:at], "big")
    return der[0], der[at:at + size], der[at + size:]


def sequence(der):
    return element(der)[1]


def bit_string(key):
    """Of a SubjectPublicKeyInfo: the content, without the count of unused bits."""
    return element(element(sequence(key))[2])[1][1:]


def integers(der):
    _, first, rest = element(der)
    return int.from_bytes(first, "big"), int.from_bytes(element(rest)[1], "big")
