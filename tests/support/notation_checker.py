"""Judges an envelope of Notation as `notation verify` with AWS's plugin does, without either of them.

Written from the signature specification of the Notary Project and what AWS's plugin asks for; it
shares no code with the server. Needs the package cryptography, 38 or newer."""

import base64
import binascii
import dataclasses
import datetime
import hashlib
import json
import re

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

NOTARY, AWS = "io.cncf.notary.", "com.amazonaws.signer."
PLATFORM = "Notation-OCI-SHA384-ECDSA"
FIXED = {
    "alg": "ES384",
    "cty": "application/vnd.cncf.notary.payload.v1+json",
    NOTARY + "signingScheme": "notary.x509.signingAuthority",
    NOTARY + "verificationPlugin": AWS + "notation.plugin",
}
CRITICAL = {NOTARY + "signingScheme", NOTARY + "authenticSigningTime", NOTARY + "expiry", NOTARY + "verificationPlugin",
            AWS + "signingProfileVersion", AWS + "signingJob"}
SIGNER_ARN = r"arn:aws[a-z-]*:signer:[a-z0-9-]+:[0-9]{12}:"
LEAF_USAGES = {"digital_signature", "content_commitment"}
USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "key_cert_sign", "crl_sign")
COORDINATE = 48  # bytes of r, and of s, on P-384


class Refused(Exception):
    """The envelope is not good, with the reason."""


@dataclasses.dataclass(frozen=True)
class Envelope:
    payload: bytes
    signing_time: datetime.datetime
    expiry: datetime.datetime
    profile_version: str
    job: str
    chain: tuple  # of certificates, leaf first


def require(holds, reason):
    if not holds:
        raise Refused(reason)


def check(envelope, payload, root, now):
    """The envelope (bytes) of this payload under this root (PEM), good at `now`; else Refused."""
    parts = members_of(envelope, {"payload", "protected", "signature", "header"})
    header = members_of(parts["header"], {"x5c"})
    chain = tuple(certificate(text) for text in list_of(header["x5c"]))
    check_signature(parts, chain)
    claims = members_of(from_base64url(parts["protected"]), {*FIXED, *CRITICAL, "crit"})
    for name, value in FIXED.items():
        require(claims[name] == value, f"{name} is {claims[name]!r}")
    require(sorted(list_of(claims["crit"])) == sorted(CRITICAL), "crit names other members")
    read = Envelope(from_base64url(parts["payload"]), time_of(claims[NOTARY + "authenticSigningTime"]),
                    time_of(claims[NOTARY + "expiry"]), claims[AWS + "signingProfileVersion"], claims[AWS + "signingJob"], chain)
    require(read.payload == payload, "another payload")
    check_names(read)
    check_links(chain, root)
    check_chain(chain, read.signing_time)
    require(read.signing_time < read.expiry, "expired before it was signed")
    require(now < read.expiry, "expired")
    return read


def once(pairs):
    require(len(pairs) == len(dict(pairs)), "a member twice")
    return dict(pairs)


def members_of(text, names):
    """A JSON object, from its text or parsed, with exactly these members."""
    if isinstance(text, bytes):
        try:
            text = json.loads(text, object_pairs_hook=once)
        except ValueError as error:
            raise Refused(f"no JSON: {error}") from error
    require(isinstance(text, dict) and set(text) == names, "other members than those of the specification")
    return text


def list_of(value):
    require(isinstance(value, list) and value and all(isinstance(item, str) for item in value), "no list of texts")
    return value


def from_base64url(text):
    require(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]+", text), "no base64url without padding")
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Refused("no base64url") from error
    require(base64.urlsafe_b64encode(content).decode().rstrip("=") == text, "base64url with stray bits")
    return content


def time_of(text):
    require(isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), "no time in whole seconds of UTC")
    try:
        return datetime.datetime.fromisoformat(text[:-1] + "+00:00")
    except ValueError as error:
        raise Refused("no time") from error


def certificate(text):
    try:
        content = base64.b64decode(text, validate=True)
        require(base64.b64encode(content).decode() == text, "base64 with stray bits")
        return x509.load_der_x509_certificate(content)
    except (ValueError, x509.InvalidVersion) as error:
        raise Refused("x5c holds what is no certificate") from error


def der(cert):
    return cert.public_bytes(serialization.Encoding.DER)


def check_signature(parts, chain):
    raw = from_base64url(parts["signature"])
    require(len(raw) == 2 * COORDINATE, "the signature has another length")
    values = (int.from_bytes(half, "big") for half in (raw[:COORDINATE], raw[COORDINATE:]))
    require(isinstance(parts["protected"], str) and isinstance(parts["payload"], str), "no texts")
    signed = f"{parts['protected']}.{parts['payload']}".encode()
    verify(chain[0], utils.encode_dss_signature(*values), signed, "the signature is not good")


