"""`notation verify` under a strict policy: what it takes, and what it refuses."""

import time

import flow
import hallmark
import identities
import wire


class Verifying(flow.Flow):
    def test_trusts_a_version_of_the_profile(self):
        _, version, arn = self.signed()
        self.assert_done(self.verify(f"{arn}/{version}"))

    def test_refuses_another_version_of_the_profile(self):
        _, version, arn = self.signed()
        self.assert_failed(self.verify(f"{arn}/{version[::-1]}x"), "trust", "failed with reason")

    def test_refuses_another_profile(self):
        self.signed()
        self.assert_failed(self.verify(self.profile()[2]), "trust", "failed with reason")

    def test_refuses_a_foreign_root(self):
        _, _, arn = self.signed()
        other = hallmark.Server().start()
        self.addCleanup(other.close)
        done = self.verify(arn, root=other.run("trust", "export"))
        self.assert_failed(done, "certificate chain does not contain any trusted certificate")

    def test_refuses_a_changed_envelope(self):
        _, _, arn = self.signed()
        (_, envelope), = self.layout.signatures()
        for share in (0.03, 0.2, 0.5, 0.7, 0.9, 0.99):
            changed = bytearray(envelope)
            changed[int(len(envelope) * share)] ^= 1
            with self.subTest(share):
                self.layout.attach(bytes(changed))
                self.assert_failed(self.verify(arn), "failed verification")
        self.layout.attach(envelope)
        self.assert_done(self.verify(arn))

    def test_refuses_the_envelope_of_another_image(self):
        _, _, arn = self.signed()
        (_, envelope), = self.layout.signatures()
        self.setUp()
        self.layout.attach(envelope)
        self.assert_failed(self.verify(arn), "failed verification")

    def test_is_refused_without_the_right_key(self):
        _, _, arn = self.signed()
        known = self.server.credentials
        stranger = self.make_notation(wire.Credentials(known.access_key, "not" + known.secret_key[3:]))
        stranger.trust(self.root, arn)
        self.assert_failed(stranger.verify(self.layout.reference), "GetRevocationStatus call failed", "InvalidSignature")

    def test_is_refused_without_the_right_to_ask_for_revocations(self):
        _, _, arn = self.signed()
        people = identities.Identities(self.server)
        nobody = self.make_notation(people.user("nobody"))
        nobody.trust(self.root, arn)
        self.assert_failed(nobody.verify(self.layout.reference), "GetRevocationStatus call failed", "AccessDenied")
        verifier = self.make_notation(people.user(
            "verifier", identities.policy(identities.statement(action="signer:GetRevocationStatus"))))
        verifier.trust(self.root, arn)
        self.assert_done(verifier.verify(self.layout.reference))


class Revoking(flow.Flow):
    def revoke_signature(self):
        self.call("PUT", f"/signing-jobs/{self.job().rpartition('/')[2]}/revoke", (), {"reason": "a test"})

    def revoke_profile(self, profile, effective):
        name, version, _ = profile
        self.call("PUT", f"/signing-profiles/{name}/revoke", (),
                  {"profileVersion": version, "reason": "a test", "effectiveTime": effective})

    def test_a_signature_is_told_by_its_job(self):
        _, _, arn = self.signed()
        self.revoke_signature()
        self.assert_failed(self.verify(arn), "revo", self.job())

    def test_a_signature_leaves_others_of_its_profile_good(self):
        _, _, arn = self.signed()
        self.revoke_signature()
        self.setUp()  # another image
        self.assert_done(self.notation.sign(self.layout.reference, arn))
        self.assert_done(self.verify(arn))

    def test_is_not_asked_for_when_the_policy_skips_it(self):
        _, _, arn = self.signed()
        self.revoke_signature()
        self.recorder.requests.clear()
        self.assert_done(self.verify(arn, override={"revocation": "skip"}))
        self.assertEqual(self.recorder.requests, [])

    def test_a_profile_from_before_the_signature_is_told_by_its_version(self):
        profile = self.signed()
        self.revoke_profile(profile, int(time.time()) - 3600)
        self.assert_failed(self.verify(profile[2]), "revo", f"{profile[2]}/{profile[1]}")

    def test_a_profile_from_after_the_signature_leaves_it_good(self):
        profile = self.signed()
        after = flow.await_second_after(self.claims()["io.cncf.notary.authenticSigningTime"])
        self.revoke_profile(profile, after)
        self.assert_done(self.verify(profile[2]))
        self.revoke_profile(profile, after - 3600)  # moved to an earlier time
        self.assert_failed(self.verify(profile[2]), "revo", f"{profile[2]}/{profile[1]}")

    def test_a_profile_ends_its_signing(self):
        profile = self.signed()
        self.revoke_profile(profile, int(time.time()) - 1)
        self.assert_failed(self.notation.sign(self.layout.reference, profile[2]), "failed to sign")


flow.for_every_plugin(globals(), Verifying, Revoking)
