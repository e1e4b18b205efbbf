"""The pre-tokeniser `qwen2` of llama.cpp: cuts text into the pieces inside which BPE merges."""
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def kind(char):
    """L letter, N number, S white space, O anything else: all that the qwen2 expression distinguishes."""
    category = unicodedata.category(char)
    if category[0] in "LN":
        return category[0]
    return "S" if char.isspace() and char not in "\x1c\x1d\x1e\x1f" else "O"


def pretokenize(text):
    r"""qwen2: (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
    kinds = [kind(c) for c in text] + ["end", "end"]
    pieces, i, n = [], 0, len(text)
    while i < n:
        j = i
        if text[i] == "'":
            two, three = text[i + 1:i + 2].lower(), text[i + 1:i + 3].lower()
            if two and two in "stmd":
                j = i + 2
            elif three in ("re", "ve", "ll"):
                j = i + 3
        if j == i and (kinds[i] == "L" or (kinds[i] in "SO" and text[i] not in "\r\n" and kinds[i + 1] == "L")):
            j = i + 1
            while kinds[j] == "L":
                j += 1
        if j == i and kinds[i] == "N":
            j = i + 1
        if j == i:
            k = i + 1 if text[i] == " " else i
            if kinds[k] == "O":
                while kinds[k] == "O":
                    k += 1
                while k < n and text[k] in "\r\n":
                    k += 1
                j = k
        if j == i:
            end = i
            while kinds[end] == "S":
                end += 1
            breaks = [k for k in range(i, end) if text[k] in "\r\n"]
            if breaks:
                j = breaks[-1] + 1
            elif end < n and end - i > 1:
                j = end - 1
            else:
                j = end
        pieces.append(text[i:j])
        i = j
    return pieces
