#include "server/admin_socket.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/un.h>

#include <fmt/format.h>

#include "api/admin/admin_router.h"
#include "api/errors.h"
#include "base/limits.h"
#include "http/server.h"

namespace hallmark::server {
namespace {

constexpr std::size_t socket_path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

class ListeningAdminSocket final : public AdminSocket {
 public:
  ListeningAdminSocket(Installation& installation, auth::Authenticator& authenticator,
                       const access::Authorizer& authorizer, const AdminGates& gates)
      : installation_(installation),
        administration_({installation.store(), installation.sealer(), installation.identities(),
                         authorizer, installation.clock(), installation.random()}),
        certificates_(installation.store(), installation.keys(), installation.clock(),
                      installation.random(), installation.home()),
        revocations_(installation.store(), installation.authority(), installation.clock(),
                     installation.home()),
        intermediates_({installation.store(), installation.keys(), installation.authority(),
                        installation.clock(), installation.random()},
                       installation.home()),
        restores_(installation.store(), installation.clock(), installation.home()),
        router_({authenticator, authorizer, administration_, certificates_, revocations_,
                 intermediates_, restores_, installation.clock(), gates.copies, gates.signing}) {}
  ~ListeningAdminSocket() override { stop(); }

  Result<void> listen() {
    TRY(path_, AdminSocketPath::of(installation_.directory()));
    http::ServerOptions options;
    options.threads = 1;
    options.connections_max = limits::admin_connections_max;
    options.socket_path = path_->text();
    TRY(server_, http::Server::listen(options, handler_, refuse_, installation_.clock(),
                                      installation_.random()));
    return {};
  }
  void start() override { server_->start(); }
  void stop() override {
    if (server_ != nullptr) server_->stop();
    server_.reset();
  }

 private:
  Installation& installation_;
  identity::Administration administration_;
  pki::ImportedCertificates certificates_;
  pki::CertificateRevocations revocations_;
  pki::Intermediates intermediates_;
  signing::RestoreAcceptance restores_;
  api::AdminRouter router_;
  http::Handler handler_ = [this](http::Request request, http::Reply reply) {
    router_.handle(std::move(request), std::move(reply));
  };
  http::RefusalRenderer refuse_ = api::render_refusal;
  std::unique_ptr<AdminSocketPath> path_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

Result<std::unique_ptr<AdminSocketPath>> AdminSocketPath::of(const DataDirectory& directory) {
  std::string direct = directory.admin_socket().string();
  if (direct.size() <= socket_path_bytes_max) {
    return std::unique_ptr<AdminSocketPath>(new AdminSocketPath({}, std::move(direct)));
  }
  Descriptor folder(::open(directory.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return system_error("open " + directory.path.string(), errno);
  std::string indirect = fmt::format("/proc/self/fd/{}/{}", folder.get(),
                                     directory.admin_socket().filename().string());
  return std::unique_ptr<AdminSocketPath>(
      new AdminSocketPath(std::move(folder), std::move(indirect)));
}

Result<std::unique_ptr<AdminSocket>> AdminSocket::listen(Installation& installation,
                                                         auth::Authenticator& authenticator,
                                                         const access::Authorizer& authorizer,
                                                         const AdminGates& gates) {
  auto socket =
      std::make_unique<ListeningAdminSocket>(installation, authenticator, authorizer, gates);
  TRY(socket->listen());
  return std::unique_ptr<AdminSocket>(std::move(socket));
}

}  // namespace hallmark::server
