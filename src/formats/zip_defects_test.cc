// One archive for each defect that makes readers see different things, or makes them work for
// nothing. Each is a good archive but for one thing, and the refusal names that thing.
#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;

struct Defect {
  std::string name;
  std::string message;  // a part of it
  std::function<void(TestZip&)> make;
};

// Two entries, so that the first is followed by another.
TestZip good() { return {.entries = {TestEntry{}, TestEntry{.name = "b.txt", .body = "world"}}}; }

Defect of_first(std::string name, std::string message, std::function<void(TestEntry&)> make) {
  return {std::move(name), std::move(message), [make](TestZip& zip) { make(zip.entries[0]); }};
}

Defect named(std::string name, std::string entry_name, std::string message) {
  return of_first(std::move(name), std::move(message),
                  [entry_name](TestEntry& entry) { entry.name = entry_name; });
}

Defect link_to(std::string name, std::string target, std::string message) {
  return of_first(std::move(name), std::move(message), [target](TestEntry& entry) {
    entry.name = "d/link";
    entry.attributes = 0120777U << 16;
    entry.body = target;
  });
}

Defect flagged(std::string name, std::uint16_t flag, std::string message) {
  return of_first(std::move(name), std::move(message),
                  [flag](TestEntry& entry) { entry.flags = flag; });
}

Defect described(std::string name, std::string message, std::function<void(TestEntry&)> make) {
  return of_first(std::move(name), std::move(message), [make](TestEntry& entry) {
    entry.method = method_deflated;
    entry.flags = flag_descriptor;
    entry.descriptor = descriptor_of<std::uint32_t>(entry, descriptor_signature);
    make(entry);
  });
}

// Stored, which needs its size before its content.
Defect stored_described(std::string name, std::string message,
                        std::function<void(TestEntry&)> make) {
  return of_first(std::move(name), std::move(message), [make](TestEntry& entry) {
    entry.flags = flag_descriptor;
    entry.descriptor = descriptor_of<std::uint32_t>(entry, descriptor_signature);
    make(entry);
  });
}

Defect deflated_with(std::string name, std::string message, std::function<void(TestEntry&)> make) {
  return of_first(std::move(name), std::move(message), [make](TestEntry& entry) {
    entry.method = method_deflated;
    entry.body = std::string(1000, 'x');
    make(entry);
  });
}

Bytes end_record() { return build({.entries = {}}); }

// The ZIP64 records as they should be, for changing.
struct Zip64Records {
  std::uint64_t record_size = 44;
  std::uint32_t disk = 0;
  std::uint64_t on_disk = 2;
  std::uint64_t entries = 2;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t locator_offset = 0;
  std::uint32_t disks = 1;
  std::uint32_t signature = zip64_end_signature;
  Bytes after_record = {};
};

Bytes bytes_of_records(const Zip64Records& records) {
  Bytes bytes;
  append_number(bytes, records.signature);
  append_number(bytes, records.record_size);
  append_number(bytes, std::uint16_t(45));
  append_number(bytes, std::uint16_t(45));
  append_number(bytes, records.disk);
  append_number(bytes, records.disk);
  append_number(bytes, records.on_disk);
  append_number(bytes, records.entries);
  append_number(bytes, records.directory_size);
  append_number(bytes, records.directory_offset);
  append(bytes, records.after_record);
  append_number(bytes, zip64_locator_signature);
  append_number(bytes, std::uint32_t(0));
  append_number(bytes, records.locator_offset);
  append_number(bytes, records.disks);
  return bytes;
}

// Gives the archive ZIP64 records, after `change` has had its way with them.
void add_zip64(TestZip& zip, const std::function<void(Zip64Records&)>& change) {
  Bytes entries;
  Bytes directory;
  for (const TestEntry& entry : zip.entries) {
    append_test_central(directory, entry, entries.size());
    append_test_local(entries, entry);
  }
  Zip64Records records = {.directory_size = directory.size(),
                          .directory_offset = entries.size(),
                          .locator_offset = entries.size() + directory.size()};
  change(records);
  zip.after_directory = bytes_of_records(records);
}

Defect zip64_with(std::string name, std::string message,
                  std::function<void(Zip64Records&)> change) {
  return {std::move(name), std::move(message), [change](TestZip& zip) { add_zip64(zip, change); }};
}

