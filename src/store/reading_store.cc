#include "store/reading_store.h"

#include "store/driver.h"
#include "store/postgresql.h"
#include "store/reader_pool.h"
#include "store/sqlite.h"

namespace hallmark::store {
namespace {

Error only_read() { return internal_error("the store is open for reading only"); }

class ReadingStore final : public Store {
 public:
  explicit ReadingStore(std::unique_ptr<Driver> driver)
      : driver_(std::move(driver)), readers_(*driver_) {}

  void write(Work, Done done) override { done(only_read()); }
  using Store::write;

  bool is_shared() const override { return driver_->is_shared(); }
  std::int64_t node_number() const override { return 0; }  // it writes nothing under any
  void set_witness(Witness) override {}
  Counters counters() const override { return {}; }
  Result<void> check() override { return only_read(); }
  void close() override { readers_.close(); }

 protected:
  Result<void> read_with(const std::function<void(Reader&)>& function) override {
    return readers_.read(function);
  }

 private:
  const std::unique_ptr<Driver> driver_;
  ReaderPool readers_;
};

Result<std::unique_ptr<Store>> open_reading(std::unique_ptr<Driver> driver) {
  auto store = std::make_unique<ReadingStore>(std::move(driver));
  TRY(store->read([](Reader&) { return Result<void>(); }));  // that there is one
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_for_reading(const std::filesystem::path& path) {
  return open_reading(sqlite_driver(path));
}

Result<std::unique_ptr<Store>> open_postgresql_for_reading(const std::string& url) {
  TRY(const auto parsed, PostgresqlUrl::parse(url));
  return open_reading(postgresql_driver(parsed, {}));
}

}  // namespace hallmark::store
