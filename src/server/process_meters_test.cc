#include "server/process_meters.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::server {
namespace {

using hallmark::test::value_of;

TEST(ProcessMeters, AreThoseOfThisProcess) {
  const ProcessMeters meters = value_of(read_process_meters());
  EXPECT_GT(meters.resident_bytes, 1'000'000u);
  EXPECT_GE(meters.virtual_bytes, meters.resident_bytes);
  EXPECT_GE(meters.cpu_seconds, 0.0);
  EXPECT_GE(meters.descriptors_max, meters.open_descriptors);
}

TEST(ProcessMeters, CountADescriptorThatIsOpen) {
  const auto before = value_of(read_process_meters()).open_descriptors;
  const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(value_of(read_process_meters()).open_descriptors, before + 1);
  ASSERT_EQ(::close(descriptor), 0);
}

}  // namespace
}  // namespace hallmark::server
