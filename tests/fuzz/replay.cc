// The main of a fuzz target without libFuzzer: runs it on every file of the folders that it is
// given, and on every prefix of the small ones. Fails when there is no file.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t prefixed_bytes_max = 256;

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> content{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t shortest = content.size() > prefixed_bytes_max ? content.size() : 0;
  for (std::size_t size = shortest; size <= content.size(); ++size) {
    // A copy of its own, so that a sanitizer sees each step beyond the end.
    const std::vector<std::uint8_t> input(content.begin(), content.begin() + std::ptrdiff_t(size));
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      replay(entry.path());
      ++files;
    }
  }
  std::printf("%d inputs\n", files);
  return files > 0 ? 0 : 1;
}
