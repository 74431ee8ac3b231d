"""The words of a mapping of targets: quota by person or segment, and month. For authors: docs/import-targets.md."""

from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, model_validator

from server.domain.sales import SalesDimension
from server.domain.values import ValueKind
from server.exchange.mapping import TextField
from server.exchange.placing import PlanRule
from server.exchange.sources import FieldRule, Part, Texts, listed
from server.exchange.tracker_mapping import AmountsRule, FigureSources, Negative

DIMENSIONS = {
    "seller": SalesDimension.SELLER,
    "territory": SalesDimension.TERRITORY,
    "product": SalesDimension.PRODUCT,
    "account_group": SalesDimension.ACCOUNT_GROUP,
}


class QuotaRule(AmountsRule):
    """Which amounts are quota, and of whom: a seller or a segment; of none, they are the plan's as a whole."""

    kind: ClassVar[ValueKind] = ValueKind.REVENUE
    name: ClassVar[str | None] = None
    series: ClassVar[str] = "plan"
    recurring: ClassVar[bool] = False
    negative: ClassVar[Negative | None] = None
    seller: TextField = None
    territory: TextField = None
    product: TextField = None
    account_group: TextField = None

    @model_validator(mode="after")
    def _one_cut(self) -> Self:
        if len(self.cuts()) > 1:
            raise ValueError("a plan's quota is cut one way: by seller, territory, product or accountGroup")
        return self

    def cuts(self) -> list[tuple[str, FieldRule]]:
        """The cuts that were written."""
        return [(key, getattr(self, key)) for key in DIMENSIONS if getattr(self, key) is not None]


class ManagersRule(Part):
    """Whose targets are sums of others' targets: by a title, or because others report to them."""

    title: str | None = None
    titles: Texts = ()
    person: str | None = None
    reports_to: str | None = None

    @model_validator(mode="after")
    def _some_rule(self) -> Self:
        by_title, by_reports = bool(self.title and self.titles), bool(self.person and self.reports_to)
        if not (by_title or by_reports):
            raise ValueError("give title (a column) and titles (patterns such as *Manager*), or person and reportsTo")
        return self


class TargetsMapping(FigureSources):
    """A whole mapping of targets."""

    plans: Annotated[tuple[PlanRule, ...], BeforeValidator(listed)]
    quota: QuotaRule
    managers: ManagersRule | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._check([self.quota], "quota")
        return self
