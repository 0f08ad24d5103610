"""`winnow accounts list|role|close|open|reset|forget-factors|delete`: who may do what."""

from typing import Annotated

import typer
from django_typer.management import command

from winnow.management.command import Json, Verb, emit, say
from winnow.models import Account
from winnow.queries.accounts import account_named, all_accounts
from winnow.services.accounts import close_account, delete_account, open_account, set_role
from winnow.services.password import make_reset_link
from winnow.services.second_factor import forget_second_factor

Name = Annotated[str, typer.Argument(help="The account's name, as `winnow accounts list` shows it.")]


class Command(Verb):
    """Who may come in, and as what.

    Example: winnow accounts list
    """

    @command(name="list")
    def list_accounts(self, as_json: Json = False) -> None:
        """Everybody with their role, whether they may come in, and how many tokens they have.

        Example: winnow accounts list --json
        """
        for account, n_tokens in all_accounts():
            if as_json:
                emit({**_row(account), "tokens": n_tokens})
            else:
                state = "open" if account.is_active else "closed"
                say(f"{account.name:<32} {account.role:<10} {state:<8} {n_tokens} tokens")

    @command()
    def role(
        self, name: Name, role: Annotated[str, typer.Argument(help="reader, reviewer, engineer, owner or operator")]
    ) -> None:
        """Give an account another role; its visits and tokens end.

        Example: winnow accounts role ada reviewer
        """
        account = set_role(account=account_named(name), role=role)
        say(f"{account.name} is {account.role} now; sessions and tokens made before have ended.")

    @command()
    def close(self, name: Name) -> None:
        """Shut an account out, at once; what it said stays.

        Example: winnow accounts close ada
        """
        account = close_account(account=account_named(name))
        say(f"{account.name} is closed; `winnow accounts open {account.name}` lets it in again.")

    @command(name="open")
    def open_again(self, name: Name) -> None:
        """Let a closed account in again.

        Example: winnow accounts open ada
        """
        account = open_account(account=account_named(name))
        say(f"{account.name} may sign in again; `winnow invite {account.role} --name {account.name}` makes a link.")

    @command()
    def reset(self, name: Name, as_json: Json = False) -> None:
        """A link at which a new password is set, once, within an hour.

        Example: winnow accounts reset ada
        """
        link = make_reset_link(account_named(name))
        if as_json:
            emit({"url": link.url, "role": link.role, "expires_at": link.expires_at.isoformat()})
        else:
            say(link.url)
            say(f"Sets a new password, once, until {link.expires_at:%d %B %H:%M} UTC.")

    @command(name="forget-factors")
    def forget_factors(self, name: Name) -> None:
        """Remove the second factor of somebody who lost app and recovery codes; visits and tokens end.

        Example: winnow accounts forget-factors ada
        """
        account = forget_second_factor(account_named(name))
        say(f"{account.name} signs in without a second factor; sessions and tokens made before have ended.")

    @command()
    def delete(self, name: Name) -> None:
        """Forget a person: name, password, links and tokens; what they said of works stays, under a number.

        Example: winnow accounts delete ada
        """
        account = delete_account(account=account_named(name))
        say(f"Deleted; what was said stays under {account.name}.")


def _row(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role,
        "is_active": account.is_active,
        "has_password": account.has_password,
        "created_at": account.created_at.isoformat(),
        "last_login": account.last_login and account.last_login.isoformat(),
    }
