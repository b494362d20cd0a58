// hallmark_bench PORT OPS_PORT CREDENTIALS_FILE SERVER_PID SECONDS
//
// Prints, from one run: what a bare P-384 signature costs, what a request costs the server beside
// it, and how many units of work share a commit.

#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/file.h"
#include "bench/load.h"
#include "bench/process.h"
#include "bench/signatures.h"
#include "crypto/digest.h"
#include "sigv4/sigv4.h"

namespace hallmark::bench {
namespace {

struct Setting {
  unsigned short port;
  unsigned short operations_port;
  pid_t server;
  double seconds;
  std::string access_key_id;
  Secret secret;
};

// The value of `name = value` in an AWS credentials file.
std::string value_of(const std::string& file, std::string_view name) {
  const std::size_t start = file.find(fmt::format("{} = ", name));
  if (start == std::string::npos) return {};
  const std::size_t value = start + name.size() + 3;
  return file.substr(value, file.find('\n', value) - value);
}

// Signs requests as a client does, with the day's key derived once.
class Client {
 public:
  explicit Client(const Setting& setting)
      : setting_(setting),
        host_(fmt::format("127.0.0.1:{}", setting.port)),
        scope_{to_basic_date(SystemClock().now()), "us-east-1", "signer"},
        key_(sigv4::derive_signing_key(setting.secret, scope_)) {}

  std::string request(std::string_view method, std::string_view path, std::string_view body) const {
    const std::string time = to_basic(SystemClock().now());
    const std::string hash = to_hex(crypto::sha256(bytes_of(body)));
    sigv4::RequestView view{
        .method = method,
        .path = path,
        .query = {},
        .headers = {{"content-type", "application/json"}, {"host", host_}, {"x-amz-date", time}}};
    const std::string authorization = sigv4::authorize(view, hash, time, setting_.access_key_id,
                                                       scope_, key_, sigv4::PathStyle::normalized);
    return fmt::format(
        "{} {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Amz-Date: {}\r\n"
        "Authorization: {}\r\nContent-Length: {}\r\n\r\n{}",
        method, path, host_, time, authorization, body.size(), body);
  }

 private:
  const Setting& setting_;
  const std::string host_;
  const sigv4::Scope scope_;
  const Secret key_;
};

Result<std::uint64_t> metric(const Setting& setting, std::string_view name) {
  TRY(auto page, fetch("127.0.0.1", setting.operations_port,
                       "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const std::size_t at = page.find(fmt::format("\n{} ", name));
  if (at == std::string::npos) return internal_error(fmt::format("no metric {}", name));
  std::uint64_t value = 0;
  std::from_chars(page.data() + at + name.size() + 2, page.data() + page.size(), value);
  return value;
}

void print_row(std::string_view name, const LoadResult& load, double cpu) {
  const auto percentile = [&](double p) {
    return load.latencies.empty()
               ? 0U
               : load.latencies[std::size_t(p * double(load.latencies.size() - 1))];
  };
  const double answered = double(load.answered);
  fmt::print("{:<34} {:>10.0f} {:>12.1f} {:>10} {:>10} {:>8}\n", name, answered / load.seconds,
             cpu * 1e6 / answered, percentile(0.5), percentile(0.99), load.failed);
}

Result<void> measure_requests(const Setting& setting, std::string_view name,
                              const NextRequest& next, int connections) {
  TRY(auto units_before, metric(setting, "hallmark_store_units_total"));
  TRY(auto groups_before, metric(setting, "hallmark_store_groups_total"));
  const double cpu_before = process_cpu_seconds(setting.server);
  TRY(auto load,
      run_load({.port = setting.port, .connections = connections, .seconds = setting.seconds},
               next));
  const double cpu = process_cpu_seconds(setting.server) - cpu_before;
  TRY(auto units, metric(setting, "hallmark_store_units_total"));
  TRY(auto groups, metric(setting, "hallmark_store_groups_total"));
  print_row(fmt::format("{}, {} connections", name, connections), load, cpu);
  if (groups > groups_before) {
    fmt::print("  units per group commit           {:>10.1f}\n",
               double(units - units_before) / double(groups - groups_before));
  }
  if (load.failed > 0) return internal_error("some answers were not 200");
  return {};
}

Result<void> run(const Setting& setting) {
  TRY(auto nettle, measure_nettle_signatures(1));
  TRY(auto openssl, measure_openssl_signatures(1));
  fmt::print("{:<34} {:>10} {:>12}\n", "bare P-384 signatures, one core", "per second",
             "CPU µs each");
  fmt::print("{:<34} {:>10.0f} {:>12.1f}\n", "Nettle", nettle.per_second, nettle.cpu_microseconds);
  fmt::print("{:<34} {:>10.0f} {:>12.1f}\n\n", "OpenSSL", openssl.per_second,
             openssl.cpu_microseconds);

  fmt::print("{:<34} {:>10} {:>12} {:>10} {:>10} {:>8}\n", "requests, client on the same cores",
             "per second", "server µs", "p50 µs", "p99 µs", "not 200");
  const Client client(setting);
  std::uint64_t number = 0;
  const std::string run_name = to_basic(SystemClock().now());
  const NextRequest put = [&] {
    return client.request("PUT", fmt::format("/signing-profiles/p{}_{}", run_name, number++),
                          R"({"platformId":"AWSLambda-SHA384-ECDSA"})");
  };
  const NextRequest get = [&] {
    return client.request("GET", fmt::format("/signing-profiles/p{}_0", run_name), "");
  };
  TRY(measure_requests(setting, "PutSigningProfile", put, 1));
  TRY(measure_requests(setting, "PutSigningProfile", put, 64));
  TRY(measure_requests(setting, "GetSigningProfile", get, 1));
  TRY(measure_requests(setting, "GetSigningProfile", get, 64));
  fmt::print("\nserver memory: {:.0f} MiB\n", process_rss_mebibytes(setting.server));
  return {};
}

int main_of(const std::vector<std::string>& arguments) {
  if (arguments.size() != 6) {
    fmt::print(stderr, "usage: hallmark_bench PORT OPS_PORT CREDENTIALS_FILE SERVER_PID SECONDS\n");
    return 2;
  }
  const auto credentials = read_file(arguments[3], 64 * 1024);
  if (!credentials) {
    fmt::print(stderr, "{}\n", describe(credentials.error()));
    return 1;
  }
  const Setting setting{
      .port = static_cast<unsigned short>(std::stoi(arguments[1])),
      .operations_port = static_cast<unsigned short>(std::stoi(arguments[2])),
      .server = std::stoi(arguments[4]),
      .seconds = std::stod(arguments[5]),
      .access_key_id = value_of(*credentials, "aws_access_key_id"),
      .secret = Secret(bytes_of(value_of(*credentials, "aws_secret_access_key")))};
  const auto done = run(setting);
  if (!done) fmt::print(stderr, "{}\n", describe(done.error()));
  return done ? 0 : 1;
}

}  // namespace
}  // namespace hallmark::bench

int main(int argc, char** argv) {
  return hallmark::bench::main_of(std::vector<std::string>(argv, argv + argc));
}
