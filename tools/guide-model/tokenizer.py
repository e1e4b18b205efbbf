"""Byte-level BPE as llama.cpp runs it for `tokenizer.ggml.model = gpt2`, `pre = qwen2`.

`python3 tokenizer.py --out /tmp/guide-train/tokenizer.json` trains it on the generated questions and the answers.
"""
import argparse
import heapq
import json
from collections import Counter, defaultdict
from pathlib import Path

from pretokenize import pretokenize

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
END_OF_TURN = "<|im_end|>"


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {}, 0
    for byte in range(256):
        table[byte] = chr(byte) if byte in printable else chr(256 + extra)
        extra += byte not in printable
    return table


BYTE_TO_CHAR = byte_alphabet()
CHAR_TO_BYTE = {c: b for b, c in BYTE_TO_CHAR.items()}


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(m) for m in merges]
        self.ranks = {m: i for i, m in enumerate(self.merges)}
        self.tokens = SPECIALS + [BYTE_TO_CHAR[b] for b in range(256)] + [a + b for a, b in self.merges]
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        self.cache = {}

    @classmethod
    def load(cls, path):
        return cls(json.loads(Path(path).read_text(encoding="utf-8"))["merges"])

    def save(self, path):
        Path(path).write_text(json.dumps({"merges": self.merges}, ensure_ascii=False), encoding="utf-8")

    def merge(self, word, dropout=0.0, rng=None):
        parts = [BYTE_TO_CHAR[b] for b in word.encode("utf-8")]
        while len(parts) > 1:
            best, spot = None, -1
            for i in range(len(parts) - 1):
                rank = self.ranks.get((parts[i], parts[i + 1]))
                if rank is not None and (best is None or rank < best) and not (dropout and rng.random() < dropout):
                    best, spot = rank, i
            if best is None:
                break
            parts[spot:spot + 2] = [parts[spot] + parts[spot + 1]]
        return [self.ids[p] for p in parts]

    def encode(self, text, dropout=0.0, rng=None):
        """Ids of plain text (no specials). `dropout` leaves out merges, so unknown spellings become familiar."""
        ids = []
        for word in pretokenize(text):
            if dropout and rng.random() < 0.15:
                ids += self.merge(word, dropout, rng)
                continue
            known = self.cache.get(word)
            if known is None:
                known = self.cache[word] = self.merge(word)
                if len(self.cache) > 200000:
                    self.cache.clear()
            ids += known
        return ids

    def encode_with_specials(self, text):
        ids = []
        while text:
            at, special = min(((text.find(s), s) for s in SPECIALS if s in text), default=(len(text), None))
            ids += self.encode(text[:at])
            if special:
                ids.append(self.ids[special])
                at += len(special)
            text = text[at:]
        return ids

    def decode(self, ids):
        out = b""
        for i in ids:
            token = self.tokens[i]
            out += token.encode() if i < len(SPECIALS) else bytes(CHAR_TO_BYTE[c] for c in token)
        return out.decode("utf-8", "replace")


def train(words, count):
    """BPE merges of a {word: frequency} table, most frequent pair first, with incremental counts."""
    splits = [[BYTE_TO_CHAR[b] for b in w.encode("utf-8")] for w in words]
    freqs = list(words.values())
    pairs, places = Counter(), defaultdict(set)
    for index, parts in enumerate(splits):
        for pair in zip(parts, parts[1:]):
            pairs[pair] += freqs[index]
            places[pair].add(index)
    heap = [(-n, p) for p, n in pairs.items()]
    heapq.heapify(heap)
    merges = []
    while heap and len(merges) < count:
        n, pair = heapq.heappop(heap)
        if pairs.get(pair, 0) != -n or n == 0:
            continue
        # A merged token of more than four Chinese characters (12 bytes) or a long word helps no other sentence.
        if len(pair[0]) + len(pair[1]) > 14:
            continue
        merges.append(pair)
        joined, touched = pair[0] + pair[1], set()
        for index in places.pop(pair):
            parts, f = splits[index], freqs[index]
            for old in zip(parts, parts[1:]):
                pairs[old] -= f
                touched.add(old)
            i = 0
            while i < len(parts) - 1:
                if (parts[i], parts[i + 1]) == pair:
                    parts[i:i + 2] = [joined]
                i += 1
            for new in zip(parts, parts[1:]):
                pairs[new] += f
                places[new].add(index)
                touched.add(new)
        for p in touched:
            if pairs[p] > 0:
                heapq.heappush(heap, (-pairs[p], p))
    return merges


def corpus(dialogues, count):
    """Word counts of the generated questions, answers and word lists. Frequencies are dampened, so that words beat phrases of a template."""
    words = Counter()
    for _ in range(count):
        for turn in dialogues.dialogue()["turns"]:
            words.update(pretokenize(turn.question))
    table = {w: max(1, round(n ** 0.6)) for w, n in words.items()}
    for language in dialogues.languages.values():
        for answer in language.answers.values():
            for w in pretokenize(answer):
                table[w] = table.get(w, 0) + 6
        for lines in language.phrases.values():
            for w in (w for line in lines for w in pretokenize(line)):
                table[w] = table.get(w, 0) + 2
    return table


def main():
    from generate import Dialogues
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--vocabulary", type=int, default=5120)
    options.add_argument("--count", type=int, default=60000)
    options = options.parse_args()
    table = corpus(Dialogues(7), options.count)
    merges = train(table, options.vocabulary - 256 - len(SPECIALS))
    tokenizer = Tokenizer(merges)
    tokenizer.save(options.out)
    print(len(table), "words;", len(tokenizer.tokens), "tokens")


if __name__ == "__main__":
    main()
