"""The list of what is refused, and how a look enters it."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

GROUP_OR_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
GROUP_OR_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH

Look = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is unsafe: `id` as in the reference, the `setting`, what is wrong and how to mend it."""

    id: str
    setting: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.fault}; {self.remedy} ({self.id})"


LOOKS: dict[str, tuple[str, str, Look]] = {}


def refuses(id_: str, setting: str, remedy: str) -> Callable[[Look], Look]:
    """Enter a look into the list; it yields what is wrong."""

    def enter(look: Look) -> Look:
        LOOKS[f"winnow.{id_}"] = (setting, remedy, look)
        return look

    return enter
