#include "cli/passphrase.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "cli/named_file.h"
#include "keys/secret_file.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t passphrase_bytes_max = 1024;

// The bytes up to the end of the line, which may be missing.
Result<Secret> read_line(int descriptor) {
  Secret line(passphrase_bytes_max);
  std::size_t size = 0;
  while (size < passphrase_bytes_max) {
    std::uint8_t* next = line.fill().data() + size;
    const ssize_t count = ::read(descriptor, next, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return invalid("The passphrase cannot be read.");
    if (count == 0 || *next == '\n') return Secret(line.reveal().first(size));
    ++size;
  }
  return invalid("The passphrase is too long.");
}

// Hides what is typed for as long as it lives.
class HiddenTyping {
 public:
  explicit HiddenTyping(int terminal) : terminal_(terminal) {
    hidden_ = ::tcgetattr(terminal_, &before_) == 0;
    if (!hidden_) return;
    termios hiding = before_;
    hiding.c_lflag &= ~tcflag_t(ECHO);
    hiding.c_lflag |= ICANON | ECHONL;
    hidden_ = ::tcsetattr(terminal_, TCSAFLUSH, &hiding) == 0;
  }
  ~HiddenTyping() {
    if (hidden_) (void)::tcsetattr(terminal_, TCSAFLUSH, &before_);  // nothing else could be done
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

  bool hidden() const { return hidden_; }

 private:
  const int terminal_;
  termios before_ = {};
  bool hidden_ = false;
};

Result<Secret> ask(std::string_view what) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  const HiddenTyping typing(terminal.get());
  if (!typing.hidden()) {
    return invalid(fmt::format(
        "There is no terminal to ask for the {}: name its file with --passphrase-file.", what));
  }
  std::string prompt = fmt::format("{}: ", what);
  if (prompt.front() >= 'a' && prompt.front() <= 'z') prompt.front() -= 'a' - 'A';
  const ssize_t written = ::write(terminal.get(), prompt.data(), prompt.size());
  if (written != ssize_t(prompt.size())) return invalid("The terminal cannot be written to.");
  return read_line(terminal.get());
}

Result<Secret> first_line_of(const std::string& file) {
  const auto content = keys::read_secret_file(file, passphrase_bytes_max);
  if (!content) return about_option("--passphrase-file", content.error());
  const std::string_view text = text_of(content->reveal());
  return Secret(bytes_of(text.substr(0, text.find('\n'))));
}

}  // namespace

Result<Secret> read_passphrase(const std::string& file, std::string_view what) {
  auto passphrase = file.empty() ? ask(what) : file == "-" ? read_line(0) : first_line_of(file);
  if (passphrase && passphrase->reveal().empty()) return invalid("The passphrase is empty.");
  return passphrase;
}

}  // namespace hallmark::cli
