"""`winnow doctor`: examine this installation."""

import sys
from dataclasses import asdict

from winnow.management.command import Json, Verb, emit, say
from winnow.services.doctor import examine


class Command(Verb):
    """Examine."""

    # A database that cannot be made ready is a finding.
    needs_database = False

    def handle(self, as_json: Json = False) -> None:
        """Look at everything from configuration to model; say what is wrong and how to mend it.

        Example: winnow doctor
        """
        is_well = True
        for finding in examine():
            is_well &= finding.is_well
            if as_json:
                emit(asdict(finding))
            else:
                remedy = f"; {finding.remedy}" if finding.remedy else ""
                say(f"{'well ' if finding.is_well else 'WRONG'}  {finding.subject:<14} {finding.found}{remedy}")
        sys.exit(0 if is_well else 1)