def verify(cert, signature, content, reason):
    """That a P-384 key signed this with SHA-384."""
    try:
        key = cert.public_key()
        require(isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp384r1", "a key of another kind")
        key.verify(signature, content, ec.ECDSA(hashes.SHA384()))
    except (ValueError, exceptions.InvalidSignature, exceptions.UnsupportedAlgorithm) as error:
        raise Refused(reason) from error


def check_names(read):
    for arn, pattern in ((read.profile_version, r"/signing-profiles/\w{2,64}/[A-Za-z0-9]{10}"),
                         (read.job, r"/signing-jobs/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")):
        require(isinstance(arn, str) and re.fullmatch(SIGNER_ARN + pattern, arn, re.ASCII), f"{arn!r} is no ARN of its kind")


def with_issuers(chain):
    """Each certificate with the one that follows it, and the root with itself."""
    return zip(chain, [*chain[1:], chain[-1]])


def check_links(chain, root):
    """The chain's signatures, before anything that they vouch for is read."""
    require(2 <= len(chain) <= 5, "no chain to a root")
    require(der(chain[-1]) == der(x509.load_pem_x509_certificate(root)), "a root that is not trusted")
    for cert, issuer in with_issuers(chain):
        verify(issuer, cert.signature, cert.tbs_certificate_bytes, "a certificate's signature is not good")


def check_chain(chain, when):
    try:
        for place, (cert, issuer) in enumerate(with_issuers(chain)):
            check_issued(cert, issuer, when)
            if place == 0:
                check_leaf(cert)
            else:
                check_authority(cert, place - 1)
            require((cert.issuer == cert.subject) == (cert is chain[-1]), "self-signed, and not the root; or the reverse")
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, exceptions.UnsupportedAlgorithm) as error:
        raise Refused(f"a malformed certificate: {error}") from error


def check_issued(cert, issuer, when):
    require(cert.issuer.public_bytes() == issuer.subject.public_bytes(), "not issued by the next certificate")
    require(cert.signature_hash_algorithm.name == "sha384", "signed with another hash")
    start, end = validity(cert)
    require(start <= when <= end, "a certificate was not valid at the signing time")
    require(0 < cert.serial_number < 1 << 159, "the serial number is not positive or too long")
    for kind in (x509.AuthorityInformationAccess, x509.CRLDistributionPoints):
        require(not any(isinstance(item.value, kind) for item in cert.extensions), "leads verifiers to where nothing answers")


def validity(cert):
    if hasattr(cert, "not_valid_before_utc"):
        return cert.not_valid_before_utc, cert.not_valid_after_utc
    zone = datetime.timezone.utc
    return cert.not_valid_before.replace(tzinfo=zone), cert.not_valid_after.replace(tzinfo=zone)


def usages(cert):
    usage = cert.extensions.get_extension_for_class(x509.KeyUsage)
    require(usage.critical, "keyUsage is not critical")
    return {name for name in USAGES if getattr(usage.value, name)}


def check_leaf(cert):
    require({"digital_signature"} <= usages(cert) <= LEAF_USAGES, "the leaf's keyUsage is another")
    purposes = cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    require(list(purposes) == [x509.oid.ExtendedKeyUsageOID.CODE_SIGNING], "the leaf is not for signing code alone")
    try:
        constraints = cert.extensions.get_extension_for_class(x509.BasicConstraints).value
        require(not constraints.ca, "the leaf is an authority")
    except x509.ExtensionNotFound:
        pass


def check_authority(cert, beneath):
    constraints = cert.extensions.get_extension_for_class(x509.BasicConstraints)
    require(constraints.critical and constraints.value.ca, "an issuer is no authority")
    require(constraints.value.path_length is None or constraints.value.path_length >= beneath, "too many authorities beneath")
    require("key_cert_sign" in usages(cert), "an authority may not issue")


def certificate_hashes(chain):
    """Those by which GetRevocationStatus is asked about a chain."""
    own = [hashlib.sha384(cert.tbs_certificate_bytes).hexdigest() for cert in chain]
    return [mine + issuer for mine, issuer in with_issuers(own)]


def revocation_query(read):
    """The parameters of GetRevocationStatus, in the order in which Go's client sends them."""
    return sorted([
        *(("certificateHashes", text) for text in certificate_hashes(read.chain)),
        ("jobArn", read.job), ("platformId", PLATFORM), ("profileVersionArn", read.profile_version),
        ("signatureTimestamp", read.signing_time.strftime("%Y-%m-%dT%H:%M:%SZ")),
    ])


def is_trusted(profile_version, identities):
    """Whether one of the identities of a trust policy, ARNs of profiles or of their versions, is this one."""
    own = profile_version.lower()
    return any(identity.lower() in (own, own.rpartition("/")[0]) for identity in identities
               if re.fullmatch(SIGNER_ARN + r"/signing-profiles/\w+(/\w+)?", identity, re.ASCII))
