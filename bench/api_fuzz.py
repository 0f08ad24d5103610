"""Does the API keep its description under generated calls, signed in and not? 50,000 calls against a demo.

Schemathesis makes valid and invalid calls from the description and checks each answer: no 5xx, nothing that the description
does not allow, no call that passes over a missing or wrong token. One check is left out: that whatever fits the schema is
accepted, because a schema cannot say which tags and cursors there are.
Works on a copy of the demo's home: `make demo SERVE=0`, then `python bench/api_fuzz.py`.
"""

import logging
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

DESCRIPTION = "/api/v1/openapi.json"
N_CALLS, SEED = 50_000, 20261126
load_all_checks()
LEFT_OUT = CHECKS.get_by_names(["positive_data_acceptance"])
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# What an invalid call may be answered with: a body can be too large besides being invalid.
REFUSALS = [400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429]
Application = Callable[..., Any]


@dataclass
class Tally:
    """What was asked and answered; `failures` by call and words, each with one example."""

    n_calls: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def counted(self, application: Application) -> Application:
        """The application, with every call to it counted: some checks make calls of their own."""

        def application_that_counts(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
                self.n_calls += 1
                self.statuses[status[:3]] += 1
                return start_response(status, headers, *more)

            # The caller in this process does not unpack.
            environ.pop("HTTP_ACCEPT_ENCODING", None)
            return application(environ, start)

        return application_that_counts


def fuzz(application: Application, token: str, n_calls: int, *, first_seed: int = SEED) -> Tally:
    """Make about `n_calls` calls, half of them with the token, evenly over the calls of the description."""
    tally = Tally()
    config = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, tally.counted(application), config=config)
    operations = [found.ok() for found in schema.get_all_operations()]
    n_kinds = len(operations) * len(MODES) * 2
    rounds = 0
    while tally.n_calls < n_calls:
        per_kind = max(1, (n_calls - tally.n_calls) // (n_kinds * 2))
        for operation, mode, headers in _kinds(operations, token):
            rounds += 1
            _try(operation, mode, headers, min(per_kind, 200), first_seed + rounds, tally)
    return tally


def _kinds(operations: list[Any], token: str) -> Iterator[tuple[Any, GenerationMode, dict[str, str]]]:
    for operation in operations:
        for mode in MODES:
            for headers in ({}, {"Authorization": f"Bearer {token}"}):
                yield operation, mode, headers


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], n: int, number: int, tally: Tally) -> None:
    @seed(number)
    @settings(
        max_examples=n,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        response = case.call(headers=headers)
        try:
            case.validate_response(response, excluded_checks=LEFT_OUT, headers=headers)
        except BaseExceptionGroup as group:
            for failure in group.exceptions:
                tally.failures.setdefault(f"{operation.label}: {getattr(failure, 'title', failure)}", str(group))

    try:
        attempt()
    except Unsatisfiable:
        # A call without parameters and body cannot be made wrongly.
        if mode is not GenerationMode.NEGATIVE:
            raise


def main() -> None:
    """Fuzz a copy of the demo and write down what was found."""
    n_calls = int(sys.argv[1]) if len(sys.argv) > 1 else N_CALLS
    home = Path(os.environ.get("WINNOW_HOME", "var")).absolute()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WINNOW_HOME"] = str(shutil.copytree(home, Path(folder) / "home"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "winnow.settings"
        logging.disable(logging.CRITICAL)
        figures = _measure(n_calls)
    from record import record  # noqa: PLC0415 - a sibling of this script, and no part of what the tests import

    record("api_fuzz", figures)
    sys.exit(1 if figures["failures"] else 0)


def _measure(n_calls: int) -> dict[str, Any]:
    django.setup()
    from winnow.models import Scope  # noqa: PLC0415 - only now Django is set up, in the home that was just copied
    from winnow.services.invite import issue_token  # noqa: PLC0415 - the same
    from winnow.wsgi import application  # noqa: PLC0415 - the same

    token = issue_token(name="fuzz", scopes=Scope.values).token
    started = time.monotonic()
    tally = fuzz(application, token, n_calls)
    return {
        "n_calls": tally.n_calls,
        "statuses": dict(sorted(tally.statuses.items())),
        "n_5xx": sum(n for status, n in tally.statuses.items() if status >= "500"),
        "failures": tally.failures,
        "seconds": round(time.monotonic() - started),
        "schemathesis": schemathesis.__version__,
    }


if __name__ == "__main__":
    main()
