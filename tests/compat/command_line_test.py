"""What the command line says to somebody who is new to it: about files that the machine refuses or that
are there already, about commands that are none, and about directories that are not what they should be."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import hallmark

STRANGER = 65534


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hallmark-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def run_command(self, *arguments, **options):
        return subprocess.run([hallmark.BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=options.pop("stdout", -1),
                              stderr=subprocess.PIPE, text=True, timeout=60, cwd=self.folder, **options)

    def init(self):
        return hallmark.run("init", "--data-dir", self.data, "--master-key", self.folder / "master.key", "--root-out",
                            self.folder / "root.pem")

    def assert_refused(self, said, *arguments, code=1, **options):
        """One line, said once."""
        done = self.run_command(*arguments, **options)
        self.assertEqual((done.stderr, done.returncode), (f"hallmark: {said}\n", code))
        self.assertNotIn("internal error", done.stderr)


class Files(Command):
    def test_files_that_are_not_there_are_named_with_their_option(self):
        self.init()
        none = self.folder / "none"
        refusal = f"cannot open {none}: No such file or directory"
        key = ("--master-key", self.folder / "master.key", "--data-dir", self.data)
        for option, arguments in {
                "--config": ("server", "--config", none, *key),
                "--root": ("authority", "renew", "--root", none, *key),
                "--certificate": ("certificate", "import", "--certificate", none, "--private-key", none, *key),
                "--trust": ("role", "create", "ci", "--trust", none, *key),
                "--secret-file": ("access-key", "create", "--root", "--id", "A" * 16, "--secret-file", none, *key),
                "--trust-root": ("audit", "verify", "x", "--trust-root", none),
                "--ca-file": ("env", "--ca-file", none, "--data-dir", self.data),
        }.items():
            with self.subTest(option):
                self.assert_refused(f"{option}: {refusal}", *arguments)
        for arguments in (("verify", none), ("audit", "verify", none), ("object", "put", "a/b", none, *key[2:]),
                          ("policy", "put", none, "--user", "admin", "--name", "n", *key),
                          ("restore", none, "--check", *key[:2])):
            with self.subTest(arguments[0]):
                self.assert_refused(refusal, *arguments)

    def test_places_that_cannot_be_written_are_named_before_anything_is_done(self):
        self.init()
        for path, why in ((self.folder / "none" / "file", "No such file or directory"),
                          (self.folder, "Is a directory"), (self.folder / "root.pem" / "file", "Not a directory")):
            for command in (("backup",), ("audit", "export"), ("trust", "export"), ("authority", "request"),
                            ("access-key", "create", "--root")):
                with self.subTest(command, path=path):
                    self.assert_refused(f"--output: cannot write {path}: {why}", *command, "-o", path, "--data-dir",
                                        self.data)
        self.assert_refused(f"--root-out: cannot write {self.folder}: Is a directory", "init", "--data-dir",
                            self.folder / "other", "--master-key", self.folder / "other.key", "--root-out", self.folder)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["data", "master.key", "root.pem"])

    def test_a_disk_without_room_is_named(self):
        self.init()
        with open("/dev/full", "w") as full:
            self.assert_refused("cannot write to standard output: No space left on device", "trust", "export",
                                "--data-dir", self.data, stdout=full)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_who_may_not_read_is_told_so(self):
        self.init()
        os.chmod(self.folder, 0o755)
        binary = pathlib.Path(shutil.copy(hallmark.BINARY, self.folder / "hallmark"))  # where all can reach it
        os.chmod(binary, 0o755)
        for arguments in (("trust", "export"), ("check",), ("env",), ("user", "list"), ("audit", "verify")):
            with self.subTest(arguments):
                done = subprocess.run([binary, *arguments, "--data-dir", self.data], capture_output=True, text=True,
                                      user=STRANGER, group=STRANGER, extra_groups=(), timeout=60)
                self.assertEqual(done.stderr, f"hallmark: cannot read {self.data}/installation: Permission denied\n")
        done = subprocess.run([binary, "server", "--data-dir", self.folder / "x", "--config", self.folder / "root.pem"],
                              capture_output=True, text=True, user=STRANGER, group=STRANGER, extra_groups=(), timeout=60)
        self.assertEqual(done.stderr, f"hallmark: --config: cannot open {self.folder}/root.pem: Permission denied\n")

    def test_what_is_there_stays_unless_force_is_given(self):
        self.init()
        self.assert_refused(f"--root-out: {self.folder}/root.pem exists already.", "init", "--data-dir",
                            self.folder / "other", "--master-key", self.folder / "other.key", "--root-out", "root.pem")
        file = self.folder / "file"
        for command, mode in ((("audit", "export"), 0o600), (("trust", "export"), 0o644),
                              (("authority", "request"), 0o644), (("access-key", "create", "--root"), 0o600)):
            with self.subTest(command):
                file.write_text("before")
                arguments = (*command, "-o", file, "--data-dir", self.data)
                self.assert_refused(f"--output: {file} exists already: --force replaces it.", *arguments)
                self.assertEqual(file.read_text(), "before")
                hallmark.run(*arguments, "--force")
                self.assertNotEqual(file.read_text(), "before")
                self.assertEqual(file.stat().st_mode & 0o777, mode)
        self.assert_refused(f"--output: {file} exists already.", "backup", "-o", file, "--data-dir", self.data)


class Directories(Command):
    def test_what_is_no_data_directory_is_told_from_what_cannot_be_read(self):
        for path in (self.folder / "none", self.folder):
            said = (f"{path} is no Hallmark data directory: it is not initialised. Run `hallmark init` or `hallmark "
                    "dev`.")
            for arguments in (("trust", "export"), ("check",), ("env",), ("user", "list"), ("audit", "verify"),
                              ("server",), ("object", "list")):
                with self.subTest(arguments, path=path):
                    self.assert_refused(said, *arguments, "--data-dir", path)

    def test_init_says_paths_without_their_dots_and_makes_no_other_folder(self):
        said = self.run_command("init", "--data-dir", "./x/../data/", "--master-key", "file:./master.key", "--root-out",
                                "root.pem").stdout
        self.assertTrue(said.startswith(f"initialised {self.data}\n"), said)
        self.assertIn(f" {self.folder}/master.key (", said)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["data", "master.key", "root.pem"])

    def test_an_init_that_fails_leaves_no_key_and_can_be_repeated(self):
        files = ("--data-dir", self.data, "--master-key", self.folder / "master.key", "--root-out",
                 self.folder / "root.pem")
        for _ in range(2):
            done = self.run_command("init", *files, "--store", "postgresql://127.0.0.1:1/none")
            self.assertEqual(done.returncode, 1)
            self.assertIn("port 1 failed: Connection refused", done.stderr)
            self.assertEqual([path.name for path in self.folder.iterdir()], ["data"])
        (self.data / "keys" / "x").mkdir(parents=True)  # where the places of keys are written, after the root's key
        done = self.run_command("init", *files)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["data"])
        shutil.rmtree(self.data / "keys")
        self.init()

    def test_the_audit_log_of_a_new_installation_is_sound(self):
        self.init()
        said = hallmark.run("audit", "verify", "--data-dir", self.data)
        self.assertRegex(said, r"1 checkpoints, .*; 0 after it, .*\nthe audit log is sound\n")

    def test_a_master_key_that_is_gone_is_named_with_its_place(self):
        self.init()
        key = self.folder / "master.key"
        key.rename(self.folder / "moved.key")
        self.assert_refused(f"The master key: cannot open {key}: No such file or directory. The place is from "
                            f"{self.data}/keys; --master-key names another.", "user", "list", "--data-dir", self.data)
        self.assertIn("admin", hallmark.run("user", "list", "--data-dir", self.data, "--master-key",
                                            self.folder / "moved.key"))

    def test_a_rotation_says_where_the_new_master_key_is(self):
        self.init()
        said = hallmark.run("key", "rotate-master", "--data-dir", self.data, "--new-master-key", self.folder / "new.key")
        self.assertIn(f"  the new one  {self.folder}/new.key (", said)
        none = self.folder / "none"
        self.assert_refused(f"The new master key: cannot create a file in {none}: No such file or directory", "key",
                            "rotate-master", "--data-dir", self.data, "--new-master-key", none / "key")


class Running(Command):
    def setUp(self):
        super().setUp()
        self.server = hallmark.Server(configuration="").start()
        self.addCleanup(self.server.close)

    def test_a_second_process_is_told_who_holds_the_directory(self):
        self.assert_refused(
            f"{self.server.data} is in use by another hallmark process (process {self.server.process.pid}, which "
            f"serves {self.server.endpoint}). Stop it first.", "check", "--data-dir", self.server.data)

    def test_the_server_says_where_everything_is(self):
        line = (f" info serving address={self.server.endpoint} "
                f"health_and_metrics={self.server.operations_url} admin_socket={self.server.data}/admin.sock")
        hallmark.wait_until(lambda: line in self.server.log(), hallmark.START_SECONDS_MAX)

    def test_env_points_every_service_here(self):
        said = self.server.run("env")
        for service in ("SIGNER", "SIGNER_DATA", "STS", "ACM"):
            self.assertIn(f"export AWS_ENDPOINT_URL_{service}='{self.server.endpoint}'\n", said)

    def test_a_probe_says_each_fault_once(self):
        arguments = ("probe", "--data-dir", self.server.data, "--profile", "nobody")
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": self.server.credentials.access_key,
                       "AWS_SECRET_ACCESS_KEY": self.server.credentials.secret_key}
        done = self.run_command(*arguments, env=environment)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "hallmark: 1 of 1 profiles failed the probe.\n")
        self.assertEqual(done.stdout.count("Signing Profile with name nobody does not exist"), 1, done.stdout)
        none = self.folder / "none"
        self.assert_refused(f"--ca-file: cannot open {none}: No such file or directory", *arguments, "--ca-file", none,
                            env=environment)
        self.assertEqual(self.run_command("probe", "--data-dir", self.server.data).returncode, 2)


class Words(Command):
    def test_a_mistyped_command_gets_the_near_one(self):
        self.assert_refused("There is no command `authorit`. Did you mean `authority`? `hallmark --help` lists them.",
                            "authorit", code=2)
        self.assert_refused("There is no command `audit verfy`. Did you mean `audit verify`? `hallmark audit --help` "
                            "lists them.", "audit", "verfy", code=2)

    def test_groups_list_their_commands(self):
        for group, command in {"audit": "verify", "key": "rotate-master", "authority": "renew", "certificate": "import",
                               "policy": "simulate"}.items():
            with self.subTest(group):
                asked = self.run_command(group, "--help")
                self.assertEqual((asked.returncode, asked.stderr), (0, ""))
                self.assertRegex(asked.stdout, rf"\n  {command} ")
                self.assertEqual(self.run_command("help", group).stdout, asked.stdout)
                alone = self.run_command(group)
                self.assertEqual((alone.returncode, alone.stdout, alone.stderr), (2, "", asked.stdout))

    def test_what_is_no_audit_log_is_named_with_its_line(self):
        (self.folder / "text").write_text("no log\n")
        self.assert_refused("text: line 1 is not a record of the audit log: it is not JSON", "audit", "verify", "text")

    def test_a_digest_that_is_none_is_refused_whatever_the_file(self):
        (self.folder / "text").write_text("no signature\n")
        done = self.run_command("verify", "text", "--trust-root", "text", "--expected-digest", "sha256:ABC")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--expected-digest must be sha256:", done.stderr)

    def test_the_package_script_takes_no_other_argument(self):
        done = subprocess.run([hallmark.PROJECT / "script/package", "--no-bulid"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "usage: script/package [--no-build]\n"))
