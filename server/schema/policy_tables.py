"""What a policy demands, as tables: gates with their criteria and votes, weights, lights, cadence, names."""

from decimal import Decimal

import strawberry

from server.domain.cascade import Level
from server.domain.catalogue import CATALOGUE, gates_of, levels_of
from server.domain.people import Role
from server.domain.policy import FREEZES, Criterion, Cycle, Demand, GatePolicy, Policy, Validation, Vote
from server.domain.policy_differences import body
from server.domain.stages import STAGES, Stage
from server.exchange.policy_templates import PolicyTemplate, template
from server.schema.fields import spoken
from server.schema.money import Money

spoken(
    Validation,
    "What the controller's GO states at a gate.",
    NONE="Nothing.",
    AMOUNT="The amount.",
    DOCUMENTED="The amount, what it was checked against, and a note.",
)
spoken(Cycle, "How often is reviewed.", WEEKLY="Every week.", MONTHLY="Every month.", QUARTERLY="Every quarter.")
spoken(
    PolicyTemplate,
    "A policy that ships ready.",
    LEAN="Few criteria and one vote at a gate; at Decided two.",
    STANDARD="The degrees of implementation as they are usually governed; what every organization begins with.",
    AUDIT_GRADE="A controller votes at every gate and says what was checked; more evidence, a lower threshold.",
)


@strawberry.type(description="The number that a criterion takes.")
class CriterionNumber:
    """See the description."""

    counts: str = strawberry.field(description="What it counts: outcomes, months, per cent of it …")
    least: int = strawberry.field(description="The smallest that makes sense.")
    most: int = strawberry.field(description="The largest that makes sense.")


@strawberry.type(description="A criterion of the catalogue: what a policy can ask for at a gate.")
class PolicyCriterion:
    """See the description."""

    code: str = strawberry.field(description="Its word, as in the policy's YAML: OUTCOME_MILESTONE.")
    title: str = strawberry.field(description="Its name for people: Outcome milestone.")
    asks: str = strawberry.field(description="What it asks, as a sentence.")
    levels: list[Level] = strawberry.field(description="The levels that know it; of others it is not asked.")
    gates: list[Stage] = strawberry.field(description="The gates at which it can be met, by the stage they lead into.")
    frozen_at: Stage | None = strawberry.field(
        description="The gate that freezes what it asks for: a later gate may ask it only where this one or an earlier "
        "one does."
    )
    number: CriterionNumber | None = strawberry.field(description="The number it takes; null where it takes none.")

    @classmethod
    def of(cls, criterion: Criterion) -> "PolicyCriterion":
        """A criterion of the catalogue."""
        entry = CATALOGUE[criterion]
        takes = entry.parameter
        number = CriterionNumber(counts=takes.counts, least=takes.least, most=takes.most) if takes else None
        return cls(
            code=criterion.value,
            title=entry.title,
            asks=entry.asks,
            levels=list(levels_of(criterion)),
            gates=list(gates_of(criterion)),
            frozen_at=entry.frozen,
            number=number,
        )


@strawberry.type(description="A criterion as one gate asks it.")
class GateCriterion:
    """See the description."""

    at_least: int | None = strawberry.field(description="How many it asks at least; null where it takes no number.")
    criterion: PolicyCriterion = strawberry.field(description="Which one.")

    @classmethod
    def of(cls, demand: Demand) -> "GateCriterion":
        """A demand of the law."""
        numbered = CATALOGUE[demand.criterion].parameter is not None
        criterion = PolicyCriterion.of(demand.criterion)
        return cls(at_least=demand.at_least if numbered else None, criterion=criterion)


@strawberry.type(description="A role that votes at a gate.")
class PolicyVote:
    """See the description."""

    role: Role = strawberry.field(description="The role.")
    body: str = strawberry.field(description="What it is called at gates: the executives are the steering committee.")
    needed: int = strawberry.field(description="How many of its people must vote.")
    above: Money | None = strawberry.field(description="Only for measures larger than this; null: always.")

    @classmethod
    def of(cls, vote: Vote, currency: str) -> "PolicyVote":
        """A vote of the law, its amount in the policy's currency."""
        above = None if vote.above is None else Money.written(vote.above, currency)
        return cls(role=vote.role, body=body(vote.role), needed=vote.needed, above=above)


