"""ZIP archives made byte by byte, each odd in one way (PKWARE APPNOTE.TXT 6.3.10): `odd_zips()` has
them by name, with what the refusal has to say, or None for those that are odd and honest."""

import dataclasses
import random
import struct
import zlib

FILE, FOLDER, LINK = 0o100644 << 16, 0o040755 << 16, 0o120777 << 16
DESCRIPTOR, UTF8 = 1 << 3, 1 << 11
UNIX, DOS = 3, 0
WIDE = 0xFFFFFFFF


@dataclasses.dataclass
class Entry:
    """As it should be; `local` and `central` change fields of one of the two headers."""

    name: bytes = b"a.txt"
    body: bytes = b"hello"
    method: int = 0
    flags: int = 0
    attributes: int = FILE
    system: int = UNIX
    extra: bytes = b""  # of both headers
    comment: bytes = b""
    data: bytes = None  # instead of the body as the method keeps it
    descriptor: bytes = None  # after the data
    local: dict = dataclasses.field(default_factory=dict)
    central: dict = dataclasses.field(default_factory=dict)

    def kept(self):
        return self.data if self.data is not None else deflated(self.body) if self.method == 8 else self.body

    def fields(self, offset, changes):
        return {
            "signature": 0, "made": 20, "system": self.system, "needed": 20, "flags": self.flags, "method": self.method,
            "time": 0x6AA4, "date": 0x5D76, "crc": zlib.crc32(self.body), "kept": len(self.kept()),
            "size": len(self.body), "name": self.name, "extra": self.extra, "comment": self.comment, "disk": 0,
            "internal": 0, "attributes": self.attributes, "offset": offset, **changes}

    def local_bytes(self):
        late = {"crc": 0, "kept": 0, "size": 0} if self.flags & DESCRIPTOR else {}
        f = self.fields(0, {"signature": 0x04034B50, **late, **self.local})
        return struct.pack("<IHHHHHIIIHH", f["signature"], f["needed"], f["flags"], f["method"], f["time"], f["date"], f["crc"],
                           f["kept"], f["size"], len(f["name"]), len(f["extra"])) + f["name"] + f["extra"] + self.kept() + (
            self.descriptor if self.descriptor is not None else self.descriptor_bytes() if late else b"")

    def descriptor_bytes(self, signature=b"PK\7\x08", width="I"):
        return signature + struct.pack(f"<I{width}{width}", zlib.crc32(self.body), len(self.kept()), len(self.body))

    def central_bytes(self, offset):
        f = self.fields(offset, {"signature": 0x02014B50, **self.central})
        return struct.pack("<IBBHHHHHIIIHHHHHII", f["signature"], f["made"], f["system"], f["needed"], f["flags"], f["method"],
                           f["time"], f["date"], f["crc"], f["kept"], f["size"], len(f["name"]), len(f["extra"]),
                           len(f["comment"]), f["disk"], f["internal"], f["attributes"], f["offset"]
                           ) + f["name"] + f["extra"] + f["comment"]


def deflated(body):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(body) + stream.flush()


def field(identifier, content):
    return struct.pack("<HH", identifier, len(content)) + content


def zip64(*values):
    return field(1, struct.pack(f"<{len(values)}Q", *values))


def unicode_path(name, path):
    return field(0x7075, b"\1" + struct.pack("<I", zlib.crc32(name)) + path)


def end_record(count, size, offset, comment=b"", /, **changes):
    f = {"disk": 0, "directory_disk": 0, "here": count, "count": count, "size": size, "offset": offset,
         "comment_size": len(comment), **changes}
    return b"PK\5\6" + struct.pack("<HHHHIIH", *f.values()) + comment


def zip64_records(count, size, offset, /, **changes):
    """The ZIP64 end record and its locator."""
    f = {"record_size": 44, "disk": 0, "here": count, "count": count, "size": size, "offset": offset,
         "locator": offset + size, "disks": 1, **changes}
    return (b"PK\6\6" + struct.pack("<QHHIIQQQQ", f["record_size"], 45, 45, f["disk"], f["disk"], f["here"], f["count"],
                                    f["size"], f["offset"]) + b"PK\6\7" + struct.pack("<IQI", 0, f["locator"], f["disks"]))


