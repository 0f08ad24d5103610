"""Changes that make no difference to anybody, by target: the line they stand in, how they are named, and why.

They were judged by hand, one by one. They are counted apart, and never as noticed.
"""

# Both its options keep a programmer from writing to a value; nobody does, and mypy says so where somebody would.
VALUE = {
    ("@dataclass(frozen=True, slots=True)", "truth: True -> False"): "nothing writes to a value; mypy would say so"
}

EQUIVALENT: dict[str, dict[tuple[str, str], str]] = {
    "access": {
        ('P = ParamSpec("P")', "text: XX before 'P'"): "the name of a parameter of types is read by checkers alone",
    },
    "artifacts": {
        **VALUE,
        (
            'if array.dtype.kind not in "fiu" or not np.isfinite(array).all():',
            "text: XX before 'fiu'",
        ): "no kind of array is called X",
    },
    "guard": {
        **VALUE,
        (
            "sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)",
            "number: 1 -> 2",
        ): "every number but 0 switches the option on",
        (
            "if time.monotonic() >= until:",
            "comparison: time.monotonic() >= until -> time.monotonic() > until",
        ): "the clock would have to stand at that very nanosecond",
    },
    "jobs": {
        **VALUE,
        (
            "super().__init__(message)",
            "call: left out super().__init__(message)",
        ): "an exception has kept what it was made with before this is called",
    },
    "publish": {
        (
            "@transaction.atomic(savepoint=False)",
            "truth: False -> True",
        ): "one more savepoint inside a transaction: slower, and the same rows",
    },
}
