"""Stageline, the system of record for governed strategy execution.

Layers are parts of speech, and imports run downward only (``tests/test_shape.py`` holds the arrow):

    app → api → resolvers → schema → actions → live → models → domain

``domain`` is law without I/O, ``models`` are stored nouns, ``live`` is how change travels, ``actions`` are the verbs
(every write),
``schema`` are the nouns as spoken in GraphQL, ``resolvers`` the root fields. So a rule can be read, and tested,
without a database; a
write has one way in; and nothing that is shown can change anything.
"""
