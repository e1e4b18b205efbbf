"""Random mixtures of wordings, labelled by the teacher: questions that nobody wrote, as many as are wanted."""
import random

POOL = 400


def units(text, language, rng):
    """Words in English; in Chinese pieces of one to three characters, cut anew each time."""
    if language == "en":
        return text.split()
    pieces, at = [], 0
    while at < len(text):
        size = rng.choice((1, 2, 2, 3))
        pieces.append(text[at:at + size])
        at += size
    return pieces


class Mixtures:
    def __init__(self, language, teacher, seed):
        self.language, self.teacher, self.rng = language, teacher, random.Random(seed)
        self.ready = []

    def draw(self):
        """(question, {topic: chance})"""
        if not self.ready:
            texts = [self.mix() for _ in range(POOL)]
            self.ready = list(zip(texts, self.teacher.chances(texts)))
        return self.ready.pop()

    def line(self):
        topic = "out-of-scope" if self.rng.random() < 0.3 else self.rng.choice(self.language.topics)
        return self.language.wording(topic, self.rng)

    def parts(self):
        return units(self.line(), self.language.name, self.rng)

    def mix(self):
        rng = self.rng
        parts = self.parts()
        kind = rng.random()
        if kind < 0.25:
            rate = rng.uniform(0.1, 0.45)
            parts = [p for p in parts if rng.random() > rate] or parts
        elif kind < 0.45:
            # A few words in a row: what does each of them count by itself?
            length = rng.randint(1, 4)
            start = rng.randrange(max(1, len(parts) - length + 1))
            parts = parts[start:start + length]
        elif kind < 0.7:
            others = self.parts()
            for _ in range(rng.choice((1, 1, 2, 3))):
                parts[rng.randrange(len(parts))] = rng.choice(others)
        elif kind < 0.92:
            others = self.parts()
            cut, other = rng.randrange(len(parts) + 1), rng.randrange(len(others) + 1)
            parts = (parts[:cut] + others[other:])[:24] or parts
        else:
            rng.shuffle(parts)
        return (" " if self.language.name == "en" else "").join(parts)
