"""How change travels: the unit of work, the ledger behind it, the bell, and the feeds that follow."""
