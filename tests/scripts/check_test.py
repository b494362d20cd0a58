"""The checks of script/ find what they are there to find."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).parents[2] / "script"

MODULES = """
hallmark_module(base LIBRARIES ${FMT})
hallmark_module(crypto USES base LIBRARIES ${FMT})
hallmark_module(api USES base
  crypto LIBRARIES ${FMT})
hallmark_module(cli USES base)
"""


class Tree(unittest.TestCase):
    """A project of a few files, made for one test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("CMakeLists.txt", MODULES)
        for name in ("base/a.h", "crypto/a.h", "api/a.h"):
            self.write(name, "#pragma once\n#include <string>\n")

    def write(self, name, text):
        path = self.root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, name):
        done = subprocess.run([SCRIPTS / name, self.root], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout.replace(f"{self.root}/src/", "")


class CheckIncludes(Tree):
    def assert_found(self, expected):
        code, output = self.run_check("check-includes")
        self.assertEqual(output.strip(), expected)
        self.assertEqual(code, 1)

    def test_allows_what_is_declared(self):
        self.write("api/b.cc", '#include "api/a.h"\n#include "base/a.h"\n#include "crypto/a.h"\n')
        self.write("main.cc", '#include "api/a.h"\n')
        self.assertEqual(self.run_check("check-includes"), (0, ""))

    def test_finds_an_include_against_the_order(self):
        self.write("crypto/b.cc", '// first line\n#include "api/a.h"\n')
        self.assert_found('crypto/b.cc:2: "api/a.h" is not allowed: crypto does not use api')

    def test_finds_it_in_a_test_and_in_a_deeper_folder(self):
        self.write("cli/commands/b_test.cc", '  #  include "crypto/a.h"\n')
        self.assert_found('cli/commands/b_test.cc:1: "crypto/a.h" is not allowed: cli does not use crypto')

    def test_finds_an_include_that_is_no_full_path(self):
        self.write("base/b.cc", '#include "a.h"\n')
        self.assert_found('base/b.cc:1: "a.h" is not a path from src/ into a module')

    def test_finds_an_include_of_nothing(self):
        self.write("base/b.cc", '#include "base/absent.h"\n')
        self.assert_found('base/b.cc:1: "base/absent.h" does not exist')

    def test_finds_a_folder_that_is_no_module(self):
        self.write("other/b.cc", "int x;\n")
        self.assert_found("other/b.cc:1: the folder other is not declared in src/CMakeLists.txt")

    def test_finds_a_module_that_uses_a_later_one(self):
        self.write("CMakeLists.txt", MODULES.replace("crypto USES base", "crypto USES base api"))
        code, output = self.run_check("check-includes")
        self.assertEqual(code, 1)
        self.assertIn("crypto uses api, which is not declared above it", output)

    def test_finds_that_nothing_is_declared(self):
        self.write("CMakeLists.txt", "")
        self.assertEqual(self.run_check("check-includes")[0], 1)


class CheckLengths(Tree):
    def function(self, lines, first=""):
        body = "".join(f'  call("{{", \'{{\', {n});  // {{\n' for n in range(lines - 2))
        return f"void f(int x,\n       int y) {{{first}\n{body}}}\n"

    def test_allows_functions_of_the_greatest_length(self):
        self.write("base/b.cc", "namespace a {\nnamespace {\n" + self.function(70) * 3 + "}\n}\n")
        self.assertEqual(self.run_check("check-lengths"), (0, ""))

    def test_finds_a_longer_function(self):
        self.write("base/b.cc", "#define X {\nnamespace a {\n" + self.function(71) + "}\n")
        code, output = self.run_check("check-lengths")
        self.assertEqual((code, output), (1, "base/b.cc:4: a function of 71 lines, of 70 at most\n"))

    def test_finds_a_longer_member_function(self):
        self.write("base/b.h", "class A final : public B {\n public:\n" + self.function(71) + "};\n")
        self.assertEqual(self.run_check("check-lengths")[0], 1)

    def test_allows_what_says_why(self):
        self.write("base/b.cc", self.function(90, "  // length: a table"))
        self.assertEqual(self.run_check("check-lengths"), (0, ""))

    def test_finds_a_long_file(self):
        self.write("base/b.cc", "int x;\n" * 601)
        self.assertEqual(self.run_check("check-lengths"), (1, "base/b.cc:601: 601 lines, of 600 at most\n"))


if __name__ == "__main__":
    unittest.main()
