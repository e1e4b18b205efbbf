"""Dialogues for training: questions from the grammar and from hand-worded phrases, answers from knowledge/.

`python3 generate.py --count 20` prints some; train.py draws them endlessly through `Dialogues`.
A dialogue has one or two turns, as the app sends at most the question before with its answer.
"""
import argparse
import json
import random
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

import sums
import synonyms
import wording
from mishaps import Mishaps
from mixtures import Mixtures
from grammar import Grammar, number_slots, parse, read_sections, read_slots, weight_of_options

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
SPECIAL = {"out-of-scope", "sum"}
# How much of the noise of typing (wording.py) a question gets: much of it hides what tells topics apart.
NOISE = 0.5
# The shares of dialogues with one question, and with a question and its follow-up; the others are two questions of different topics.
ALONE, RELATED = 0.55, 0.15
# The share of questions that are mixtures of phrases, labelled by the teacher.
MIXED = 0.7
SMALL_TALK = ("thanks", "thanks", "greeting", "goodbye")
ZH_PSEUDO = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜"
@dataclass
class Turn:
    language: str
    question: str
    answer: str
    topic: str
    # False for a turn that is only history.
    learn: bool = True
    # {topic: chance} as the teacher sees it; without it, the topic is certain.
    chances: Optional[dict] = None


def read_answers(language):
    return {topic: "\n".join(lines) for topic, lines in read_sections(HERE / "knowledge" / f"{language}.md").items()}


def is_validation(line):
    """A tenth of the hand-worded phrases, chosen by hash, measures generalisation during development."""
    return zlib.crc32(line.encode()) % 10 == 0


def read_phrases(language):
    """{topic: lines} of the hand-worded questions; words.txt is a list of nouns, not of questions."""
    phrases = {}
    for path in sorted((HERE / "phrases" / language).glob("*.txt")):
        if path.stem != "words":
            phrases[path.stem] = [l.strip() for l in path.read_text(encoding="utf-8").splitlines() if l.strip()]
    return phrases


class Language:
    """All wordings and answers of one language."""

    def __init__(self, language, hold_out):
        self.name = language
        folder = HERE / "grammar" / language
        self.answers = read_answers(language)
        slots = {**read_slots(folder / "slots.txt"), **read_slots(folder / "out-of-scope-words.txt"), **number_slots()}
        words = HERE / "phrases" / language / "words.txt"
        if words.exists():
            slots["noun"] = slots["noun"] + [w.strip() for w in words.read_text(encoding="utf-8").splitlines() if w.strip()]
        if language == "zh":
            slots["pseudo"] = lambda rng: "".join(rng.choice(ZH_PSEUDO) for _ in range(rng.randint(2, 4)))
        self.grammar = Grammar(slots)
        self.lines, self.weights, self.follow_ups = {}, {}, {}
        for path in sorted(folder.glob("*.txt")):
            if path.name in ("slots.txt", "out-of-scope-words.txt", "distractors.txt"):
                continue
            for heading, lines in read_sections(path).items():
                trees = [parse(line) for line in lines]
                if path.name == "follow-ups.txt":
                    first, second = heading.split(" > ")
                    for topic in first.split():
                        self.follow_ups.setdefault(topic, []).append((second, trees))
                else:
                    self.lines.setdefault(heading, []).extend(trees)
        for topic, trees in self.lines.items():
            self.weights[topic] = [min(weight_of_options(tree), 400) ** 0.35 for tree in trees]
        distractors = read_slots(folder / "distractors.txt")
        self.before, self.after = ([parse(clause) for clause in distractors[side]] for side in ("before", "after"))
        self.noise = wording.english if language == "en" else wording.chinese
        self.phrases = {topic: [l for l in lines if not (hold_out and is_validation(l))] for topic, lines in read_phrases(language).items()}
        self.topics = [t for t in self.answers if t in self.lines and t not in SPECIAL]

    def wording(self, topic, rng, fixed=None):
        """A question of the hand-worded ones or of the grammar, without noise."""
        if self.phrases.get(topic) and rng.random() < 0.55:
            return rng.choice(self.phrases[topic])
        tree = rng.choices(self.lines[topic], self.weights[topic])[0]
        return self.grammar.expand(tree, rng, fixed)

    def question(self, topic, rng, fixed=None, noise=1.0):
        text = self.wording(topic, rng, fixed)
        if topic != "sum" and rng.random() < 0.35:
            text = synonyms.replace(text, self.name, rng, 0.4)
        # The later clauses after a question speak of Sotto: they would bring an out-of-scope question into scope.
        after = self.after if topic not in SPECIAL else self.after[:11]
        before, after = ("" if topic in ("greeting", "thanks", "goodbye") else self.grammar.expand(rng.choice(clauses), rng) for clauses in (self.before, after))
        return self.noise(text, rng, before, after, noise * NOISE)


