"""A server with something of everything in it, and for each operation a request that it answers."""

import base64
import json
import time
import uuid

import hallmark
import packages
from hallmark import ACCOUNT

LAMBDA = "AWSLambda-SHA384-ECDSA"
NOTATION = "Notation-OCI-SHA384-ECDSA"
STRANGER = "111122223333"  # an account that is named and never made
PROFILES = f"arn:aws:signer:us-east-1:{ACCOUNT}:/signing-profiles"
JOBS = f"arn:aws:signer:us-east-1:{ACCOUNT}:/signing-jobs"
PAYLOAD_FORMAT = "application/vnd.cncf.notary.payload.v1+json"
PAYLOAD = json.dumps({
    "targetArtifact": {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": "sha256:" + "0" * 64,
        "size": 528,
    }
}).encode()
HASH = "0" * 192
JOB_SECONDS_MAX = 60


class World:
    def __init__(self):
        self.server = hallmark.Server().start()
        try:
            self.server.create_bucket("dst")
            self.version = self.server.put_object("src", "app.zip", packages.package())
            self.profile_version = self.put("known")
            self.put("notation", platformId=NOTATION)
            self.job = self.finished(self.start("known"))
        except BaseException:
            self.server.close()
            raise

    def close(self):
        self.server.close()

    def done(self, *arguments, **options):
        """The JSON of a request that must be answered."""
        response = self.server.call(*arguments, **options)
        if response is None or response.status != 200:
            raise AssertionError(f"{arguments}: {response}")
        return response.json if response.body else {}

    def put(self, name, **members):
        """Makes a profile; its version."""
        body = {"platformId": LAMBDA, **members}
        return self.done("PUT", f"/signing-profiles/{name}", (), body)["profileVersion"]

    def profile(self, **members):
        """(name, version) of a profile of its own."""
        name = "p" + uuid.uuid4().hex
        return name, self.put(name, **members)

    def job_of(self, profile):
        return {
            "source": {"s3": {"bucketName": "src", "key": "app.zip", "version": self.version}},
            "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
            "profileName": profile,
            "clientRequestToken": uuid.uuid4().hex,
        }

    def start(self, profile):
        """Starts a job; its id."""
        return self.done("POST", "/signing-jobs", (), self.job_of(profile))["jobId"]

    def finished(self, job):
        """The job's id when it has succeeded."""

        def look():
            return self.done("GET", f"/signing-jobs/{job}")["status"] != "InProgress"

        hallmark.wait_until(look, JOB_SECONDS_MAX)
        described = self.done("GET", f"/signing-jobs/{job}")
        if described["status"] != "Succeeded":
            raise AssertionError(described)
        return job

    def permission(self, profile):
        """Adds one to a profile; the revision."""
        body = {"action": "signer:StartSigningJob", "principal": STRANGER, "statementId": "known"}
        return self.done("POST", f"/signing-profiles/{profile}/permissions", (), body)["revisionId"]

    def good(self, operation):
        """The members of a request that will be answered, as they travel (see model.request_of). What
        an operation uses up is made for it alone."""
        return getattr(self, operation)()

    # pylint: disable=invalid-name: each is named as its operation is

    def AddProfilePermission(self):
        name, version = self.profile()
        return {"profileName": name, "profileVersion": version, "action": "signer:StartSigningJob",
                "principal": STRANGER, "revisionId": "", "statementId": "added"}

    def CancelSigningProfile(self):
        return {"profileName": self.profile()[0]}

    def DescribeSigningJob(self):
        return {"jobId": self.job}

    def GetRevocationStatus(self):
        return {"signatureTimestamp": "2026-11-22T09:08:07Z", "platformId": LAMBDA,
                "profileVersionArn": f"{PROFILES}/known/{self.profile_version}", "jobArn": f"{JOBS}/{self.job}",
                "certificateHashes": [HASH, "1" * 192]}

    def GetSigningPlatform(self):
        return {"platformId": LAMBDA}

    def GetSigningProfile(self):
        return {"profileName": "known", "profileOwner": ACCOUNT}

    def ListProfilePermissions(self):
        name, _ = self.profile()
        self.permission(name)
        return {"profileName": name}

    def ListSigningJobs(self):
        return {"status": "Succeeded", "platformId": LAMBDA, "requestedBy": f"arn:aws:iam::{ACCOUNT}:user/admin",
                "maxResults": "5", "isRevoked": "false", "signatureExpiresBefore": "2099-01-01T00:00:00Z",
                "signatureExpiresAfter": "2020-01-01T00:00:00Z", "jobInvoker": ACCOUNT}

    def ListSigningPlatforms(self):
        return {"category": "AWS", "partner": "AWSLambda", "target": "SHA384-ECDSA", "maxResults": "5"}

    def ListSigningProfiles(self):
        return {"includeCanceled": "true", "maxResults": "5", "platformId": LAMBDA, "statuses": ["Active", "Canceled"]}

    def ListTagsForResource(self):
        return {"resourceArn": f"{PROFILES}/known"}

    def PutSigningProfile(self):
        return {"profileName": "p" + uuid.uuid4().hex, "platformId": LAMBDA,
                "signatureValidityPeriod": {"value": 12, "type": "MONTHS"},
                "overrides": {"signingConfiguration": {"encryptionAlgorithm": "ECDSA", "hashAlgorithm": "SHA384"},
                              "signingImageFormat": "JSONDetached"},
                "tags": {"team": "one"}}

    def RemoveProfilePermission(self):
        name, _ = self.profile()
        return {"profileName": name, "revisionId": self.permission(name), "statementId": "known"}

    def RevokeSignature(self):
        return {"jobId": self.finished(self.start("known")), "jobOwner": ACCOUNT, "reason": "a test"}

    def RevokeSigningProfile(self):
        name, version = self.profile()
        return {"profileName": name, "profileVersion": version, "reason": "a test",
                "effectiveTime": int(time.time()) - 60}

    def SignPayload(self):
        return {"profileName": "notation", "profileOwner": ACCOUNT, "payload": base64.b64encode(PAYLOAD).decode(),
                "payloadFormat": PAYLOAD_FORMAT}

    def StartSigningJob(self):
        return {**self.job_of("known"), "profileOwner": ACCOUNT}

    def TagResource(self):
        return {"resourceArn": f"{PROFILES}/known", "tags": {"team": "two"}}

    def UntagResource(self):
        return {"resourceArn": f"{PROFILES}/known", "tagKeys": ["team", "absent"]}
