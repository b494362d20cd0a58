// Stores and objects that are real until a test says otherwise. Only for tests.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "objects/objects.h"
#include "store/store.h"

namespace hallmark::signing::test {

// Called around each step that a crash could come before or after; an error is what the step
// answers.
using Hook = std::function<Result<void>(std::string_view step)>;

struct Hooks {
  Hook before = [](std::string_view) { return Result<void>(); };
  Hook after = [](std::string_view) { return Result<void>(); };

  std::string broken_key;                          // cannot be written, for ever
  std::optional<objects::Pinned> put_answer = {};  // of a put, at once, which asks nobody

  template <class T, class F>
  Result<T> around(std::string_view step, F function) const {
    TRY(before(step));
    Result<T> outcome = function();
    if (!outcome) return outcome;
    TRY(after(step));
    return outcome;
  }
};

// Passes reads on, after the hook.
class HookedSource final : public ReadAt {
 public:
  HookedSource(std::unique_ptr<ReadAt> real, const Hooks& hooks)
      : real_(std::move(real)), hooks_(hooks) {}
  std::uint64_t size() const override { return real_->size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    TRY(hooks_.before("read"));
    return real_->read_at(offset, into);
  }

 private:
  std::unique_ptr<ReadAt> real_;
  const Hooks& hooks_;
};

class HookedObjects final : public objects::Objects {
 public:
  HookedObjects(objects::Objects& real, const Hooks& hooks) : real_(real), hooks_(hooks) {}
  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    return real_.find_bucket_owner(bucket);
  }
  Result<void> check_bucket(std::string_view bucket) override { return real_.check_bucket(bucket); }
  Result<objects::Pinned> pin(const objects::Location& location) override {
    return hooks_.around<objects::Pinned>("pin", [&] { return real_.pin(location); });
  }
  Result<std::unique_ptr<ReadAt>> snapshot(const objects::Pinned& pinned) override {
    TRY(auto source, real_.snapshot(pinned));
    return std::unique_ptr<ReadAt>(std::make_unique<HookedSource>(std::move(source), hooks_));
  }
  Result<objects::Pinned> put_once(const objects::Location& destination, const Artifact& artifact,
                                   const ReadAt& source,
                                   const objects::MayAppear& may_appear) override {
    if (hooks_.put_answer) return *hooks_.put_answer;
    if (destination.key == hooks_.broken_key) return internal_error("the key cannot be written");
    return hooks_.around<objects::Pinned>(
        "put", [&] { return real_.put_once(destination, artifact, source, may_appear); });
  }
  Result<void> remove_content(const objects::Location& location,
                              std::string_view sha256_hex) override {
    return hooks_.around<void>("remove",
                               [&] { return real_.remove_content(location, sha256_hex); });
  }

 private:
  objects::Objects& real_;
  const Hooks& hooks_;
};

class HookedStore final : public store::Store {
 public:
  HookedStore(store::Store& real, const Hooks& hooks) : real_(real), hooks_(hooks) {}
  void write(store::Work work, store::Done done) override {
    if (auto may = hooks_.before("write"); !may) return done(std::move(may.error()));
    real_.write(std::move(work), [this, done = std::move(done)](Result<void> outcome) mutable {
      if (outcome) outcome = hooks_.after("write");
      done(std::move(outcome));
    });
  }
  using Store::write;
  store::Counters counters() const override { return real_.counters(); }
  bool is_shared() const override { return real_.is_shared(); }
  std::int64_t node_number() const override { return real_.node_number(); }
  void set_witness(store::Witness witness) override { real_.set_witness(std::move(witness)); }
  Result<void> check() override { return real_.check(); }
  void close() override {}

  std::atomic<int> reads = 0;

 protected:
  Result<void> read_with(const std::function<void(store::Reader&)>& function) override {
    ++reads;
    return real_.read([&](store::Reader& reader) {
      function(reader);
      return Result<void>();
    });
  }

 private:
  store::Store& real_;
  const Hooks& hooks_;
};

}  // namespace hallmark::signing::test