using Defects = std::vector<Defect>;

Defects of_frame() {
  return {
      {"NoEntries", "has no entries", [](TestZip& z) { z.entries.clear(); }},
      {"PrependedData", "data stands before the archive",
       [](TestZip& z) {
         z.before = {'#', '!'};
       }},
      {"PrependedDataCountedByTheOffsets", "Data stands before the first entry",
       [](TestZip& z) {
         z.before = {'j', 'u', 'n', 'k'};
         z.entries[0].offset = 4;
         z.entries[1].offset = std::uint32_t(4 + 30 + 5 + 5);
         z.directory_offset = std::uint32_t(4 + 2 * (30 + 5 + 5));
       }},
      {"TrailingData", "Data follows the archive's end record", [](TestZip& z) { z.after = {0}; }},
      {"CommentCutShort", "or its comment is cut short", [](TestZip& z) { z.comment_size = 9; }},
      {"EndRecordInTheComment", "more than one end of central directory record",
       [](TestZip& z) { z.comment = text_of(end_record()); }},
      {"EndSignatureInTheComment", "more than one end of central directory record",
       [](TestZip& z) { z.comment = "PK\5\6"; }},
      {"EndRecordInAnEntryWhoseCommentReachesTheEnd",
       "more than one end of central directory record",
       [](TestZip& z) {
         Bytes fake = end_record();
         z.entries[1].body = std::string(text_of(fake));
         const std::size_t rest = build(z).size() - (2 * 30 + 5 + 5 + 5) - fake.size();
         fake[20] = std::uint8_t(rest);
         fake[21] = std::uint8_t(rest >> 8);
         z.entries[1].body = std::string(text_of(fake));
       }},
      {"SecondArchiveAppended", "the archive", [](TestZip& z) { z.after = build(good()); }},
      {"DataBeforeTheDirectory", "is followed by data that belongs to no entry",
       [](TestZip& z) {
         z.before_directory = {1, 2, 3};
       }},
      {"DataAfterTheDirectory", "central directory does not end where the end record begins",
       [](TestZip& z) {
         z.after_directory = {1, 2, 3};
       }},
      {"DirectorySizeTooLarge", "central directory does not end where",
       [](TestZip& z) { z.directory_size = 1000; }},
      {"DirectoryOffsetTooLarge", "central directory does not end where",
       [](TestZip& z) { z.directory_offset = 0x7FFFFFFF; }},
      {"DirectoryOffsetOfEarlierHeader", "central directory does not end where",
       [](TestZip& z) { z.directory_offset = 0; }},
      {"TwoDisks", "spans several disks", [](TestZip& z) { z.disk = 1; }},
      {"CountsThatDiffer", "counts its entries in two ways",
       [](TestZip& z) { z.entries_on_disk = 1; }},
      {"CountTooSmall", "more entries than the end record says",
       [](TestZip& z) { z.entries_count = 1; }},
      {"CountTooLarge", "fewer entries than the end record says",
       [](TestZip& z) { z.entries_count = 3; }},
      {"TooManyEntriesClaimed", "more than the limit of 200000",
       [](TestZip& z) {
         add_zip64(z, [](Zip64Records& r) { r.entries = r.on_disk = 1'000'000; });
         z.entries_count = saturated16;
       }},
      {"DigitalSignatureInTheDirectory", "holds something that is not a header",
       [](TestZip& z) {
         z.after_directory = {'P', 'K', 5, 5, 0, 0};
         z.directory_size = std::uint32_t(2 * (46 + 5) + 6);
       }},
  };
}

