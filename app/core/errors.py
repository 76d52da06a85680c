"""Everything the product may refuse, in one tree.

AppError
+ NotFound    the thing asked for does not exist (or is not yours to see)
+ Conflict    someone was first, or the state forbids it
+ UnderWay    the same request is still being served; its answer comes soon
+ Forbidden   the actor may not do this
  + TooMany   … so often; wait and try again
+ Invalid     the request makes no sense; the text says what to mend
+ Busy        the database is taken; nothing was changed, try again
"""


class AppError(Exception):
    """A refusal whose text may be shown to the user as it is."""

    code = "error"


class NotFound(AppError):
    code = "not-found"


class Conflict(AppError):
    code = "conflict"


class UnderWay(AppError):
    code = "under-way"


class Forbidden(AppError):
    code = "forbidden"


class TooMany(Forbidden):
    code = "too-many"


class Invalid(AppError):
    code = "invalid"


class Busy(AppError):
    code = "busy"
