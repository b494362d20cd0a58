#include "identity/web_identity_keys.h"

#include <algorithm>

#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"

namespace hallmark::identity {
namespace {

using std::chrono::milliseconds;

// Fetched anew before their time is over, so that an issuer may be away for as long.
constexpr auto aging_after = milliseconds(limits::key_set_kept) / 2;

Error no_keys() {
  return invalid("The keys of the identity provider could not be fetched.",
                 "IDPCommunicationError");
}

// Not in the future: the machine's clock may have been set back.
bool is_within(Timestamp then, Timestamp now, milliseconds span) {
  return then <= now && now - then < span;
}

bool has(const std::vector<crypto::JsonWebKey>& keys, std::string_view id) {
  if (id.empty()) return !keys.empty();
  return std::ranges::find(keys, id, &crypto::JsonWebKey::id) != keys.end();
}

}  // namespace

Result<std::vector<crypto::JsonWebKey>> parse_key_set(std::string_view json) {
  if (json.size() > limits::key_set_bytes_max) return corrupt("The key set is too large.");
  TRY(const auto document, JsonDocument::parse(json));
  TRY(const auto root, document.root().object());
  TRY(const auto member, root.get("keys"));
  TRY(const auto entries, member.array());
  if (entries.size() > limits::key_set_keys_max) return corrupt("The key set has too many keys.");
  std::vector<crypto::JsonWebKey> keys;
  for (const JsonValue& entry : entries) {
    const auto object = entry.object();
    if (!object) continue;
    if (auto key = crypto::JsonWebKey::parse(*object)) keys.push_back(*std::move(key));
  }
  if (keys.empty()) return corrupt("The key set has no key that can be used.");
  return keys;
}

IssuerKeys::IssuerKeys(std::unique_ptr<KeySetSource> source, const Clock& clock)
    : source_(std::move(source)), clock_(clock) {}

Result<std::vector<crypto::JsonWebKey>> IssuerKeys::find(std::string_view key_id,
                                                         crypto::JwsAlgorithm algorithm) {
  TRY(const auto keys, get(key_id));
  std::vector<crypto::JsonWebKey> fitting;
  for (const crypto::JsonWebKey& key : *keys) {
    if ((key_id.empty() || key.id() == key_id) && key.fits(algorithm)) fitting.push_back(key);
  }
  // OpenID Connect Core §10.1: where there are several, "a kid value MUST be provided".
  if (key_id.empty() && fitting.size() > 1) fitting.clear();
  return fitting;
}

Result<IssuerKeys::KeySet> IssuerKeys::get(std::string_view key_id) {
  {
    const MutexLock lock(mutex_);
    const KeySet keys = fresh();
    const bool known = keys != nullptr && !is_aging() && has(*keys, key_id);
    if (known || fetching_ || asked_lately()) {
      if (keys == nullptr) return no_keys();
      return keys;
    }
    fetching_ = true;
  }
  auto fetched = fetch();
  const MutexLock lock(mutex_);
  fetching_ = false;
  asked_at_ = clock_.now();
  if (fetched) {
    keys_ = *fetched;
    keys_of_ = *asked_at_;
  }
  if (const KeySet keys = fresh()) return keys;
  return no_keys();
}

Result<IssuerKeys::KeySet> IssuerKeys::fetch() {
  auto keys = guarded([&]() -> Result<std::vector<crypto::JsonWebKey>> {
    TRY(const auto json, source_->fetch());
    return parse_key_set(json);
  });
  if (!keys) {
    log::warning("the keys of an identity provider could not be fetched",
                 {{"error", describe(keys.error())}});
    return std::move(keys.error());
  }
  return KeySet(std::make_shared<const std::vector<crypto::JsonWebKey>>(*std::move(keys)));
}

IssuerKeys::KeySet IssuerKeys::fresh() const {
  if (keys_ == nullptr || !is_within(keys_of_, clock_.now(), limits::key_set_kept)) return nullptr;
  return keys_;
}

bool IssuerKeys::is_aging() const { return !is_within(keys_of_, clock_.now(), aging_after); }

bool IssuerKeys::asked_lately() const {
  return asked_at_ && is_within(*asked_at_, clock_.now(), limits::key_set_refetch_interval);
}

}  // namespace hallmark::identity
