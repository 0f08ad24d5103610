"""What is sent to people and programs elsewhere, and who asked for it."""

from django.db import models
from django.db.models import Q

from winnow.models.accounts import Account


class Webhook(models.Model):
    """An address of a program that is told of events.

    Its secret is worked out from `salt` and the secret of the installation, so that a copy of the database signs nothing.
    `failing_since` is when the first of the failures in a row came; `note` says why it was switched off.
    """

    url = models.CharField(max_length=2000)
    events = models.JSONField()
    salt = models.CharField(max_length=32)
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="webhooks")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class Message(models.Model):
    """One thing to be sent, written in the transaction of its cause; the Job `send` of its number sends it.

    `key` says what it is about, so that the same is written once. `delivery` travels with every attempt, as the
    Message-ID of a mail or the `Winnow-Delivery` of a call, so that who gets it twice after a crash can tell.
    `content` of a mail is {"subject", "text", "html", "headers"}, of a call what is posted.
    """

    class Kind(models.TextChoices):
        MAIL = "mail"
        CALL = "call"

    kind = models.CharField(max_length=4, choices=Kind.choices)
    key = models.CharField(max_length=150, unique=True)
    delivery = models.CharField(max_length=32, unique=True)
    to = models.CharField(max_length=254, blank=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="messages")
    hook = models.ForeignKey(Webhook, null=True, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=40, blank=True)
    content = models.JSONField()
    n_attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="mail", hook=None) | Q(kind="call", hook__isnull=False), name="message_of_its_kind"
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(gave_up_at=None), name="message_ends_once"),
        ]
        indexes = [
            models.Index(fields=["hook", "-id"], name="message_of_hook"),
            models.Index(fields=["created_at"], name="message_by_age"),
        ]


class Mailbox(models.Model):
    """The mail address that an account gave, and what it wants there; nothing but the link is sent before it is confirmed.

    `digest_at` is up to when digests have told it what came, `answers_at` up to when mails have told it what was decided.
    """

    class Every(models.TextChoices):
        NEVER = "never"
        DAILY = "daily"
        WEEKLY = "weekly"

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="mailbox")
    address = models.CharField(max_length=254)
    confirmed_at = models.DateTimeField(null=True)
    every = models.CharField(max_length=6, choices=Every.choices, default=Every.DAILY)
    wants_answers = models.BooleanField(default=True)
    digest_at = models.DateTimeField(null=True)
    answers_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every__in=["never", "daily", "weekly"]), name="mailbox_every_is_known"),
        ]
        indexes = [models.Index(fields=["every", "digest_at"], name="mailbox_due")]
