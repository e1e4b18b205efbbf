"""Batches of similar length from generated dialogues, sized by tokens."""
import random

import torch

from conversation import Conversation
from sums import without_thinking


class Batches:
    """The first tokens of an answer decide its topic; the rest is recited. Most answers are therefore cut short in
    training, so that more questions are seen in the same time; the share `whole` is learnt to the end."""

    def __init__(self, dialogues, tokenizer, seed, tokens=6144, whole=0.3, first=7, dropout=0.1, replace=0.02):
        self.dialogues, self.tokenizer, self.rng = dialogues, tokenizer, random.Random(seed)
        self.tokens, self.whole, self.first, self.dropout, self.replace = tokens, whole, first, dropout, replace

    def encode(self, dialogue):
        talk = Conversation(self.tokenizer)
        if dialogue["system"]:
            talk.message("system", self.tokenizer.encode(dialogue["system"]))
        last = len(dialogue["turns"]) - 1
        for index, (question, answer, topic, learn) in enumerate(dialogue["turns"]):
            talk.message("user", self.noisy(question))
            if index < last:
                talk.message("assistant", self.tokenizer.encode(without_thinking(answer)), learn)
                continue
            talk.put([talk.start] + talk.role["assistant"])
            ids = self.tokenizer.encode_with_specials(answer)
            if topic != "sum" and self.rng.random() > self.whole and len(ids) > self.first:
                talk.put(ids[:self.first], True)
            else:
                talk.put(ids + [talk.end], True)
        return talk.ids, talk.learn

    def noisy(self, question):
        ids = self.tokenizer.encode(question, self.dropout, self.rng)
        if self.rng.random() < 0.3 and not any(c.isdigit() for c in question):
            ids = [self.rng.randrange(5, len(self.tokenizer.tokens)) if self.rng.random() < self.replace * 3 else i for i in ids]
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
        target = torch.full((len(group), length), -1)
        for row, (tokens, learn) in enumerate(group):
            ids[row, :len(tokens) - 1] = torch.tensor(tokens[:-1])
            target[row, :len(tokens) - 1] = torch.tensor([t if l else -1 for t, l in zip(tokens[1:], learn[1:])])
        return ids, target
