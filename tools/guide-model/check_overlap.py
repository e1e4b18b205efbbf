"""Which questions of the test sets also occur, word for word, in the training data?

People who word questions independently meet on short ones ("hello", "what is quantisation"). The test sets are not filtered by it and
nothing is trained because of it; evaluate-native.mjs --seen FILE reports the unseen questions apart. Writes ids only, never wordings.
"""
import argparse
import json
import re
from pathlib import Path

from generate import LANGUAGES, Dialogues, read_phrases

FIXTURES = Path(__file__).parents[2] / "tests/fixtures"


def plain(text):
    """Case, spaces and punctuation do not make a question new."""
    return re.sub(r"[\W_]+", "", text.lower())


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def topic_questions(questions, chats):
    """{id: wording} of the questions that stand alone and are no sums: of those, all pairs of numbers are trained on."""
    alone = {q["id"]: q["turns"][0] for q in read_lines(questions) if len(q["turns"]) == 1 and q["kind"] != "sum"}
    for chat in read_lines(chats):
        alone |= {f"{chat['id']} turn {at}": turn["question"] for at, turn in enumerate(chat["turns"], 1) if turn["kind"] != "sum" and not turn.get("follows")}
    return alone


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/seen.json")
    options.add_argument("--questions", type=Path, default=FIXTURES / "guide-test-set.jsonl")
    options.add_argument("--chats", type=Path, default=FIXTURES / "guide-chats.jsonl")
    options.add_argument("--count", type=int, default=400000, help="generated dialogues to compare with")
    options = options.parse_args()
    seen = {plain(line) for name in LANGUAGES for lines in read_phrases(name).values() for line in lines}
    dialogues = Dialogues(11, hold_out=False)
    for _ in range(options.count):
        seen.update(plain(turn.question) for turn in dialogues.dialogue()["turns"])
    questions = topic_questions(options.questions, options.chats)
    ids = [name for name, wording in questions.items() if plain(wording) in seen]
    Path(options.out).write_text(json.dumps(ids))
    print(len(ids), "of", len(questions), "questions occur in training word for word")


if __name__ == "__main__":
    main()
