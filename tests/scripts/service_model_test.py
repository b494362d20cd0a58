"""Every operation of ours has the name, method and path of the published service model."""

import json
import pathlib
import re
import unittest

SOURCE = pathlib.Path(__file__).parents[2] / "src"
SIGNER = SOURCE / "api/signer"
# An operation has the name of its Call's action, and its Call is what `parse` returns.
CALL = re.compile(r"Result<signing::(\w+)> parse\(")
ACTION = re.compile(
    r'struct (\w+) \{\s*static constexpr std::string_view action = "signer:(\w+)";'
)
OPERATION = re.compile(
    r'constinit const Operation (\w+) =\s*operation<parse, run>\(\s*http::Method::(\w+),\s*"([^"]+)"'
)
METHODS = {"get": "GET", "put": "PUT", "post": "POST", "del": "DELETE", "patch": "PATCH"}


def published_model():
    try:
        import botocore
    except ImportError:
        raise unittest.SkipTest("botocore is not installed, so nothing is compared with the model")
    path = pathlib.Path(botocore.__file__).parent / "data/signer/2017-08-25"
    for name in ("service-2.json", "service-2.json.gz"):
        if (path / name).is_file():
            content = (path / name).read_bytes()
            if name.endswith(".gz"):
                import gzip

                content = gzip.decompress(content)
            return json.loads(content)
    raise unittest.SkipTest(f"botocore {botocore.__version__} has no model of Signer")


class ServiceModel(unittest.TestCase):
    def setUp(self):
        actions = {
            call: action
            for path in sorted((SOURCE / "signing").glob("*.h"))
            for call, action in ACTION.findall(path.read_text())
        }
        self.operations = []
        for path in sorted(SIGNER.glob("*.cc")):
            text = path.read_text()
            for variable, method, target in OPERATION.findall(text):
                name = actions[CALL.search(text).group(1)]
                self.operations.append((variable, name, method, target))

    def test_every_row_of_the_table_was_read(self):
        table = re.search(r"table\[\] = \{(.*?)\};", (SIGNER / "operations.cc").read_text(), re.DOTALL)
        rows = re.findall(r"&(\w+)", table.group(1))
        self.assertTrue(rows)
        self.assertEqual(sorted(rows), sorted(variable for variable, *_ in self.operations))

    def test_name_method_and_path_are_the_models(self):
        model = published_model()["operations"]
        for _, name, method, path in self.operations:
            with self.subTest(operation=name):
                self.assertIn(name, model)
                self.assertEqual(model[name]["http"]["method"], METHODS[method])
                self.assertEqual(model[name]["http"]["requestUri"], path)


if __name__ == "__main__":
    unittest.main()
