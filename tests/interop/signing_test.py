"""`notation sign` with a profile of ours."""

import flow
import wire


class Signing(flow.Flow):
    def test_is_verified(self):
        _, _, arn = self.signed()
        self.assert_done(self.verify(arn))

    def test_names_the_job_and_the_profile_beside_the_signature(self):
        _, version, arn = self.signed()
        (manifest, _), = self.layout.signatures()
        self.assertEqual({k: v for k, v in manifest["annotations"].items() if k.startswith("com.amazonaws.")}, {
            "com.amazonaws.signer.signingJob": self.job(),
            "com.amazonaws.signer.signingProfileVersion": f"{arn}/{version}",
        })
        described = self.call("GET", f"/signing-jobs/{self.job().rpartition('/')[2]}")
        self.assertEqual(described["status"], "Succeeded")

    def test_works_with_a_key_that_was_added(self):
        _, _, arn = self.profile()
        self.notation.add_key("ours", arn)
        self.assert_done(self.notation.run("sign", *self.layout.reference, "--key", "ours"))
        self.assert_done(self.verify(arn))

    def test_takes_a_payload_of_4096_bytes_and_none_of_one_more(self):
        _, _, arn = self.profile()
        room = flow.PAYLOAD_BYTES_MAX - len(self.layout.payload) - len(',"annotations":{"note":""}')
        self.assert_done(self.notation.sign(self.layout.reference, arn, "--user-metadata", "note=" + "x" * room))
        self.assert_done(self.verify(arn))
        done = self.notation.sign(self.layout.reference, arn, "--user-metadata", "note=" + "x" * (room + 1))
        self.assert_failed(done, "payload must have 1 to 4096 bytes")

    def test_is_refused_without_the_right_key(self):
        _, _, arn = self.profile()
        known = self.server.credentials
        stranger = self.make_notation(wire.Credentials(known.access_key, "not" + known.secret_key[3:]))
        self.assert_failed(stranger.sign(self.layout.reference, arn), "signature we calculated does not match")
        self.assertEqual(list(self.layout.signatures()), [])

    def test_is_refused_for_a_profile_that_is_not_there(self):
        _, _, arn = self.profile()
        self.assert_failed(self.notation.sign(self.layout.reference, arn + "x"), "does not exist")

    def test_leaves_the_expiry_to_the_profile(self):
        _, _, arn = self.profile()
        self.assert_failed(self.notation.sign(self.layout.reference, arn, "-e", "24h"), "-e", "signing profile")

    def test_is_not_in_cose(self):
        _, _, arn = self.profile()
        done = self.notation.sign(self.layout.reference, arn, "--signature-format", "cose")
        self.assert_failed(done, "application/cose", "is not supported")

    def test_is_not_by_a_version_of_a_profile(self):
        _, version, arn = self.profile()
        self.assert_failed(self.notation.sign(self.layout.reference, f"{arn}/{version}"), "ARN")


flow.for_every_plugin(globals(), Signing)
