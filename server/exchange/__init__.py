"""Files in and out.

The reading half of an import is pure: bytes and a mapping become typed rows, wanted nodes and faults, nothing guessed.
The writing half (people, places, recording, importing) calls `actions/` as everyone does: it writes no row itself.
"""
