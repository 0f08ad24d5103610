"""The embedded database for Django: SQLite whose file may be taken away or exchanged under a running process."""
