"""A linear classifier over n-grams that tells the topic of a question, and teaches the Guide.

A small transformer trained from nothing recites the wordings it has seen; a linear classifier over words and letters is
far better at wordings it has not (measured on held-out phrases: 0.84 against 0.68 in English, 0.90 against 0.76 in
Chinese, at the same time of the same training). So the Guide also learns from random mixtures of phrases that the
classifier has labelled: it copies the classifier's judgement of any combination of words. The Guide ships, the teacher does not.

`python3 teacher.py --out /tmp/guide-train/teacher.pt` trains it in a few minutes and prints its accuracy.
"""
import argparse
import random
import re
import zlib

import torch
import torch.nn.functional as F

BUCKETS = 1 << 17
PUNCTUATION = re.compile(r"[?!.,;:\"()？！，。；：、…~]")


def features(text, language):
    """Hashed n-grams: words, pairs of words and pieces of words in English, pieces of up to four characters in Chinese."""
    text = PUNCTUATION.sub(" ", text.lower())
    found = set()
    if language == "en":
        words = ["^", *text.split(), "$"]
        for i, word in enumerate(words):
            found.add("w" + word)
            if i:
                found.add("b" + words[i - 1] + "_" + word)
            marked = f"<{word}>"
            for n in (3, 4, 5):
                found.update("c" + marked[j:j + n] for j in range(len(marked) - n + 1))
    else:
        marked = "^" + text.replace(" ", "") + "$"
        for n in (1, 2, 3, 4):
            found.update("z" + marked[j:j + n] for j in range(len(marked) - n + 1))
    return [zlib.crc32(f.encode()) % BUCKETS for f in found]


def bags(lists):
    offsets = [0]
    for one in lists[:-1]:
        offsets.append(offsets[-1] + len(one))
    return torch.tensor([i for one in lists for i in one]), torch.tensor(offsets)


class Teacher:
    def __init__(self, language, topics):
        self.language, self.topics = language, topics
        self.scores = torch.nn.EmbeddingBag(BUCKETS, len(topics), mode="sum", sparse=True)
        torch.nn.init.zeros_(self.scores.weight)

    def logits(self, lists):
        scale = torch.tensor([3 * len(one) ** -0.5 for one in lists])[:, None]
        return self.scores(*bags(lists)) * scale

    def fit(self, texts, topics, epochs=6, seed=1):
        rng = random.Random(seed)
        encoded = [features(t, self.language) for t in texts]
        labels = torch.tensor([self.topics.index(t) for t in topics])
        optimiser = torch.optim.Adagrad(self.scores.parameters(), lr=0.1)
        for _ in range(epochs):
            order = list(range(len(texts)))
            rng.shuffle(order)
            for start in range(0, len(order), 256):
                batch = order[start:start + 256]
                # Left-out features keep the classifier from leaning on a single word.
                lists = [[f for f in encoded[i] if rng.random() > 0.2] or encoded[i] for i in batch]
                loss = F.cross_entropy(self.logits(lists), labels[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()

    @torch.no_grad()
    def chances(self, texts, least=0.02):
        """[{topic: chance}] of the topics that have at least the chance `least`"""
        rows = self.logits([features(t, self.language) for t in texts]).softmax(-1)
        return [{self.topics[i]: row[i].item() for i in (row >= min(least, row.max())).nonzero().view(-1).tolist()} for row in rows]

    def judge(self, texts):
        """[topic]"""
        return [max(chances, key=chances.get) for chances in self.chances(texts)]


def save(path, teachers):
    torch.save({name: (t.topics, t.scores.weight.detach().half()) for name, t in teachers.items()}, path)


def load(path):
    teachers = {}
    for name, (topics, weight) in torch.load(path, map_location="cpu").items():
        teachers[name] = Teacher(name, topics)
        teachers[name].scores.weight.data = weight.float()
    return teachers


def main():
    from generate import Dialogues, is_validation, read_phrases

    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/teacher.pt")
    options.add_argument("--each", type=int, default=150, help="generated questions for each topic, beside the phrases")
    options.add_argument("--everything", action="store_true", help="train on the validation phrases too")
    options = options.parse_args()
    dialogues = Dialogues(5, not options.everything)
    teachers = {}
    for name, language in dialogues.languages.items():
        topics = [*language.topics, "out-of-scope"]
        cases = []
        for topic in topics:
            count = options.each if topic != "out-of-scope" else 40 * options.each
            cases += [(language.question(topic, dialogues.rng), topic) for _ in range(count)]
            cases += [(line, topic) for line in language.phrases.get(topic, []) for _ in range(2)]
        teacher = teachers[name] = Teacher(name, topics)
        teacher.fit(*zip(*cases))
        held = [(l, t) for t, lines in read_phrases(name).items() if t in topics for l in lines if is_validation(l)]
        judged = teacher.judge([l for l, _ in held])
        for group in (True, False):
            hits = [topic == told for (_, topic), told in zip(held, judged) if (topic == "out-of-scope") == group]
            print(name, "out-of-scope" if group else "topics", f"{sum(hits) / len(hits):.3f} of {len(hits)}", flush=True)
    save(options.out, teachers)


if __name__ == "__main__":
    main()
