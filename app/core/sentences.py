"""Activity in whole sentences, with the thing's name in them."""

SENTENCES = {
    "claimed": "{thing} was claimed by {actor} for {detail}",
    "released_claim": "{thing} was given back by {actor}",
    "fixed": "{thing} was fixed by {actor}",
    "released": "The fix of {thing} was released",
    "told": "Customers were told about {thing}",
    "confirmed": "Customers confirmed the fix of {thing}",
    "reopened": "{thing} was re-opened by {actor}",
    "handed_back": "{thing} was handed back by {actor}: {detail}",
    "declined": "{thing} was declined by {actor}: {detail}",
    "duplicate": "{thing} was closed as a duplicate by {actor}",
    "wontfix": "{thing} was closed without a fix by {actor}",
    "merged": "{thing} was merged into {detail} by {actor}",
    "unmerged": "{thing} stands for itself again, says {actor}",
    "linked": "{detail} linked to {thing} by {actor}",
    "suggested": "{actor} suggested a link of {detail} to {thing}",
    "unlinked": "{detail} taken off {thing} by {actor}",
    "judged": "{actor} judged the link of {detail} to {thing}",
    "tagged": "{actor} changed tags: {detail}",
    "synced": "{actor} was read: {detail}",
    "ranked": "The ranking was computed: {detail}",
    "policy_saved": "{actor} saved the ranking policy, {detail}",
    "committed": "{actor} committed the plan: {detail}",
    "estimated": "{actor} said what {thing} takes: {detail}",
    "planned": "{actor} changed the plan: {detail}",
    "phase": "{actor} moved the sprint to {detail}",
    "sprint_made": "{actor} made the sprint {detail}",
    "teams_imported": "{actor} imported teams: {detail}",
    "capacity": "{actor} changed the capacity of {detail}",
    "source_added": "{actor} added the source {detail}",
    "source_paused": "{actor} paused the source {detail}",
    "source_resumed": "{actor} resumed the source {detail}",
    "source_removed": "{actor} removed the source {detail}",
    "secret_replaced": "{actor} replaced {detail}",
    "secret_alone": "{actor} let go the former {detail}",
    "letters_read": "{actor} had records that could not be read looked at again: {detail}",
    "letter_dismissed": "{actor} dismissed a record that could not be read: {detail}",
    "user_added": "{actor} added {detail}",
    "user_changed": "{actor} changed a person: {detail}",
    "user_deactivated": "{actor} keeps {detail} out",
    "user_activated": "{actor} lets {detail} in again",
    "sign_ins_ended": "{actor} signed {detail} out everywhere",
    "password_removed": "{actor} took the password of {detail} away",
    "password_changed": "{actor} changed the password of their own account",
    "rekeyed": "{actor} sealed {detail} with the newest key",
    "erased": "{actor} erased {detail}",
    "exported_person": "{actor} exported {detail}",
    "exported_audit": "{actor} exported the audit log, {detail}",
    "retention_set": "{actor} changed how long things are kept: {detail}",
    "retention": "What had been kept long enough was let go: {detail}",
    "restored": "{actor} restored a copy: {detail}",
    "token_created": "{actor} created the token {detail}",
    "outbox_approved": "{actor} approved {detail}",
    "outbox_recalled": "{actor} took back the decision on {detail}",
    "outbox_cancelled": "{actor} cancelled {detail}",
    "outbox_elsewhere": "{actor} told customers another way: {detail}",
    "outbox_drafted": "Customers of {thing} are to be told: {detail}",
    "outbox_sent": "A customer was told about {thing}: {detail}",
    "outbox_tagged": "Tags were added because of {thing}: {detail}",
    "outbox_failed": "A customer could not be told about {thing}: {detail}",
    "outbox_uncertain": "Whether a customer was told about {thing} is not known yet: {detail}",
    "outbox_dropped": "A message about {thing} was not sent: {detail}",
    "outbox_live": "{actor} changed what is sent to {detail}",
    "outbox_words": "{actor} changed the words of new messages",
    "wallboard_made": "{actor} made a link for the wallboard {detail}",
    "wallboard_revoked": "{actor} revoked the link of the wallboard {detail}",
    "token_revoked": "{actor} revoked the token {detail}",
    "signed_in": "{actor} signed in",
    "came_in": "{actor} signed in through the identity provider {detail}",
    "kept_out": "{actor} was kept out by the identity provider: {detail}",
    "signed_out": "{actor} signed out",
    "signed_out_everywhere": "{actor} signed out everywhere",
}


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: 1 ticket, 2 tickets."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(verb: str, *, actor: str, thing: str | None, detail: str) -> str:
    """Return what happened; an unknown verb is said as it is."""
    form = SENTENCES.get(verb, "{actor}: " + verb.replace("_", " ") + " {detail}")
    named = f"“{thing}”" if thing else "a bug"
    said = form.format(thing=named, actor=actor, detail=detail).strip()
    return f"{said[:1].upper()}{said[1:]}."
