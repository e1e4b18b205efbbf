"""Which questions of the test set also occur, word for word, in the training data?

People who word questions independently meet on short ones ("hello", "what is quantisation"). The test set is not filtered by it and
nothing is trained because of it; evaluate-native.mjs --seen FILE reports the unseen questions apart. Writes ids only, never wordings.
"""
import argparse
import json
import re
from pathlib import Path

from generate import LANGUAGES, Dialogues, read_phrases

TEST_SET = Path(__file__).parents[2] / "tests/fixtures/guide-test-set.jsonl"


def plain(text):
    """Case, spaces and punctuation do not make a question new."""
    return re.sub(r"[\W_]+", "", text.lower())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/seen.json")
    options.add_argument("--count", type=int, default=400000, help="generated dialogues to compare with")
    options = options.parse_args()
    seen = {plain(line) for name in LANGUAGES for lines in read_phrases(name).values() for line in lines}
    dialogues = Dialogues(11, hold_out=False)
    for _ in range(options.count):
        seen.update(plain(turn.question) for turn in dialogues.dialogue()["turns"])
    questions = [json.loads(line) for line in TEST_SET.read_text(encoding="utf-8").splitlines() if line.strip()]
    ids = [q["id"] for q in questions if len(q["turns"]) == 1 and q["kind"] != "sum" and plain(q["turns"][0]) in seen]
    Path(options.out).write_text(json.dumps(ids))
    print(len(ids), "of", len(questions), "questions occur in training word for word")


if __name__ == "__main__":
    main()