Defects of_zip64() {
  return {
      {"Zip64Missing", "refers to a ZIP64 end record that is not there",
       [](TestZip& z) { z.directory_offset = saturated32; }},
      zip64_with("Zip64LocatorPointsElsewhere", "locator does not point at",
                 [](Zip64Records& r) { r.locator_offset -= 1; }),
      zip64_with("Zip64RecordWithoutSignature", "locator does not point at",
                 [](Zip64Records& r) { r.signature = 0; }),
      zip64_with("Zip64RecordWithExtensibleData", "locator does not point at",
                 [](Zip64Records& r) {
                   r.record_size = 52;
                   r.after_record = Bytes(8);
                 }),
      zip64_with("Zip64RecordOfWrongSize", "of the known form",
                 [](Zip64Records& r) { r.record_size = 45; }),
      zip64_with("Zip64OnDiskTwo", "spans several disks", [](Zip64Records& r) { r.disk = 2; }),
      zip64_with("Zip64OfTwoDisks", "spans several disks", [](Zip64Records& r) { r.disks = 2; }),
      zip64_with("Zip64CountsThatDiffer", "counts its entries in two ways",
                 [](Zip64Records& r) { r.on_disk = 1; }),
      zip64_with("Zip64CountOtherThanThePlainOne", "does not agree with the ZIP64 end record",
                 [](Zip64Records& r) { r.entries = r.on_disk = 1; }),
      zip64_with("Zip64OffsetOtherThanThePlainOne", "does not agree with the ZIP64 end record",
                 [](Zip64Records& r) { r.directory_offset -= 1; }),
      zip64_with("Zip64SizeOtherThanThePlainOne", "does not agree with the ZIP64 end record",
                 [](Zip64Records& r) { r.directory_size -= 1; }),
      of_first("Zip64ValueMissing", "\"a.txt\" lacks a value in its ZIP64 extra field",
               [](TestEntry& e) { e.size = saturated32; }),
      of_first("Zip64ValueThatNothingRefersTo", "that nothing refers to",
               [](TestEntry& e) { e.central_extra = zip64_field({5}); }),
      of_first("Zip64FieldTwice", "has two ZIP64 extra fields",
               [](TestEntry& e) {
                 e.local_extra = zip64_field({5, 5});
                 append(e.local_extra, zip64_field({5, 5}));
               }),
      of_first("Zip64OfTheLocalHeaderDiffers", "contradicts its local header",
               [](TestEntry& e) {
                 e.local_extra = zip64_field({6, 5});
               }),
      of_first("Zip64OfTheLocalHeaderDiffersFromTheCentralOne", "another size in its local header",
               [](TestEntry& e) {
                 e.local_size = saturated32;
                 e.local_extra = zip64_field({6, 5});
               }),
      of_first("Zip64OfTheLocalHeaderHasOneValue", "a wrong size in its local header",
               [](TestEntry& e) { e.local_extra = zip64_field({5}); }),
  };
}

