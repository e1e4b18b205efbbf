"""Checks that key-facts.json fits the answers: each answer carries its own facts, and no other answer carries them all."""
import json
import re
import sys
from pathlib import Path

from generate import LANGUAGES, read_answers

# topic whose facts match: answers that may match them too. These answers combine several topics on purpose.
OVERLAPS = {
    "install-iphone": {"install-phone", "offline-phone"},
    "install-android": {"install-phone", "offline-phone"},
    "install-mac": {"offline-mac"},
    "offline": {"offline-phone", "offline-mac"},
}


def carries(facts, answer):
    return all(re.search(fact, answer, re.IGNORECASE) for fact in facts)


def main():
    key_facts = json.loads((Path(__file__).parent / "key-facts.json").read_text(encoding="utf-8"))
    problems = []
    for language in LANGUAGES:
        answers = read_answers(language)
        for topic, facts in key_facts.items():
            if not carries(facts[language], answers[topic]):
                missing = [f for f in facts[language] if not re.search(f, answers[topic], re.IGNORECASE)]
                problems.append(f"{language} {topic}: its answer lacks {missing}")
            for other, answer in answers.items():
                if other != topic and other not in OVERLAPS.get(topic, ()) and carries(facts[language], answer):
                    problems.append(f"{language} {topic}: the answer of {other} matches too")
    print("\n".join(problems) or f"{len(key_facts)} topics, all facts fit")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
