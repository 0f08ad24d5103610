"""People and programs: accounts, the links they sign in by, the tokens their programs carry."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What an account may do; the table of rights is `queries/access.py`."""

    READER = "reader"
    REVIEWER = "reviewer"
    ENGINEER = "engineer"
    OWNER = "owner"
    OPERATOR = "operator"


class Scope(models.TextChoices):
    """What a token may do."""

    CLASSIFY = "classify"
    SUBMIT = "submit"
    REPORT = "report"
    REVIEW = "review"
    OPERATOR = "operator"


class Account(AbstractBaseUser):
    """A person. There is no password: people sign in by a one-time link."""

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "name"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="account_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """A link that signs an account in once. Only its hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    code_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A program's key: scoped, expiring, shown once, kept as a hash."""

    name = models.CharField(max_length=80)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    scopes = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"
