"""The app and the device of somebody: what the one shows at a time, and what the other signs."""

import hashlib
import json
import os
import time
from urllib.parse import urlsplit

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

from winnow.services.second_factor import STEP, begin_authenticator, confirm_authenticator, secret_of


def code_of(row, steps=0):
    """The code that the app shows, so many steps of 30 seconds from now."""
    return pyotp.TOTP(secret_of(row)).at(time.time() + steps * STEP)


def set_up(account):
    """Set up an app with a code of the step before, so that the code of now is not spent; the app and recovery codes."""
    row = begin_authenticator(account)
    return row, confirm_authenticator(account=account, code=code_of(row, -1))


class Device:
    """What keeps passkeys: makes them and signs with them, as WebAuthn level 2 says, section 6."""

    def __init__(self, origin):
        self.origin, self.host = origin, urlsplit(origin).hostname
        self.key, self.id, self.n_signed = ec.generate_private_key(ec.SECP256R1()), os.urandom(32), 0

    def make(self, challenge):
        """The answer to `navigator.credentials.create`, as JSON."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self._data(0x45) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(public)
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", challenge, attestationObject=attestation)

    def sign(self, challenge):
        """The answer to `navigator.credentials.get`, as JSON."""
        self.n_signed += 1
        data = self._data(0x05)
        digest = hashlib.sha256(self._client_data("webauthn.get", challenge)).digest()
        signature = self.key.sign(data + digest, ec.ECDSA(hashes.SHA256()))
        return self._answer("webauthn.get", challenge, authenticatorData=data, signature=signature)

    def _data(self, flags):
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.n_signed.to_bytes(4, "big")

    def _client_data(self, kind, challenge):
        told = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, kind, challenge, **response):
        name = bytes_to_base64url(self.id)
        response["clientDataJSON"] = self._client_data(kind, challenge)
        told = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})