Defects of_places() {
  return {
      {"SameBytesTwice", "does not stand before the next one",
       [](TestZip& z) { z.entries[1].offset = 0; }},
      {"EntriesOutOfOrder", "Data stands before the first entry",
       [](TestZip& z) {
         z.entries[0].offset = 40;
         z.entries[1].offset = 0;
       }},
      {"LaterEntriesOutOfOrder", "\"b.txt\" does not stand before the next one",
       [](TestZip& z) {
         z.entries.push_back({.name = "c.txt"});
         z.entries[1].offset = 80;
         z.entries[2].offset = 40;
       }},
      {"Overlap", "\"a.txt\" overlaps what follows it",
       [](TestZip& z) { z.entries[0].size = z.entries[0].compressed_size = 20; }},
      {"OverlapByALongerLocalHeader", "\"a.txt\" overlaps what follows it",
       [](TestZip& z) {
         z.entries[0].local_extra = extra_field(0x1234, Bytes(4));
         z.entries[1].offset = 42;
       }},
      {"OffsetBeyondTheDirectory", "does not stand before the next one",
       [](TestZip& z) { z.entries[1].offset = 10'000; }},
      {"GapBetweenEntries", "\"a.txt\" is followed by data that belongs to no entry",
       [](TestZip& z) { z.entries[0].descriptor = {1}; }},
  };
}

Defects of_local_headers() {
  return {
      of_first("LocalSignature", "has no local header where",
               [](TestEntry& e) { e.local_signature = 0; }),
      of_first("LocalName", "another name in its local header",
               [](TestEntry& e) { e.local_name = "A.txt"; }),
      of_first("LocalNameThatPushesTheDataOut", "overlaps what follows it",
               [](TestEntry& e) {
                 e.local_name = "a.txt.exe";
                 e.data = Bytes(1);
                 e.body = "a";
                 e.size = e.compressed_size = 5;
               }),
      of_first("LocalMethod", "another compression method in its local header",
               [](TestEntry& e) { e.local_method = method_deflated; }),
      of_first("LocalFlags", "other flags in its local header",
               [](TestEntry& e) { e.local_flags = flag_utf8; }),
      of_first("LocalCrc", "another CRC-32 in its local header",
               [](TestEntry& e) { e.local_crc = 1; }),
      of_first("LocalCrcZero", "another CRC-32 in its local header",
               [](TestEntry& e) { e.local_crc = 0; }),
      of_first("LocalSize", "another size in its local header",
               [](TestEntry& e) { e.local_size = 4; }),
      of_first("LocalCompressedSize", "another size in its local header",
               [](TestEntry& e) { e.local_compressed_size = 4; }),
      of_first("LocalVersion", "needs an unknown version",
               [](TestEntry& e) { e.local_version = 63; }),
  };
}

Defects of_descriptors() {
  return {
      described("DescriptorMissing", "lacks its data descriptor",
                [](TestEntry& e) { e.descriptor.clear(); }),
      described("DescriptorCutShort", "followed by something else than its data descriptor",
                [](TestEntry& e) { e.descriptor.pop_back(); }),
      described("DescriptorTooWide", "followed by something else than its data descriptor",
                [](TestEntry& e) {
                  e.descriptor = descriptor_of<std::uint64_t>(e, descriptor_signature);
                }),
      described("DescriptorTooNarrow", "followed by something else than its data descriptor",
                [](TestEntry& e) {
                  e.local_extra = zip64_field({0, 0});
                }),
      described("DescriptorWithAnotherSignature", "an ambiguous data descriptor",
                [](TestEntry& e) { e.descriptor = descriptor_of<std::uint32_t>(e, 0x12345678); }),
      described("DescriptorCrc", "a data descriptor that contradicts",
                [](TestEntry& e) { e.descriptor[4] ^= 1; }),
      described("DescriptorCompressedSize", "a data descriptor that contradicts",
                [](TestEntry& e) { e.descriptor[8] ^= 1; }),
      described("DescriptorSize", "a data descriptor that contradicts",
                [](TestEntry& e) { e.descriptor[12] ^= 1; }),
      described("DescriptorAndAnotherLocalCrc", "another CRC-32 in its local header",
                [](TestEntry& e) { e.local_crc = 7; }),
      described("DescriptorAndAnotherLocalSize", "another size in its local header",
                [](TestEntry& e) { e.local_size = 7; }),
      stored_described("StoredWithoutSizes", "\"a.txt\" is stored without its size before",
                       [](TestEntry&) {}),
      stored_described("StoredWithoutOneSize", "is stored without its size before",
                       [](TestEntry& e) { e.local_size = 5; }),
      stored_described("StoredWithEmptyZip64Sizes", "is stored without its size before",
                       [](TestEntry& e) {
                         e.local_extra = zip64_field({0, 0});
                         e.local_size = e.local_compressed_size = saturated32;
                         e.descriptor = descriptor_of<std::uint64_t>(e, descriptor_signature);
                       }),
      stored_described("StoredWithZip64SizesThatNothingRefersTo",
                       "is stored without its size before",
                       [](TestEntry& e) {
                         e.local_extra = zip64_field({5, 5});
                         e.descriptor = descriptor_of<std::uint64_t>(e, descriptor_signature);
                       }),
      stored_described("StoredBeforeAnUnsignedDescriptor", "an ambiguous data descriptor",
                       [](TestEntry& e) {
                         e.local_size = e.local_compressed_size = 5;
                         e.descriptor = descriptor_of<std::uint32_t>(e, {});
                       }),
      stored_described("NothingStoredBeforeAnUnsignedDescriptor", "an ambiguous data descriptor",
                       [](TestEntry& e) {
                         e.body = "";
                         e.descriptor = descriptor_of<std::uint32_t>(e, {});
                       }),
  };
}

Defects of_methods() {
  return {
      of_first("MethodBzip2", "uses compression method 12", [](TestEntry& e) { e.method = 12; }),
      of_first("MethodDeflate64", "uses compression method 9", [](TestEntry& e) { e.method = 9; }),
      of_first("MethodAes", "uses compression method 99", [](TestEntry& e) { e.method = 99; }),
      of_first("VersionOfTheFuture", "needs version 6.3 of the format",
               [](TestEntry& e) { e.version = 63; }),
      flagged("Encrypted", flag_encrypted, "is encrypted"),
      flagged("StronglyEncrypted", flag_encrypted | flag_strong_encryption,
              "is strongly encrypted"),
      flagged("MaskedHeaders", flag_masked, "is strongly encrypted"),
      flagged("PatchedData", flag_patched, "compressed patched data"),
      flagged("EnhancedDeflate", 1U << 4, "unknown flags (0x0010)"),
      flagged("ReservedFlag", 1U << 15, "unknown flags (0x8000)"),
      of_first("OnAnotherDisk", "is on another disk", [](TestEntry& e) { e.disk = 1; }),
  };
}

Defects of_content() {
  return {
      of_first("WrongCrc", "\"a.txt\" has content that does not match its CRC-32",
               [](TestEntry& e) { e.crc = e.local_crc = 1; }),
      of_first("StoredWithTwoSizes", "stored, but its two sizes differ",
               [](TestEntry& e) { e.size = e.local_size = 4; }),
      of_first("DeflatedInTruthStored", "a broken deflate stream",
               [](TestEntry& e) {
                 e.method = method_deflated;
                 e.data = Bytes(5, 0xFF);
               }),
      deflated_with("DeflateTooLong", "expands to more than its size",
                    [](TestEntry& e) { e.size = e.local_size = 999; }),
      deflated_with("DeflateTooShort", "expands to less than its size",
                    [](TestEntry& e) { e.size = e.local_size = 1001; }),
      deflated_with("DeflateWithoutEnd", "a deflate stream without an end",
                    [](TestEntry& e) {
                      e.data = data_of(e);
                      e.data->pop_back();
                    }),
      deflated_with("DeflateOfNothing", "a deflate stream without an end",
                    [](TestEntry& e) { e.data = Bytes(); }),
      deflated_with("DataAfterTheDeflateStream", "data after the end of its deflate stream",
                    [](TestEntry& e) {
                      e.data = data_of(e);
                      e.data->push_back(0);
                    }),
      deflated_with("TwoDeflateStreams", "data after the end of its deflate stream",
                    [](TestEntry& e) {
                      e.data = data_of(e);
                      append(*e.data, data_of(TestEntry{.method = 8}));
                    }),
      deflated_with("Bomb", "expands by more than 1000 to 1",
                    [](TestEntry& e) { e.body = std::string(4 * limits::mebibyte, '\0'); }),
      deflated_with("SizeThatIsALie", "more than the limit",
                    [](TestEntry& e) { e.size = e.local_size = 0xFFFFFFFE; }),
  };
}

Defects of_names() {
  return {
      named("EmptyName", "", "An entry has an empty name"),
      named("AbsoluteName", "/etc/passwd", "has an absolute name"),
      named("ParentSegment", "../a.txt", "has a \"..\" segment"),
      named("ParentSegmentWithin", "a/../../b", "has a \"..\" segment"),
      named("ParentSegmentAtTheEnd", "a/..", "has a \"..\" segment"),
      named("DotSegment", "./a.txt", "has a \".\" segment"),
      named("EmptySegment", "a//b", "has an empty segment"),
      named("Backslash", "a\\b", "has a backslash"),
      named("DriveLetter", "C:a.txt", "has a drive letter"),
      named("NulInTheName", std::string("a\0b", 3), "\"a\\x00b\" has a control character"),
      named("LineFeedInTheName", "a\nb", "has a control character"),
      named("DeleteInTheName", "a\x7f", "has a control character"),
      named("NameTooLong", std::string(4097, 'a'), "more than 4096 bytes"),
      named("SameNameTwice", "b.txt", "\"b.txt\" appears more than once"),
      named("FileBelowAFile", "b.txt/c", "\"b.txt\" is both a file and a folder"),
      {"FileAndFolderOfOneName", "\"b.txt\" is both a file and a folder",
       [](TestZip& z) {
         z.entries[0].name = "b.txt/";
         z.entries[0].body = "";
         z.entries[0].attributes = 0040755U << 16;
       }},
      {"FolderTwice", "\"d/\" appears more than once",
       [](TestZip& z) {
         z.entries = {{.name = "d/", .body = "", .attributes = 0},
                      {.name = "d/", .body = "", .attributes = 0}};
       }},
      {"FileBelowALink", "\"b.txt\" is both a file and a folder",
       [](TestZip& z) {
         z.entries[1].attributes = 0120777U << 16;
         z.entries[0].name = "b.txt/x";
       }},
      of_first("NotUtf8", "a name that is not UTF-8",
               [](TestEntry& e) {
                 e.name = "\xe9.txt";
                 e.flags = flag_utf8;
               }),
      of_first("OverlongUtf8", "a name that is not UTF-8",
               [](TestEntry& e) {
                 e.name = "\xc0\xaf";
                 e.flags = flag_utf8;
               }),
      of_first("Latin1", "a name that is not UTF-8", [](TestEntry& e) { e.name = "\xe9.txt"; }),
      of_first("Utf8OfDosWithoutTheMark", "beyond ASCII that is not marked as UTF-8",
               [](TestEntry& e) {
                 e.name = "é.txt";
                 e.made_by = 0x0014;
               }),
      of_first("UnicodePathOfTheCentralHeader", "a Unicode Path that differs",
               [](TestEntry& e) { e.central_extra = unicode_path(1, crc_of("a.txt"), "b"); }),
      of_first("UnicodePathOfTheLocalHeader", "a Unicode Path that differs",
               [](TestEntry& e) { e.local_extra = unicode_path(1, crc_of("a.txt"), "evil"); }),
      of_first("UnicodePathWithAnotherCrc", "a Unicode Path that differs",
               [](TestEntry& e) { e.central_extra = unicode_path(1, 0, "a.txt"); }),
      of_first("UnicodePathOfAnotherVersion", "a Unicode Path that differs",
               [](TestEntry& e) { e.central_extra = unicode_path(2, crc_of("a.txt"), "a.txt"); }),
      of_first("UnicodePathTooShort", "a Unicode Path that differs",
               [](TestEntry& e) { e.central_extra = extra_field(extra_unicode_path, {1}); }),
      of_first("CentralExtraCutShort", "extra fields that do not fill their place",
               [](TestEntry& e) {
                 e.central_extra = {1, 2, 3};
               }),
      of_first("LocalExtraCutShort", "extra fields that do not fill their place",
               [](TestEntry& e) {
                 e.local_extra = {0x55, 0x54, 9, 0, 1};
               }),
  };
}

Defects of_kinds() {
  return {
      of_first("FolderWithContent", "is a folder with content",
               [](TestEntry& e) {
                 e.name = "a/";
                 e.attributes = 0;
               }),
      of_first("FolderWithCrc", "does not match its CRC-32",
               [](TestEntry& e) {
                 e.name = "a/";
                 e.attributes = 0;
                 e.body = "";
                 e.crc = e.local_crc = 1;
               }),
      of_first("FolderModeOfAFile", "marked as a folder",
               [](TestEntry& e) { e.attributes = 0040755U << 16; }),
      of_first("FolderBitOfAFile", "marked as a folder",
               [](TestEntry& e) { e.attributes = dos_folder; }),
      of_first("LinkModeOfAFolder", "neither a file, a folder nor",
               [](TestEntry& e) {
                 e.name = "a/";
                 e.body = "";
                 e.attributes = 0120777U << 16;
               }),
      of_first("Device", "neither a file, a folder nor",
               [](TestEntry& e) { e.attributes = 0020666U << 16; }),
      of_first("Fifo", "neither a file, a folder nor",
               [](TestEntry& e) { e.attributes = 0010666U << 16; }),
      of_first("SetuidFile", "\"a.txt\" has the setuid, setgid or sticky bit in its mode",
               [](TestEntry& e) { e.attributes = 0104755U << 16; }),
      of_first("SetgidFileOfNoType", "has the setuid, setgid or sticky bit",
               [](TestEntry& e) { e.attributes = 0002755U << 16; }),
      of_first("StickyFile", "has the setuid, setgid or sticky bit",
               [](TestEntry& e) { e.attributes = 0101644U << 16; }),
      of_first("SetuidLink", "has the setuid, setgid or sticky bit",
               [](TestEntry& e) { e.attributes = 0124777U << 16; }),
      of_first("LinkInAnExtraFieldOfLibarchive", "another mode in its extra fields",
               [](TestEntry& e) {
                 e.central_extra = extra_field(extra_libarchive, {4, 0, 0, 0xff, 0xa1});
               }),
      of_first("LinkInAnExtraFieldOfAsi", "another mode in its extra fields",
               [](TestEntry& e) {
                 e.attributes = 0;
                 e.central_extra = asi_unix(0120777, "/etc/passwd");
               }),
      of_first("SetuidInAnExtraFieldOfAsi", "another mode in its extra fields",
               [](TestEntry& e) {
                 e.attributes = 0;
                 e.local_extra = asi_unix(0104755, "");
               }),
      of_first("LinkInAnExtraFieldOfPkware", "a link or device in its extra fields",
               [](TestEntry& e) { e.central_extra = extra_field(extra_pkware_unix, Bytes(13)); }),
      link_to("LinkToNothing", "", "a symbolic link to nothing"),
      link_to("AbsoluteLink", "/etc/passwd", "a symbolic link to an absolute path"),
      link_to("LinkOutOfTheTree", "../../x", "a symbolic link that leaves the package"),
      link_to("LinkOutAndInAgain", "../../d/x", "a symbolic link that leaves the package"),
      link_to("LinkWithALaterParent", "e/../../x", "\"..\" after a name"),
      link_to("LinkWithNul", std::string("x\0y", 3), "control character or backslash"),
      link_to("LinkWithBackslash", "..\\..\\x", "control character or backslash"),
      link_to("LinkToADrive", "C:/x", "a symbolic link to an absolute path"),
      link_to("LinkTooLong", std::string(4097, 'x'), "a symbolic link of more than 4096 bytes"),
  };
}

class ZipDefects : public testing::TestWithParam<Defect> {};

TEST_P(ZipDefects, AreRefusedByName) {
  TestZip zip = good();
  GetParam().make(zip);
  const auto contents = read_all(build(zip));
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().kind, ErrorKind::invalid);
  EXPECT_NE(contents.error().message.find(GetParam().message), std::string::npos)
      << contents.error().message;
  EXPECT_TRUE(contents.error().message.ends_with('.')) << contents.error().message;
}

std::string name_of(const testing::TestParamInfo<Defect>& defect) { return defect.param.name; }

INSTANTIATE_TEST_SUITE_P(Frame, ZipDefects, testing::ValuesIn(of_frame()), name_of);
INSTANTIATE_TEST_SUITE_P(Zip64, ZipDefects, testing::ValuesIn(of_zip64()), name_of);
INSTANTIATE_TEST_SUITE_P(Places, ZipDefects, testing::ValuesIn(of_places()), name_of);
INSTANTIATE_TEST_SUITE_P(LocalHeaders, ZipDefects, testing::ValuesIn(of_local_headers()), name_of);
INSTANTIATE_TEST_SUITE_P(Descriptors, ZipDefects, testing::ValuesIn(of_descriptors()), name_of);
INSTANTIATE_TEST_SUITE_P(Methods, ZipDefects, testing::ValuesIn(of_methods()), name_of);
INSTANTIATE_TEST_SUITE_P(Content, ZipDefects, testing::ValuesIn(of_content()), name_of);
INSTANTIATE_TEST_SUITE_P(Names, ZipDefects, testing::ValuesIn(of_names()), name_of);
INSTANTIATE_TEST_SUITE_P(Kinds, ZipDefects, testing::ValuesIn(of_kinds()), name_of);

TEST(ZipFrame, TheArchiveTheyAreMadeFromIsGood) { EXPECT_TRUE(read_all(build(good()))); }

TEST(ZipFrame, AnEmptyFileIsNoPackage) {
  EXPECT_EQ(read_all(Bytes()).error().message, "The package is empty.");
}

TEST(ZipFrame, AnythingElseIsNoPackage) {
  const auto contents = read_all(copy_of(bytes_of("#!/bin/sh\nexit 0\n, and some more of it")));
  EXPECT_EQ(contents.error().message,
            "The package is not a ZIP archive: it has no end of central directory record.");
}

TEST(ZipFrame, EveryArchiveCutShortIsRefused) {
  const Bytes whole = build(good());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_all(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size)))) << size;
  }
}

}  // namespace
}  // namespace hallmark::formats::test
