"""Whom Wendelau Drive Systems sells to, and what: invented accounts by trade, products by group."""


def _names(written: str) -> tuple[str, ...]:
    return tuple(written.split("|"))


# plan's products → product group, products, trade of its accounts
PRODUCTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "parts": ("Spare parts", ("Seal kit", "Bearing kit", "Gear set", "Oil cooler", "Shaft coupling"), "distribution"),
    "contracts": ("Service contracts", ("Basic contract", "Plus contract", "Premium contract"), "plant"),
    "fleet": ("Service contracts", ("Fleet contract, ferries", "Fleet contract, workboats"), "shipping"),
    "monitoring": ("Monitoring", ("Retrofit kit", "Gateway", "Monitoring subscription"), "plant"),
    "wind": ("6 MW gearbox", ("6 MW gearbox, 50 Hz", "6 MW gearbox, 60 Hz"), "turbines"),
    "repair": ("Wind service", ("Planet stage exchange", "Bearing exchange", "Endoscopy"), "wind farms"),
    "marine": ("Marine drives", ("Hybrid gearbox", "Shaft line", "Controllable pitch propeller"), "shipping"),
    "gear": ("Industrial gearboxes", ("K size 2–4", "K size 5–6", "Helical HX", "Stainless S"), "american trade"),
    "servo": ("CS series", ("CS 40", "CS 60", "CS 80", "CS 60 decentral"), "machines"),
}
ACCOUNTS: dict[str, tuple[str, ...]] = {
    "distribution": _names(
        "Antriebshaus Lindau|Kugel & Kette|Technohandel Brünn|Wälzlager Nord|Motion Parts Graz|Rodamar|"
        "Transmisiones Ebro|"
        "Cinghie Padane|Roulements du Midi|Engrenages Lyonnais|Getriebezentrum Rhein|Industrie-Service Pilsen"
    ),
    "plant": _names(
        "Rheinwalz Stahl|Papierfabrik Ostrach|Zementwerk Auental|Alpenpapier|Hütte Salzfurt|Ziegelwerke Mainau|"
        "Koivu Paper|Norrsund Pulp|Haven Bulk Terminals|Maasstaal|Vandemeer Steel|Ciments du Rhône|Aguas del Tajo|"
        "Papelera Duero|Moulins de Beauce|Stahlwerk Innfeld|Kalkwerk Jura|Kartonfabrik Reuss|Lapinsaari Board|"
        "Scheldt Chemicals|Cementos Sierra Alta|Sucrerie du Nord|Walzwerk Lahn|Holzfaser Donau"
    ),
    "shipping": _names(
        "Skagerfjord Ferries|Øresund Linjer|Baltic Workboats|Rheinfracht|Donaukreuz|Compagnie de la Saône|"
        "Nordkyst Rederi|"
        "Färjelinjen Vättern|Elbe-Schlepp|Hanse Offshore|Batellerie Seine|Fjordexpress"
    ),
    "turbines": ("Vindkraft Esbjerg", "Noordwind Turbines", "Windwerk Emden"),
    "wind farms": _names(
        "Doggerbank Operations|Helgoland Windpark|Windpark Zeeland|Horns Vind|Parque Eólico Meseta|Vento do Douro|"
        "Borkum West Energie|Kattegat Wind|Viento Alto|Nordergründe Betrieb"
    ),
    "american trade": _names(
        "Lakeshore Bearing & Drive|Ohio Valley Power Transmission|Great Plains Motion|Badger Industrial Supply|"
        "Twin Ports Drives|Lone Star Gear & Belt|Piedmont Drive Supply|Peachtree Industrial|Keystone Conveyor|"
        "Prairie Mill Supply|Redwood Dairy Lines|Maple Bottling Systems|Buckeye Process Equipment|Gulf Coast Drives"
    ),
    "machines": _names(
        "Kartopack|Falthaus Maschinen|Etikettier Weber & Sohn|Bologna Confezioni|Emilia Impianti|Envases Llobregat|"
        "Pack-Technik Allgäu|Lagerlogik|Shuttlewerk|Sortiersysteme Traun|Intramotion|Blister Basel|Tubenfüller Jena|"
        "Linea Latte|Cárnicas del Segre|Stapelhaus|Fördertechnik Wels|Confezionatrici Reno|Palettix|Regalia Systems"
    ),
}
# What no plan claims: results that the CRM reports anyway.
ORPHANS = (
    ("Krananlagen Hansa", "Germany", "Industrial gearboxes", "Helical HX", 86, "WON", 61),
    ("Krananlagen Hansa", "Germany", "Industrial gearboxes", "Helical HX", 44, "OPEN", -48),
    ("Sugar Estates Natal", "South Africa", "Industrial gearboxes", "K size 5–6", 132, "WON", 118),
    ("Sugar Estates Natal", "South Africa", "Spare parts", "Gear set", 27, "LOST", 80),
    ("Hokkaido Paper Works", "Japan", "Monitoring", "Retrofit kit", 58, "OPEN", -70),
    ("Aufzüge Bodan", "Switzerland", "CS series", "CS 40", 19, "WON", 33),
    ("Aufzüge Bodan", "Switzerland", "CS series", "CS 60", 23, "OPEN", -25),
    ("Baggerwerk Ems", "Germany", "Marine drives", "Shaft line", 210, "LOST", 95),
    ("Mineração Serra Azul", "Brazil", "Industrial gearboxes", "K size 5–6", 174, "OPEN", -96),
    ("Polar Fish Processing", "Norway", "CS series", "CS 60 decentral", 41, "WON", 19),
    ("Theater Technik Wien", "Austria", "CS series", "CS 80", 36, "WON", 47),
    ("Seilbahn Karwendel", "Austria", "Industrial gearboxes", "Stainless S", 65, "OPEN", -33),
)
