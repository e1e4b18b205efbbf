"""Answers in a history that are not what the Guide would have said: stopped, failed, wrong, or another model's.

The next question must be answered all the same, so the Guide learns with such histories in front of it.
"""
import re


class Mishaps:
    def __init__(self, rng, languages):
        """`languages`: {name: Language}, as generate.py reads them"""
        self.rng = rng
        self.answers = {name: list(language.answers.values()) for name, language in languages.items()}
        self.words = {name: sorted({word for answer in answers for word in re.findall(r"\w+|[^\w\s]", answer)}) for name, answers in self.answers.items()}

    def spoil(self, answer, language, cut_only):
        """`cut_only` leaves the meaning: what is there of the answer is right."""
        kind = self.rng.random()
        if cut_only or kind < 0.3:
            return self.cut(answer)
        if kind < 0.45:
            return ""
        if kind < 0.75:
            return self.rng.choice(self.answers[language.name])
        return self.rubbish(language.name)

    def cut(self, answer):
        """Stopped while it was written."""
        return answer[:self.rng.randrange(len(answer))]

    def rubbish(self, name):
        """A long text about something else, or words without sense."""
        rng = self.rng
        count = rng.choice((12, 25, 50, 100)) if rng.random() < 0.8 else 220
        if rng.random() < 0.4:
            sentences = [rng.choice(self.answers[name]) for _ in range(count // 12)]
            return rng.choice((" ", "\n\n", "\n* ")).join(sentences)
        words = [rng.choice(self.words[name]) for _ in range(count)]
        return (" " if name == "en" else "").join(words)
