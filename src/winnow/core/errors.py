"""Every error that a person may meet: one line that says what, where, and how to mend it."""


class WinnowError(Exception):
    """Base of all errors that are shown as one line instead of a traceback."""

    code = "error"


class InputError(WinnowError):
    """A file or a field that cannot be used; names the place as `path:line`."""

    code = "invalid_input"

    @classmethod
    def at(cls, path: object, line: int, field: str, reason: str) -> "InputError":
        """Compose the one line: where, which field, what is wrong and the remedy."""
        place = f"{path}:{line}" if line else f"{path}"
        return cls(f"{place}: {field}: {reason}" if field else f"{place}: {reason}")


class ArtifactError(WinnowError):
    """A model folder that is torn, tampered with, or not for this taxonomy; nothing of it was used."""

    code = "bad_artifact"


class NotFoundError(WinnowError):
    """Something was named that is not here."""

    code = "not_found"


class ConflictError(WinnowError):
    """The row is not in the state that the change needs; somebody else may have been first."""

    code = "conflict"


class TooManyError(WinnowError):
    """Asked too often; `retry_after` says in how many seconds it may be asked again."""

    code = "too_many"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(WinnowError):
    """A part of the installation that is needed is away; nothing is wrong with what was asked."""

    code = "unavailable"


class FetchError(WinnowError):
    """A fetch that was refused or failed. `code` is one of a dozen; the far side's words never appear."""

    def __init__(self, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after
