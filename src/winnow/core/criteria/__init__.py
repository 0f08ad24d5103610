"""Promises that a program can judge: their grammar, their units, and their judge."""
