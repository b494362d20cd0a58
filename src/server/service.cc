#include "server/service.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "api/acm/operations.h"
#include "api/errors.h"
#include "api/request_meters.h"
#include "api/router.h"
#include "api/signer/operations.h"
#include "api/sts/operations.h"
#include "audit/checkpointer.h"
#include "audit/log_copies.h"
#include "audit/reads.h"
#include "auth/authenticator.h"
#include "base/descriptors.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/server.h"
#include "identity/sessions.h"
#include "server/admin_socket.h"
#include "server/audit_key.h"
#include "server/bucket_owners.h"
#include "server/event_targets.h"
#include "server/health.h"
#include "server/health_checks.h"
#include "server/key_set_source.h"
#include "server/last_used.h"
#include "server/listening.h"
#include "server/operations_page.h"
#include "server/signing_watch.h"
#include "server/tls_files.h"
#include "signing/notation_sealer.h"
#include "signing/sweeper.h"
#include "signing/worker.h"
#include "store/jobs.h"

namespace hallmark::server {
namespace {

// As many as leave the rest of the process the descriptors that it needs.
Result<std::size_t> connections_max() {
  TRY(const std::size_t descriptors, raise_descriptor_limit());
  if (descriptors <= limits::descriptor_reserve) {
    return invalid(fmt::format("the process may open {} files (ulimit -Hn), and needs more than {}",
                               descriptors, limits::descriptor_reserve));
  }
  return std::min(limits::connections_max, descriptors - limits::descriptor_reserve);
}

api::ThrottleOptions throttle_options(const Throttle& throttle) {
  using Name = api::ThrottleOptions::SignPayloadName;
  api::ThrottleOptions options{.requests_per_second = double(throttle.requests_per_second),
                               .burst_seconds = double(throttle.burst_seconds),
                               .operations = {},
                               .sign_payload_name = throttle.sign_payload_throttling_exception
                                                        ? Name::throttling
                                                        : Name::too_many_requests};
  for (const auto& [name, rate] : throttle.operations) options.operations[name] = double(rate);
  return options;
}

constexpr std::size_t host_name_bytes_max = 255;

constexpr const api::Protocol* protocols[] = {&api::acm_protocol, &api::sts_protocol,
                                              &api::signer_protocol};

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const api::Protocol* protocol : protocols) names.emplace_back(protocol->service);
  return names;
}

// This machine's name for syslog; empty when it has none.
std::string host_name() {
  std::array<char, host_name_bytes_max + 1> name = {};
  return ::gethostname(name.data(), host_name_bytes_max) == 0 ? name.data() : "";
}

std::vector<std::unique_ptr<audit::LogSink>> log_sinks(const AuditSettings& settings) {
  std::vector<std::unique_ptr<audit::LogSink>> sinks;
  if (!settings.file.empty()) sinks.push_back(audit::file_sink(settings.file.string()));
  if (!settings.syslog.empty()) {
    auto address = audit::SyslogAddress::parse(settings.syslog);
    CHECK(address);  // the configuration has checked it
    sinks.push_back(audit::syslog_sink(*std::move(address), host_name()));
  }
  return sinks;
}

std::size_t cores() { return std::thread::hardware_concurrency(); }
// Who signs a payload keeps a core busy, and who asks a database waits.
std::size_t pool_threads() { return std::max(limits::work_pool_threads_min, cores()); }
// A large object keeps two cores busy.
std::size_t job_threads() { return std::max(limits::job_threads_min, cores() / 2); }

// Of tokens whose issuers are asked for keys at the moment.
constexpr std::size_t token_threads = 2;
constexpr std::size_t token_tasks_max = 64;
// What asks an object store, which may hang.
constexpr std::size_t object_threads = 4;

class RunningService final : public Service {
 public:
  RunningService(std::unique_ptr<Installation> installation, ServiceOptions options,
                 std::unique_ptr<identity::WebIdentities> web_identities)
      : options_(std::move(options)),
        installation_(std::move(installation)),
        web_identities_(std::move(web_identities)),
        home_(installation_->home()),
        page_tokens_(installation_->page_token_key(), installation_->random()),
        bucket_owners_(installation_->objects()),
        authorizer_(installation_->store(), bucket_owners_, home_),
        sessions_(installation_->token_sealer(), installation_->identities(),
                  installation_->clock(), installation_->random(), home_),
        authenticator_({installation_->identities(), sessions_, *web_identities_, last_used_,
                        installation_->clock()},
                       {.home = home_,
                        .account = installation_->account(),
                        .services = service_names(),
                        .server_user = ::geteuid()}),
        profiles_(installation_->store(), page_tokens_, installation_->clock(),
                  installation_->random(), home_),
        permissions_(installation_->store(), installation_->clock(), installation_->random(),
                     home_),
        tags_(installation_->store(), installation_->clock(), home_),
        jobs_(installation_->store(), installation_->objects(), page_tokens_,
              installation_->clock(), home_),
        sealer_(installation_->authority(), installation_->clock(),
                options_.configuration.sign_payload_verified_one_in),
        payloads_(installation_->store(), sealer_, installation_->clock(), home_),
        revocations_(installation_->store()),
        certificates_(installation_->store(), installation_->keys(), installation_->clock(),
                      installation_->random(), home_),
        worker_({installation_->store(), installation_->objects(), installation_->authority(),
                 certificates_, installation_->clock(), home_, std::stop_token(),
                 std::chrono::seconds(options_.configuration.job_lease_seconds), events_of_end(),
                 &copies_, &signing_gate_}),
        sweeper_(installation_->store(), installation_->clock(), home_),
        throttle_(throttle_options(options_.configuration.throttle), installation_->clock()),
        pool_(pool_threads(), limits::work_pool_tasks_max),
        token_pool_(token_threads, token_tasks_max),
        object_pool_(object_threads, limits::work_pool_tasks_max),
        services_{authenticator_,
                  authorizer_,
                  profiles_,
                  permissions_,
                  tags_,
                  jobs_,
                  payloads_,
                  revocations_,
                  page_tokens_,
                  installation_->clock(),
                  installation_->random(),
                  throttle_,
                  pool_,
                  token_pool_,
                  object_pool_,
                  security_tokens_,
                  certificates_,
                  refusals_,
                  request_meters_,
                  signing_gate_,
                  reads_,
                  copies_},
        router_(services_, protocols,
                {.base_path = options_.configuration.base_path,
                 .log_requests = options_.configuration.log_requests}) {}