class Dialogues:
    def __init__(self, seed, hold_out=True, teachers=None):
        """With `teachers` (teacher.py), a share of the questions are mixtures that these have labelled."""
        self.rng = random.Random(seed)
        self.languages = {name: Language(name, hold_out) for name in LANGUAGES}
        self.hold_out = hold_out
        self.mishaps = Mishaps(self.rng, self.languages)
        self.mixtures = {name: Mixtures(self.languages[name], teacher, seed) for name, teacher in (teachers or {}).items()}

    def sum_turn(self, language):
        rng = self.rng
        while True:
            a, b = (rng.randint(0, 99) if rng.random() < 0.9 else rng.randint(0, 9) for _ in range(2))
            if not (self.hold_out and sums.held_out(a, b)):
                break
        return Turn(language.name, language.question("sum", rng, {"a": a, "b": b}, noise=0.5), sums.answer(a, b), "sum")

    def turn(self, language, topic, mixed=True):
        if topic == "sum":
            return self.sum_turn(language)
        if mixed and self.mixtures and self.rng.random() < MIXED:
            question, chances = self.mixtures[language.name].draw()
            topic = self.rng.choices(list(chances), list(chances.values()))[0]
            return Turn(language.name, language.noise(question, self.rng, noise=0.2), language.answers[topic], topic, chances=chances)
        return Turn(language.name, language.question(topic, self.rng), language.answers[topic], topic)

    def topic(self, language):
        draw = self.rng.random()
        if draw < 0.12:
            return "sum"
        if draw < 0.3:
            return "out-of-scope"
        return self.rng.choice(language.topics)

    def follow_up(self, language, first):
        second, trees = self.rng.choice(language.follow_ups[first])
        text = language.grammar.expand(self.rng.choice(trees), self.rng)
        return Turn(language.name, language.noise(text, self.rng, noise=0.5), language.answers[second], second)

    def unrelated(self, language):
        """A question before, of any topic, and a question that stands alone: the first must have no say in the second."""
        rng = self.rng
        before = self.languages[rng.choice(LANGUAGES)] if rng.random() < 0.15 else language
        first = self.turn(before, rng.choice(SMALL_TALK) if rng.random() < 0.1 else self.topic(before))
        topic = self.topic(language)
        draw = rng.random()
        if draw < 0.08 and first.topic in language.follow_ups:
            # The topics that its follow-ups lead to are the ones that are easily mixed up with it.
            topic = rng.choice(language.follow_ups[first.topic])[0]
        elif draw < 0.12:
            topic = rng.choice(SMALL_TALK)
        elif draw < 0.15:
            topic = first.topic
        if topic not in language.lines:
            topic = self.topic(language)
        return [first, self.turn(language, topic)]

    def related(self, language):
        """A question before, and one that only makes sense after it."""
        first = self.turn(language, self.rng.choice(list(language.follow_ups)), mixed=False)
        return [first, self.follow_up(language, first.topic)]

    def dialogue(self):
        """What the app sends: one question, or one with the question and answer directly before it."""
        rng = self.rng
        language = self.languages["en" if rng.random() < 0.6 else "zh"]
        draw = rng.random()
        if draw < ALONE:
            return {"lang": language.name, "turns": [self.turn(language, self.topic(language))]}
        related = draw < ALONE + RELATED
        turns = self.related(language) if related else self.unrelated(language)
        # A first turn is what a single question is, so it is learnt as well, unless its answer went wrong.
        # In a history, a sum has lost the thoughts that it takes to get it right.
        first = turns[0]
        first.learn = first.topic != "sum"
        if rng.random() < (0.1 if related else 0.3):
            first.answer, first.learn = self.mishaps.spoil(first.answer, language, cut_only=related), False
        return {"lang": language.name, "turns": turns}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    dialogues = Dialogues(options.seed)
    for _ in range(options.count):
        for turn in dialogues.dialogue()["turns"]:
            print(json.dumps(asdict(turn), ensure_ascii=False))
        print()


if __name__ == "__main__":
    main()
