"""Signing in and out, and one's password.

A retry is safe without its key here: a second session does no harm and ends by itself, signing out twice is as once,
and after a new password the current one is no longer right.
"""

from datetime import datetime
from typing import Annotated

import strawberry

from server.actions import credentials, passwords
from server.domain.refusals import Faults
from server.models.viewers import viewer_of
from server.resolvers.inputs import Retryable, result
from server.schema.context import Info
from server.schema.people import Person, shown_person
from server.schema.refusals import Refusal, change, mutation
from server.schema.viewer import Viewer


@strawberry.input(description="Who signs in.")
class SignInInput(Retryable):
    """See the description."""

    email: str = strawberry.field(description="The person's email address.")
    password: str = strawberry.field(description="Their password.")


@strawberry.input(description="How far to sign out.")
class SignOutInput(Retryable):
    """See the description."""

    everywhere: bool = strawberry.field(default=False, description="End all of one's sessions, not only this one.")


@strawberry.input(description="A new password.")
class SetPasswordInput(Retryable):
    """See the description."""

    current: str = strawberry.field(description="The password so far.")
    new: str = strawberry.field(description="The password from now on; at least 12 characters.")


@strawberry.type(description="Signed out.")
class SignedOut:
    """See the description."""

    sessions: int = strawberry.field(description="How many sessions were ended.")


SignInResult = Annotated[Viewer | Refusal, result("SignInResult")]
SignOutResult = Annotated[SignedOut | Refusal, result("SignOutResult")]
SetPasswordResult = Annotated[Person | Refusal, result("SetPasswordResult")]


@strawberry.type
class CredentialMutation:
    """Root fields."""

    @mutation("Sign in to the web application: sets its cookie. Machines use a bearer token instead.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInResult:  # noqa: A002 — the contract's word
        """See the description."""
        context = info.context
        issued = await credentials.sign_in(input.email, input.password, address=context.address, at=context.at)
        viewer = await viewer_of(context.db, issued.person_id, context.at, credential_id=issued.credential_id)
        context.sign_in(viewer)
        context.reply.add("Set-Cookie", _cookie(issued.secret, issued.expires_at, context.at, context.production))
        return Viewer()

    @mutation("Sign out, here or everywhere: the session ends at once, and the streams it opened with it.")
    async def sign_out(self, info: Info, input: SignOutInput | None = None) -> SignOutResult:  # noqa: A002
        """See the description."""
        context = info.context
        viewer = context.viewer
        everywhere = bool(input and input.everywhere)
        ended = await credentials.sign_out(viewer.person_id, viewer.credential_id, everywhere=everywhere, at=context.at)
        context.sign_in(None)
        context.reply.add("Set-Cookie", _cookie("", context.at, context.at, context.production))
        return SignedOut(sessions=ended)

    @mutation("Set one's own password; all one's other sessions end.")
    async def set_password(self, info: Info, input: SetPasswordInput) -> SetPasswordResult:  # noqa: A002
        """See the description."""
        faults = Faults()
        passwords.check_new(input.new, "new", faults)
        faults.refuse_if_any()
        await credentials.confirm_password(info.context.viewer, input.current, at=info.context.at)
        password_hash = await passwords.hashed(input.new)  # slow, so before the lock
        return await change(info, credentials.set_password, shown_person, None, password_hash=password_hash)


def _cookie(secret: str, until: datetime, at: datetime, secure: bool) -> str:
    """The session's cookie: out of reach of scripts, not sent along by other sites, over TLS only in production."""
    seconds = max(int((until - at).total_seconds()), 0)
    fields = f"{credentials.COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
    return f"{fields}; Secure" if secure else fields
