"""Noise on a question's wording: what people do to a sentence when they type it.

The grammar writes lower case without a question mark; here come capitals, punctuation, typos,
left-out words and polite or irrelevant clauses. The meaning must survive every change.
"""
import re

PROPER = {w.lower(): w for w in (
    "Sotto iPhone iPad Android WebGPU Qwen DeepSeek Chrome Edge Firefox Safari GGUF TTFT KV GPU CPU Mac MacBook Windows Linux "
    "I I'm I'd I've ChatGPT LLM MLC WebLLM iOS URL Guide Q4_K_M MIT Samsung Pixel WebAssembly Python JavaScript Coder Math Wi-Fi "
    "IndexedDB English Chinese French German Einstein Paris London Berlin").split()}
DROPPABLE = {"a", "an", "the", "do", "i", "is", "my", "to", "can", "does", "of", "it", "please", "that", "are", "you", "on", "in", "me", "some", "for"}
SPELLINGS = [("quantisation", "quantization"), ("maths", "math"), ("recognise", "recognize"), ("colour", "color"), ("licence", "license"),
             ("what is", "what's"), ("can't", "cannot"), ("don't", "do not"), ("doesn't", "does not"), ("wifi", "wi-fi"), ("offline", "off-line"),
             ("bigger", "larger"), ("computer", "machine"), ("what is", "wat is"), ("you", "u"), ("are", "r"), ("please", "plz"), ("without", "w/o"),
             ("because", "cuz"), ("what's", "whats"), ("it's", "its"), ("conversation", "chat"), ("phone", "mobile"), ("picture", "pic"), ("i'm", "im")]
NEIGHBOURS = {"a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n",
              "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x"}
SAME_SOUND = {"在": "再", "的": "得", "吗": "嘛", "做": "作", "账": "帐", "哪": "那", "它": "他", "像": "象", "密": "秘", "载": "在", "型": "形", "应": "因", "复": "覆", "怎么": "咋", "什么": "啥"}


def typo(word, rng):
    if len(word) < 4 or not word.isalpha():
        return word
    i = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.3:
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    if kind < 0.6:
        return word[:i] + word[i + 1:]
    if kind < 0.8:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice(NEIGHBOURS.get(word[i].lower(), "e")) + word[i + 1:]


def tidy(text):
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" ([,.?!:;])", r"\1", text)


def english(text, rng, before="", after="", noise=1.0):
    text = tidy(text).rstrip("?!. ") or text
    if rng.random() < 0.20 * noise and before:
        text = before + " " + text
    if rng.random() < 0.15 * noise and after:
        text = text + rng.choice([" ", " ", ", ", ". ", "? "]) + after
    for old, new in SPELLINGS:
        if rng.random() < 0.15 * noise:
            text = re.sub(rf"\b{old}\b", new, text)
    words = text.split(" ")
    if len(words) > 3 and rng.random() < 0.12 * noise:
        spots = [i for i, w in enumerate(words) if w.lower() in DROPPABLE]
        if spots:
            del words[rng.choice(spots)]
    if rng.random() < 0.16 * noise:
        for _ in range(rng.choice([1, 1, 2])):
            i = rng.randrange(len(words))
            words[i] = typo(words[i], rng)
    case = rng.random()
    if case < 0.5:
        words = [PROPER.get(w, PROPER.get(w.rstrip("?,.!"), w) if w.rstrip("?,.!") == w else w) for w in words]
    text = " ".join(words)
    if case < 0.45:
        text = text[:1].upper() + text[1:]
    elif case > 0.98:
        text = text.upper()
    elif case > 0.7:
        text = text.lower()
    if rng.random() < 0.05:
        text = text.replace("'", rng.choice(["", "’"]))
    end = rng.random()
    return text + ("?" if end < 0.45 else "" if end < 0.88 else "." if end < 0.92 else "!" if end < 0.94 else "??" if end < 0.96 else " ?" if end < 0.98 else "...")


def chinese(text, rng, before="", after="", noise=1.0):
    text = re.sub(r"\s+", " ", text).strip().rstrip("？?！!。 ") or text
    if rng.random() < 0.20 * noise and before:
        text = before + text
    if rng.random() < 0.12 * noise and after:
        text = text + after
    if rng.random() < 0.10 * noise:
        old = rng.choice(list(SAME_SOUND))
        text = text.replace(old, SAME_SOUND[old], 1)
    if rng.random() < 0.06 * noise and len(text) > 6:
        spots = [i for i, c in enumerate(text) if c in "的了吗呢我在是请一个把上"]
        if spots:
            i = rng.choice(spots)
            text = text[:i] + text[i + 1:]
    if rng.random() < 0.3:
        text = text.lower()
    if rng.random() < 0.15:
        text = re.sub(r"([\u4e00-\u9fff])([A-Za-z0-9])", r"\1 \2", text)
        text = re.sub(r"([A-Za-z0-9])([\u4e00-\u9fff])", r"\1 \2", text)
    elif rng.random() < 0.1:
        text = text.replace(" ", "")
    if rng.random() < 0.3:
        text = text.replace("，", rng.choice([",", " ", "，"]))
    end = rng.random()
    return text + ("？" if end < 0.42 else "" if end < 0.82 else "?" if end < 0.90 else "。" if end < 0.94 else "！" if end < 0.96 else "？？" if end < 0.98 else "~")
