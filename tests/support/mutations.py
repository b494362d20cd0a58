"""What a request's members can be set to that the service model does not allow."""

import copy
import dataclasses
import re

from model import place_of

TEXT_OTHER = (1, 1.5, True, [], {})
WRONG_IN_BODY = {
    "string": TEXT_OTHER,
    "blob": TEXT_OTHER,
    "structure": (1, True, "text", []),
    "map": (1, True, "text", []),
    "list": (1, True, "text", {}),
    "integer": ("1", 1.5, True, [], {}, 10**30),
    "timestamp": (True, [], {}, "soon", 10**30),
}
WRONG_IN_QUERY = {
    "integer": ("x", "1.5", " 1", "1\n", "0x5", "9" * 30),
    "boolean": ("yes", "1", "TRUE", "true "),
    "timestamp": ("soon", "2026-13-01T00:00:00Z", "2026-11-22", "2026-11-22T09:08:07", "2026-11-22T25:00:00Z"),
}
ODD_CHARACTERS = "@ é\n\0-!"
# Nothing that a string may not hold, and much that its reader might stumble over.
HOSTILE = ("", " ", "\0", "a\0b", "\n", "é", "\U0001f511", "'", '"; DROP TABLE jobs; --', "../../etc/passwd", "%00", "%2e%2e",
           "${jndi:ldap://x}", "\u202e", "\ud800", "x" * 20_000)


@dataclasses.dataclass(frozen=True)
class Mutation:
    path: tuple  # of member names, the last one being what is wrong
    value: object

    @property
    def name(self):
        """What a message must name: a list's or a map's own name stands for its entries."""
        return [part for part in self.path if isinstance(part, str)][-1]

    def of(self, members):
        """The members with this in them."""
        changed = copy.deepcopy(members)
        inner = changed
        for part in self.path[:-1]:
            if inner.get(part) is None:
                inner[part] = {}
            inner = inner[part]
        inner[self.path[-1]] = self.value
        return changed

    def __str__(self):
        return f"{'.'.join(self.path)}={str(self.value)[:40]!r}"


def shapes_of(shape, path=()):
    """(path, shape) of each member of a structure, and of theirs, those of structures included."""
    for name, member in shape.members.items():
        yield (*path, name), member
        if member.type_name == "structure":
            yield from shapes_of(member, (*path, name))


def wrong_types(operation):
    for path, shape in shapes_of(operation.input_shape):
        place = place_of(operation.input_shape.members[path[0]])
        if place == "body":
            values = WRONG_IN_BODY[shape.type_name]
            if shape.type_name == "map":
                values = (*values, *({"key": value} for value in TEXT_OTHER))
        elif place == "querystring":
            values = WRONG_IN_QUERY.get(shape.type_name, ())
        else:
            values = ()
        for value in values:
            yield Mutation(path, value)


def broken_constraints(operation):
    """One for each minimum, maximum, pattern and enumeration."""
    for path, shape in shapes_of(operation.input_shape):
        in_body = place_of(operation.input_shape.members[path[0]]) == "body"
        for value in against(shape, in_body):
            if value == "" and place_of(operation.input_shape.members[path[0]]) == "uri":
                continue  # another path
            yield Mutation(path, value)


def against(shape, in_body):
    """Values of a shape that break one of its constraints."""
    limits = shape.metadata
    if shape.type_name == "string":
        yield from strings_against(limits)
    elif shape.type_name == "integer":
        for bound, step in (("min", -1), ("max", 1)):
            if bound in limits:
                yield limits[bound] + step if in_body else str(limits[bound] + step)
    elif shape.type_name == "list":
        good = item_of(shape.member)
        yield from ([f"{good}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(limits["max"] + 1)],) if "max" in limits else ()
        yield from ([] for _ in range(1) if limits.get("min", 0) > 0)
        for value in strings_against(shape.member.metadata):
            yield [value]
    elif shape.type_name == "map":
        if "max" in limits:
            yield {f"k{chr(97 + n // 26)}{chr(97 + n % 26)}": "v" for n in range(limits["max"] + 1)}
        if limits.get("min", 0) > 0:
            yield {}
        for value in strings_against(shape.key.metadata):
            yield {value: "v"}
        for value in strings_against(shape.value.metadata):
            yield {"k": value}
    elif shape.type_name == "blob":
        yield "no base64!"
        if "max" in limits:
            yield "AAAA" * (limits["max"] // 3 + 1)
        if limits.get("min", 0) > 0:
            yield ""


def item_of(shape):
    return shape.enum[0] if shape.enum else "k"


def strings_against(limits):
    shortest, longest = limits.get("min", 0), limits.get("max")
    if limits.get("enum"):
        yield from ("Nothing", limits["enum"][0].swapcase())
    if shortest > 0:
        yield "a" * (shortest - 1)
    if longest is not None:
        yield "a" * (longest + 1)
    if "pattern" in limits:
        length = max(shortest, min(longest or 10, 10))
        for odd in ODD_CHARACTERS:
            for value in (odd + "a" * (length - 1), "a" * (length - 1) + odd):
                if not re.fullmatch(limits["pattern"], value):
                    yield value


def missing(operation):
    """Each required member set to null, but for those of the path."""
    yield from required(operation.input_shape, ())


def required(shape, path):
    for name in shape.required_members:
        if not path and place_of(shape.members[name]) == "uri":
            continue
        yield Mutation((*path, name), None)
    for name, member in shape.members.items():
        if member.type_name == "structure":
            yield from required(member, (*path, name))
