"""The main job, done once: a Lambda package in, a signed one out, verified."""

import hallmark
import packages

PLATFORM = "AWSLambda-SHA384-ECDSA"
JOB_SECONDS_MAX = 60


def put_profile(test, server, name="release", platform=PLATFORM):
    done = server.call("PUT", f"/signing-profiles/{name}", (), {"platformId": platform})
    test.assertEqual(done.status, 200, done)


def start_job(server, name="release", seed=1):
    version = server.put_object("src", f"{seed}.zip", packages.package(seed))
    server.create_bucket("dst")
    return server.call("POST", "/signing-jobs", (), {
        "source": {"s3": {"bucketName": "src", "key": f"{seed}.zip", "version": version}},
        "destination": {"s3": {"bucketName": "dst", "prefix": "signed/"}},
        "profileName": name,
        "clientRequestToken": f"flow-{name}-{seed}"})


def ended(server, job_id):
    def look():
        job = server.call("GET", f"/signing-jobs/{job_id}").json
        return job if job["status"] != "InProgress" else None
    return hallmark.wait_until(look, JOB_SECONDS_MAX)


def sign_and_verify(test, server, name="release", seed=1):
    started = start_job(server, name, seed)
    test.assertEqual(started.status, 200, started)
    job = ended(server, started.json["jobId"])
    test.assertEqual(job["status"], "Succeeded", job)
    signed = server.get_object("dst", job["signedObject"]["s3"]["key"], server.folder / "signed.zip")
    roots = server.folder / "roots.pem"
    roots.write_text(server.run("trust", "export"))
    test.assertIn("valid", hallmark.run("verify", signed, "--trust-root", roots).lower())
    return job
