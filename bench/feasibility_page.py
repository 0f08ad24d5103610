"""The page of feasibility and its pictures, from the figures of `feasibility`."""

from typing import Any


def write(figures: dict[str, Any]) -> None:
    """Write page and pictures."""
