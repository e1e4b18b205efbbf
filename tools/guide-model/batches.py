"""Batches of similar length from generated dialogues, sized by tokens."""
import random
from collections import defaultdict
from dataclasses import dataclass

import torch

from conversation import Conversation
from sums import without_thinking


@dataclass
class Targets:
    """What has to be told at `places`, positions in a batch's `ids.view(-1)`: each entry is (index in `places`, class, chance)."""

    places: torch.Tensor
    owners: torch.Tensor
    classes: torch.Tensor
    chances: torch.Tensor

    @classmethod
    def of(cls, wanted):
        """`wanted`: [(place, {class: chance})]"""
        entries = [(owner, one, chance) for owner, (_, chances) in enumerate(wanted) for one, chance in chances.items()]
        return cls(torch.tensor([place for place, _ in wanted]), *(torch.tensor(column) for column in zip(*entries)))

    def loss(self, logits):
        """Cross-entropy per place. `logits` [places, classes]"""
        told = logits.float().log_softmax(-1)[self.owners, self.classes]
        return -(told * self.chances).sum() / len(self.places)


@dataclass
class Batch:
    """`ids` [rows, length]; the tokens of the answers, and at every token of a question the topic of that question."""

    ids: torch.Tensor
    answers: Targets
    topics: Targets


def deciding_lengths(encoded, least=3):
    """{key: how many of the first tokens of that answer tell it from every other, and one more}"""

    def shared(one, other):
        return next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))

    return {key: max(least, 2 + max(shared(ids, other) for rival, other in encoded.items() if rival != key)) for key, ids in encoded.items()}


class Batches:
    """The first tokens of an answer decide its topic; the rest is recited. Most answers are therefore cut short in
    training, so that more questions are seen in the same time; the share `whole` is learnt to the end."""

    def __init__(self, dialogues, tokenizer, seed, tokens=3072, whole=0.1, dropout=0.1, replace=0.06):
        self.dialogues, self.tokenizer, self.rng = dialogues, tokenizer, random.Random(seed)
        self.tokens, self.whole, self.dropout, self.replace = tokens, whole, dropout, replace
        self.end = tokenizer.ids["<|im_end|>"]
        answers = {(name, topic): answer for name, language in dialogues.languages.items() for topic, answer in language.answers.items()}
        self.encoded = {key: tokenizer.encode(answer) for key, answer in answers.items()}
        self.deciding = deciding_lengths(self.encoded)
        self.classes = {topic: number for number, topic in enumerate(sorted({topic for _, topic in answers} | {"sum"}))}

    def encode(self, dialogue):
        """(ids, targets, topics) as conversation.py collects them"""
        talk = Conversation(self.tokenizer)
        *before, last = dialogue["turns"]
        for turn in before:
            talk.message("user", self.noisy(turn.question), topics=self.topics(turn))
            ids = self.tokenizer.encode(without_thinking(turn.answer))
            talk.message("assistant", ids, self.targets(turn, ids[:self.deciding[turn.language, turn.topic]]) if turn.learn else ())
        talk.message("user", self.noisy(last.question), topics=self.topics(last))
        talk.put([talk.start] + talk.role["assistant"], topics=self.topics(last))
        ids = self.tokenizer.encode_with_specials(last.answer) + [self.end]
        if last.topic != "sum" and self.rng.random() > self.whole:
            ids = ids[:self.deciding[last.language, last.topic]]
        talk.put(ids, self.targets(last, ids))
        return talk.ids, talk.targets, talk.topics

    def topics(self, turn):
        """{class: chance}"""
        return {self.classes[topic]: chance for topic, chance in (turn.chances or {turn.topic: 1.0}).items()}

    def targets(self, turn, ids):
        """For each token of an answer {token: chance}: the token itself, or what the teacher's answers would go on with there."""
        if turn.chances is None:
            return [{token: 1.0} for token in ids]
        rivals = [(self.encoded[turn.language, topic] + [self.end], chance) for topic, chance in turn.chances.items()]
        found = []
        for place, token in enumerate(ids):
            weights = defaultdict(float)
            for rival, chance in rivals:
                weights[rival[place]] += chance
            total = sum(weights.values())
            found.append({next_token: weight / total for next_token, weight in weights.items()})
            rivals = [(rival, chance) for rival, chance in rivals if rival[place] == token]
        return found

    def noisy(self, question):
        ids = self.tokenizer.encode(question, self.dropout, self.rng)
        if self.rng.random() < 0.1 and not any(c.isdigit() for c in question):
            ids = [self.rng.randrange(5, len(self.tokenizer.tokens)) if self.rng.random() < self.replace else i for i in ids]
        return ids

    def __iter__(self):
        while True:
            pool = sorted((self.encode(self.dialogues.dialogue()) for _ in range(3000)), key=lambda e: len(e[0]))
            groups, group = [], []
            for example in pool:
                if group and (len(group) + 1) * len(example[0]) > self.tokens:
                    groups.append(group)
                    group = []
                group.append(example)
            groups.append(group)
            self.rng.shuffle(groups)
            for group in groups:
                yield self.tensors(group)

    @staticmethod
    def tensors(group):
        length = max(len(ids) for ids, _, _ in group) - 1
        ids = torch.zeros(len(group), length, dtype=torch.long)
        answers, topics = [], []
        for row, (tokens, targets, classes) in enumerate(group):
            ids[row, :len(tokens) - 1] = torch.tensor(tokens[:-1])
            answers += [(row * length + place, target) for place, target in enumerate(targets[1:]) if target is not None]
            topics += [(row * length + place, chances) for place, chances in enumerate(classes[:-1]) if chances is not None]
        return Batch(ids, Targets.of(answers), Targets.of(topics))
