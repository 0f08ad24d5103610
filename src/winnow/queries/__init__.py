"""Reads that more than one door shares. Nothing here writes."""