def zipped(*entries, before=b"", between=b"", directory_after=b"", after=b"", comment=b"", order=None, records=None,
           shift=0, **end):
    """`order` is of the headers in the directory; `records` makes what stands between it and the end
    record; `shift` is added to all offsets; `end` changes fields of the end record."""
    bodies, headers, offset = [], [], shift
    for entry in entries:
        headers.append(entry.central_bytes(offset))
        bodies.append(entry.local_bytes())
        offset += len(bodies[-1])
    body = b"".join(bodies)
    directory = b"".join(headers[i] for i in (order or range(len(headers)))) + directory_after
    place = len(headers), len(directory), len(body) + len(between) + shift
    middle = records(*place) if records else b""
    return before + body + between + directory + middle + end_record(*place, comment, **end) + after


def pair(**changes):
    """Two entries, of which the first is odd."""
    return zipped(Entry(**changes), Entry(b"b.txt", b"world"))


def late(method=8, **changes):
    return pair(method=method, flags=DESCRIPTOR, **changes)




GOOD = zipped(Entry(), Entry(b"b.txt", b"world"))
TEXT = b"some text, " * 100
NOISE = random.Random(1).randbytes(3000)


def frames():
    yield "nothing", b"", "package is empty"
    yield "no zip", b"\x7fELF" + bytes(500), "not a ZIP archive"
    yield "end record only", end_record(0, 0, 0), "no entries"
    yield "cut in the directory", GOOD[:-40], "not a ZIP archive"
    yield "cut in the end record", GOOD[:-1], "its comment is cut short"
    yield "cut at the front", GOOD[10:], "central directory does not end where"
    yield "data before", b"#!/bin/sh\n" + GOOD, "central directory does not end where"
    yield "data before, counted", zipped(Entry(), before=b"MZ" * 50, shift=100), "Data stands before the first entry"
    yield "data after", GOOD + b"more", "Data follows the archive's end record"
    yield "zeros after", GOOD + bytes(512), "Data follows the archive's end record"
    yield "newline after", GOOD + b"\n", "Data follows the archive's end record"
    yield "archive before", pair(body=b"other") + GOOD, "central directory does not end where"
    yield "archive after", GOOD + GOOD, "archive"
    yield "two end records", GOOD + end_record(0, 0, 0), "central directory does not end where"
    yield "end record in the comment", zipped(Entry(), comment=end_record(0, 0, 0)), "more than one end"
    yield "end signature in the comment", zipped(Entry(), comment=b"PK\5\6"), "more than one end"
    yield "other directory in the comment", zipped(Entry(), comment=GOOD), "more than one end"
    yield "comment shorter than said", zipped(Entry(), comment=b"abc", comment_size=9), "its comment is cut short"
    yield "comment longer than said", zipped(Entry(), comment=b"abc", comment_size=1), "Data follows"
    yield "gap before the directory", zipped(Entry(), between=b"gap"), "data that belongs to no entry"
    yield "gap after the directory", zipped(Entry(), records=lambda *place: b"gap"), "central directory does not end where"
    yield "signature in the directory", zipped(Entry(), directory_after=b"PK\5\5\0\0"), "not a header of an entry"
    yield "directory of another size", zipped(Entry(), size=40), "central directory does not end where"
    yield "directory elsewhere", zipped(Entry(), offset=1), "central directory does not end where"
    yield "count too small", zipped(Entry(), Entry(b"b"), here=1, count=1), "more entries than the end record says"
    yield "count too large", zipped(Entry(), here=2, count=2), "fewer entries than the end record says"
    yield "counts that differ", zipped(Entry(), Entry(b"b"), here=1), "counts its entries in two ways"
    yield "count of another 65,536", zipped(*[Entry(b"%d" % i, b"") for i in range(65537)], here=1, count=1), "more entries than"
    yield "two disks", zipped(Entry(), disk=1), "spans several disks"
    yield "directory on another disk", zipped(Entry(), directory_disk=1), "spans several disks"
    yield "entry on another disk", pair(central={"disk": 1}), "is on another disk"
    yield "too many entries", zipped(*[Entry(b"%x" % i, b"") for i in range(200_001)], records=zip64_records,
                                      here=0xFFFF, count=0xFFFF), "more than the limit of 200000"
    yield "comment", zipped(Entry(), comment=b"made by hand"), None
    yield "longest comment", zipped(Entry(), comment=b"c" * 0xFFFF), None


