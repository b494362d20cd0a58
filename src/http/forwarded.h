// What a trusted proxy says of a request's client: X-Forwarded-For and X-Forwarded-Proto. Pure;
// private to http.
#pragma once

#include "base/result.h"
#include "http/entry.h"
#include "http/message.h"

namespace hallmark::http {

// The client, of a request that came from `proxy`, a trusted one. Its address is the rightmost of
// X-Forwarded-For (all such fields are one list) that is no trusted proxy's; the leftmost, when all
// are; the proxy's own when there is none. What stands before it is the client's word, and is not
// looked at. It is secure when X-Forwarded-Proto is there and says "https" only. bad_request: what
// stands where the address is looked for is none.
Result<Peer> forwarded_peer(const Headers& headers, const Peer& proxy,
                            const TrustedProxies& trusted);

}  // namespace hallmark::http
