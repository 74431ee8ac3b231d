"""What the board of Wendelau Drive Systems wants, and how the work is grouped under it."""

from server.sample.grammar import Objective, Place

COMPANY, TIME_ZONE, CURRENCY = "Wendelau Drive Systems", "Europe/Berlin", "EUR"
REGISTER = "register"  # the list in which everything had its number before
# Plan rates of the dollar by fiscal year, the current one being 0.
DOLLAR = {-2: "0.93", -1: "0.92", 0: "0.9", 1: "0.89", 2: "0.89", 3: "0.88", 4: "0.88"}

OBJECTIVES = (
    Objective(
        "service",
        None,
        "Service margin above 24 %",
        "katharina",
        "Service and spares earn a third of our profit on a fifth of our sales. The installed base of 118,000 "
        "drives is "
        "under contract in one case out of five, and parts are priced by cost instead of by value.",
        "If we price parts by what a standstill costs and sell availability instead of hours, service margin "
        "rises from "
        "19 to 24 per cent without losing share to independent workshops.",
        "Service contribution margin",
        "24",
        580,
    ),
    Objective(
        "coverage",
        "service",
        "Half of the installed base under contract",
        "anneliese",
        "Contracts make service revenue recurring and give us the operating data that monitoring needs.",
        "Customers with more than twenty drives on a site sign for availability if response time is guaranteed and the "
        "monthly fee stays below one per cent of the replacement value.",
        "Share of the installed base under contract",
        "50",
        760,
    ),
    Objective(
        "growth",
        None,
        "140 million euro of orders from new drives",
        "katharina",
        "Wind, marine and compact servo drives grow at nine per cent a year; our classic industrial gearboxes at one.",
        "With three certified platforms and a second channel in North America we win the orders that today go "
        "to the two "
        "large competitors for lack of delivery time, not for lack of technology.",
        "Order intake of platforms younger than four years, million euro",
        "140",
        580,
    ),
    Objective(
        "cost",
        None,
        "Thirty million euro out of the cost base",
        "matthias",
        "Material is 54 per cent of cost of sales, and three plants make the same gear sizes.",
        "Bundling castings and bearings, designing to cost and concentrating gear cutting brings thirty million "
        "euro of "
        "yearly run-rate without touching delivery reliability.",
        "Yearly savings confirmed by finance, million euro",
        "30",
        395,
    ),
)
PORTFOLIOS = (
    Place(
        "aftermarket",
        "service",
        "Aftermarket",
        "anneliese",
        "Service & Spares",
        "Parts and field service: price, availability and productivity.",
    ),
    Place(
        "contracts",
        "coverage",
        "Contracts and monitoring",
        "anneliese",
        "Service & Spares",
        "From hours and parts to availability: contracts, and the data that carries them.",
    ),
    Place(
        "new-drives",
        "growth",
        "New drives",
        "lars",
        "Wind & Marine",
        "Platforms younger than four years, and the channels they need.",
    ),
    Place(
        "operations",
        "cost",
        "Operations and purchasing",
        "stefan",
        "Operations",
        "What we buy, how we design it and where we make it.",
    ),
)
PROGRAMS = (
    Place("parts", "aftermarket", "Spare-parts pricing and logistics", "tobias", "Service & Spares",
          "Value-based prices for 42,000 parts, and parts that arrive the next day."),
    Place("field", "aftermarket", "Field service productivity", "tobias", "Service & Spares",
          "More solved at the first visit, less time on the road."),
    Place("availability", "contracts", "Service contracts Europe", "marie", "Service & Spares",
          "Three contract levels for plants with more than twenty drives."),
    Place("monitoring", "contracts", "Condition monitoring", "marie", "Drive Electronics",
          "Sensors, analytics and the remote service desk."),
    Place("wind", "new-drives", "Wind and marine drives", "daniel", "Wind & Marine",
          "The 6 MW platform, and hybrid propulsion for inland and coastal ships."),
    Place("america", "new-drives", "North America channel", "daniel", "Industrial Gearboxes",
          "Distributors and original equipment makers in the United States and Canada."),
    Place("servo", "new-drives", "Compact servo drives", "daniel", "Drive Electronics",
          "The CS series for packaging and intralogistics."),
    Place("purchasing", "operations", "Purchasing and design to cost", "piotr", "Operations",
          "Castings, bearings, electronics, and what our own design makes expensive."),
    Place("plants", "operations", "Plants and quality", "piotr", "Operations",
          "One plant for each gear size, less scrap, less energy."),
)  # fmt: skip
# Who sponsors the measures of a program.
SPONSORS = {
    "parts": "anneliese",
    "field": "anneliese",
    "availability": "anneliese",
    "monitoring": "priya",
    "wind": "lars",
    "america": "lars",
    "servo": "priya",
    "purchasing": "stefan",
    "plants": "stefan",
}
