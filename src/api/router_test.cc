#include "api/router.h"

#include <gtest/gtest.h>

#include "api/test_api.h"

namespace hallmark::api {
namespace {

using http::Method;
using test::Answer;

// The front door.

class RouterTest : public test::ApiTest {};

TEST_F(RouterTest, ASignedRequestIsAnswered) {
  const Answer answer = get("/signing-platforms");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.find("x-amzn-RequestId"), test::request_id);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/json");
}

TEST_F(RouterTest, ThePrefixProdMeansNothing) {
  EXPECT_EQ(get("/Prod/signing-platforms").status, 200);
}

TEST_F(RouterTest, ThePrefixIsOneWholeSegmentOnce) {
  for (const char* path : {"/Prod", "/Production/signing-platforms", "/Prod/Prod/signing-platforms",
                           "/prod/signing-platforms"}) {
    EXPECT_EQ(get(path).type(), "UnknownOperationException") << path;
  }
}

TEST_F(RouterTest, TheSignatureCoversThePrefix) {
  http::Request request = auth::test::unsigned_request(Method::get, "/signing-platforms");
  auth::test::sign(request, client());
  request.path = "/Prod/signing-platforms";
  EXPECT_EQ(send(request).type(), "InvalidSignatureException");
}

TEST_F(RouterTest, AuthenticationComesBeforeRouting) {
  const Answer answer = send(auth::test::unsigned_request(Method::get, "/no-such-thing"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.type(), "MissingAuthenticationTokenException");
}

TEST_F(RouterTest, AnUnknownOperationIsNamedToWhoIsKnown) {
  const Answer answer = get("/no-such-thing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.type(), "UnknownOperationException");
}

TEST_F(RouterTest, AuthenticationComesBeforeTheBodyIsRead) {
  EXPECT_EQ(
      send(auth::test::unsigned_request(Method::put, "/signing-profiles/Release", {}, "{")).type(),
      "MissingAuthenticationTokenException");
}

TEST_F(RouterTest, ABodyThatIsNoJsonIsASerializationFault) {
  for (const char* body : {"{", "[", "nothing", "{}{}", R"({"a":1,"a":2})", "{\"a\":\"\xff\"}"}) {
    const Answer answer = put_profile("Release", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.type(), "SerializationException") << body;
  }
}

TEST_F(RouterTest, ABodyThatIsNoObjectIsASerializationFault) {
  for (const char* body : {"[]", "1", "\"a\"", "true"}) {
    EXPECT_EQ(put_profile("Release", body).type(), "SerializationException") << body;
  }
}

TEST_F(RouterTest, ABodyThatIsNestedWithoutEndIsASerializationFault) {
  EXPECT_EQ(put_profile("Release", R"({"a":)" + std::string(100'000, '[')).type(),
            "SerializationException");
}

TEST_F(RouterTest, AContentEncodingIsRefused) {
  http::Request request = auth::test::unsigned_request(Method::get, "/signing-platforms");
  request.headers.add("Content-Encoding", "gzip");
  auth::test::sign(request, client());
  EXPECT_EQ(send(request).type(), "MalformedHttpRequestException");
}

TEST_F(RouterTest, ARepeatedQueryParameterIsRefused) {
  EXPECT_EQ(get("/signing-jobs", "maxResults=1&maxResults=2").type(),
            "MalformedHttpRequestException");
}

TEST_F(RouterTest, AStoreThatIsGoneIsOurFaultAndSaysNothing) {
  made.store->close();
  const Answer answer = get("/signing-platforms");
  EXPECT_GE(answer.status, 500);
  EXPECT_EQ(answer.body.find(made.folder.path().string()), std::string::npos);
}

// What a verb that goes wrong leaves to the router.

template <auto function>
constexpr Operation odd = {"Odd", Method::get, "/odd", function};

template <auto function>
std::span<const Operation* const> odd_operations() {
  static constexpr const Operation* table[] = {&odd<function>};
  return table;
}

void throwing(Services&, Incoming, Finish) { throw std::bad_alloc(); }
void dropping(Services&, Incoming, Finish) {}
void answering_and_throwing(Services&, Incoming, Finish finish) {
  finish(std::string("{}"));
  throw std::bad_alloc();
}

class OddVerbTest : public test::ApiTest {
 protected:
  template <auto function>
  Answer ask_odd() {
    Protocol protocol = signer_protocol;
    protocol.operations = odd_operations<function>;
    const Protocol* const one[] = {&protocol};
    const Router odd_router(services, one, {});
    http::Request request = auth::test::unsigned_request(Method::get, "/odd");
    auth::test::sign(request, client());
    return send_to(odd_router, std::move(request));
  }
};

TEST_F(OddVerbTest, AnExceptionIsAnswered) { EXPECT_GE(ask_odd<throwing>().status, 500); }
TEST_F(OddVerbTest, ADroppedCompletionIsAnswered) { EXPECT_EQ(ask_odd<dropping>().status, 500); }
TEST_F(OddVerbTest, AnExceptionAfterTheAnswerChangesNothing) {
  EXPECT_EQ(ask_odd<answering_and_throwing>().status, 200);
}

// What a verb finds changed since it was judged is judged again, a few times.

struct Nothing {
  static constexpr std::string_view action = "signer:Odd";
  std::vector<access::Need> needs(const access::Principal&) const { return {}; }
  void describe(JsonWriter&) const {}
};
Result<Nothing> parse_nothing(const Incoming&, Services&) { return Nothing{}; }

int runs = 0;
template <int changes>
void run_changed(Services&, access::Permitted<Nothing>, Finish finish) {
  if (runs++ < changes) return finish(store::changed_while_judged());
  finish(std::string("{}"));
}

TEST_F(OddVerbTest, WhatChangedMeanwhileIsJudgedAgain) {
  runs = 0;
  EXPECT_EQ((ask_odd<perform<parse_nothing, run_changed<2>>>().status), 200);
  EXPECT_EQ(runs, 3);
}

TEST_F(OddVerbTest, WhatChangesAllTheTimeIsLeftToTheCaller) {
  runs = 0;
  EXPECT_EQ((ask_odd<perform<parse_nothing, run_changed<100>>>().status), 503);
  EXPECT_EQ(runs, judgements_max);
}

}  // namespace
}  // namespace hallmark::api
