#include "cli/certificate_file.h"

#include "base/limits.h"

namespace hallmark::cli {

Result<std::vector<crypto::Certificate>> read_certificates(const NamedFile& file) {
  TRY(const auto pem, read_file(file, limits::mebibyte));
  auto certificates = crypto::certificates_from_pem(pem);
  if (!certificates) return about_option(file.path, certificates.error());
  return certificates;
}

}  // namespace hallmark::cli
