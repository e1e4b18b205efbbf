"""Lists questions that the grammar or the phrases give to more than one topic: the model cannot learn those."""
import random
import re
from collections import Counter, defaultdict

from generate import LANGUAGES, Language


def main():
    rng = random.Random(3)
    for name in LANGUAGES:
        language = Language(name, hold_out=False)
        owners = defaultdict(Counter)
        for topic in language.lines:
            texts = [language.grammar.expand(rng.choices(language.lines[topic], language.weights[topic])[0], rng) for _ in range(1500)]
            for text in texts + language.phrases.get(topic, []):
                owners[re.sub(r"[\s?？!！。.,，']+", " ", text.lower()).strip()][topic] += 1
        for text, topics in sorted(owners.items()):
            if len(topics) > 1:
                print(name, text, dict(topics))


if __name__ == "__main__":
    main()
