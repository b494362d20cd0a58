"""What every refusal of the service looks like, whatever its reason."""

import uuid

# Name and status of each error at the front door.
FRONT_DOOR = {
    "MissingAuthenticationTokenException": 403,
    "IncompleteSignature": 403,
    "UnrecognizedClientException": 403,
    "InvalidSignatureException": 403,
    "RequestExpired": 400,
    "ExpiredTokenException": 403,
    "MalformedHttpRequestException": 400,
    "SerializationException": 400,
    "RequestTimeoutException": 408,
    "RequestEntityTooLargeException": 413,
    "UnknownOperationException": 404,
}
OPERATION = {
    "ValidationException": 400,
    "ResourceNotFoundException": 404,
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "ServiceLimitExceededException": 402,
    "TooManyRequestsException": 429,
    "BadRequestException": 400,  # of the tag operations, as is the next
    "NotFoundException": 404,
}


def assert_refused(test, response, name, code=None, message=None):
    """The response is this error, with its status, headers and body."""
    test.assertIsNotNone(response, "the server closed the connection without an answer")
    test.assertEqual(response.error, name, response)
    test.assertEqual(response.status, {**FRONT_DOOR, **OPERATION}[name], response)
    assert_well_formed(test, response)
    if code is not None:
        test.assertEqual(response.json["code"], code)
    if message is not None:
        test.assertEqual(response.json["message"], message)


def assert_well_formed(test, response):
    """The parts that every error has."""
    uuid.UUID(response.headers["x-amzn-RequestId"])
    test.assertEqual(response.headers["Content-Type"].split(";")[0], "application/json")
    text = "Message" if response.error == "AccessDeniedException" else "message"
    test.assertTrue(response.json[text], response)
    if text == "message":
        test.assertTrue(response.json["code"], response)


def assert_turned_away(test, response):
    """Any refusal that is the client's fault: never a success, a fault of ours, or silence."""
    test.assertIsNotNone(response, "the server closed the connection without an answer")
    test.assertIn(response.error, {**FRONT_DOOR, **OPERATION}, response)
    test.assertGreaterEqual(response.status, 400, response)
    test.assertLess(response.status, 500, response)
    assert_well_formed(test, response)
