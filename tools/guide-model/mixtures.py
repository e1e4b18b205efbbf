"""Random mixtures of phrases, labelled by the teacher: questions that nobody wrote, as many as are wanted."""
import random

KEEP_ABOVE = 0.8
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
    def __init__(self, language, phrases, teacher, seed):
        """`phrases`: {topic: lines}"""
        self.language, self.teacher, self.rng = language, teacher, random.Random(seed)
        self.topics = [t for t in phrases if t in teacher.topics and phrases[t]]
        self.phrases = phrases
        self.ready = []

    def draw(self):
        """(question, topic)"""
        while not self.ready:
            texts = [self.mix() for _ in range(POOL)]
            judged = self.teacher.judge(texts)
            self.ready = [(text, topic) for text, (topic, chance) in zip(texts, judged) if chance >= KEEP_ABOVE and topic != "sum"]
        return self.ready.pop()

    def line(self):
        topic = "out-of-scope" if self.rng.random() < 0.2 else self.rng.choice(self.topics)
        return self.rng.choice(self.phrases[topic])

    def mix(self):
        rng = self.rng
        parts = units(self.line(), self.language, rng)
        kind = rng.random()
        if kind < 0.35:
            rate = rng.uniform(0.1, 0.45)
            parts = [p for p in parts if rng.random() > rate] or parts
        elif kind < 0.6:
            others = units(self.line(), self.language, rng)
            for _ in range(rng.choice((1, 1, 2, 3))):
                parts[rng.randrange(len(parts))] = rng.choice(others)
        elif kind < 0.85:
            others = units(self.line(), self.language, rng)
            cut, other = rng.randrange(len(parts) + 1), rng.randrange(len(others) + 1)
            parts = (parts[:cut] + others[other:])[:24] or parts
        else:
            rng.shuffle(parts)
        return (" " if self.language == "en" else "").join(parts)
