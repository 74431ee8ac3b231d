"""Who works at Wendelau Drive Systems, and what for. The names are invented."""

from server.domain.people import Role
from server.sample.grammar import Someone

_HOUSE = "wendelau.example"


def _staff(key: str, name: str, duty: str, *seats: tuple[Role, str | None]) -> Someone:
    first, _, last = name.lower().replace("é", "e").replace("ö", "oe").replace("í", "i").partition(" ")
    return Someone(key, name, f"{first}.{last.replace(' ', '')}@{_HOUSE}", duty, seats)


# The organization is founded by these: the administrator grants every later seat, the executives ratify.
FOUNDERS = (
    _staff("jule", "Jule Hansen", "business applications", (Role.ADMIN, None)),
    _staff("katharina", "Katharina Voss", "chief executive", (Role.EXECUTIVE, None)),
    _staff("matthias", "Matthias Brandl", "chief financial officer", (Role.EXECUTIVE, None)),
)
STAFF = (
    _staff("ingrid", "Ingrid Solheim", "chief operating officer", (Role.EXECUTIVE, None)),
    _staff("rafael", "Rafael Duarte", "chief sales officer", (Role.EXECUTIVE, None)),
    _staff("emeka", "Emeka Obi", "transformation office", (Role.PORTFOLIO_LEAD, None)),
    _staff("ute", "Ute Bergmann", "head of controlling", (Role.CONTROLLER, None)),
    _staff(
        "fabian",
        "Fabian Koller",
        "sales and service",
        (Role.CONTROLLER, "service"),
        (Role.CONTROLLER, "growth"),
    ),
    _staff("anneliese", "Anneliese Krug", "head of Service & Spares", (Role.SPONSOR, "service")),
    _staff("lars", "Lars Mikkelsen", "head of Wind & Marine", (Role.SPONSOR, "growth")),
    _staff("priya", "Priya Raman", "head of Drive Electronics", (Role.SPONSOR, "growth"), (Role.SPONSOR, "contracts")),
    _staff("stefan", "Stefan Reuter", "head of Operations", (Role.SPONSOR, "cost")),
    _staff("tobias", "Tobias Wehner", "aftermarket", (Role.PROGRAM_LEAD, "aftermarket")),
    _staff("marie", "Marie Lefèvre", "contracts", (Role.PROGRAM_LEAD, "contracts")),
    _staff("daniel", "Daniel Ortmann", "new drives", (Role.PROGRAM_LEAD, "new-drives")),
    _staff("piotr", "Piotr Zawadzki", "operations", (Role.PROGRAM_LEAD, "operations")),
    _staff("nina", "Nina Falk", "pricing and parts", (Role.OWNER, "aftermarket")),
    _staff("oskar", "Oskar Blume", "field service", (Role.OWNER, "aftermarket"), (Role.OWNER, "contracts")),
    _staff("hanna", "Hanna Sjöberg", "service products", (Role.OWNER, "contracts")),
    _staff("yusuf", "Yusuf Demir", "wind and marine products", (Role.OWNER, "new-drives")),
    _staff(
        "sofia",
        "Sofia Marques",
        "servo and electronics products",
        (Role.OWNER, "new-drives"),
        (Role.OWNER, "monitoring"),
    ),
    _staff("eva", "Eva Kolar", "strategic purchasing", (Role.OWNER, "operations"), (Role.OWNER, "servo")),
    _staff("georg", "Georg Pichler", "manufacturing engineering", (Role.OWNER, "operations"), (Role.OWNER, "america")),
    _staff("elias", "Elias Brunner", "plant projects", (Role.OWNER, "operations")),
    _staff("julian", "Julian Haas", "DACH", (Role.SALES_MANAGER, "service"), (Role.SALES_MANAGER, "growth")),
    _staff(
        "astrid",
        "Astrid Nyman",
        "North Europe",
        (Role.SALES_MANAGER, "service"),
        (Role.SALES_MANAGER, "growth"),
    ),
    _staff(
        "carlos",
        "Carlos Ibarra",
        "South Europe",
        (Role.SALES_MANAGER, "service"),
        (Role.SALES_MANAGER, "growth"),
    ),
    _staff("megan", "Megan Whitfield", "North America", (Role.SALES_MANAGER, "growth")),
    _staff("birgit", "Birgit Arendt", "sales operations", (Role.SALES_MANAGER, None)),
    _staff("renate", "Renate Sommer", "supervisory board", (Role.VIEWER, None)),
    _staff("moritz", "Moritz Adler", "works council", (Role.VIEWER, None)),
    Someone("connector", "CRM connector", None, "machine", ((Role.PARTNER, "growth"),)),
)
# They sell and are paid by plan; they do not sign in yet.
SELLERS = {
    key: Someone(key, name, None, "seller")
    for key, name in {
        "keller": "Nadja Keller",
        "stamm": "Patrick Stamm",
        "wirth": "Leonie Wirth",
        "aalto": "Mika Aalto",
        "dejong": "Femke de Jong",
        "roux": "Camille Roux",
        "serra": "Pau Serra",
        "ricci": "Elena Ricci",
        "novak": "Jan Novak",
        "bauer": "Simon Bauer",
        "graf": "Theresa Graf",
        "lund": "Kasper Lund",
        "berg": "Solveig Berg",
        "petrov": "Milen Petrov",
        "walsh": "Connor Walsh",
        "reyes": "Daniela Reyes",
        "chen": "Grace Chen",
        "moreau": "Luc Moreau",
        "vidal": "Inés Vidal",
        "hoff": "Marten Hoff",
        "krause": "Silke Krause",
        "jansen": "Bram Jansen",
        "oneil": "Shane O’Neil",
        "holm": "Freja Holm",
        "conti": "Paola Conti",
        "hak": "Ruben Hak",
    }.items()
}
# Whose sign-ins are printed first, and as what.
PRINTED = ("katharina", "julian", "nina", "anneliese", "ute", "emeka", "tobias", "jule", "renate", "moritz")
