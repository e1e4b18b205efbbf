"""A small grammar of question wordings.

A grammar file holds sections (`# topic`) of lines. In a line `(a|b)` picks one, `[a|b]` picks one or
nothing, `{name}` inserts a slot. Slots come from `name: a|b|c` files or from a function (numbers).
"""
import random
import re
from pathlib import Path

SPECIAL = re.compile(r"[()\[\]|{}]")


def parse(text):
    """Text to a tree: a list of parts; a part is a string, ('slot', name) or ('choice', options, optional)."""
    position = 0

    def sequence(stop):
        nonlocal position
        parts, literal = [], ""
        while position < len(text) and text[position] not in stop:
            char = text[position]
            position += 1
            if char in "([":
                if literal:
                    parts.append(literal)
                    literal = ""
                parts.append(choice(")" if char == "(" else "]", char == "["))
            elif char == "{":
                end = text.index("}", position)
                if literal:
                    parts.append(literal)
                    literal = ""
                parts.append(("slot", text[position:end]))
                position = end + 1
            else:
                literal += char
        if literal:
            parts.append(literal)
        return parts

    def choice(closing, optional):
        nonlocal position
        options = [sequence("|" + closing)]
        while position < len(text) and text[position] == "|":
            position += 1
            options.append(sequence("|" + closing))
        if position >= len(text):
            raise ValueError(f"missing {closing} in: {text}")
        position += 1
        return ("choice", options, optional)

    tree = sequence("")
    return tree


class Grammar:
    def __init__(self, slots):
        self.slots = {}
        for name, options in slots.items():
            self.slots[name] = options if callable(options) else [parse(o) for o in options]

    def expand(self, tree, rng, fixed=None):
        """One random wording of a parsed line. `fixed` overrides slots (the two numbers of a sum)."""
        out = []
        for part in tree:
            if isinstance(part, str):
                out.append(part)
            elif part[0] == "slot":
                if fixed and part[1] in fixed:
                    out.append(str(fixed[part[1]]))
                    continue
                source = self.slots[part[1]]
                out.append(source(rng) if callable(source) else self.expand(rng.choice(source), rng, fixed))
            elif not (part[2] and rng.random() < 0.55):
                out.append(self.expand(rng.choice(part[1]), rng, fixed))
        return "".join(out)


def read_slots(path):
    slots = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip():
            name, options = line.split(":", 1)
            slots[name] = options.strip().split("|")
    return slots


def read_sections(path):
    """`# heading` sections of a file to {heading: [line, ...]}."""
    sections, current = {}, None
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            current = sections.setdefault(line[2:].strip(), [])
        elif line.strip():
            current.append(line.strip("\n"))
    return sections


def pseudo_word(rng):
    """A word that exists in no language: teaches that an unknown word is out of scope."""
    syllables = [rng.choice("bcdfghjklmnprstvwz") + rng.choice(["a", "e", "i", "o", "u", "oo", "ai"]) + rng.choice(["", "", "n", "r", "st", "l", "x", "ck"])
                 for _ in range(rng.randint(1, 4))]
    return "".join(syllables)


def weight_of_options(tree):
    """How many wordings a line can make, dampened: a line with many options is drawn more often."""
    count = 1.0
    for part in tree:
        if isinstance(part, tuple) and part[0] == "choice":
            count *= sum(weight_of_options(option) for option in part[1]) + (1 if part[2] else 0)
        elif isinstance(part, tuple):
            count *= 8
    return count


def number_slots():
    return {
        "a": lambda rng: str(rng.randint(0, 99)),
        "b": lambda rng: str(rng.randint(0, 99)),
        "big": lambda rng: str(rng.randint(100, rng.choice([199, 999, 9999, 99999]))),
        "year": lambda rng: str(rng.randint(1000, 2030)),
        "pseudo": pseudo_word,
    }
