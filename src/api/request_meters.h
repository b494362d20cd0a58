// What became of requests, by service and operation, and how long each took; what was refused
// before its operation was known or allowed to run, by kind. Names no caller.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>

#include "api/protocol.h"
#include "base/error.h"
#include "base/meters.h"

namespace hallmark::api {

inline constexpr std::size_t error_kinds = std::size_t(ErrorKind::internal) + 1;

// Why a request was not taken on for want of room, before it cost anything.
enum class Shed { pool_full, account_share, long_wait, token_pool_full };
inline constexpr std::array all_sheds = {Shed::pool_full, Shed::account_share, Shed::long_wait,
                                         Shed::token_pool_full};
std::string_view name_of(Shed shed);

struct OperationMeters {
  std::string_view service;
  std::string_view operation;
  Counter answered;
  std::array<Counter, error_kinds> failed;  // by kind
  Durations durations;                      // of both, from the whole request to its answer

  Counter& failed_for(ErrorKind kind) { return failed[std::size_t(kind)]; }
};

// Safe to call from any thread: the table is made at the start, and only its counters change.
class RequestMeters {
 public:
  explicit RequestMeters(std::span<const Protocol* const> protocols);
  RequestMeters(const RequestMeters&) = delete;
  RequestMeters& operator=(const RequestMeters&) = delete;

  // Those of an operation of the protocols; what is none of theirs is counted together, and not
  // shown.
  OperationMeters& of(const Operation& operation) {
    const auto found = operations_.find(&operation);
    return found == operations_.end() ? others_ : found->second;
  }
  const std::unordered_map<const Operation*, OperationMeters>& operations() const {
    return operations_;
  }

  Counter& refused_for(ErrorKind kind) { return refused[std::size_t(kind)]; }
  Counter& shed_for(Shed why) { return shed[std::size_t(why)]; }

  std::array<Counter, error_kinds> refused;  // at the front door, by kind
  std::array<Counter, all_sheds.size()> shed;

 private:
  std::unordered_map<const Operation*, OperationMeters> operations_;
  OperationMeters others_;
};

}  // namespace hallmark::api
