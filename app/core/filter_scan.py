"""Cut a filter's text into its terms, whatever the text is."""

import re
from dataclasses import dataclass

HEAD = re.compile(r"([A-Za-z_]+)(>=|<=|[:<>])(?!//)")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_BARE = re.compile(r'[^\s",\\]+')


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the values between commas; what was quoted is never a range."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Token:
    """One term as it is written; without a head it is text."""

    start: int
    end: int
    no: bool
    head: str
    op: str
    pieces: tuple[Piece, ...]


def scan(text: str) -> list[Token]:
    """Return the terms of a text, in order."""
    text = _UNFIT.sub(" ", text)
    found, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _token(text, place)
        found.append(token)
        place = token.end
    return found


def _token(text: str, start: int) -> Token:
    no = text[start] == "-" and start + 1 < len(text) and not text[start + 1].isspace()
    place = start + no
    if text[place] == '"':
        words, end = _quoted(text, place)
        return Token(start, end, no, "", "", (Piece(words, quoted=True),))
    head = HEAD.match(text, place)
    if not head:
        end = _word_end(text, place)
        return Token(start, end, no, "", "", (Piece(text[place:end], quoted=False),))
    pieces, end = _pieces(text, head.end())
    return Token(start, end, no, head[1], head[2], tuple(pieces))


def _word_end(text: str, place: int) -> int:
    while place < len(text) and not text[place].isspace():
        place += 1
    return place


def _quoted(text: str, place: int) -> tuple[str, int]:
    """Read from a quotation mark to the next one, or to the end: it may still be written."""
    said: list[str] = []
    place += 1
    while place < len(text) and text[place] != '"':
        if text[place] == "\\" and place + 1 < len(text):
            place += 1
        said.append(text[place])
        place += 1
    return "".join(said), min(place + 1, len(text))


def _pieces(text: str, place: int) -> tuple[list[Piece], int]:
    found: list[Piece] = []
    said, quoted = "", False
    while place < len(text) and not text[place].isspace():
        if text[place] == '"':
            more, place = _quoted(text, place)
            said, quoted = said + more, True
        elif text[place] == ",":
            found.append(Piece(said, quoted))
            said, quoted = "", False
            place += 1
        else:
            said += text[place]
            place += 1
    found.append(Piece(said, quoted))
    return [piece for piece in found if piece.text.strip()], place


def written(value: str) -> str:
    """Write a value so that it is read as it is."""
    return value if _BARE.fullmatch(value) else _in_quotes(value)


def written_text(words: str) -> str:
    """Write text so that it is read as text."""
    plain = not words.startswith(("-", '"')) and not HEAD.match(words)
    plain = plain and bool(words) and not any(letter.isspace() for letter in words)
    return words if plain else _in_quotes(words)


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
