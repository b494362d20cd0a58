#include "store/grouped_store.h"

#include <condition_variable>

#include "base/mutex.h"
#include "store/audit_chain.h"
#include "store/check.h"
#include "store/migrations.h"
#include "store/reader_pool.h"
#include "store/writer.h"

namespace hallmark::store {
namespace {

class GroupedStore final : public Store {
 public:
  GroupedStore(std::unique_ptr<Driver> driver, std::unique_ptr<Connection> connection,
               const Chain& chain)
      : driver_(std::move(driver)),
        connection_(std::move(connection)),
        chain_(chain),
        writer_(*connection_, chain),
        readers_(*driver_) {}
  ~GroupedStore() override { shut(); }

  void write(Work work, Done done) override { writer_.write(std::move(work), std::move(done)); }
  using Store::write;

  bool is_shared() const override { return driver_->is_shared(); }
  Counters counters() const override { return writer_.counters(); }
  std::int64_t node_number() const override { return chain_.node; }
  void set_witness(Witness witness) override { writer_.set_witness(std::move(witness)); }

  Result<void> check() override {
    return read([&](Reader& rows) { return check_rows(rows, chain_); });
  }

  void close() override { shut(); }

 protected:
  Result<void> read_with(const std::function<void(Reader&)>& function) override {
    return readers_.read(function);
  }

 private:
  // The writer's connection goes last: on its way it puts the log's pages into the file.
  void shut() {
    writer_.close();
    readers_.close();
    connection_.reset();
  }

  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> connection_;
  const Chain chain_;  // as it was at the start: for its link
  Writer writer_;
  ReaderPool readers_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_store(std::unique_ptr<Driver> driver, Link link) {
  TRY(auto connection, driver->open_writer());
  TRY(migrate(*connection, migrations()));
  TRY(const std::int64_t node, connection->join(driver->node()));
  Reader rows(*connection);
  TRY(const auto head, find_chain_head(rows, node));
  const Chain chain(std::move(link), node, head);
  return std::unique_ptr<Store>(
      std::make_unique<GroupedStore>(std::move(driver), std::move(connection), chain));
}

}  // namespace hallmark::store
