"""The JSON door, by noun."""
