"""The three policies that ship ready, as the YAML files that they are: lean, standard, audit-grade."""

from enum import StrEnum
from functools import cache
from importlib.resources import files


class PolicyTemplate(StrEnum):
    """A policy to begin with."""

    LEAN = "LEAN"
    STANDARD = "STANDARD"
    AUDIT_GRADE = "AUDIT_GRADE"


@cache
def template(which: PolicyTemplate) -> str:
    """The YAML of a ready policy. Its first lines say whom it suits."""
    name = which.value.lower().replace("_", "-")
    return files("server.exchange").joinpath("policies", f"{name}.yaml").read_text(encoding="utf-8")
