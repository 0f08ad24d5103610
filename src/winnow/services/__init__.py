"""Writes, one file a verb. Every service is safe to run twice; slow input and output stay outside transactions."""
