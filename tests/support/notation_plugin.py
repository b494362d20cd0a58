"""A plugin of `notation` in the place of AWS's, for where AWS's cannot be had: it asks the service by
boto3 and answers notation by the same rules. It judges nothing that notation judges itself."""

import base64
import json
import sys

NAME = "com.amazonaws.signer.notation.plugin"
IDENTITY, REVOCATION = "SIGNATURE_VERIFIER.TRUSTED_IDENTITY", "SIGNATURE_VERIFIER.REVOCATION_CHECK"
PROFILE, JOB = "com.amazonaws.signer.signingProfileVersion", "com.amazonaws.signer.signingJob"


class Fault(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def require(holds, code, message):
    if not holds:
        raise Fault(code, message)


def client(request):
    import boto3

    config = request.get("pluginConfig") or {}
    return boto3.client("signer", region_name=config.get("aws-region"), endpoint_url=config.get("aws-signer-endpoint-url"))


def metadata(_):
    return {
        "name": NAME, "description": "Stands in for AWS Signer's plugin in tests", "version": "1.0.0",
        "url": "https://github.com/aws/aws-signer-notation-plugin", "supportedContractVersions": ["1.0"],
        "capabilities": ["SIGNATURE_GENERATOR.ENVELOPE", IDENTITY, REVOCATION],
    }


def generate_envelope(request):
    require(not request.get("expiryDurationInSeconds"), "VALIDATION_ERROR", "the expiry (-e) is the signing profile's")
    kind = request["signatureEnvelopeType"]
    require(kind == "application/jose+json", "VALIDATION_ERROR", f"envelope type {kind} is not supported")
    account, _, resource = request["keyId"].split(":", 4)[4].partition(":")
    parts = resource.split("/")
    require(parts[:2] == ["", "signing-profiles"] and len(parts) == 3, "VALIDATION_ERROR", "no ARN of a signing profile")
    answer = client(request).sign_payload(profileName=parts[2], profileOwner=account, payloadFormat=request["payloadType"],
                                          payload=base64.b64decode(request["payload"]))
    return {"signatureEnvelope": base64.b64encode(answer["signature"]).decode(), "signatureEnvelopeType": kind,
            "annotations": answer["metadata"]}


def verify_signature(request):
    import notation_checker

    critical, policy = request["signature"]["criticalAttributes"], request["trustPolicy"]
    require(critical["signingScheme"] == "notary.x509.signingAuthority", "UNSUPPORTED_CONTRACT_VERSION", "another scheme")
    require("*" not in policy["trustedIdentities"], "VALIDATION_ERROR", "the identity * trusts everybody")
    attributes, results = critical["extendedAttributes"], {}
    if IDENTITY in policy["signatureVerification"]:
        trusted = notation_checker.is_trusted(attributes[PROFILE], policy["trustedIdentities"])
        results[IDENTITY] = {"success": trusted, "reason": f"{attributes[PROFILE]} is {'' if trusted else 'not '}trusted"}
    if REVOCATION in policy["signatureVerification"]:
        results[REVOCATION] = revocation(request, critical)
    return {"verificationResults": results, "processedAttributes": [PROFILE, JOB]}


def revocation(request, critical):
    import botocore.exceptions
    import notation_checker

    chain = [notation_checker.certificate(text) for text in request["signature"]["certificateChain"]]
    attributes = critical["extendedAttributes"]
    try:
        revoked = client(request).get_revocation_status(
            platformId=notation_checker.PLATFORM, signatureTimestamp=critical["authenticSigningTime"],
            profileVersionArn=attributes[PROFILE], jobArn=attributes[JOB],
            certificateHashes=notation_checker.certificate_hashes(chain))["revokedEntities"]
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        return {"success": False, "reason": f"GetRevocationStatus call failed: {error}"}
    return {"success": not revoked, "reason": f"revoked: {', '.join(revoked)}" if revoked else "nothing is revoked"}


COMMANDS = {"get-plugin-metadata": metadata, "generate-envelope": generate_envelope, "verify-signature": verify_signature}


def main():
    try:
        json.dump(COMMANDS[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
        return 0
    except Fault as fault:
        error = {"errorCode": fault.code, "errorMessage": str(fault)}
    except Exception as fault:  # pylint: disable=broad-except: notation is told of every one
        code = getattr(fault, "response", {}).get("Error", {}).get("Code", type(fault).__name__)
        error = {"errorCode": "ERROR", "errorMessage": f"{code}: {fault}"}
    json.dump(error, sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