def zip64_forms():
    records = lambda **changes: lambda *place: zip64_records(*place, **changes)
    disagrees = "does not agree with the ZIP64 end record"
    yield "zip64 end", zipped(Entry(), records=records()), None
    yield "zip64 end, saturated", zipped(Entry(), records=records(), here=0xFFFF, count=0xFFFF, size=WIDE, offset=WIDE), None
    yield "zip64 end of another count", zipped(Entry(), Entry(b"b"), records=records(here=1, count=1)), disagrees
    yield "zip64 end of another offset", zipped(Entry(), records=records(offset=1)), disagrees
    yield "zip64 end of another size", zipped(Entry(), records=records(size=1)), disagrees
    yield "zip64 end, counts that differ", zipped(Entry(), records=records(here=2)), "counts its entries in two ways"
    yield "zip64 end on two disks", zipped(Entry(), records=records(disks=2)), "spans several disks"
    yield "zip64 end with more data", zipped(Entry(), records=records(record_size=60)), "of the known form"
    yield "zip64 locator elsewhere", zipped(Entry(), records=records(locator=0)), "locator does not point at"
    yield "zip64 locator alone", zipped(Entry(), records=lambda *p: zip64_records(*p)[56:]), "locator does not point at"
    yield "zip64 end missing", zipped(Entry(), offset=WIDE), "ZIP64 end record that is not there"
    both = {"kept": WIDE, "size": WIDE}
    yield "zip64 sizes", pair(local={**both, "extra": zip64(5, 5), "needed": 45},
                              central={**both, "extra": zip64(5, 5), "needed": 45}), None
    yield "zip64 sizes in the local header", pair(local={**both, "extra": zip64(5, 5), "needed": 45}), None
    yield "zip64 offset", zipped(Entry(), Entry(b"b", central={"offset": WIDE, "extra": zip64(40)})), None
    yield "zip64 sizes that differ", pair(local={**both, "extra": zip64(6, 6)}, central={**both, "extra": zip64(5, 5)}
                                          ), "another size in its local header"
    yield "zip64 size that is a lie", pair(central={"size": WIDE, "kept": WIDE, "extra": zip64(1 << 40, 5)}), "two sizes"
    yield "zip64 size of 2^64-1", pair(method=8, central={"size": WIDE, "extra": zip64((1 << 64) - 1)}), "limit of"
    yield "zip64 value missing", pair(central={"size": WIDE}), "lacks a value in its ZIP64"
    yield "zip64 value too many", pair(central={"extra": zip64(5)}), "that nothing refers to"
    yield "zip64 twice", pair(local={**both, "extra": zip64(5, 5) + zip64(6, 6)}), "two ZIP64 extra fields"
    yield "zip64 against plain sizes", pair(local={"extra": zip64(6, 6)}), "contradicts its local header"
    yield "zip64 of one value", pair(local={"extra": zip64(5)}), "ZIP64 extra field of a wrong size"


def places():
    a, b = Entry(), Entry(b"b.txt", b"world")
    whole = len(a.local_bytes())
    stands = "does not stand before the next one"
    yield "one body twice", zipped(a, Entry(b"b.txt", central={"offset": 0}), between=b""), stands
    yield "directory in another order", zipped(a, b, order=(1, 0)), "Data stands before the first entry"
    yield "overlap", zipped(Entry(method=8, central={"kept": whole}), b), "overlaps what follows it"
    yield "quoted local header", zipped(Entry(b"a", b.local_bytes()), Entry(b"b.txt", b"world", central={"offset": 31})
                                        ), "overlaps what follows it"
    yield "offset beyond", zipped(a, Entry(b"b.txt", central={"offset": 9999})), stands
    yield "offset of no header", zipped(a, Entry(b"b.txt", central={"offset": whole + 1})), "overlaps what follows it"
    yield "gap", zipped(Entry(descriptor=b"gap"), b), "followed by data that belongs to no entry"
    yield "entry that no header names", a.local_bytes() + zipped(b, shift=whole), "Data stands before the first entry"
    yield "entry in a gap", zipped(Entry(descriptor=Entry(b"hidden").local_bytes()), b), "belongs to no entry"


