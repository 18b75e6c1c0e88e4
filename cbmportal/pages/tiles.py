"""The states as equal tiles: what home says of each, in the picture and in the table below it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import ngettext

from cbmportal.language import alphabetical
from contacts.models import State
from measures.implementation import Region


class Tile(NamedTuple):
    """Name, address and words are made once for both places where they stand."""

    iso3: str
    name: str
    address: str
    numbers: tuple[int, ...]
    said: str
    takes_part: bool


def tiles(found: Region, states: Iterable[State]) -> list[Tile]:
    return sorted((_tile(found, state) for state in states), key=lambda tile: alphabetical(tile.name))


def _tile(found: Region, state: State) -> Tile:
    numbers = tuple(found.numbers_of(state))
    listed = ", ".join(map(str, numbers))
    said = ngettext("implements measure %(numbers)s", "implements measures %(numbers)s", len(numbers))
    takes_part = state.pk in found.participating
    return Tile(
        state.iso3, state.name, state.get_absolute_url(), numbers, said % {"numbers": listed}, takes_part
    )
