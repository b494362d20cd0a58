#include "api/request_meters.h"

namespace hallmark::api {

std::string_view name_of(Shed shed) {
  switch (shed) {
    case Shed::pool_full: return "pool_full";
    case Shed::account_share: return "account_share";
    case Shed::long_wait: return "long_wait";
    case Shed::token_pool_full: return "token_pool_full";
  }
  return {};
}

RequestMeters::RequestMeters(std::span<const Protocol* const> protocols) {
  for (const Protocol* protocol : protocols) {
    for (const Operation* operation : protocol->operations()) {
      OperationMeters& meters = operations_[operation];
      meters.service = protocol->service;
      meters.operation = operation->name;
    }
  }
}

}  // namespace hallmark::api
