"""Mask in foreign text what nobody needs for triage: addresses, phone and card numbers, secrets."""

import re

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"\b(?:\d[ -]?){13,19}\b")
_PHONE = re.compile(r"(?<![\w/.-])\+?\(?\d{2,4}\)?[ ./-]?\d{3,4}[ ./-]?\d{3,5}(?![\w/-])")
_TOKEN = re.compile(
    r"\b(?:gh[pousr]_\w{20,}|sk-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|"
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|Bearer\s+[\w.~+/-]{16,}=*)"
)
_DIGITS = re.compile(r"\d{3}")


def masked(text: str) -> str:
    """Return the text with such parts replaced by a word in brackets."""
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    if "_" in text or "-" in text or "eyJ" in text or "AKIA" in text or "Bearer" in text:
        text = _TOKEN.sub("[token]", text)
    if _DIGITS.search(text):
        text = _CARD.sub(_card, text)
        text = _PHONE.sub(_phone, text)
    return text


def _card(found: re.Match[str]) -> str:
    digits = [int(c) for c in found[0] if c.isdigit()]
    doubled = [
        d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits[::-1])
    ]
    return "[card]" if sum(doubled) % 10 == 0 else found[0]


def _phone(found: re.Match[str]) -> str:
    # A bug number or a date is no phone number: ask for a mark that only telephone numbers have.
    marked = found[0].startswith(("+", "(")) or len(re.findall(r"[ ./-]", found[0])) >= 2
    digits = sum(c.isdigit() for c in found[0])
    date = re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}", found[0])
    return "[phone]" if marked and digits >= 9 and not date else found[0]
