// hallmark_bench VERB [NAME=VALUE]…: measures one thing and prints it as one line of JSON.
//
//   signatures  with=nettle|openssl threads= seconds=       bare P-384 signatures
//   durable     folder= seconds= rate=                      signatures, each with an fdatasync
//   load        port= method= path= query= body= first= access_key= connections= warm_up= seconds=
//               rate= server=PID                            requests of one kind (request.h,
//               load.h)
//   idle        the same: one request on each connection; then all stay open until stdin ends

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/descriptors.h"
#include "base/json.h"
#include "bench/connection.h"
#include "bench/disk.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/signatures.h"

namespace hallmark::bench {
namespace {

double percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::size_t(part * double(sorted.size() - 1))];
}

void print_line(const std::string& json) {
  fmt::print("{}\n", json);
  std::fflush(stdout);
}

Result<void> signatures(const Options& options) {
  const SigningTime time{.threads = int(options.number("threads", 1)),
                         .seconds = options.number("seconds", 1)};
  TRY(const auto cost, options.text("with", "nettle") == "openssl"
                           ? measure_openssl_signatures(time)
                           : measure_nettle_signatures(time));
  print_line(fmt::format(R"({{"per_second":{:.1f},"cpu_us":{:.3f},"longest_us":{:.1f}}})",
                         cost.per_second, cost.cpu_microseconds, cost.longest_microseconds));
  return {};
}

Result<void> durable(const Options& options) {
  TRY(const auto times, measure_durable_signatures({.folder = options.text("folder", "."),
                                                    .seconds = options.number("seconds", 1),
                                                    .rate = options.number("rate", 0)}));
  print_line(fmt::format(R"({{"count":{},"p50_us":{:.1f},"p99_us":{:.1f}}})", times.size(),
                         percentile(times, 0.5), percentile(times, 0.99)));
  return {};
}

Result<void> load(const Options& options) {
  RequestMaker requests(options);
  TRY(const auto result, run_load({.port = static_cast<unsigned short>(options.number("port", 0)),
                                   .connections = int(options.number("connections", 64)),
                                   .warm_up_seconds = options.number("warm_up", 0.5),
                                   .seconds = options.number("seconds", 1),
                                   .rate = options.number("rate", 0),
                                   .server = pid_t(options.number("server", 0))},
                                  requests));
  JsonWriter failure;
  failure.begin_object().member("first_failure", result.first_failure).end_object();
  const double answered = result.answered == 0 ? 1 : double(result.answered);
  print_line(fmt::format(
      R"({{"answered":{},"failed":{},"per_second":{:.1f},"server_cpu_us":{:.3f},)"
      R"("client_cpu_us":{:.3f},"server_cores":{:.3f},"p50_us":{:.1f},"p99_us":{:.1f},)"
      R"("failure":{}}})",
      result.answered, result.failed, double(result.answered) / result.seconds,
      result.server_cpu_seconds * 1e6 / answered, result.client_cpu_seconds * 1e6 / answered,
      result.server_cpu_seconds / result.seconds, percentile(result.latencies, 0.5),
      percentile(result.latencies, 0.99), failure.take()));
  return {};
}

Result<void> idle(const Options& options) {
  TRY(raise_descriptor_limit());
  RequestMaker requests(options);
  const auto port = static_cast<unsigned short>(options.number("port", 0));
  std::vector<std::unique_ptr<Connection>> connections;
  std::size_t failed = 0;
  for (int i = 0; i < int(options.number("connections", 64)); ++i) {
    connections.push_back(std::make_unique<Connection>(port));
    Connection& connection = *connections.back();
    TRY(connection.open());
    TRY(connection.send(requests.next()));
    auto received = Connection::Received::part;
    while (received == Connection::Received::part) {
      TRY(received, connection.receive());
    }
    const bool is_good = received == Connection::Received::whole && connection.take_answer().is_ok;
    failed += is_good ? 0 : 1;
  }
  print_line(fmt::format(R"({{"open":{},"failed":{}}})", connections.size(), failed));
  while (std::getchar() != EOF) {
  }
  return {};
}

Result<void> run(const std::string& verb, const Options& options) {
  if (verb == "signatures") return signatures(options);
  if (verb == "durable") return durable(options);
  if (verb == "load") return load(options);
  if (verb == "idle") return idle(options);
  return invalid("verbs are signatures, durable, load and idle");
}

int main_of(const std::vector<std::string>& words) {
  if (words.empty()) {
    fmt::print(stderr, "usage: hallmark_bench VERB [NAME=VALUE]…\n");
    return 2;
  }
  const auto options = Options::parse({words.begin() + 1, words.end()});
  const auto done = options ? run(words.front(), *options) : Result<void>(options.error());
  if (!done) fmt::print(stderr, "{}\n", describe(done.error()));
  return done ? 0 : 1;
}

}  // namespace
}  // namespace hallmark::bench

int main(int argc, char** argv) {
  return hallmark::bench::main_of(std::vector<std::string>(argv + 1, argv + argc));
}
