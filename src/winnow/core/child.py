"""Run a function of this package in a child process that may die instead of us."""

import os
import signal
import subprocess
import sys


class ChildError(Exception):
    """A child that gave no answer: it ran too long, or it died of what it was given."""


def ask_child(module: str, question: bytes, *, seconds: float, cores: int = 1) -> bytes:
    """What `module.main()` writes to standard output when `question` is on its standard input.

    Isolated from the environment and the user's site; the paths are those of this process, so that both see the same
    code. Nothing is inherited but the two pipes, and where the libraries of some Pythons lie.
    Raises ChildError, which says in words what became of it.
    """
    code = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"
    command = [sys.executable, "-I", "-S", "-c", code, *map(os.path.abspath, sys.path)]
    kept = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}
    threads = {name: str(cores) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter, and code that stands above
            command,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | threads,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildError(f"gave no answer within {seconds:.0f} s") from None
    if done.returncode == -signal.SIGXCPU:
        raise ChildError("used up its time")
    if done.returncode != 0:
        raise ChildError("died" if done.returncode < 0 else "ended with an error")
    return done.stdout
