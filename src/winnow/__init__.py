"""Winnow: machine-learning content, one approved tag each, with a precision that is proved."""

__version__ = "0.1.0"
