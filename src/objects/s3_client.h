// One request to an S3 server, signed (SigV4), sent, and tried again where that may help.
//
// The transport is libcurl behind http::Client, which verifies TLS, follows no redirect, bounds
// every answer and has deadlines; it was there already, and lacked only bodies that are streamed
// and connections that are kept. libcurl's own SigV4 signs the empty body for a file and mistakes
// several queries, so the signature is ours (sigv4/), as the server's is.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/client.h"
#include "objects/s3_credentials.h"
#include "objects/s3_endpoint.h"
#include "objects/s3_retry.h"

namespace hallmark::objects {

// What an answer with a status of success holds: XML, which may even then be an <Error>, or an
// object's bytes, which are nobody's to interpret.
enum class S3Body { xml, content };

struct S3Request {
  http::Method method = http::Method::get;
  std::string bucket;
  std::string key = {};                                           // empty: the bucket itself
  std::vector<std::pair<std::string, std::string>> query = {};    // not encoded
  std::vector<std::pair<std::string, std::string>> headers = {};  // all of them are signed
  std::string body = {};
  http::SourceBody source = {};  // in place of `body`, with the SHA-256 of its bytes
  std::string source_sha256_hex = {};
  S3Body answers = S3Body::xml;
  std::size_t answer_bytes_max = 2 * 1024 * 1024;  // a page of 1000 entries with long keys
};

struct S3Answer {
  int status = 0;
  http::Headers headers;
  std::string body;
  std::string code;  // of an <Error>; empty: none, or an answer without a body (HEAD)

  // A status of success without an <Error>.
  bool is_done() const { return status >= 200 && status < 300 && code.empty(); }
  std::string header(std::string_view name) const;  // empty: not there
};

struct S3ClientParts {
  S3Endpoint endpoint;
  std::unique_ptr<CredentialSource> credentials;
  const Clock& clock;  // both outlive the client
  Random& random;
  S3Patience patience = {};
};

// Safe to call from any thread. Blocks for as long as its patience says.
class S3Client {
 public:
  explicit S3Client(S3ClientParts parts);

  // The server's answer, whatever its status: a refusal is the caller's to read. An error is
  // `unavailable` when after all attempts there is no answer that means something, `too_large` when
  // there is more of it than asked for, or it is that of the request's own source, as it came.
  //
  // Tried again: no or half an answer, 429, 5xx, SlowDown and its like, also within a 200. Expired
  // credentials are renewed once. A server that finds our clock wrong is believed once: later
  // requests are signed with its time.
  Result<S3Answer> send(const S3Request& request);

 private:
  enum class Next { done, retry, retry_at_once };
  struct Repairs {  // each is made once
    bool clock = false;
    bool credentials = false;
  };

  Result<S3Answer> attempt(const S3Request& request, const S3Credentials& credentials);
  Next judge(const Result<S3Answer>& answer, Repairs& repairs);
  bool repair_clock(const S3Answer& answer);
  Timestamp now() const;
  void sign(const S3Request& request, const S3Credentials& credentials,
            http::ClientRequest& out) const;

  const S3Endpoint endpoint_;
  const std::unique_ptr<CredentialSource> credentials_;
  const Clock& clock_;
  Random& random_;
  const S3Patience patience_;
  RetryBudget budget_;
  http::Client http_;
  std::atomic<std::int64_t> skew_millis_ = 0;  // the server's clock is so much later than ours
};

}  // namespace hallmark::objects
