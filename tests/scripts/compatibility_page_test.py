"""docs/compatibility.md has a row for every operation and every error of the published model."""

import pathlib
import re
import unittest

import model

PAGE = pathlib.Path(__file__).parents[2] / "docs/compatibility.md"
OF_EVERY_OPERATION = {"AccessDeniedException", "TooManyRequestsException", "InternalServiceErrorException"}
# Of the model, and said by the page never to occur.
NEVER = {("StartSigningJob", "ThrottlingException")}


class CompatibilityPage(unittest.TestCase):
    def setUp(self):
        text = PAGE.read_text()
        self.operations = dict(re.findall(r"^\| ([A-Z]\w+) \| ([\w, ]+) \|", text, re.MULTILINE))
        self.statuses = dict(re.findall(r"^\| (\w+Exception) \| (\d+)", text, re.MULTILINE))

    def test_has_every_operation_with_its_errors(self):
        for name, operation in model.operations().items():
            with self.subTest(name):
                said = set(self.operations[name].split(", ")) | OF_EVERY_OPERATION
                modelled = {shape.name for shape in operation.error_shapes}
                self.assertLessEqual({error for error in modelled if (name, error) not in NEVER}, said)

    def test_has_every_error_with_its_status(self):
        for shape in model.load().error_shapes:
            self.assertEqual(self.statuses[shape.name], str(shape.metadata["error"]["httpStatusCode"]), shape.name)


if __name__ == "__main__":
    unittest.main()
