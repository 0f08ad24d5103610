"""`winnow VERB`: the command line."""

import ast
import io
import logging
import os
import sys
from pathlib import Path

VERBS = Path(__file__).parent / "management" / "commands"
INTERRUPTED = 130


def main() -> None:
    """Run a verb. Status 0 done, 1 the input or a check said no, 2 wrong use; an error is one line, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What programs read is UTF-8, whatever the terminal; a name of a file that is none stays legible in it.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    verb, *_ = [*sys.argv[1:], "--help"]
    if verb in ("-h", "--help", "help"):
        sys.stdout.write(_overview())
        return
    if verb == "--version":
        from winnow import __version__  # noqa: PLC0415 - nothing else needs it

        sys.stdout.write(f"winnow {__version__}\n")
        return
    if verb not in _verbs():
        sys.stderr.write(f"winnow: unknown command {verb!r}; `winnow --help` lists them\n")
        sys.exit(2)
    _run()


def _run() -> None:
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - slow import, not needed for --help
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the same
    from django.db import DatabaseError  # noqa: PLC0415 - the same

    from winnow.core.errors import WinnowError  # noqa: PLC0415 - the same

    try:
        execute_from_command_line(["winnow", *sys.argv[1:]])
    except (WinnowError, ImproperlyConfigured) as error:
        _stop(str(error))
    except DatabaseError as error:
        _stop(f"the database says: {error}; `winnow doctor` checks the installation")
    except OSError as error:
        _stop(f"{error.filename or 'system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        # Whatever it is, a person meets one line.
        logging.getLogger("winnow").debug("the fault", exc_info=error)
        _stop(f"a fault of ours: {type(error).__name__}: {error}; WINNOW_LOG_LEVEL=DEBUG shows where")


def _stop(message: str) -> None:
    sys.stderr.write(f"winnow: {' '.join(message.split())}\n")
    sys.exit(1)


def _verbs() -> dict[str, str]:
    """Each verb with what it does, read from the first line of its file."""
    files = sorted(path for path in VERBS.glob("*.py") if path.stem != "__init__")
    return {path.stem: _purpose(path) for path in files}


def _purpose(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition(": ")[2].partition("\n")[0]


def _overview() -> str:
    lines = [f"  {verb:<10} {purpose}" for verb, purpose in _verbs().items()]
    return "\n".join(
        [
            "Usage: winnow VERB [OPTIONS]",
            "",
            "Machine-learning content, one approved tag each, with a precision that is proved.",
            "",
            *lines,
            "",
            "`winnow VERB --help` explains a verb, with an example.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