def headers():
    yield "local signature", pair(local={"signature": 0}), "has no local header where"
    yield "local name", pair(local={"name": b"A.txt"}), "another name in its local header"
    yield "local name, longer", pair(local={"name": b"a.txt.exe"}), "another name in its local header"
    yield "local name, shorter", pair(local={"name": b"a.tx"}), "overlaps what follows it"
    yield "local method", pair(local={"method": 8}), "another compression method"
    yield "local flags", pair(local={"flags": UTF8}), "other flags in its local header"
    yield "local CRC", pair(local={"crc": 1}), "another CRC-32 in its local header"
    yield "local size", pair(local={"size": 4}), "another size in its local header"
    yield "local size kept", pair(local={"kept": 4}), "another size in its local header"
    yield "local sizes of nothing", pair(local={"kept": 0, "size": 0, "crc": 0}), "in its local header"
    yield "local version", pair(local={"needed": 99}), "needs an unknown version"
    yield "local time", pair(local={"time": 0, "date": 0x21}), None
    yield "local extra", pair(local={"extra": field(0x5455, b"\1" + bytes(4))}), None
    yield "local extra cut short", pair(local={"extra": b"\1\2\3"}), "do not fill their place"
    yield "central extra cut short", pair(central={"extra": b"\1\0\x50\0"}), "do not fill their place"
    yield "central version", pair(central={"needed": 63}), "needs version 6.3"
    yield "padding", pair(local={"extra": field(0xD935, bytes(200))}), None
    yield "comment of an entry", pair(comment=b"a remark"), None
    yield "internal attributes", pair(central={"internal": 0xFFFF}), None
    yield "impossible time", pair(local={"time": 0xFFFF, "date": 0xFFFF}, central={"time": 0xFFFF, "date": 0xFFFF}), None
    yield "signature of an entry for its name", pair(name=b"PK\1\2"), "control character"


def descriptors():
    entry = Entry(method=8)
    wrong = "followed by something else than its data descriptor"
    yield "descriptor", late(), None
    yield "descriptor of noise", late(body=NOISE), None
    yield "descriptor of nothing", late(body=b""), None
    yield "descriptor without signature", late(descriptor=entry.descriptor_bytes(b"")), None
    yield "descriptor missing", late(descriptor=b""), "lacks its data descriptor"
    yield "descriptor cut short", late(descriptor=entry.descriptor_bytes()[:-1]), wrong
    yield "descriptor too wide", late(descriptor=entry.descriptor_bytes(width="Q")), wrong
    yield "descriptor of another size", late(descriptor=entry.descriptor_bytes()[:-4] + b"\6\0\0\0"), "contradicts"
    yield "descriptor of another CRC", late(descriptor=b"PK\7\x08" + bytes(12)), "contradicts"
    yield "descriptor twice", late(descriptor=entry.descriptor_bytes() * 2), wrong
    yield "descriptor without its flag", pair(method=8, descriptor=entry.descriptor_bytes()), "belongs to no entry"
    yield "descriptor, wide", late(local={"extra": zip64(0, 0)}, descriptor=entry.descriptor_bytes(width="Q")), None
    yield "descriptor of a stored entry", late(method=0), "is stored without its size"
    yield "descriptor of a stored zip", late(method=0, body=GOOD), "is stored without its size"
    known = {"crc": zlib.crc32(b"hello"), "kept": 5, "size": 5}
    yield "descriptor of a stored entry with sizes", late(method=0, local=known), None