@strawberry.type(description="What one gate asks, who decides it, and what its GO freezes.")
class PolicyGate:
    """See the description."""

    into: Stage = strawberry.field(description="The stage it leads into.")
    criteria: list[GateCriterion] = strawberry.field(description="What must be true before it is submitted.")
    votes: list[PolicyVote] = strawberry.field(description="Who decides.")
    financial_validation: Validation = strawberry.field(description="What the controller's GO states.")
    freezes: list[str] = strawberry.field(description="What can no longer be edited after a GO; no policy changes it.")

    @classmethod
    def of(cls, into: Stage, gate: GatePolicy, currency: str) -> "PolicyGate":
        """A gate of the law."""
        return cls(
            into=into,
            criteria=[GateCriterion.of(demand) for demand in gate.demands],
            votes=[PolicyVote.of(vote, currency) for vote in gate.votes],
            financial_validation=gate.financial_validation,
            freezes=list(FREEZES[into]),
        )


@strawberry.type(description="How far a measure's plan counts at a stage, and what screens call the stage.")
class PolicyStage:
    """See the description."""

    stage: Stage = strawberry.field(description="The stage.")
    name: str = strawberry.field(description="What screens call it; sentences of the server keep the standard word.")
    weight: int = strawberry.field(description="In per cent.")


@strawberry.type(description="What screens call a level.")
class PolicyLevel:
    """See the description."""

    level: Level = strawberry.field(description="The level.")
    name: str = strawberry.field(description="What screens call it; sentences of the server keep the standard word.")


@strawberry.type(description="When the two lights of a measure change.")
class PolicyLights:
    """See the description."""

    green_from: Decimal = strawberry.field(description="The share of outlook ÷ plan from which potential is green.")
    amber_from: Decimal = strawberry.field(description="The share from which it is amber; below that it is red.")
    amber_after_days: int = strawberry.field(description="Days of delay after which implementation is amber.")
    red_after_days: int = strawberry.field(description="Days of delay after which it is red.")


@strawberry.type(description="How often is reviewed, and when waiting has lasted too long.")
class PolicyCadence:
    """See the description."""

    cycle: Cycle = strawberry.field(description="How often a review cycle comes round.")
    due_days: int = strawberry.field(description="It is due so many days after its period has ended.")
    remind_after_days: int = strawberry.field(description="Who owes a vote is reminded after so many days.")
    stalled_after_days: int = strawberry.field(description="A gate undecided for so many days counts as stalled.")


@strawberry.type(description="A policy that ships ready, to begin a draft with.")
class ReadyPolicy:
    """See the description."""

    template: PolicyTemplate = strawberry.field(description="Which one; `editPolicyDraft` takes it.")
    yaml: str = strawberry.field(description="Its file.")


def ready_policies() -> list[ReadyPolicy]:
    """The three that ship."""
    return [ReadyPolicy(template=each, yaml=template(each)) for each in PolicyTemplate]


def stages_of(policy: Policy) -> list[PolicyStage]:
    """The six stages of a policy."""
    return [
        PolicyStage(stage=each, name=policy.stage_names[each], weight=policy.stage_weights[each]) for each in STAGES
    ]


def levels_in(policy: Policy) -> list[PolicyLevel]:
    """The five levels of a policy."""
    return [PolicyLevel(level=each, name=policy.level_names[each]) for each in Level]


def lights_of(policy: Policy) -> PolicyLights:
    """The thresholds of the lights."""
    lights = policy.lights
    return PolicyLights(
        green_from=lights.green_from,
        amber_from=lights.amber_from,
        amber_after_days=lights.amber_after_days,
        red_after_days=lights.red_after_days,
    )


def cadence_of(policy: Policy) -> PolicyCadence:
    """The cadence of reviews and reminders."""
    cadence = policy.cadence
    return PolicyCadence(
        cycle=cadence.cycle,
        due_days=cadence.due_days,
        remind_after_days=cadence.remind_after_days,
        stalled_after_days=cadence.stalled_after_days,
    )
