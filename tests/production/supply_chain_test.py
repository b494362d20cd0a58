"""What is handed out: the package's content, its bill of materials, and that it can be built again."""

import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from hallmark import BINARY, PROJECT

PACKAGE = PROJECT / "build/package"
TIME = "1700000000"
# A few sources of different modules, compiled again elsewhere: the flags are the same for all.
SOURCES = ("src/base/encoding.cc", "src/policy/evaluation.cc", "src/cli/commands/completion.cc")


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} exits with {done.returncode}: {done.stderr}")
    return done.stdout


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def has_all(*tools):
    return unittest.skipUnless(all(map(shutil.which, tools)), f"NOT TESTED: needs {', '.join(tools)}")


def make_package():
    run(PROJECT / "script/package", "--no-build", env={**os.environ, "SOURCE_DATE_EPOCH": TIME})
    return next(PACKAGE.glob("*.deb"))


@has_all("dpkg-deb", "dpkg-shlibdeps")
class SupplyChain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = make_package()
        cls.temporary = tempfile.TemporaryDirectory(prefix="hallmark-test-")
        cls.root = pathlib.Path(cls.temporary.name)
        run("dpkg-deb", "-x", cls.package, cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def field(self, name):
        return run("dpkg-deb", "-f", self.package, name).strip()

    def sbom(self):
        return json.loads(next(PACKAGE.glob("*.spdx.json")).read_text())

    def related(self, kind):
        names = {package["SPDXID"]: package["name"] for package in self.sbom()["packages"]}
        return {names[each[end]] for each in self.sbom()["relationships"] if each["relationshipType"] == kind
                for end in ("spdxElementId", "relatedSpdxElement")} - {"hallmark"}

    def test_the_package_holds_what_an_installation_needs(self):
        for path in ("usr/bin/hallmark", "usr/lib/systemd/system/hallmark.service", "etc/hallmark/hallmark.toml",
                     "usr/share/man/man1/hallmark.1.gz", "usr/share/man/man5/hallmark.toml.5.gz",
                     "usr/share/bash-completion/completions/hallmark", "usr/share/zsh/vendor-completions/_hallmark",
                     "usr/share/doc/hallmark/copyright", "usr/share/doc/hallmark/changelog.gz",
                     "usr/share/doc/hallmark/docs/operations.md", "usr/share/doc/hallmark/hallmark.spdx.json"):
            self.assertTrue((self.root / path).is_file(), path)
        self.assertIn("etc/hallmark/hallmark.toml", run("dpkg-deb", "--info", self.package, "conffiles"))
        self.assertEqual(self.field("Version"), run(self.root / "usr/bin/hallmark", "--version").strip())

    def test_the_package_writes_for_root_only(self):
        for line in run("dpkg-deb", "-c", self.package).splitlines():
            mode, owner = line.split()[:2]
            self.assertEqual((owner, mode[5], mode[8], "s" in mode), ("root/root", "-", "-", False), line)

    def test_the_package_depends_on_what_the_program_loads(self):
        depends = self.field("Depends")
        for library in ("libc6", "libssl3", "libsqlite3-0", "libpq5"):
            self.assertRegex(depends, rf"\b{library}\w* \(>= ")

    def test_its_configuration_is_read_and_sets_nothing(self):
        text = (self.root / "etc/hallmark/hallmark.toml").read_text()
        self.assertEqual([line for line in text.splitlines() if line and line[0] not in "#["], [])
        self.assertIn("# listen = ", text)

    def test_removing_it_never_removes_keys(self):
        for script in ("postrm", "prerm"):
            self.assertNotRegex(run("dpkg-deb", "--info", self.package, script), r"\brm\b|deluser|userdel")

    @has_all("man")
    def test_the_manual_renders_without_a_warning(self):
        for page, word in (("man1/hallmark.1.gz", "hallmark verify FILE"), ("man5/hallmark.toml.5.gz", "# [[web_identity]]")):
            done = subprocess.run(["man", "--warnings", "--local-file", self.root / "usr/share/man" / page],
                                  capture_output=True, text=True, check=True,
                                  env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
            self.assertEqual(done.stderr, "")
            self.assertIn(word, re.sub(r"[\u2010\u2212]", "-", done.stdout))

    def test_the_manual_names_every_command_and_option(self):
        manual = run(BINARY, "manual", "hallmark").replace("\\", "")
        for command in re.findall(r"^'([a-z -]+)'\) words=", run(BINARY, "completion", "bash").replace("        ", ""), re.M):
            self.assertIn(f"hallmark {command}", manual)
        for option in set(re.findall(r"--[a-z-]+", run(BINARY, "server", "--help"))) - {"--help"}:
            self.assertIn(option, manual)

    @has_all("lintian")
    def test_lintian_has_no_error(self):
        tags = subprocess.run(["lintian", "--no-cfg", "--allow-root", "--fail-on", "error", self.package], check=False,
                              capture_output=True, text=True, timeout=600)
        self.assertEqual(tags.returncode, 0, tags.stdout + tags.stderr)

    def test_the_bill_of_materials_lists_what_the_program_loads(self):
        loaded = set()
        for path in re.findall(r"(/\S+) \(0x", run("ldd", BINARY)):
            found = subprocess.run(["dpkg-query", "--search", path, path.removeprefix("/usr"), os.path.realpath(path)],
                                   capture_output=True, text=True, check=False).stdout
            loaded.update(re.findall(r"^(?!diversion by )([^:,\s]+)", found, re.M))
        self.assertEqual(self.related("DYNAMIC_LINK"), loaded)
        self.assertIn("libcli11-dev", self.related("BUILD_DEPENDENCY_OF"))
        product = next(each for each in self.sbom()["packages"] if each["name"] == "hallmark")
        self.assertEqual(product["checksums"], [{"algorithm": "SHA256", "checksumValue": digest(BINARY)}])
        for package in self.sbom()["packages"]:
            self.assertTrue(package["versionInfo"], package)

    def test_the_checksums_are_those_of_the_files(self):
        said = run("sha256sum", "--check", "SHA256SUMS", cwd=PACKAGE)
        self.assertEqual(said.count(": OK"), 2)

    def test_packaged_again_it_is_the_same(self):
        before = {path.name: digest(path) for path in PACKAGE.iterdir()}
        make_package()
        self.assertEqual({path.name: digest(path) for path in PACKAGE.iterdir()}, before)

    def test_compiled_elsewhere_it_is_the_same(self):
        commands = {os.path.relpath(each["file"], PROJECT): each for each in json.loads(
            (PROJECT / "build/release/compile_commands.json").read_text())}
        for source in SOURCES:
            with self.subTest(source=source):
                self.assertEqual(self.compiled(commands[source], "a"), self.compiled(commands[source], "somewhere/else"))

    def compiled(self, entry, place):
        """The object's digest when the checkout lies elsewhere. The cache of compilers is not asked."""
        folder = self.root / "checkout" / place
        if not folder.exists():
            shutil.copytree(PROJECT / "src", folder / "src")
            (folder / "build/release").mkdir(parents=True)
        words = shlex.split(entry["command"].replace(str(PROJECT), str(folder)))
        if words[0].endswith("ccache"):
            words = words[1:]
        words[words.index("-o") + 1] = "object.o"
        run(*words, cwd=folder / "build/release")
        return digest(folder / "build/release/object.o")


class Completion(unittest.TestCase):
    """The shells' own judgement of the scripts."""

    def completed(self, *words):
        script = 'source <("$1" completion bash); shift; COMP_WORDS=(hallmark "$@"); COMP_CWORD=$#; _hallmark; printf "%s\\n" "${COMPREPLY[@]}"'
        return run("bash", "-c", script, "bash", BINARY, *words).split()

    def test_bash_completes_commands_verbs_and_options(self):
        self.assertEqual(self.completed("ver"), ["verify"])
        self.assertEqual(self.completed("obj"), ["object"])
        self.assertEqual(self.completed("object", "pu"), ["put"])
        self.assertEqual(self.completed("object", "put", "--d"), ["--data-dir"])
        self.assertEqual(self.completed("verify", "--trust"), ["--trust-root"])
        self.assertEqual(self.completed("verify", "signed"), [])  # the shell's own: files

    @has_all("zsh")
    def test_zsh_reads_its_script(self):
        with tempfile.NamedTemporaryFile("w", suffix=".zsh") as file:
            file.write(run(BINARY, "completion", "zsh"))
            file.flush()
            run("zsh", "--no-exec", file.name)


if __name__ == "__main__":
    unittest.main()
