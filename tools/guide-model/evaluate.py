"""How often a checkpoint answers held-out hand-worded phrases with the right topic (greedy, batched).

For speed it compares only the first tokens of the answer with those of the known answers; evaluate-native.mjs
runs whole answers through llama.cpp and checks their facts.
"""
import argparse
import json
import random
from collections import Counter, defaultdict

import torch

import sums
from conversation import Conversation
from generate import LANGUAGES, is_validation, read_answers, read_phrases
from tokenizer import Tokenizer

# A general question about installing on "a phone" may be answered for both systems, and so on.
ALSO_RIGHT = {("install-iphone", "install-phone"), ("install-android", "install-phone"), ("offline", "offline-phone"), ("offline", "offline-mac")}


def greedy(model, prompts, count):
    """Continues every prompt by `count` tokens. Prompts of one length go together: no padding, no mask."""
    by_length, results = defaultdict(list), {}
    for index, ids in enumerate(prompts):
        by_length[len(ids)].append(index)
    model.eval()
    with torch.no_grad():
        for indices in by_length.values():
            ids = torch.tensor([prompts[i] for i in indices])
            start = ids.shape[1]
            for _ in range(count):
                last = model.hidden(ids)[:, -1]
                ids = torch.cat([ids, model.logits(last).argmax(-1, keepdim=True)], 1)
            for row, index in enumerate(indices):
                results[index] = ids[row, start:].tolist()
    return [results[i] for i in range(len(prompts))]


def first_tokens(tokenizer, count):
    """{language: {first tokens of the answer: topic}}"""
    return {language: {tuple(tokenizer.encode_with_specials(answer)[:count]): topic for topic, answer in read_answers(language).items()} for language in LANGUAGES}


def validation_cases():
    """[(language, topic, phrase)]"""
    return [(language, topic, line) for language in LANGUAGES for topic, lines in read_phrases(language).items() for line in lines if is_validation(line)]


def phrase_results(model, tokenizer, after_another=False, count=8):
    """[(language, topic, phrase, answered topic)] for all validation phrases, alone or each after another one and its answer."""
    cases = validation_cases()
    before = [[] for _ in cases]
    if after_another:
        answers, rng = {language: read_answers(language) for language in LANGUAGES}, random.Random(1)
        before = [[(line, answers[language][topic])] for language, topic, line in rng.choices([c for c in cases if c[1] != "sum"], k=len(cases))]
    known = first_tokens(tokenizer, count)
    answers = greedy(model, [Conversation(tokenizer).prompt(turns, line) for turns, (_, _, line) in zip(before, cases)], count)
    results = []
    for (language, topic, line), ids in zip(cases, answers):
        if tokenizer.ids["<|im_end|>"] in ids:
            ids = ids[:ids.index(tokenizer.ids["<|im_end|>"])]
        results.append((language, topic, line, known[language].get(tuple(ids), tokenizer.decode(ids))))
    return results


def right(topic, answered):
    return topic == answered or (topic, answered) in ALSO_RIGHT


def sum_results(model, tokenizer, limit=150):
    pairs = [(a, b) for a in range(100) for b in range(100) if sums.held_out(a, b)][::max(1, 1000 // limit)]
    answers = greedy(model, [Conversation(tokenizer).prompt([], f"{a} + {b}") for a, b in pairs], 40)
    return sum(f"**{a + b}**" in tokenizer.decode(ids) for (a, b), ids in zip(pairs, answers)) / len(pairs)


def summary(model, tokenizer):
    counts, good = Counter(), Counter()
    for after_another in (False, True):
        for language, topic, _, answered in phrase_results(model, tokenizer, after_another):
            group = f"{language} {'out-of-scope' if topic == 'out-of-scope' else 'topics'}{' after another' if after_another else ''}"
            counts[group] += 1
            good[group] += right(topic, answered)
    parts = [f"{g} {good[g] / counts[g]:.3f} of {counts[g]}" for g in sorted(counts)]
    return "; ".join(parts + [f"unseen sums {sum_results(model, tokenizer, 60):.3f}"])


def write_questions(path, model, tokenizer):
    cases = validation_cases()
    cases += [("en", "sum", f"{a} + {b}") for a in range(100) for b in range(100) if sums.held_out(a, b)][::20]
    answers = greedy(model, [Conversation(tokenizer).prompt([], line) for _, _, line in cases], 70)
    end = tokenizer.ids["<|im_end|>"]
    with open(path, "w", encoding="utf-8") as out:
        for index, ((language, topic, line), ids) in enumerate(zip(cases, answers)):
            text = tokenizer.decode(ids[:ids.index(end)] if end in ids else ids)
            question = {"id": str(index), "lang": language, "kind": topic if topic in ("sum", "out-of-scope") else "topic", "topic": topic, "turns": [line], "torch": text}
            if topic == "sum":
                question["expect"] = str(sum(int(n) for n in line.split(" + ")))
            out.write(json.dumps(question, ensure_ascii=False) + "\n")


def main():
    from model import load
    options = argparse.ArgumentParser()
    options.add_argument("checkpoint")
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--errors", action="store_true", help="list the phrases answered wrongly")
    options.add_argument("--questions", help="write the validation phrases as questions for evaluate-native.mjs, with this checkpoint's answers")
    options = options.parse_args()
    model, _ = load(options.checkpoint)
    tokenizer = Tokenizer.load(options.tokenizer)
    if options.questions:
        write_questions(options.questions, model, tokenizer)
        return
    print(summary(model, tokenizer))
    if options.errors:
        for language, topic, line, answered in phrase_results(model, tokenizer):
            if not right(topic, answered):
                print(f"{language} {topic}: {line} -> {answered}")


if __name__ == "__main__":
    main()
