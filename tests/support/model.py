"""The published service model, as it ships inside botocore, and raw requests made by it."""

import unittest

import wire

VERSION = "2017-08-25"


def load(service="signer"):
    """botocore's ServiceModel of "signer" or "signer-data"."""
    try:
        import botocore.exceptions
        import botocore.loaders
        import botocore.model
    except ImportError as error:
        raise unittest.SkipTest("botocore is not installed, so there is no model to compare with") from error
    try:
        document = botocore.loaders.Loader().load_service_model(service, "service-2", VERSION)
    except (botocore.exceptions.UnknownServiceError, botocore.exceptions.DataNotFoundError) as error:
        raise unittest.SkipTest(f"botocore {botocore.__version__} has no model of {service}") from error
    return botocore.model.ServiceModel(document, service)


def operations(service="signer"):
    """Each operation's model, by name."""
    model = load(service)
    return {name: model.operation_model(name) for name in model.operation_names}


def members_of(shape):
    """The members of a structure, by name; none for no structure."""
    return shape.members if shape is not None else {}


def place_of(shape):
    """Where a request's member travels: "uri", "querystring" or "body"."""
    return shape.serialization.get("location", "body")


def request_of(operation, members):
    """(method, path, query, body) of a request with these members as they travel: a query's as text
    or lists of texts, the body's as JSON has them. None stands for null, and for absent in a query."""
    path, query, body = operation.http["requestUri"], [], {}
    for name, value in members.items():
        shape = operation.input_shape.members[name]
        wire_name = shape.serialization.get("name", name)
        place = place_of(shape)
        if place == "uri":
            path = path.replace("{" + wire_name + "}", wire.encoded(value))
        elif place == "querystring":
            values = value if isinstance(value, list) else [value]
            query += [(wire_name, text) for text in values if text is not None]
        else:
            body[wire_name] = value
    method = operation.http["method"]
    return method, path, query, body if method in ("PUT", "POST") else None
