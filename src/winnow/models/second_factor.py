"""What an account shows besides its link or password: a code of an app, or one of the codes kept for the day it is lost."""

from django.db import models

from winnow.models.accounts import Account


class Authenticator(models.Model):
    """An app that tells codes by the clock (RFC 6238).

    `salt` and the key of the site give the secret (`services/second_factor.py`): a copy of the database tells no codes.
    `last_step` is the newest stretch of 30 seconds, counted from 1970, whose code was taken; older ones are spent.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="authenticator")
    salt = models.CharField(max_length=64)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code that lets its account in once in place of the app. Only its keyed hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A key that a device keeps (WebAuthn): its public half, and how often it says that it has signed."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=80)
    # At most 1023 bytes, in base64url.
    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