def kinds_of_content():
    for method in (1, 6, 9, 12, 14, 93, 95, 97, 98, 99):
        yield f"method {method}", pair(method=method), f"uses compression method {method}"
    yield "encrypted", pair(flags=1), "is encrypted"
    yield "strongly encrypted", pair(flags=0x41), "strongly encrypted"
    yield "headers encrypted", pair(flags=1 << 13), "strongly encrypted"
    yield "patch", pair(flags=1 << 5), "compressed patched data"
    yield "unknown flag", pair(flags=1 << 14), "unknown flags"
    yield "CRC that is wrong", pair(local={"crc": 1}, central={"crc": 1}), "does not match its CRC-32"
    yield "stored with two sizes", pair(local={"size": 4}, central={"size": 4}), "stored, but its two sizes differ"
    yield "no deflate stream", pair(method=8, data=b"\xff" * 5), "broken deflate stream"
    yield "deflate stream too long", pair(method=8, local={"size": 4}, central={"size": 4}), "more than its size"
    yield "deflate stream too short", pair(method=8, local={"size": 6}, central={"size": 6}), "less than its size"
    yield "deflate stream without end", pair(method=8, body=TEXT, data=deflated(TEXT)[:-3]), "without an end"
    yield "data after the deflate stream", pair(method=8, body=TEXT, data=deflated(TEXT) + b"x"), "after the end of its"
    yield "two deflate streams", pair(method=8, body=TEXT, data=deflated(TEXT) * 2), "after the end of its"
    yield "deflated nothing", pair(method=8, body=b""), None
    yield "stored blocks", pair(method=8, data=b"\1\5\0\xfa\xffhello"), None
    yield "deflate options", pair(method=8, flags=6), None
    yield "bomb", pair(method=8, body=bytes(8 << 20)), "expands by more than 1000 to 1"
    yield "bomb of one deflate stream", zipped(Entry(method=8, body=bytes(1 << 20)), Entry(
        b"b", method=8, data=deflated(bytes(1 << 20)), body=b"x", central={"size": 400 << 20}, local={"size": 400 << 20}
    )), "limit"
    yield "bomb of many entries", zipped(*[Entry(b"%d" % i, bytes(1 << 20), method=8) for i in range(300)]), "limit of"
    yield "size that is a lie", pair(method=8, local={"size": WIDE - 1}, central={"size": WIDE - 1}), "limit of"


def names():
    yield "empty name", pair(name=b""), "empty name"
    yield "absolute name", pair(name=b"/etc/passwd"), "has an absolute name"
    yield "two slashes first", pair(name=b"//host/share"), "has an absolute name"
    yield "parent", pair(name=b"../a"), 'has a ".." segment'
    yield "parent within", pair(name=b"a/../../b"), 'has a ".." segment'
    yield "parent last", pair(name=b"a/.."), 'has a ".." segment'
    yield "only a parent", pair(name=b"..", body=b""), 'has a ".." segment'
    yield "current folder", pair(name=b"./a"), 'has a "." segment'
    yield "empty segment", pair(name=b"a//b"), "has an empty segment"
    yield "backslash", pair(name=b"a\\b"), "has a backslash"
    yield "backslash and parent", pair(name=b"..\\..\\a"), "has a backslash"
    yield "drive", pair(name=b"C:\\a"), "has a"
    yield "drive without a slash", pair(name=b"c:a"), "has a drive letter"
    yield "NUL within", pair(name=b"a.txt\0.exe"), "control character"
    yield "NUL last", pair(name=b"a.txt\0"), "control character"
    yield "newline", pair(name=b"a\nb"), "control character"
    yield "escape", pair(name=b"a\x1b[2Jb"), "control character"
    yield "name too long", pair(name=b"a" * 5000), "more than 4096 bytes"
    yield "duplicate name", pair(name=b"b.txt"), '"b.txt" appears more than once'
    yield "duplicate folder", zipped(*[Entry(b"d/", b"", attributes=FOLDER)] * 2), '"d/" appears more than once'
    yield "file below a file", pair(name=b"b.txt/c"), "both a file and a folder"
    yield "file and folder", pair(name=b"b.txt/", body=b"", attributes=FOLDER), "both a file and a folder"
    yield "file below a link", zipped(Entry(b"l", b"d", attributes=LINK), Entry(b"l/x")), "both a file and a folder"
    yield "signature's own name", pair(name=b"META_INF/aws_signer_signature_v1.0.SF"), "sign"
    yield "signature's folder", zipped(Entry(b"META_INF/", b"", attributes=FOLDER), Entry()), None
    yield "marked as UTF-8", pair(name="é/日本.txt".encode(), flags=UTF8), None
    yield "UTF-8 without the mark", pair(name="é.txt".encode()), None
    yield "UTF-8 without the mark, of DOS", pair(name="é.txt".encode(), system=DOS, attributes=0), "not marked as UTF-8"
    yield "Latin-1", pair(name=b"\xe9.txt"), "not UTF-8"
    yield "Latin-1, marked as UTF-8", pair(name=b"\xe9.txt", flags=UTF8), "not UTF-8"
    yield "overlong UTF-8", pair(name=b"\xc0\xaf", flags=UTF8), "not UTF-8"
    yield "surrogate", pair(name=b"\xed\xa0\x80", flags=UTF8), "not UTF-8"
    yield "Unicode Path", pair(name="é".encode(), extra=unicode_path("é".encode(), "é".encode())), None
    yield "Unicode Path of another name", pair(extra=unicode_path(b"a.txt", b"evil.sh")), "Unicode Path that differs"
    yield "Unicode Path in the local header", pair(local={"extra": unicode_path(b"a.txt", b"evil.sh")}), "Unicode Path"
    yield "names of two cases", pair(name=b"B.TXT"), None
    yield "spaces", pair(name=b" a  b .txt "), None
    yield "hyphens first", pair(name=b"--help"), None
    yield "wildcards", pair(name=b"*?[a-z]"), None
    yield "deep path", pair(name=b"d/" * 500 + b"x"), None
    yield "colons later", pair(name=b"ab:c"), None


