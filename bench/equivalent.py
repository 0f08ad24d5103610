"""Changes that make no difference to anybody, by target: the line they stand in, how they are named, and why.

They were judged by a person, one by one. They are counted apart, and never as noticed.
"""

EQUIVALENT: dict[str, dict[tuple[str, str], str]] = {}
