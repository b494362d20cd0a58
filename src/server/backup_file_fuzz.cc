// A backup file comes from anywhere: its header is read before anything is known of it, and its
// entries are read as they come, here as if they were not sealed.
#include <algorithm>

#include "base/check.h"
#include "server/backup_entries.h"
#include "server/backup_file.h"

namespace hallmark::server {
namespace {

class Nowhere final : public Sink {
 public:
  Result<void> write(ByteView) override { return {}; }
};
class Ignored final : public BackupEntries {
 public:
  Result<Sink*> begin(const std::string& name) override {
    CHECK(is_backup_name(name));
    return &nowhere_;
  }
  Result<void> end() override { return {}; }

 private:
  Nowhere nowhere_;
};

void read_all(ByteView input) {
  if (const auto header = parse_backup_header(input)) CHECK(header->bytes <= input.size());
  Ignored entries;
  static_cast<void>(read_backup_entries(
      [&](MutableByteView wanted) -> Result<void> {
        if (wanted.size() > input.size()) return corrupt("the end");
        std::ranges::copy(input.first(wanted.size()), wanted.begin());
        input = input.subspan(wanted.size());
        return {};
      },
      entries));
}

}  // namespace
}  // namespace hallmark::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hallmark::server::read_all({data, size});
  return 0;
}
