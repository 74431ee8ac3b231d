"""Who works at Wendelau Drive Systems, and what for. The names are invented."""

from server.domain.people import Role
from server.sample.grammar import Someone

_HOUSE = "wendelau.example"


def _staff(key: str, name: str, duty: str, *seats: tuple[Role, str | None]) -> Someone:
    first, _, last = name.lower().replace("é", "e").replace("ö", "oe").replace("í", "i").partition(" ")
    return Someone(key, name, f"{first}.{last.replace(' ', '')}@{_HOUSE}", duty, seats)


# The organization is founded by these: the administrator grants every later seat, the executives ratify.
FOUNDERS = (
    _staff("jule", "Jule Hansen", "Business applications", (Role.ADMIN, None)),
    _staff("katharina", "Katharina Voss", "Chief executive", (Role.EXECUTIVE, None)),
    _staff("matthias", "Matthias Brandl", "Chief financial officer", (Role.EXECUTIVE, None)),
)
STAFF = (
    _staff("ingrid", "Ingrid Solheim", "Chief operating officer", (Role.EXECUTIVE, None)),
    _staff("rafael", "Rafael Duarte", "Chief sales officer", (Role.EXECUTIVE, None)),
    _staff("emeka", "Emeka Obi", "Transformation office", (Role.PORTFOLIO_LEAD, None)),
    _staff("ute", "Ute Bergmann", "Head of controlling", (Role.CONTROLLER, None)),
    _staff(
        "fabian",
        "Fabian Koller",
        "Controller sales and service",
        (Role.CONTROLLER, "service"),
        (Role.CONTROLLER, "growth"),
    ),
    _staff("anneliese", "Anneliese Krug", "Head of Service & Spares", (Role.SPONSOR, "service")),
    _staff("lars", "Lars Mikkelsen", "Head of Wind & Marine", (Role.SPONSOR, "growth")),
    _staff("priya", "Priya Raman", "Head of Drive Electronics", (Role.SPONSOR, "growth"), (Role.SPONSOR, "contracts")),
    _staff("stefan", "Stefan Reuter", "Head of Operations", (Role.SPONSOR, "cost")),
    _staff("tobias", "Tobias Wehner", "Program lead aftermarket", (Role.PROGRAM_LEAD, "aftermarket")),
    _staff("marie", "Marie Lefèvre", "Program lead contracts", (Role.PROGRAM_LEAD, "contracts")),
    _staff("daniel", "Daniel Ortmann", "Program lead new drives", (Role.PROGRAM_LEAD, "new-drives")),
    _staff("piotr", "Piotr Zawadzki", "Program lead operations", (Role.PROGRAM_LEAD, "operations")),
    _staff("nina", "Nina Falk", "Pricing and parts", (Role.OWNER, "aftermarket")),
    _staff("oskar", "Oskar Blume", "Field service", (Role.OWNER, "aftermarket"), (Role.OWNER, "contracts")),
    _staff("hanna", "Hanna Sjöberg", "Service products", (Role.OWNER, "contracts")),
    _staff("yusuf", "Yusuf Demir", "Wind and marine products", (Role.OWNER, "new-drives")),
    _staff("sofia", "Sofia Marques", "Servo and electronics products", (Role.OWNER, "new-drives"), (Role.OWNER, "monitoring")),
    _staff("eva", "Eva Kolar", "Strategic purchasing", (Role.OWNER, "operations"), (Role.OWNER, "servo")),
    _staff("georg", "Georg Pichler", "Manufacturing engineering", (Role.OWNER, "operations"), (Role.OWNER, "america")),
    _staff(
        "julian", "Julian Haas", "Sales manager DACH", (Role.SALES_MANAGER, "service"), (Role.SALES_MANAGER, "growth")
    ),
    _staff(
        "astrid",
        "Astrid Nyman",
        "Sales manager North Europe",
        (Role.SALES_MANAGER, "service"),
        (Role.SALES_MANAGER, "growth"),
    ),
    _staff(
        "carlos",
        "Carlos Ibarra",
        "Sales manager South Europe",
        (Role.SALES_MANAGER, "service"),
        (Role.SALES_MANAGER, "growth"),
    ),
    _staff("megan", "Megan Whitfield", "Sales manager North America", (Role.SALES_MANAGER, "growth")),
    _staff("birgit", "Birgit Arendt", "Sales operations", (Role.SALES_MANAGER, None)),
    _staff("renate", "Renate Sommer", "Supervisory board", (Role.VIEWER, None)),
    Someone("connector", "CRM connector", None, "Machine", ((Role.PARTNER, "growth"),)),
)
# They sell and are paid by plan; they do not sign in yet.
SELLERS = {
    key: Someone(key, name, None, "Seller")
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
PRINTED = ("katharina", "julian", "nina", "anneliese", "ute", "emeka", "tobias", "jule", "renate")
