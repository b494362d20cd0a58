"""Every member of every request, set to what it may not be: 400 with the field named, never a 5xx."""

import copy
import unittest

import model
import mutations
import world
from refusals import assert_well_formed



def setUpModule():
    global here, operations
    operations = model.operations()
    here = world.World()
    unittest.addModuleCleanup(here.close)


class EveryMember(unittest.TestCase):
    def each(self, mutations_of):
        """(operation, good members, mutation) of each, with one good request an operation."""
        for name, operation in operations.items():
            good = here.good(name)
            for mutation in mutations_of(operation):
                yield operation, good, mutation

    def send(self, operation, members):
        return here.server.call(*model.request_of(operation, members))

    def assert_names(self, response, mutation, errors):
        self.assertIsNotNone(response, "the server closed the connection without an answer")
        self.assertEqual(response.status, 400, response)
        self.assertIn(response.error, errors, response)
        assert_well_formed(self, response)
        self.assertIn(mutation.name, response.json["message"])

    def test_of_a_wrong_type_is_refused_by_name(self):
        for operation, good, mutation in self.each(mutations.wrong_types):
            with self.subTest(f"{operation.name} {mutation}"):
                in_body = model.place_of(operation.input_shape.members[mutation.path[0]]) == "body"
                errors = ("SerializationException",) if in_body else invalid(operation)
                self.assert_names(self.send(operation, mutation.of(good)), mutation, errors)

    def test_against_a_constraint_is_refused_by_name(self):
        for operation, good, mutation in self.each(mutations.broken_constraints):
            with self.subTest(f"{operation.name} {mutation}"):
                self.assert_names(self.send(operation, mutation.of(good)), mutation, invalid(operation))

    def test_that_is_required_and_null_is_refused_by_name(self):
        for operation, good, mutation in self.each(mutations.missing):
            with self.subTest(f"{operation.name} {mutation}"):
                self.assert_names(self.send(operation, mutation.of(good)), mutation, invalid(operation))

    def test_that_is_optional_and_null_counts_as_absent(self):
        for name, operation in operations.items():
            shape = operation.input_shape
            for member in set(here.good(name)) - set(shape.required_members):
                with self.subTest(f"{name} {member}"):
                    members = {**here.good(name), member: None}
                    self.assertEqual(self.send(operation, members).status, 200)

    def test_with_a_hostile_text_never_hurts_the_server(self):
        for name, operation in operations.items():
            good = here.good(name)
            for path, shape in mutations.shapes_of(operation.input_shape):
                for text in mutations.HOSTILE if shape.type_name in ("string", "blob", "list", "map") else ():
                    value = {"list": [text], "map": {text or "k": text}}.get(shape.type_name, text)
                    mutation = mutations.Mutation(path, value)
                    with self.subTest(f"{name} {mutation}"):
                        self.assert_answered(operation, mutation.of(copy.deepcopy(good)))

    def assert_answered(self, operation, members):
        try:
            request = model.request_of(operation, members)
            response = here.server.call(*request)
        except UnicodeEncodeError:
            return  # no client can put this into a target
        self.assertIsNotNone(response, "the server closed the connection without an answer")
        self.assertLess(response.status, 500, response)
        if response.status != 200:
            assert_well_formed(self, response)


def invalid(operation):
    """What an operation calls a member that is not as it should be."""
    return ("BadRequestException",) if "tag" in operation.name.lower() else ("ValidationException",)


if __name__ == "__main__":
    unittest.main()
