"""Which person a written name means: the very name, else in other letters, turned around, or by initials."""

from collections.abc import Iterable
from unicodedata import combining, normalize


def meant_by(written: str, known: Iterable[str]) -> list[str]:
    """The known names that a written one may mean, by the first of these rules that finds any; two are a doubt.

    `maria auer`, `AUER, Maria` and `Auer Maria` mean Maria Auer, and so do `M. Auer`, `Maria A.` and `MA`.
    """
    names = list(known)
    wanted = _words(written)
    if not wanted:
        return []
    for rule in (_same, _turned, _abbreviated, _initials):
        if found := [name for name in names if rule(wanted, _words(name))]:
            return found
    return []


def _words(name: str) -> list[str]:
    """Its words in plain lower case, the family name that stands before a comma last."""
    family, comma, given = name.partition(",")
    turned = f"{given} {family}" if comma else name
    plain = "".join(sign for sign in normalize("NFKD", turned) if not combining(sign))
    return plain.casefold().replace(".", " ").split()


def _same(wanted: list[str], name: list[str]) -> bool:
    return wanted == name


def _turned(wanted: list[str], name: list[str]) -> bool:
    return sorted(wanted) == sorted(name)


def _abbreviated(wanted: list[str], name: list[str]) -> bool:
    """Each word begins its counterpart, at least one of them is whole, and no other is longer than a letter."""
    pairs = list(zip(wanted, name, strict=False))
    return (
        len(wanted) == len(name) > 1
        and any(one == whole for one, whole in pairs)
        and all(one == whole or (len(one) == 1 and whole.startswith(one)) for one, whole in pairs)
    )


def _initials(wanted: list[str], name: list[str]) -> bool:
    return len(name) > 1 and "".join(wanted) == "".join(word[0] for word in name) and len("".join(wanted)) == len(name)
