"""The nouns, as stored.

Rows hold no rules; `scope` is the only answer to "may see", `database` the only place where dialects differ.
"""
