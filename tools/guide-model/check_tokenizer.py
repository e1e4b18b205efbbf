"""Writes texts with our token ids, for check-tokenizer.mjs to compare with llama.cpp's."""
import argparse
import json

from conversation import CHAT_TEMPLATE
from generate import LANGUAGES, Dialogues, read_answers
from tokenizer import Tokenizer

HARD = ["a  b", "a \n\n b", " \n", "tabs\there\t\tand\n\n\nlines  ", "it's I'M we'LL they'Ve 'tis", "１２３４ 12345", "日本語テスト，。！", "x²+y³ ½ Ⅳ", "naïve café", "👍🏽 emoji 🇨🇳",
        "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "<think>\n1 + 2 = 3\n</think>\n\n**3**", "  leading", "trailing  ", "\r\nwin\r\n", "…—“quotes”", "a\u00a0b\u3000c", "ไทย ภาษา", "हिन्दी में", "العربية", "'", "''s", " 's", "$100.50!!!\n\n"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--count", type=int, default=1500)
    options = options.parse_args()
    tokenizer, dialogues = Tokenizer.load(options.tokenizer), Dialogues(99)
    texts = HARD + [CHAT_TEMPLATE] + [answer for language in LANGUAGES for answer in read_answers(language).values()]
    while len(texts) < options.count:
        for turn in dialogues.dialogue()["turns"]:
            texts += [turn.question] + ([turn.answer] if "<think>" in turn.answer else [])
    for text in texts:
        print(json.dumps({"text": text, "ids": tokenizer.encode_with_specials(text)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
