"""Three ways a source fails, told apart by who can mend it.

SourceError
+ Misconfigured     the operator: address, token or permission is wrong
  + Denied          … but only for this stream: the plan or a scope lacks it; other streams go on
    + PartlyDenied  … and only for a part of it: the rest of this stream was read to its end
+ Unavailable       time: rate limit, outage, network; try again later
+ Unreadable        us: the source answered in a shape we do not know
"""


class SourceError(Exception):
    """A source could not be read; the text is one sentence for the operator, without secrets."""


class Misconfigured(SourceError):
    pass


class Denied(Misconfigured):
    pass


class PartlyDenied(Denied):
    pass


class Unavailable(SourceError):
    """Wait `retry_after` seconds (None: unknown) and ask again.

    `sent`: the service may have acted on the request all the same.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.sent = True


class Unreadable(SourceError):
    pass
