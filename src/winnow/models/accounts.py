"""People and programs: accounts, the links they sign in by, the tokens their programs carry."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


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
    """A person, who signs in by a one-time link, or by a password once they have set one.

    A deleted account keeps its row, so that its labels keep their author, and nothing that says who that was.
    `n_endings` counts how often all its visits were ended: a session made before does not live any more.
    `told_at` is when it last read what became of what it sent in.
    """

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    n_endings = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "name"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="account_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(is_active=False), name="deleted_account_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_password(self) -> bool:
        """Whether a password was ever set; Django takes an empty column for one."""
        return bool(self.password) and self.has_usable_password()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still agree with: it dies with the password, with the role, and when visits are ended.

        Django asks for it with each of the keys from before too, so that sessions outlive a change of keys.
        """
        told = f"{self.password} {self.role} {self.n_endings}"
        return salted_hmac("winnow.session", told, secret=secret, algorithm="sha256").hexdigest()


class SignInLink(models.Model):
    """A link that lets an account in once: to sign in, or to set a password. Only its hash is kept."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        RESET = "reset"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.SIGN_IN)
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
