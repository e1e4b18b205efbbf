"""Sums of two numbers 0..99, worked digit by digit in a short <think> block."""
import zlib


def held_out(a, b):
    """A tenth of all pairs is never trained on, to see whether the model adds or remembers."""
    return zlib.crc32(f"sum {a} {b}".encode()) % 10 == 0


def answer(a, b):
    ones = a % 10 + b % 10
    carry = ones // 10
    tens = f"{a // 10} + {b // 10}" + (" + 1" if carry else "")
    think = f"{a % 10} + {b % 10} = {ones}\n{tens} = {a // 10 + b // 10 + carry}"
    return f"<think>\n{think}\n</think>\n\n{a} + {b} = **{a + b}**"


def without_thinking(text):
    """What stays of an answer in the history of a conversation; the chat template does the same."""
    return text.split("</think>")[-1].lstrip("\n")