  ~RunningService() override { stop(); }

  Result<void> start() {
    TRY(installation_->store().write(
        [](store::Transaction& tx) { return store::release_all_jobs(tx); }));
    TRY(add_event_targets(options_.configuration.events, installation_->clock(), delivery_));
    if (options_.accept_clock) {
      TRY(accept_clock(installation_->store(), installation_->clock()));
    }
    jobs_.set_listener(&worker_);
    watch_.look();  // before anything is signed
    TRY(const std::size_t connections, connections_max());
    TRY(open_tls());
    TRY(server_, listen(api_listener(options_, tls_.get(), connections), handler_, refuse_));
    pages_.emplace(metrics_parts());
    TRY(operations_server_,
        listen(operations_listener(options_, tls_.get()), operations_handler_, operations_refuse_));
    operations_server_->start();
    TRY(admin_socket_,
        AdminSocket::listen(*installation_, authenticator_, authorizer_, {copies_, signing_gate_}));
    copies_.start();
    checkpointer_.start();
    worker_.start(job_threads());
    sweeper_.start();
    watch_.start();
    server_->start();
    admin_socket_->start();
    TRY(write_endpoint(installation_->directory().endpoint(), endpoint()));
    TRY(write_endpoint(installation_->directory().operations_endpoint(), operations_endpoint()));
    health_.enter(Health::Phase::serving);
    return {};
  }

  std::string endpoint() const override {
    return endpoint_of(api_listener(options_, tls_.get(), 0), options_.configuration,
                       server_->port());
  }
  std::string operations_endpoint() const override {
    return endpoint_of(operations_listener(options_, tls_.get()), options_.configuration,
                       operations_server_->port());
  }

  void reload() override {
    if (tls_ != nullptr) tls_->reload();
  }

  void start_events() override { delivery_.start(); }

  void stop() override {
    if (stopped_) return;
    stopped_ = true;
    health_.enter(Health::Phase::draining);
    std::error_code ignored;  // a file that is not there needs no removing
    std::filesystem::remove(installation_->directory().endpoint(), ignored);
    std::filesystem::remove(installation_->directory().operations_endpoint(), ignored);
    if (server_ != nullptr) server_->stop();
    if (admin_socket_ != nullptr) admin_socket_->stop();
    write_head();  // before waiting for those who may take long: a supervisor may lose patience
    pool_.stop();
    token_pool_.stop();
    object_pool_.stop();
    reads_.stop();
    worker_.stop();
    sweeper_.stop();
    delivery_.stop();
    watch_.stop();
    checkpointer_.stop();
    copies_.stop();
    if (pages_) pages_->stop();
    if (operations_server_ != nullptr) operations_server_->stop();
    health_.stop();
    write_head();
    installation_->store().close();
  }

 private:
  void write_head() {
    const auto written = guarded([this] { return installation_->heads().write_now(); });
    if (!written) {
      log::warning("the head file is not written", {{"error", describe(written.error())}});
    }
  }
  // Empty where no target is configured: then an end costs nothing more.
  std::function<std::vector<store::JobEvent>(const model::Job&)> events_of_end() {
    const EventSettings& settings = options_.configuration.events;
    if (!settings.standard_output && settings.webhook_url.empty()) return {};
    return [this](const model::Job& job) { return delivery_.events_of_end(job); };
  }
  MetricsParts metrics_parts() {
    return {.version = options_.version,
            .started_at = started_at_,
            .clock = installation_->clock(),
            .health = health_,
            .requests = request_meters_,
            .server = *server_,
            .pool = pool_,
            .token_pool = token_pool_,
            .object_pool = object_pool_,
            .store = installation_->store(),
            .delivery = delivery_,
            .keys = installation_->key_meters(),
            .objects = installation_->object_meters(),
            .audit_copies = copies_,
            .audit_reads = reads_,
            .tls = tls_.get()};
  }
  static Result<void> write_endpoint(const std::filesystem::path& path, const std::string& url) {
    return write_file_durably(path, bytes_of(url + "\n"), 0644);
  }

