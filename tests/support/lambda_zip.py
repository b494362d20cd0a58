#!/usr/bin/env python3
"""The signed Lambda package as an outsider reads it, with nothing but Python's zipfile:

  lambda_zip.py compare ORIGINAL SIGNED     every entry of ORIGINAL stands in SIGNED, byte for byte
  lambda_zip.py digest SIGNED OUT           the signed content: SHA-384 over names and bodies
  lambda_zip.py signature SIGNED OUT        the signature, as PEM
  lambda_zip.py flip SIGNED OUT             a copy with one bit of one entry's body changed, its
                                            checksums mended: a good ZIP with a wrong content
"""

import hashlib
import pathlib
import stat
import struct
import sys
import zipfile
import zlib

SIGNATURE = "META_INF/aws_signer_signature_v1.0.SF"
ADDED = ["META_INF/", SIGNATURE]


def names_of(archive):
    return [entry.filename for entry in archive.infolist()]


def differences(original_path, signed_path):
    """What is not as it was: names, order, bodies, modes, times, and what was added."""
    with zipfile.ZipFile(original_path) as original, zipfile.ZipFile(signed_path) as signed:
        before, after = original.infolist(), signed.infolist()
        if names_of(signed) != names_of(original) + ADDED:
            return ["the names, or their order, are not those of the original and " + " ".join(ADDED)]
        return [
            old.filename
            for old, new in zip(before, after)
            if (old.date_time, old.external_attr, old.compress_type, original.read(old))
            != (new.date_time, new.external_attr, new.compress_type, signed.read(new))
        ]


def inner_digest(path):
    digest = hashlib.sha384()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename == SIGNATURE:
                continue
            digest.update(entry.orig_filename.encode())
            with archive.open(entry) as body:
                while chunk := body.read(1 << 20):
                    digest.update(chunk)
    return digest.digest()


def signature(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read(SIGNATURE)


def stored_file(archive):
    """An entry whose body stands in the file as it is."""
    for entry in archive.infolist():
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if entry.compress_type == zipfile.ZIP_STORED and entry.file_size > 0 and not is_link:
            return entry
    raise ValueError("no entry is stored without compression")


def flipped(path):
    """The bytes of the archive with the lowest bit of one entry's first byte changed."""
    with zipfile.ZipFile(path) as archive:
        entry, directory = stored_file(archive), archive.start_dir
    data = bytearray(pathlib.Path(path).read_bytes())
    local = entry.header_offset
    name_length, extra_length = struct.unpack_from("<HH", data, local + 26)
    body = local + 30 + name_length + extra_length
    data[body] ^= 1
    checksum = struct.pack("<I", zlib.crc32(data[body : body + entry.file_size]))
    data[local + 14 : local + 18] = checksum
    place = central_header(data, directory, local) + 16
    data[place : place + 4] = checksum
    return entry.filename, bytes(data)


def central_header(data, directory, local):
    """Where the central directory describes the entry at `local`."""
    at = directory
    while data[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if struct.unpack_from("<I", data, at + 42)[0] == local:
            return at
        at += 46 + name + extra + comment
    raise ValueError("the central directory does not name the entry")


def main(command, *paths):
    if command == "compare":
        wrong = differences(*paths)
        print("\n".join(wrong) if wrong else "every original entry is there, byte for byte")
        return 1 if wrong else 0
    if command == "flip":
        name, data = flipped(paths[0])
        pathlib.Path(paths[1]).write_bytes(data)
        print(name)
        return 0
    made = {"digest": inner_digest, "signature": signature}[command](paths[0])
    pathlib.Path(paths[1]).write_bytes(made)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
