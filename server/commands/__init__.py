"""The command line, noun by noun; `server/__main__.py` puts it together."""
