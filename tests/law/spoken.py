"""The model's acts in the words of the API's inputs."""

from collections.abc import Callable
from datetime import date
from typing import Any

Said = dict[str, Any]
TEXTS = {"description", "businessUnit", "risks", "overlaps", "gapExplanation", "varianceExplanation"}
MAKES = {"createInitiative", "createSalesPlan", "addValueLine", "addMilestone", "grantSeat"}
SERIES = ("setPlan", "setForecast", "recordActual", "confirmValue")
# the input field that names what is acted on
TARGET = {
    **dict.fromkeys(("editNode", "moveNode"), "node"),
    **dict.fromkeys(("setQuota", "setIncentives"), "plan"),
    **dict.fromkeys(("editValueLine", *SERIES), "line"),
    **dict.fromkeys(("cancelMilestone", "achieveMilestone", "verifyMilestone"), "milestone"),
    **dict.fromkeys(("ratifySeat", "endSeat"), "seat"),
}


def _edited(said: Said, _today: date) -> Said:
    told = {name: ("Words" if value else None) if name in TEXTS else value for name, value in said.items()}
    if "estimatedValue" in said:
        amount = said["estimatedValue"]
        told["estimatedValue"] = {"amount": str(amount), "currency": "EUR"} if amount else None
    return told


def _line(said: Said, _today: date) -> Said:
    whole = said.pop("baseline")
    baseline = {"baseline": "100", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    return said | (baseline if whole else dict.fromkeys(baseline) | {"baselineSource": "Ledger 2025"})


def _months(said: Said, _today: date) -> Said:
    return {"line": said["line"], "months": [{"month": said["month"], "amount": str(said["amount"])}]}


def _quota(said: Said, _today: date) -> Said:
    cut = {"dimension": "SELLER", "segment": said["seller"].capitalize()} if said["seller"] else {}
    return {"plan": said["plan"], "quota": [{"month": said["month"], "amount": str(said["amount"]), **cut}]}


def _incentives(said: Said, _today: date) -> Said:
    share = {"seller": said["seller"], "name": "What it brings", "weight": str(said["weight"])}
    return {"plan": said["plan"], "incentives": [share]}


def _milestone(said: Said, _today: date) -> Said:
    return said | {"due": "2027-03-31", "target": "10"}


def _achieved(said: Said, today: date) -> Said:
    return said | {"reading": str(said["reading"]), "source": "The system", "date": today.isoformat()}


def _evidence(said: Said, today: date) -> Said:
    return said | {"source": "The books", "date": today.isoformat(), "url": "https://alder.example/books"}


def _given_up(said: Said, _today: date) -> Said:
    return said | {"reason": "Not needed"}


SPEAKS: dict[str, Callable[[Said, date], Said]] = {
    "editNode": _edited,
    **dict.fromkeys(("addValueLine", "editValueLine"), _line),
    **dict.fromkeys(SERIES, _months),
    "setQuota": _quota,
    "setIncentives": _incentives,
    "addMilestone": _milestone,
    "achieveMilestone": _achieved,
    "attachEvidence": _evidence,
    "cancelMilestone": _given_up,
}
