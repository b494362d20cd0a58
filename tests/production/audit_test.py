"""The audit log: that nobody changes it unseen, that nothing is signed without it, and its copies."""

import base64
import hashlib
import json
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

import hallmark
import operations
import postgresql
import signing_flow

NOTATION = "Notation-OCI-SHA384-ECDSA"
PAYLOAD = base64.b64encode(json.dumps({"targetArtifact": {
    "mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 16724,
    "digest": "sha256:73c803930ea3ba1e54bc25c2bdc53edd0284c62ed651fe7b00369da519a3c333"}}).encode()).decode()
CLOSED_SECONDS_MAX = 5  # a full disk is noticed and closes signing; 1 s on a machine that is not busy
HEALED_SECONDS_MAX = 10
COPIED_SECONDS_MAX = 10


def sign_payload(server):
    return server.call("POST", "/signing-jobs/with-payload", (), {
        "profileName": "images", "payloadFormat": "application/vnd.cncf.notary.payload.v1+json", "payload": PAYLOAD})


def record_of(line):
    """The exact bytes of a record's body."""
    return line[line.index(b'"record":') + len(b'"record":'):-1]


def records_of(text):
    return [json.loads(record_of(line)) for line in text.split(b"\n") if b'"record":' in line]


class Stranger:
    """Verifies an export by its documentation alone: hashes by Python, signatures by openssl."""

    def __init__(self, test, roots):
        self.test, self.roots = test, roots
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-stranger-"))
        test.addCleanup(shutil.rmtree, self.folder)

    def verify(self, text):
        """The number of records and of checkpoints."""
        links, counts = {}, [0, 0]
        for line in text.rstrip(b"\n").split(b"\n"):
            entry = json.loads(line)
            if "export" in entry:
                continue
            node, sequence, link = entry["node"], entry["sequence"], entry["link"]
            if "checkpoint" in entry:
                self.test.assertEqual(links[node, sequence], link)
                self.verify_checkpoint(entry)
                counts[1] += 1
                continue
            digest = hashlib.sha256(record_of(line)).digest()
            self.test.assertEqual(entry["sha256"], digest.hex())
            previous = links.get((node, sequence - 1), "00" * 32)
            self.test.assertEqual(entry["previous"], previous)
            self.test.assertEqual(link, hashlib.sha256(bytes.fromhex(previous) + digest).hexdigest())
            links[node, sequence] = link
            counts[0] += 1
        return tuple(counts)

    def verify_checkpoint(self, entry):
        checkpoint = entry["checkpoint"]
        text = (f"hallmark audit checkpoint 1\nnode {entry['node']}\nsequence {entry['sequence']}\n"
                f"link {entry['link']}\ntime {checkpoint['time']}\n")
        file = self.folder / "text"
        file.write_text(text)
        (self.folder / "signature").write_bytes(base64.b64decode(checkpoint["signature"]))
        pems = []
        for number, der in enumerate(checkpoint["certificates"]):
            pems.append(self.folder / f"{number}.pem")
            self.openssl("x509", "-inform", "DER", "-out", pems[-1], content=base64.b64decode(der))
        self.openssl("verify", "-CAfile", self.roots, "-untrusted", pems[1], pems[0])
        self.test.assertIn("CN=Hallmark audit", self.openssl("x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", pems[0]))
        key = self.folder / "key.pem"
        key.write_text(self.openssl("x509", "-noout", "-pubkey", "-in", pems[0]))
        self.openssl("dgst", "-sha384", "-verify", key, "-signature", self.folder / "signature", file)

    def openssl(self, *arguments, content=None):
        done = subprocess.run(["openssl", *arguments], input=content, capture_output=True)
        self.test.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()


class Receiver:
    """A syslog server: over TCP with octet counting, or over UDP."""

    def __init__(self, kind, port=0):
        self.kind, self.messages, self.peer = kind, [], None
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            self.socket.listen()
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.stream if kind == socket.SOCK_STREAM else self.datagrams)
        self.thread.start()

    def datagrams(self):
        while message := self.socket.recv(65536):
            self.messages.append(message)

    def stream(self):
        self.peer, _ = self.socket.accept()
        with self.peer.makefile("rb") as stream:
            while True:
                length = b""
                while (digit := stream.read(1)) not in (b" ", b""):
                    length += digit
                if not length:
                    return
                self.messages.append(stream.read(int(length)))

    def close(self):
        if self.kind == socket.SOCK_DGRAM:
            self.socket.sendto(b"", ("127.0.0.1", self.port))
        elif self.peer is not None:
            self.peer.shutdown(socket.SHUT_RDWR)
        else:
            socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join()
        if self.peer is not None:
            self.peer.close()
        self.socket.close()