def kinds_of_entries():
    leaves = "a symbolic link that leaves the package"
    link = lambda target, name=b"d/link", **more: pair(name=name, body=target, attributes=LINK, **more)
    yield "folder", pair(name=b"d/", body=b"", attributes=FOLDER | 0x10), None
    yield "folder with data", pair(name=b"d/", attributes=FOLDER), "is a folder with content"
    yield "folder of a file's name", pair(name=b"d", body=b"", attributes=FOLDER), "marked as a folder"
    yield "folder by the bit of DOS", pair(name=b"d", body=b"", attributes=0x10), "marked as a folder"
    yield "device", pair(attributes=0o020666 << 16), "neither a file, a folder nor"
    yield "socket", pair(attributes=0o140666 << 16), "neither a file, a folder nor"
    yield "setuid", pair(attributes=0o104755 << 16), "setuid, setgid or sticky"
    yield "no mode", pair(attributes=0), None
    yield "mode of nobody", pair(attributes=0o100000 << 16), None
    yield "made by DOS", pair(system=DOS, attributes=0x20), None
    yield "link", link(b"../b.txt"), None
    yield "link that dangles", link(b"nowhere"), None
    yield "link, deflated", link(b"../b.txt", method=8), None
    yield "absolute link", link(b"/etc/passwd"), "a symbolic link to an absolute path"
    yield "link out of the tree", link(b"../../x"), leaves
    yield "link out by a detour", link(b"e/../../../x"), '".." after a name'
    yield "link to nothing", link(b""), "a symbolic link to nothing"
    yield "link with NUL", link(b"x\0/etc"), "control character"
    yield "link too long", link(b"x" * 5000), "more than 4096 bytes"
    yield "link of a folder's name", link(b"x", name=b"d/"), "folder"
    yield "hidden link of libarchive", pair(body=b"/etc/passwd", extra=libarchive(0o120777)), "another mode in its extra"
    yield "hidden link of ASi", pair(attributes=0, body=b"/etc/passwd", extra=asi(0o120777)), "another mode in its extra"
    yield "hidden setuid of ASi", pair(attributes=0, extra=asi(0o104755)), "another mode in its extra"
    yield "hidden mode of ASi, local", pair(attributes=0, local={"extra": asi(0o104755)}), "another mode in its extra"
    yield "hidden mode of ASi, central", pair(attributes=0, central={"extra": asi(0o104755)}), "another mode in its extra"
    yield "hidden link of PKWARE", pair(extra=field(0x0D, bytes(12) + b"/etc/passwd")), "a link or device in its extra"
    yield "times and owner of PKWARE", pair(extra=field(0x0D, bytes(12))), None
    yield "owner of Info-ZIP", pair(extra=field(0x7875, b"\1\4" + bytes(4) + b"\4" + bytes(4))), None


def libarchive(mode):
    """libarchive's experimental field: version made by, internal and external attributes."""
    return field(0x6C78, struct.pack("<BHHI", 7, UNIX << 8 | 20, 0, mode << 16))


def asi(mode, link=b""):
    """ASi Unix: CRC-32 of what follows, mode, size of the link, user and group, the link."""
    content = struct.pack("<HIHH", mode, len(link), 0, 0) + link
    return field(0x756E, struct.pack("<I", zlib.crc32(content)) + content)


def odd_zips():
    made = {}
    for group in (frames, zip64_forms, places, headers, descriptors, kinds_of_content, names, kinds_of_entries):
        for name, archive, reason in group():
            assert name not in made, name
            made[name] = archive, reason
    return made
