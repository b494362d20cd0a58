"""Accounts, users, roles and keys of a running server, made as an administrator makes them."""

import json

import hallmark
import wire

SIGNER = "arn:aws:signer:us-east-1"


def statement(effect="Allow", action="*", resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALL_ALLOWED = policy(statement())


class Identities:
    def __init__(self, server):
        self.server = server

    def account(self, number):
        self.server.run("account", "create", number)
        return number

    def user(self, name, *policies, account=None):
        """A user with these policies; the credentials of a key of its."""
        self.server.run("user", "create", name, *within(account))
        for place, document in enumerate(policies):
            self.put_policy("--user", name, f"policy{place}", document, account)
        return self.key(name, account)

    def key(self, name, account=None):
        """One more access key of a user."""
        said = json.loads(self.server.run("access-key", "create", "--user", name, *within(account), "--json"))
        made = wire.Credentials(said["AccessKeyId"], said["SecretAccessKey"])
        effective(lambda: self.is_known(made))
        return made

    def is_known(self, credentials):
        """Whether the server lets them in, whatever they may do then."""
        response = self.server.call("GET", "/signing-platforms", credentials=credentials)
        return response.error in (None, "AccessDeniedException")

    def role(self, name, trust, *policies, account=None):
        self.server.run("role", "create", name, "--trust", self.document(trust), *within(account))
        for place, document in enumerate(policies):
            self.put_policy("--role", name, f"policy{place}", document, account)

    def put_policy(self, kind, name, policy_name, document, account=None):
        self.server.run("policy", "put", kind, name, "--name", policy_name, self.document(document), *within(account))

    def document(self, content):
        """A file with this JSON."""
        path = self.server.folder / "document.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


def within(account):
    return ("--account", account) if account else ()


def credentials_of(answer):
    """Those in an answer of sts."""
    said = answer["Credentials"]
    return wire.Credentials(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])


def effective(check):
    """Waits until a change of identities has come into effect, which takes a second at most."""
    return hallmark.wait_until(check, EFFECTIVE_SECONDS_MAX)


EFFECTIVE_SECONDS_MAX = 10  # a second when the machine is idle
