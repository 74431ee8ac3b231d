"""Who sells, and who else is named: read row by row from their own files, deals or not."""

from collections.abc import Iterator, Sequence

from server.domain.people import LONGEST_EMAIL, is_email
from server.exchange.binding import Binding
from server.exchange.branch import Branch, NoPlan, Plans
from server.exchange.cells import text
from server.exchange.extract import Place, WantedPerson
from server.exchange.placing import PlaceRule
from server.exchange.scope import Read, Scope
from server.exchange.tables import RowFault


class Roster:
    """The column that lists who sells."""

    def __init__(self, binding: Binding, column: str, branch: Branch, rules: Sequence[PlaceRule]) -> None:
        file, self._header = binding.column(column, ("sellers",))
        self._scope = Scope(binding, file)
        self._seller = self._scope.column(column, ("sellers",))
        self._plans = Plans(self._scope, branch, rules)

    def read(self, faults: list[RowFault]) -> Iterator[tuple[Place, str]]:
        """Every seller with the plan their row belongs to; a row that belongs to none is a fault."""
        for row in self._scope.rows(faults):
            faults.extend(row.faults)
            seller = self._seller(row.cells)
            try:
                if seller and not row.faults:
                    yield self._plans.place(row.cells), text(seller)
            except (NoPlan, ValueError) as why:
                reason = f"This seller is on no plan: {why}"
                faults.append(RowFault(row.file, row.line, self._header, seller, reason))


class People:
    """Everyone met, once: by e-mail address, else by name."""

    def __init__(self) -> None:
        self._named: dict[str, WantedPerson] = {}
        self._addresses: set[str] = set()

    def meet(self, name: str, email: str | None = None) -> None:
        """Note a person; a name may be an e-mail address.

        Raises ValueError for one name with two addresses, or a bad one.
        """
        if email and not is_email(email):
            raise ValueError(f"“{email[:80]}” is not an e-mail address")
        email = email or (name if is_email(name) else None)
        if email and email.lower() in self._addresses:
            return
        known = self._named.get(name)
        if known and known.email and email:
            raise ValueError(
                f"“{name}” has two e-mail addresses here, {known.email} and {email}; name people by address"
            )
        self._named[name] = WantedPerson(name, email or (known.email if known else None))
        if email:
            self._addresses.add(email.lower())

    def all(self) -> tuple[WantedPerson, ...]:
        """Everyone, in the order met."""
        return tuple(self._named.values())


class NamedPeople:
    """One pair of columns under `people` that names people, with their e-mail address where there is one."""

    def __init__(self, binding: Binding, index: int) -> None:
        one, path = binding.mapping.people.columns[index], ("people", "columns", index)
        file, self._header = binding.column(one.name, path)
        self._scope = Scope(binding, file)
        self._name = self._scope.column(one.name, path)
        self._email: Read = self._scope.column(one.email, path) if one.email else lambda _: ""

    def meet(self, people: People, faults: list[RowFault]) -> None:
        """Tell all of them."""
        for row in self._scope.rows(faults):
            name, email = self._name(row.cells), self._email(row.cells)
            try:
                if name or email:
                    people.meet(text(name) or email, text(email, LONGEST_EMAIL) or None)
            except ValueError as why:
                faults.append(RowFault(row.file, row.line, self._header, name, str(why)))
