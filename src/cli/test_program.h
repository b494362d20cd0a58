// The whole program, run in this process as main() does. Only for tests.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command.h"

namespace hallmark::cli::test {

struct Done {
  int status = -1;
  std::string out;
  std::string err;
};

inline Done hallmark(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "hallmark");
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Done done;
  done.status = run(int(arguments.size()), pointers.data());
  done.out = testing::internal::GetCapturedStdout();
  done.err = testing::internal::GetCapturedStderr();
  return done;
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace hallmark::cli::test
