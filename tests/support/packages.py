"""Small Lambda packages, good and bad."""

import io
import random
import zipfile


def package(seed=0, bytes_about=2000):
    """A good package, the same for the same seed."""
    chance = random.Random(seed)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("index.js"), f"exports.handler = async () => {seed};\n")
        archive.writestr(zipfile.ZipInfo("node_modules/data.bin"), chance.randbytes(bytes_about))
        link = zipfile.ZipInfo("node_modules/.bin/data")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "../data.bin")
    return made.getvalue()


def without_entries():
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    return made.getvalue()


def with_wrong_checksum():
    """The body of an entry differs from what its headers say."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("index.js", "exports.handler = 1;\n")
    return made.getvalue().replace(b"handler", b"hanbler")


def with_unsafe_name():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../outside.js", "1;\n")
    return made.getvalue()


MALFORMED = {
    "no bytes": b"",
    "no entries": without_entries(),
    "no zip": b"#!/bin/sh\necho hello\n" * 100,
    "a zip cut short": package()[:-30],
    "data before the zip": b"\x7fELF" + package(),
    "data after the zip": package() + b"more",
    "a wrong checksum": with_wrong_checksum(),
    "a name that leads outside": with_unsafe_name(),
}
