#include "base/relay.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "base/limits.h"
#include "base/test_support.h"

namespace hallmark {
namespace {

using test::error_of;
using test::expect_done;
using test::value_of;

constexpr std::size_t buffer_bytes = limits::copy_buffer_bytes;
// With so much the sink's thread begins: what waits, and a buffer that is being filled.
constexpr std::size_t woken_by_bytes = (Relay::buffers_at_wake + 1) * buffer_bytes;

// Bytes of which no two buffers are alike.
Bytes numbered(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = std::uint8_t(i ^ (i / buffer_bytes * 7));
  return bytes;
}

class FailingSink final : public Sink {
 public:
  Result<void> write(ByteView) override {
    ++writes;
    return corrupt("the sink has enough");
  }
  int writes = 0;
};

class ThrowingSink final : public Sink {
 public:
  Result<void> write(ByteView) override { throw std::runtime_error("the sink throws"); }
};

// Takes nothing until it is let go.
class HeldSink final : public Sink {
 public:
  Result<void> write(ByteView bytes) override {
    if (taken == 0) {
      entered.set_value();
      may_go.get_future().wait();
    }
    taken += bytes.size();
    return {};
  }
  std::promise<void> entered;
  std::promise<void> may_go;
  std::size_t taken = 0;
};

TEST(Relay, HandsOnWhatIsWrittenInOrder) {
  // More than the ring holds.
  const Bytes bytes = numbered((2 * Relay::buffers_waiting_max + 1) * buffer_bytes + 17);
  MemorySink sink;
  const auto relay = value_of(Relay::start(sink));
  for (std::size_t at = 0, step = 1; at < bytes.size(); at += step, step = step * 3 % 400'009) {
    step = std::min(step, bytes.size() - at);
    expect_done(relay->write(ByteView(bytes).subspan(at, step)));
  }
  expect_done(relay->finish());
  EXPECT_EQ(sink.bytes(), bytes);
}

TEST(Relay, HandsOnWhatItReadsWithWhatIsWritten) {
  const Bytes bytes = numbered(3 * buffer_bytes);
  MemorySink sink;
  const auto relay = value_of(Relay::start(sink));
  expect_done(relay->write(ByteView(bytes).first(5)));
  expect_done(relay->read(MemoryReadAt(bytes), 5, 2 * buffer_bytes));
  expect_done(relay->write(ByteView(bytes).subspan(2 * buffer_bytes + 5)));
  expect_done(relay->finish());
  EXPECT_EQ(sink.bytes(), bytes);
}

TEST(Relay, TellsTheErrorOfWhatItReads) {
  MemorySink sink;
  const auto relay = value_of(Relay::start(sink));
  EXPECT_EQ(error_of(relay->read(MemoryReadAt({}), 0, 1)).kind, ErrorKind::corrupt);
}

TEST(Relay, HandsOnAtItsEndWhatWasNotWorthWakingFor) {
  MemorySink sink;
  const auto relay = value_of(Relay::start(sink));
  const Bytes bytes = numbered(2 * buffer_bytes + 1);
  expect_done(relay->write(bytes));
  expect_done(relay->finish());
  EXPECT_EQ(sink.bytes(), bytes);
}

TEST(Relay, HandsOnNothingOfNothing) {
  FailingSink sink;
  const auto relay = value_of(Relay::start(sink));
  expect_done(relay->write({}));
  expect_done(relay->finish());
  EXPECT_EQ(sink.writes, 0);
}

TEST(Relay, TellsTheSinksErrorAtItsEnd) {
  FailingSink sink;
  const auto relay = value_of(Relay::start(sink));
  expect_done(relay->write(numbered(10)));
  EXPECT_EQ(error_of(relay->finish()).message, "the sink has enough");
}

TEST(Relay, StopsAWriterWhoseSinkHasFailed) {
  FailingSink sink;
  const auto relay = value_of(Relay::start(sink));
  const Bytes bytes = numbered(buffer_bytes);
  Result<void> written;
  for (int i = 0; written && i < 1000; ++i) written = relay->write(bytes);
  EXPECT_EQ(error_of(written).message, "the sink has enough");
  EXPECT_EQ(sink.writes, 1);
}

TEST(Relay, TurnsWhatASinkThrowsIntoAnError) {
  ThrowingSink sink;
  const auto relay = value_of(Relay::start(sink));
  expect_done(relay->write(numbered(10)));
  EXPECT_EQ(error_of(relay->finish()).kind, ErrorKind::internal);
}

TEST(Relay, EndsWithoutTheRestWhenTheWriterGivesUp) {
  HeldSink sink;
  auto relay = value_of(Relay::start(sink));
  expect_done(relay->write(numbered(woken_by_bytes)));  // the last buffer is still being filled
  sink.entered.get_future().wait();
  auto ending = std::async(std::launch::async, [&] { relay.reset(); });
  sink.may_go.set_value();
  ending.wait();
  EXPECT_LE(sink.taken, Relay::buffers_at_wake * buffer_bytes);
}

TEST(Relay, LetsTheWriterGetOnlySoFarAhead) {
  HeldSink sink;
  const auto relay = value_of(Relay::start(sink));
  // One buffer in the sink's hand, the waiting ones, and the one that is being filled.
  const std::size_t ahead = (Relay::buffers_waiting_max + 2) * buffer_bytes;
  expect_done(relay->write(numbered(woken_by_bytes)));
  sink.entered.get_future().wait();
  expect_done(relay->write(numbered(ahead - woken_by_bytes)));
  auto more = std::async(std::launch::async, [&] { return relay->write(numbered(1)); });
  EXPECT_EQ(more.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  sink.may_go.set_value();
  expect_done(more.get());
  expect_done(relay->finish());
  EXPECT_EQ(sink.taken, ahead + 1);
}

TEST(Relayed, IsTheSameForLittleAndForMuch) {
  for (const std::size_t size : {std::size_t(0), std::size_t(10), std::size_t(relayed_bytes_min)}) {
    const Bytes bytes = numbered(size);
    MemorySink sink;
    expect_done(relayed(sink, size, [&](Sink& to) { return to.write(bytes); }));
    EXPECT_EQ(sink.bytes(), bytes);
    MemorySink all;
    expect_done(relay_all(MemoryReadAt(bytes), all));
    EXPECT_EQ(all.bytes(), bytes);
  }
}

TEST(Relayed, TellsTheProducersError) {
  MemorySink sink;
  const auto outcome = relayed(sink, relayed_bytes_min, [](Sink& to) -> Result<void> {
    TRY(to.write(numbered(10)));
    return invalid("the source is broken");
  });
  EXPECT_EQ(error_of(outcome).message, "the source is broken");
}

TEST(Relayed, TellsTheSinksError) {
  FailingSink sink;
  const auto outcome =
      relayed(sink, relayed_bytes_min, [](Sink& to) { return to.write(numbered(10)); });
  EXPECT_EQ(error_of(outcome).message, "the sink has enough");
}

}  // namespace
}  // namespace hallmark
