"""What a board pack asks of the API: our own documents, run as the reader, so that rights and as-of hold by themselves.

`place` is the root field: the organization or a node; both know the same fields.
"""

PAGE = 100
_AMOUNT = "value { amount }"
_TOLD = "value { amount } formula omitted"


def _five(wanted: str) -> str:
    return " ".join(f"{name} {{ {wanted} }}" for name in ("plan", "outlook", "actual", "confirmed", "gap"))


_FIVE = _five(_AMOUNT)


def place(node: str | None, wanted: str, variables: str = "") -> str:
    """A query of one place, as of `$asOf` where it is given."""
    if node is None:
        return f"query Pack($asOf: Revision{variables}) {{ place: organization(asOf: $asOf) {{ {wanted} }} }}"
    inner = f"... on CascadeNode {{ {wanted} }}"
    return f"query Pack($node: ID!, $asOf: Revision{variables}) {{ place: node(id: $node, asOf: $asOf) {{ {inner} }} }}"


BEGINNING = """query Beginning($asOf: Revision, $asOfTime: DateTime) {
  viewer { person { name } seats { role everywhere from to at { name } readsMoney } }
  then: organization(asOf: $asOf, asOfTime: $asOfTime) {
    id name revision reportingCurrency timeZone today
    planRates { fiscalYear currency rate }
    cycles(first: 100) { edges { node { number closedAt closedRevision } } }
    policy { name version locked headlineKinds stages { stage name } cadence { stalledAfterDays } }
  }
  now: organization { revision today }
}"""

NAMED = "__typename id name level ancestors { name }"

FIGURES = f"""
  rollUp(from: $first, to: $last) {{
    from to
    headline {{ kinds {_five(_TOLD)} }}
    byKind {{ kind {_FIVE} runRate {{ {_AMOUNT} }} }}
    funnel {{ stage measures plan {{ {_AMOUNT} }} outlook {{ {_AMOUNT} }} confirmed {{ {_AMOUNT} }} }}
    leakage {{ name measures(compared: true) amount {{ {_TOLD} }} }}
    waiting {{ into measures value {{ inputs {{ source {{ ... on Measure {{ id }} }} }} }} }}
  }}"""
PERIOD = ", $first: Month, $last: Month"

_MONTH = f"headline {{ plan {{ {_AMOUNT} }} outlook {{ {_AMOUNT} }} actual {{ {_AMOUNT} }} }}"
MONTHS_AT_ONCE = 12


def months(names: list[str]) -> str:
    """The headline value of some months, each under its own name."""
    return " ".join(f'm{name.replace("-", "")}: rollUp(from: "{name}", to: "{name}") {{ {_MONTH} }}' for name in names)


_MEASURE = f"""
  ... on Measure {{ id name stage standing parent {{ name }} owner {{ name }}
    lights {{ implementation {{ shown proposed }} potential {{ shown proposed }} }} }}
  ... on Initiative {{ rollUp(from: $first, to: $last) {{ headline {{ {_FIVE} }} }} }}
  ... on SalesPlan {{ sales(from: $first, to: $last) {{
    quota {{ {_AMOUNT} }} won {{ {_AMOUNT} }} openPipeline {{ {_AMOUNT} }} weightedPipeline {{ {_AMOUNT} }} }} }}"""


def measures(field: str) -> str:
    """A page of the measures below a place; `field` is `nodes` of the organization, `descendants` of a node."""
    wanted = "first: $page, after: $after, filter: {levels: [INITIATIVE, SALES_PLAN]}, orderBy: PLAN_DESC"
    return f"{field}({wanted}) {{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {_MEASURE} }} }} }}"


SELF = _MEASURE
PAGED = f"{PERIOD}, $page: Int!, $after: String"

_CELLS = f"implementation potential measures plan {{ {_AMOUNT} }}"
LIGHTS = f"shown: lightMatrix(view: SHOWN) {{ {_CELLS} }} proposed: lightMatrix(view: PROPOSED) {{ {_CELLS} }}"

FINDINGS = """findings(first: 100) { totalCount edges { node {
  code severity sentence since atStake { amount } on { name } } } }"""

WAITING = f"""query Waiting($ids: [ID!]!, $asOf: Revision{PERIOD}) {{ nodes(ids: $ids, asOf: $asOf) {{
  ... on Measure {{ id name nextGate {{ into submission {{ submittedAt }} waitingOn {{ role people {{ name }} }} }}
    rollUp(from: $first, to: $last) {{ headline {{ plan {{ {_AMOUNT} }} }} }} }} }} }}"""

CHANGES = """query Changes($from: Revision!, $to: Revision!, $under: ID!, $first: Month!, $last: Month!, $most: Int!) {
  changesBetween(from: $from, to: $to, under: $under, firstMonth: $first, lastMonth: $last, most: $most) {
    name value source { ... on Fact { at by { name } } } } }"""

REVISION_AT = "query At($time: DateTime!) { organization(asOfTime: $time) { revision } }"
