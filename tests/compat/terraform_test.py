"""What Terraform's aws_signer_* resources rely on, call by call as the provider makes them."""

import unittest
import uuid

import clients
import world


def setUpModule():
    global here
    here = world.World()
    unittest.addModuleCleanup(here.close)


class Terraform(unittest.TestCase):
    def setUp(self):
        self.client = clients.Boto3(here.server.endpoint, here.server.credentials)
        self.name = "terraform_" + uuid.uuid4().hex[:20]
        self.call("PutSigningProfile", profileName=self.name, platformId=world.LAMBDA,
                  signatureValidityPeriod={"type": "YEARS", "value": 5}, tags={"Name": "one"})

    def call(self, operation, **parameters):
        return self.client.call(operation, **parameters)

    def refused(self, operation, **parameters):
        with self.assertRaises(clients.Refused) as caught:
            self.call(operation, **parameters)
        return caught.exception.name

    def add(self, statement, revision, principal=world.STRANGER, **more):
        return self.call("AddProfilePermission", profileName=self.name, statementId=statement, revisionId=revision,
                         action="signer:StartSigningJob", principal=principal, **more)["revisionId"]


class Profiles(Terraform):
    """aws_signer_signing_profile"""

    def test_are_read_back_as_they_were_put(self):
        got = self.call("GetSigningProfile", profileName=self.name)
        self.assertEqual(got["platformDisplayName"], "AWS Lambda")
        self.assertEqual(got["signatureValidityPeriod"], {"type": "YEARS", "value": 5})
        self.assertEqual((got["status"], got["tags"]), ("Active", {"Name": "one"}))
        self.assertNotIn("revocationRecord", got)

    def test_are_gone_when_they_are_canceled(self):
        self.call("CancelSigningProfile", profileName=self.name)
        self.assertEqual(self.call("GetSigningProfile", profileName=self.name)["status"], "Canceled")

    def test_that_are_not_there_are_not_found(self):
        self.assertEqual(self.refused("GetSigningProfile", profileName="unknown"), "ResourceNotFoundException")

    def test_have_their_tags_changed_in_two_calls(self):
        arn = self.call("GetSigningProfile", profileName=self.name)["arn"]
        self.call("UntagResource", resourceArn=arn, tagKeys=["Name"])
        self.call("TagResource", resourceArn=arn, tags={"Stage": "test"})
        self.assertEqual(self.call("GetSigningProfile", profileName=self.name)["tags"], {"Stage": "test"})
        self.assertEqual(self.call("ListTagsForResource", resourceArn=arn)["tags"], {"Stage": "test"})


class Permissions(Terraform):
    """aws_signer_signing_profile_permission"""

    def test_are_added_first_with_an_empty_revision(self):
        self.assertEqual(self.refused("ListProfilePermissions", profileName=self.name), "ResourceNotFoundException")
        revision = self.add("one", "")
        self.add("two", revision)
        listed = self.call("ListProfilePermissions", profileName=self.name)
        self.assertEqual([p["statementId"] for p in listed["permissions"]], ["one", "two"])

    def test_have_the_principal_as_it_was_sent(self):
        role = f"arn:aws:iam::{world.STRANGER}:role/ci/signer"
        self.add("role", self.add("account", ""), role)
        permissions = self.call("ListProfilePermissions", profileName=self.name)["permissions"]
        self.assertEqual({p["statementId"]: p["principal"] for p in permissions},
                         {"account": world.STRANGER, "role": role})

    def test_keep_the_version_they_were_added_for(self):
        version = self.call("GetSigningProfile", profileName=self.name)["profileVersion"]
        self.add("versioned", "", profileVersion=version)
        permissions = self.call("ListProfilePermissions", profileName=self.name)["permissions"]
        self.assertEqual([p["profileVersion"] for p in permissions], [version])

    def test_are_removed_with_the_revision_of_the_list(self):
        self.add("two", self.add("one", ""))
        for statement in ("one", "two"):
            revision = self.call("ListProfilePermissions", profileName=self.name)["revisionId"]
            self.call("RemoveProfilePermission", profileName=self.name, statementId=statement, revisionId=revision)
        self.assertEqual(self.refused("ListProfilePermissions", profileName=self.name), "ResourceNotFoundException")

    def test_say_when_somebody_else_was_faster(self):
        stale = self.add("one", "")
        self.add("two", stale)
        self.assertEqual(self.refused("RemoveProfilePermission", profileName=self.name, statementId="one",
                                      revisionId=stale), "ConflictException")


class Jobs(Terraform):
    """aws_signer_signing_job"""

    def test_are_started_waited_for_and_read(self):
        source = {"s3": {"bucketName": "src", "key": "app.zip", "version": here.version}}
        job = here.finished(self.call(
            "StartSigningJob", profileName=self.name, source=source,
            destination={"s3": {"bucketName": "dst", "prefix": "terraform/"}},
            clientRequestToken=f"terraform-{uuid.uuid4()}")["jobId"])
        got = self.call("DescribeSigningJob", jobId=job)
        self.assertEqual((got["status"], got["source"], got["profileName"]), ("Succeeded", source, self.name))
        self.assertEqual(got["signedObject"]["s3"], {"bucketName": "dst", "key": f"terraform/{job}.zip"})
        self.assertEqual((got["jobOwner"], got["jobInvoker"]), (world.ACCOUNT, world.ACCOUNT))
        for name in ("completedAt", "createdAt", "requestedBy", "signatureExpiresAt", "profileVersion", "statusReason"):
            self.assertTrue(got[name])


if __name__ == "__main__":
    unittest.main()