class Audit(unittest.TestCase):
    def start(self, configuration="", before=None):
        server = hallmark.Server(configuration=configuration)
        self.addCleanup(server.close)
        if before:
            before(server)
        server.start()
        signing_flow.put_profile(self, server, "images", NOTATION)
        return server

    def verify(self, *arguments):
        """The exit code and what was said."""
        done = subprocess.run([hallmark.BINARY, "audit", "verify", *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def expect_fault(self, arguments, *faults):
        code, said = self.verify(*arguments)
        self.assertEqual(code, 1, said)
        for fault in faults:
            self.assertIn(fault, said)

    def finished(self):
        """A server that signed some payloads and has stopped; its data."""
        server = self.start()
        for _ in range(5):
            self.assertEqual(sign_payload(server).status, 200)
        self.assertEqual(server.stop(), 0)
        code, said = self.verify("--data-dir", server.data)
        self.assertEqual(code, 0, said)
        return server

    # Each is SQL that somebody with a database tool could run, and what is said of it.
    MANIPULATIONS = {
        "an edit": ("UPDATE audit SET body = replace(body, 'SignPayload', 'SignPaylord') WHERE sequence = 8",
                    "node 0, record 8: it is not what was written"),
        "a removal from the middle": ("DELETE FROM audit WHERE sequence = 6", "node 0, record 6: it is missing"),
        "a cut at the end": ("DELETE FROM audit WHERE sequence > 7", "node 0, record 8: it is missing"),
        "another order": ("UPDATE audit SET sequence = 900 WHERE sequence = 5;"
                          "UPDATE audit SET sequence = 5 WHERE sequence = 6;"
                          "UPDATE audit SET sequence = 6 WHERE sequence = 900",
                          "node 0, record 5: it is not what was written"),
        "an insertion": ("UPDATE audit SET sequence = sequence + 1000 WHERE sequence >= 7;"
                         "INSERT INTO audit SELECT 7, body, body_hash, link FROM audit WHERE sequence = 3;"
                         "UPDATE audit SET sequence = sequence - 999 WHERE sequence >= 1000",
                         "node 0, record 7: it is not what was written"),
    }

    def test_whoever_changes_the_store_is_found(self):
        server = self.finished()
        store = server.data / "hallmark.db"
        whole = store.read_bytes()
        for name, (sql, fault) in self.MANIPULATIONS.items():
            with self.subTest(name):
                store.write_bytes(whole)
                with sqlite3.connect(store) as database:
                    database.executescript(sql)
                database.close()
                self.expect_fault(["--data-dir", server.data], fault)

    def test_a_chain_that_is_made_anew_fits_no_checkpoint(self):
        server = self.finished()
        database = sqlite3.connect(server.data / "hallmark.db")
        link = bytes(32)
        for sequence, body in database.execute("SELECT sequence, body FROM audit ORDER BY sequence").fetchall():
            if sequence == 4:
                body = body.replace("1.11", "1.12")
            digest = hashlib.sha256(body.encode()).digest()
            link = hashlib.sha256(link + digest).digest()
            database.execute("UPDATE audit SET body = ?, body_hash = ?, link = ? WHERE sequence = ?",
                             (body, digest, link, sequence))
        database.commit()
        self.expect_fault(["--data-dir", server.data], "its checkpoint does not hold: the record is another")
        database.execute("UPDATE audit_checkpoints SET link = (SELECT link FROM audit WHERE sequence = place)")
        database.commit()
        self.expect_fault(["--data-dir", server.data], "the signature is not that of its certificate's key")
        database.execute("DELETE FROM audit_checkpoints")
        database.commit()
        database.close()
        self.expect_fault(["--data-dir", server.data], "node 0, record 1: no checkpoint vouches for it")

    def test_whoever_changes_an_export_is_found(self):
        server = self.finished()
        file = server.folder / "export"
        server.run("audit", "export", "-o", file)
        roots = server.data / "roots.pem"
        code, said = self.verify(file, "--trust-root", roots)
        self.assertEqual(code, 0, said)
        lines = file.read_bytes().split(b"\n")
        at = {json.loads(line)["sequence"]: number for number, line in enumerate(lines) if b'"record":' in line}
        edited = lines[at[8]].replace(b"SignPayload", b"SignPaylord")
        self.assertNotEqual(edited, lines[at[8]])
        swapped = list(lines)
        swapped[at[5]], swapped[at[6]] = swapped[at[6]], swapped[at[5]]
        manipulations = {
            "an edit": (lines[:at[8]] + [edited] + lines[at[8] + 1:], "record 8: it is not what was written"),
            "a removal from the middle": (lines[:at[6]] + lines[at[6] + 1:], "record 6: it is missing"),
            "a cut at the end": (lines[:at[8]] + [b""], "record 8: it is missing"),
            "another order": (swapped, "record 5: it is missing"),
            "an insertion": (lines[:at[7]] + [lines[at[3]]] + lines[at[7]:],
                             "record 3: it stands after records that come later"),
        }
        for name, (changed, fault) in manipulations.items():
            with self.subTest(name):
                file.write_bytes(b"\n".join(changed))
                self.expect_fault([file, "--trust-root", roots], fault)

    def test_a_stranger_verifies_an_export_by_its_documentation(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        signing_flow.sign_and_verify(self, server)
        self.assertEqual(server.stop(), 0)
        text = server.run("audit", "export").encode()
        records, checkpoints = Stranger(self, server.data / "roots.pem").verify(text)
        self.assertGreater(records, 8)
        self.assertGreater(checkpoints, 0)
        trail = json.loads(server.run("audit", "export", "--format", "cloudtrail"))["Records"]
        self.assertEqual(trail, records_of(text))
        part = server.run("audit", "export", "--from", "3", "--to", "5").encode()
        self.assertEqual(records_of(part), trail[2:5])
        since = server.run("audit", "export", "--from", trail[-1]["eventTime"]).encode()
        self.assertIn(trail[-1], records_of(since))
        self.assertNotIn(trail[0], records_of(since))

    def test_records_have_the_members_of_cloudtrail(self):
        server = self.start()
        self.assertEqual(sign_payload(server).status, 200)
        self.assertEqual(server.call("GET", "/signing-profiles/images").status, 200)
        self.assertEqual(server.stop(), 0)
        trail = json.loads(server.run("audit", "export", "--format", "cloudtrail"))["Records"]
        self.assertEqual(len({record["eventID"] for record in trail}), len(trail))
        for record in trail:
            for member in ("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
                           "sourceIPAddress", "userAgent", "requestParameters", "responseElements", "eventID",
                           "eventType", "readOnly", "managementEvent", "eventCategory"):
                self.assertIn(member, record, record)
        signed = next(record for record in trail if record["eventName"] == "SignPayload")
        self.assertEqual(signed["requestParameters"]["payloadSha256"],
                         hashlib.sha256(base64.b64decode(PAYLOAD)).hexdigest())
        for member in ("outputSha256", "certificateSerialNumber", "profileVersionArn", "jobId"):
            self.assertTrue(signed["responseElements"][member])
        self.assertEqual(signed["recipientAccountId"], hallmark.ACCOUNT)
        self.assertTrue(signed["requestID"])
        read = next(record for record in trail if record["eventName"] == "GetSigningProfile")
        self.assertIs(read["readOnly"], True)
        self.assertEqual(read["requestParameters"], {"profileName": "images"})

    def test_reads_leave_no_record_where_they_are_switched_off(self):
        server = self.start("[audit]\nreads = false\n")
        self.assertEqual(server.call("GET", "/signing-profiles/images").status, 200)
        self.assertEqual(server.stop(), 0)
        self.assertNotIn("GetSigningProfile", server.run("audit", "export"))

    def test_the_log_is_verified_and_exported_while_the_server_runs(self):
        server = self.start()

        def verified():
            self.assertEqual(sign_payload(server).status, 200)
            return self.verify("--data-dir", server.data)[0] == 0
        hallmark.wait_until(verified, 30)  # from the first checkpoint on
        file = server.folder / "export"
        server.run("audit", "export", "-o", file)
        self.assertEqual(self.verify(file, "--data-dir", server.data)[0], 0)

    def test_whatever_was_signed_has_a_record_even_after_a_crash(self):
        server = self.start()
        signing_flow.put_profile(self, server)
        answered = []

        def sign():
            while True:
                try:
                    answer = sign_payload(server)
                except OSError:
                    return
                if answer is None:
                    return
                if answer.status == 200:
                    answered.append(answer.json["jobId"])
        threads = [threading.Thread(target=sign) for _ in range(4)]
        for thread in threads:
            thread.start()
        started = [signing_flow.start_job(server, seed=seed).json["jobId"] for seed in (1, 2, 3)]
        hallmark.wait_until(lambda: len(answered) > 50, 60)
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        for job in started:
            self.assertEqual(signing_flow.ended(server, job)["status"], "Succeeded")
        objects = {key for key in server.keys("dst") if key.startswith("signed/")}
        self.assertEqual(server.stop(), 0)
        trail = json.loads(server.run("audit", "export", "--format", "cloudtrail"))["Records"]
        payloads = [one["responseElements"]["jobId"] for one in trail if one["eventName"] == "SignPayload"]
        self.assertEqual(len(payloads), len(set(payloads)))
        self.assertEqual(set(answered) - set(payloads), set())
        jobs = [one["responseElements"]["jobArn"].rsplit("/", 1)[1] for one in trail
                if one["eventName"] == "SignObject"]
        self.assertEqual(sorted(jobs), sorted(started))
        self.assertEqual(len(objects), len(jobs))
        for one in trail:
            if one["eventName"] == "SignObject":
                for member in ("sourceSha256", "outputSha256", "certificateSerialNumber", "profileVersionArn"):
                    self.assertTrue(one["responseElements"][member])
        code, said = self.verify("--data-dir", server.data)
        self.assertEqual(code, 0, said)

    def test_a_copy_in_a_file_is_whole_through_restarts_and_rotation(self):
        server = self.start('[audit]\nfile = "audit.log"\n')
        log, old = server.folder / "audit.log", server.folder / "audit.log.1"
        sign_payload(server)
        self.assertEqual(server.stop(), 0)
        server.start()
        sign_payload(server)
        hallmark.wait_until(lambda: log.read_bytes().count(b'"SignPayload"') == 2, COPIED_SECONDS_MAX)
        log.rename(old)
        sign_payload(server)
        hallmark.wait_until(lambda: log.exists() and b'"SignPayload"' in log.read_bytes(), COPIED_SECONDS_MAX)
        server.kill()
        server.start()
        sign_payload(server)
        self.assertEqual(server.stop(), 0)
        whole = server.folder / "whole"
        whole.write_bytes(old.read_bytes() + log.read_bytes())
        code, said = self.verify(whole, "--data-dir", server.data)
        self.assertEqual(code, 0, said)
        self.assertEqual(whole.read_bytes().count(b'"SignPayload"'), 4)
        Stranger(self, server.data / "roots.pem").verify(whole.read_bytes())

    def test_a_required_copy_that_cannot_be_written_closes_signing_and_reads_go_on(self):
        log = None

        def fill(server):
            nonlocal log
            log = server.folder / "audit.log"
        server = self.start('[audit]\nfile = "audit.log"\nrequired = true\n', before=fill)
        hallmark.wait_until(lambda: operations.ask(server, "/readyz")[0] == 200, COPIED_SECONDS_MAX)
        signing_flow.put_profile(self, server)
        job = signing_flow.start_job(server)
        self.assertEqual(job.status, 200, job)
        log.rename(server.folder / "before")
        log.symlink_to("/dev/full")
        began = time.monotonic()
        hallmark.wait_until(lambda: signing_flow.start_job(server, seed=2).status == 503, CLOSED_SECONDS_MAX)
        self.assertLess(time.monotonic() - began, CLOSED_SECONDS_MAX)
        self.assertEqual(sign_payload(server).status, 503)
        version = server.call("GET", "/signing-profiles/images")
        self.assertEqual(version.status, 200)
        self.assertEqual(server.call("PUT", "/signing-profiles/images/revoke", (), {
            "profileVersion": version.json["profileVersion"], "reason": "leaked",
            "effectiveTime": int(time.time())}).status, 503)
        hallmark.wait_until(lambda: operations.ask(server, "/readyz")[0] == 503, CLOSED_SECONDS_MAX)
        with self.assertRaises(hallmark.CommandFailed) as refused:
            server.run("user", "create", "mallory")
        self.assertIn("busy", refused.exception.stderr)
        log.unlink()  # room returns
        hallmark.wait_until(lambda: sign_payload(server).status == 200, HEALED_SECONDS_MAX)
        hallmark.wait_until(lambda: operations.ask(server, "/readyz")[0] == 200, HEALED_SECONDS_MAX)
        self.assertEqual(server.stop(), 0)
        whole = server.folder / "whole"
        whole.write_bytes((server.folder / "before").read_bytes() + log.read_bytes())
        code, said = self.verify(whole, "--data-dir", server.data)
        self.assertEqual(code, 0, said)

    def test_a_copy_that_is_only_wanted_closes_nothing(self):
        server = self.start('[audit]\nfile = "audit.log"\n',
                            before=lambda one: (one.folder / "audit.log").symlink_to("/dev/full"))
        hallmark.wait_until(
            lambda: 'hallmark_audit_sink_failures_total{sink="file"} 0' not in operations.ask(server, "/metrics")[1],
            COPIED_SECONDS_MAX)
        self.assertEqual(sign_payload(server).status, 200)
        self.assertEqual(operations.ask(server, "/readyz")[0], 200)
        self.assertIn("a copy of the audit log fails", server.log())

    def test_syslog_gets_every_record(self):
        for kind, name in ((socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")):
            with self.subTest(name):
                receiver = Receiver(kind)
                self.addCleanup(receiver.close)
                server = self.start(f'[audit]\nsyslog = "{name}:127.0.0.1:{receiver.port}"\n'
                                    f'required = {"true" if name == "tcp" else "false"}\n')
                self.assertEqual(sign_payload(server).status, 200)
                self.assertEqual(server.stop(), 0)
                hallmark.wait_until(
                    lambda: any(b'"checkpoint":' in message for message in receiver.messages[-2:]),
                    COPIED_SECONDS_MAX)
                self.assertTrue(all(message.startswith(b"<110>1 20") for message in receiver.messages))
                lines = b"".join(message[message.index(b"{"):] + b"\n" for message in receiver.messages)
                self.assertEqual(lines.count(b'"SignPayload"'), 1)
                file = server.folder / "syslog"
                file.write_bytes(lines)
                code, said = self.verify(file, "--data-dir", server.data, "--repeats")
                self.assertEqual(code, 0, said)

    def test_a_required_copy_that_was_never_reached_closes_signing_from_the_start(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = hallmark.Server(configuration=f'[audit]\nsyslog = "tcp:127.0.0.1:{port}"\nrequired = true\n')
        self.addCleanup(server.close)
        server.start()
        for _ in range(3):  # from the first request on
            self.assertEqual(server.call("PUT", "/signing-profiles/images", (), {"platformId": NOTATION}).status, 503)
        self.assertEqual(server.call("GET", "/signing-platforms").status, 200)
        self.assertIn("audit: the audit log's required copy cannot be written: syslog\n",
                      operations.ask(server, "/readyz")[1])
        self.assertIn("that is required does not work", server.log())
        receiver = Receiver(socket.SOCK_STREAM, port)
        self.addCleanup(receiver.close)
        hallmark.wait_until(lambda: operations.ask(server, "/readyz")[0] == 200, HEALED_SECONDS_MAX)
        signing_flow.put_profile(self, server, "images", NOTATION)
        self.assertEqual(server.stop(), 0)

    def test_what_a_syslog_server_had_not_read_when_it_died_is_sent_again(self):
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            port = deaf.getsockname()[1]
            server = self.start(f'[audit]\nsyslog = "tcp:127.0.0.1:{port}"\nrequired = true\n')
            peer, _ = deaf.accept()  # and reads nothing: its kernel acknowledges all the same
            self.assertEqual(sign_payload(server).status, 200)
            lag = 'hallmark_audit_sink_lag_records{sink="syslog"} 0'
            hallmark.wait_until(lambda: lag in operations.ask(server, "/metrics")[1], COPIED_SECONDS_MAX)
            peer.close()
        receiver = Receiver(socket.SOCK_STREAM, port)
        self.addCleanup(receiver.close)
        hallmark.wait_until(lambda: any(b'"SignPayload"' in one for one in receiver.messages), COPIED_SECONDS_MAX)
        self.assertEqual(server.stop(), 0)
        hallmark.wait_until(lambda: any(b'"checkpoint":' in message for message in receiver.messages[-2:]),
                            COPIED_SECONDS_MAX)
        file = server.folder / "syslog"
        file.write_bytes(b"".join(message[message.index(b"{"):] + b"\n" for message in receiver.messages))
        code, said = self.verify(file, "--data-dir", server.data, "--repeats")
        self.assertEqual(code, 0, said)

    def test_a_copy_of_another_log_is_not_gone_on_with(self):
        server = self.start('[audit]\nfile = "audit.log"\n')
        self.assertEqual(sign_payload(server).status, 200)
        self.assertEqual(server.stop(), 0)
        log = server.folder / "audit.log"
        last = json.loads([line for line in log.read_bytes().split(b"\n") if b'"record":' in line][-1])
        forged = log.read_bytes().replace(last["link"].encode(), b"0" * 64)
        log.write_bytes(forged)
        server.start()
        self.assertEqual(sign_payload(server).status, 200)
        self.assertEqual(server.stop(), 0)
        self.assertIn("has another last record than the store", server.log())
        self.assertEqual((server.folder / "audit.log.differs-1").read_bytes(), forged)
        first = json.loads(log.read_bytes().split(b"\n")[0])["sequence"]
        code, said = self.verify(log, "--data-dir", server.data, "--from", str(first))
        self.assertEqual(code, 0, said)

    @unittest.skipUnless(shutil.which("rsyslogd"), "NOT TESTED: there is no rsyslogd (package rsyslog)")
    def test_rsyslog_keeps_what_it_gets(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-rsyslog-"))
        self.addCleanup(shutil.rmtree, folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "conf").write_text(
            f'global(workDirectory="{folder}")\nmodule(load="imtcp")\n'
            f'input(type="imtcp" port="{port}" address="127.0.0.1")\n'
            f'template(name="message" type="string" string="%msg%\\n")\n'
            f'action(type="omfile" file="{folder}/log" template="message")\n')
        daemon = subprocess.Popen(["rsyslogd", "-n", "-f", folder / "conf", "-i", folder / "pid"],
                                  stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        server = self.start(f'[audit]\nsyslog = "tcp:127.0.0.1:{port}"\n')
        self.assertEqual(sign_payload(server).status, 200)
        log = folder / "log"
        hallmark.wait_until(lambda: log.exists() and b'"checkpoint":' in log.read_bytes()
                            and b'"SignPayload"' in log.read_bytes(), 30)
        self.assertEqual(server.stop(), 0)
        lines = [line[line.index(b"{"):] for line in log.read_bytes().split(b"\n") if b"{" in line]
        file = folder / "lines"
        file.write_bytes(b"\n".join(lines) + b"\n")
        code, said = self.verify(file, "--data-dir", server.data, "--repeats")
        self.assertEqual(code, 0, said)

    @unittest.skipUnless(postgresql.usable(), "NOT TESTED: there is no PostgreSQL")
    def test_each_node_has_a_chain_of_its_own(self):
        cluster = postgresql.Cluster()
        self.addCleanup(cluster.close)
        one = postgresql.Node(cluster)
        nodes = [one]
        self.addCleanup(postgresql.close_all, nodes)
        one.start()
        two = postgresql.Node(cluster, one)
        nodes.append(two)
        two.start()
        signing_flow.put_profile(self, one, "images", NOTATION)
        for node in nodes:
            for _ in range(3):
                self.assertEqual(sign_payload(node).status, 200)
        for node in nodes:
            self.assertEqual(node.stop(), 0)
        code, said = self.verify("--data-dir", two.data)
        self.assertEqual(code, 0, said)
        self.assertGreaterEqual(said.count("checkpoints, the last of record"), 2)
        text = one.run("audit", "export").encode()
        Stranger(self, one.data / "roots.pem").verify(text)
        self.assertEqual(text.count(b'"eventName":"SignPayload"'), 6)
        cluster.ask("DELETE FROM audit WHERE sequence = (SELECT MAX(sequence) - 1 FROM audit)")
        self.expect_fault(["--data-dir", one.data], "it is missing")


if __name__ == "__main__":
    unittest.main()
