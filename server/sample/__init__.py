"""The sample company: an invented manufacturer with two years behind it, made through `actions/` alone.

The tables say what happened (`people places aftermarket contracts new_drives operations plans markets`, in the words of
`grammar`); `opening`, `initiatives` and `selling` turn them into acts, and `telling` performs these in time order.
"""

from server.sample.company import Company, SignIn, build, standing

__all__ = ["Company", "SignIn", "build", "standing"]