  Result<void> open_tls() {
    const Configuration& configuration = options_.configuration;
    if (configuration.tls.certificate_file.empty()) return {};
    TRY(tls_, TlsFiles::open(configuration.tls, configuration.host_names, installation_->clock()));
    return {};
  }

  Result<std::unique_ptr<http::Server>> listen(const http::ServerOptions& listener,
                                               http::Handler& handler,
                                               http::RefusalRenderer& refuse) {
    return http::Server::listen(listener, handler, refuse, installation_->clock(),
                                installation_->random());
  }

  const ServiceOptions options_;
  const std::unique_ptr<Installation> installation_;
  const std::unique_ptr<identity::WebIdentities> web_identities_;
  const model::Home home_;
  signing::PageTokens page_tokens_;
  ObjectBucketOwners bucket_owners_;
  const access::Authorizer authorizer_;
  identity::Sessions sessions_;
  identity::SecurityTokens security_tokens_{installation_->store(), sessions_,
                                            installation_->clock(), home_};
  StoredLastUsed last_used_{installation_->store()};
  auth::Authenticator authenticator_;
  signing::Profiles profiles_;
  signing::ProfilePermissions permissions_;
  signing::ProfileTags tags_;
  signing::Jobs jobs_;
  signing::NotationSealer sealer_;
  signing::Payloads payloads_;
  signing::Revocations revocations_;
  pki::ImportedCertificates certificates_;
  events::Delivery delivery_{
      {installation_->store(), installation_->clock(), installation_->random(), home_}};
  audit::LogCopies copies_{installation_->store(), log_sinks(options_.configuration.audit),
                           options_.configuration.audit.required ? audit::LogCopies::Need::required
                                                                 : audit::LogCopies::Need::wanted};
  AuditKey audit_key_{installation_->authority()};
  audit::Checkpointer checkpointer_{installation_->store(), audit_key_, installation_->clock()};
  signing::SigningGate signing_gate_;
  signing::Worker worker_;
  signing::Sweeper sweeper_;
  audit::Refusals refusals_{installation_->store()};
  SigningWatch watch_{*installation_, signing_gate_};
  audit::Reads reads_{
      installation_->store(), home_,
      options_.configuration.audit.reads ? audit::Recording::on : audit::Recording::off};
  api::Throttle throttle_;
  api::RequestMeters request_meters_{protocols};
  WorkPool pool_;
  WorkPool token_pool_;
  WorkPool object_pool_;
  api::Services services_;
  const api::Router router_;
  http::Handler handler_ = [this](http::Request request, http::Reply reply) {
    router_.handle(std::move(request), std::move(reply));
  };
  http::Handler operations_handler_ = [this](const http::Request& request, http::Reply reply) {
    pages_->handle(request, std::move(reply));
  };
  http::RefusalRenderer refuse_ = [this](const Error& error, std::string_view request_id) {
    request_meters_.refused_for(error.kind).add();
    return api::render_refusal(error, request_id);
  };
  http::RefusalRenderer operations_refuse_ = api::render_refusal;
  // What readiness depends on: a line each.
  Health health_{{
      {"store", [this] { return check_store(installation_->store(), installation_->clock()); }},
      {"clock", [this] { return check_clock(installation_->store(), installation_->clock()); }},
      {"keys", [this] { return check_keys(installation_->store(), installation_->keys()); }},
      {"signing", [this] { return signing_gate_.check_signing(); }},
      {"audit", [this] { return check_audit(copies_); }},
  }};
  std::unique_ptr<TlsFiles> tls_;
  std::unique_ptr<http::Server> server_;
  std::optional<OperationsPages> pages_;
  std::unique_ptr<http::Server> operations_server_;
  std::unique_ptr<AdminSocket> admin_socket_;
  const Timestamp started_at_ = installation_->clock().now();
  bool stopped_ = false;
};

sigset_t stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

Result<Configuration> read_configuration(const std::filesystem::path& file) {
  std::vector<std::string_view> names;
  for (const api::Protocol* protocol : protocols) {
    for (const api::Operation* operation : protocol->operations()) names.push_back(operation->name);
  }
  return Configuration::read({file, names});
}

Result<std::unique_ptr<Service>> Service::start(std::unique_ptr<Installation> installation,
                                                const ServiceOptions& options) {
  TRY(check_listening(options));
  TRY(auto identities,
      configured_web_identities(options.configuration.web_identity, installation->clock()));
  auto service =
      std::make_unique<RunningService>(std::move(installation), options, std::move(identities));
  TRY(service->start());
  return std::unique_ptr<Service>(std::move(service));
}

void block_stop_signals() {
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_stop_signal(Service& service, HangUp hang_up) {
  const sigset_t signals = stop_signals();
  while (true) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP || hang_up == HangUp::stops) return;
    log::info("files of TLS are read again; settings are read at the start only");
    service.reload();
  }
}

}  // namespace hallmark::server
