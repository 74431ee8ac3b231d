"""The nouns, as spoken in GraphQL: types, inputs, edges, loaders. They read, and never write or rule."""

from server.schema import words as words  # first of all, see there
