// The signed package of AWS Lambda: the source zip with two entries appended, the folder
// `META_INF/` (unless it is there) and, last, the file `META_INF/aws_signer_signature_v1.0.SF`.
// Every byte of the source up to its central directory stays as it is.
//
// What is signed is SHA-384 of SHA-384(name₁‖body₁‖name₂‖body₂‖…) over all entries in the order of
// the archive, bodies expanded, folders included, only the `.SF` left out. The inner digest is the
// detached content of the CMS SignedData in the `.SF`, so that openssl can judge it:
//
//   openssl cms -verify -binary -purpose any -inform PEM -in FILE.SF -content INNER -CAfile ROOT
//
// What this format cannot protect, for lack of a place in the digest:
//
// - The digest covers one string of bytes, the names and bodies one after the other, but not where
//   each of them ends. Who changes a package may cut the same string elsewhere: let a name swallow
//   the beginning of its body ("a" + "bc" becomes "ab" + "c"), split a file into several whose
//   names stand in its body, or join neighbours into one file whose body holds the others' names.
//   Every cut leads to the same digest. `verify` refuses those cuts that strict reading refuses: a
//   name has to be a relative path without control characters (so no name spans lines), unique, not
//   both file and folder; folders have no content; sizes and CRC-32 fit. What is left: no byte is
//   new, none is missing, none is moved, but a file with text of somebody else's making can become
//   entries of that text's choosing. A verifier that knows which entries to expect should compare.
// - The type of an entry: a regular file can become a symbolic link and a link a file, for the body
//   of a link is its target. `verify` refuses links that lead out of the tree, and tells how many
//   there are. (Folders are told by their names, which are signed.)
// - The mode: who may read, write and execute. `verify` refuses setuid, setgid and sticky bits.
// - Times, the comments of entries and of the archive, attributes of other systems, the versions
//   that made it and that are needed, and extra fields, but for those that strict reading compares
//   with the rest (ZIP64 sizes, Unicode Path).
// - How a content is kept: stored or deflated, at which level, with a data descriptor or without.
// - The bytes of the `.SF` entry beside the signature in it, for it is not part of the digest: its
//   compression and the fields above. Its text has one form only, and `verify` insists on it.
#pragma once

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "formats/format.h"

namespace hallmark::formats {

inline constexpr std::string_view signature_folder_name = "META_INF/";
inline constexpr std::string_view signature_entry_name = "META_INF/aws_signer_signature_v1.0.SF";

extern const Format lambda_zip_format;

// For showing a package to other tools: the inner digest, of all entries but the signature (a
// package that is not signed has one too: of its entries as they are), and the ContentInfo of the
// signature. Both read the package strictly, and judge nothing else.
Result<crypto::Sha384> lambda_inner_digest(const ReadAt& package);
Result<Bytes> lambda_signature_of(const ReadAt& package);

}  // namespace hallmark::formats
