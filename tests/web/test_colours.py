"""Text can be read on every ground in both themes, computed from the style sheet itself."""

import re

import pytest

from app.web.assets import FOLDER as STATIC

SHEET = (STATIC / "css/tokens.css").read_text()
GROUNDS = ["bg", "surface", "raised"]
WORDS = [
    "text",
    "muted",
    "accent",
    "danger",
    "warn",
    "open",
    "claimed",
    "fixed",
    "released",
    "told",
    "confirmed",
]


def theme(start: str) -> dict[str, str]:
    block = SHEET[SHEET.index(start) :].split("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


THEMES = {"light": theme(":root {"), "dark": theme(':root[data-theme="dark"] {')}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_words_stand_out_from_every_ground(name):
    colours = THEMES[name]
    for ground in GROUNDS:
        for word in WORDS:
            assert contrast(colours[word], colours[ground]) >= 4.5, (word, ground)
        assert contrast(colours["control"], colours[ground]) >= 3
        assert contrast(colours["focus"], colours[ground]) >= 3
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_the_system_and_the_button_give_the_same_dark():
    assert theme(':root:not([data-theme="light"]) {') == THEMES["dark"]
