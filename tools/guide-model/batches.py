"""Batches of similar length from generated dialogues, sized by tokens."""
import random
from collections import defaultdict
from dataclasses import dataclass

import torch

from conversation import Conversation
from sums import without_thinking


@dataclass
class Batch:
    """`ids` [rows, length]; `places` are the learnt positions in `ids.view(-1)`; each target is (index in `places`, token, chance)."""

    ids: torch.Tensor
    places: torch.Tensor
    owners: torch.Tensor
    tokens: torch.Tensor
    chances: torch.Tensor


def deciding_lengths(encoded, least=3):
    """{answer: how many of its first tokens tell it from every other answer, and one more}"""

    def shared(one, other):
        return next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))

    return {answer: max(least, 2 + max(shared(ids, other) for text, other in encoded.items() if text != answer)) for answer, ids in encoded.items()}


class Batches:
    """The first tokens of an answer decide its topic; the rest is recited. Most answers are therefore cut short in
    training, so that more questions are seen in the same time; the share `whole` is learnt to the end."""

    def __init__(self, dialogues, tokenizer, seed, tokens=6144, whole=0.2, dropout=0.1, replace=0.06):
        self.dialogues, self.tokenizer, self.rng = dialogues, tokenizer, random.Random(seed)
        self.tokens, self.whole, self.dropout, self.replace = tokens, whole, dropout, replace
        self.end = tokenizer.ids["<|im_end|>"]
        self.encoded = {answer: tokenizer.encode(answer) for language in dialogues.languages.values() for answer in language.answers.values()}
        self.deciding = deciding_lengths(self.encoded)

    def encode(self, dialogue):
        talk = Conversation(self.tokenizer)
        *before, last = dialogue["turns"]
        for turn in before:
            talk.message("user", self.noisy(turn.question))
            ids = self.tokenizer.encode(without_thinking(turn.answer))
            talk.message("assistant", ids, self.targets(turn, ids[:self.deciding[turn.answer]]) if turn.learn else ())
        talk.message("user", self.noisy(last.question))
        talk.put([talk.start] + talk.role["assistant"])
        ids = self.tokenizer.encode_with_specials(last.answer) + [self.end]
        if last.topic != "sum" and self.rng.random() > self.whole:
            ids = ids[:self.deciding[last.answer]]
        talk.put(ids, self.targets(last, ids))
        return talk.ids, talk.targets

    def targets(self, turn, ids):
        """For each token of an answer {token: chance}: the token itself, or what the teacher's answers would go on with there."""
        if turn.chances is None:
            return [{token: 1.0} for token in ids]
        rivals = [(self.encoded[answer] + [self.end], chance) for answer, chance in turn.chances.items()]
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
        length = max(len(ids) for ids, _ in group) - 1
        ids = torch.zeros(len(group), length, dtype=torch.long)
        places, found = [], []
        for row, (tokens, targets) in enumerate(group):
            ids[row, :len(tokens) - 1] = torch.tensor(tokens[:-1])
            for place, target in enumerate(targets[1:]):
                if target is not None:
                    found += [(len(places), token, chance) for token, chance in target.items()]
                    places.append(row * length + place)
        owners, tokens, chances = (torch.tensor(column) for column in zip(*found))
        return Batch(ids, torch.tensor(places), owners, tokens, chances)
