"""Turns guide.gguf back into a checkpoint and a tokenizer, so that training can go on without the files of an earlier training.

`python3 import_gguf.py` reads the shipped model and writes /tmp/guide-train/shipped.pt and /tmp/guide-train/tokenizer.json.
The weights come back rounded as the file holds them.
"""
import argparse
import struct
from pathlib import Path

import numpy as np
import torch

from export_gguf import ALIGNMENT, ARRAY, LAYER_NAMES, PACK, STRING, TENSOR_TYPE
from model import Guide, Shape, save
from tokenizer import Tokenizer

# {type: (values, bytes) of a block}; quantize.py says what lies where.
BLOCK = {"Q8_0": (32, 34), "Q5_K": (256, 176)}


class Reader:
    """Reads the values of a GGUF file one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        (found,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return found

    def string(self):
        length = self.number("<Q")
        self.at += length
        return self.data[self.at - length:self.at].decode("utf-8")

    def value(self, kind):
        if kind == ARRAY:
            inner, count = self.number("<I"), self.number("<Q")
            return [self.value(inner) for _ in range(count)]
        return self.string() if kind == STRING else self.number(PACK[kind])


def half(data):
    """The 16-bit float of every row."""
    return data.copy().view("<f2").astype(np.float32)


def from_q8_0(blocks):
    return half(blocks[:, :2]) * blocks[:, 2:].view(np.int8)


def from_q5_k(blocks):
    six_bits, fifth, lows = blocks[:, 4:16], blocks[:, 16:48, None], blocks[:, 48:].reshape(-1, 4, 32)
    s, m, last = six_bits[:, :4], six_bits[:, 4:8], six_bits[:, 8:]
    scales = half(blocks[:, :2]) * np.concatenate([s & 63, last & 15 | s >> 6 << 4], 1)
    minimums = half(blocks[:, 2:4]) * np.concatenate([m & 63, last >> 4 | m >> 6 << 4], 1)
    low = np.stack([lows & 15, lows >> 4], 2).reshape(-1, 8, 32)
    high = (fifth >> np.arange(8, dtype=np.uint8) & 1).transpose(0, 2, 1)
    return scales[..., None] * (low | high << 4) - minimums[..., None]


DECODE = {"Q8_0": from_q8_0, "Q5_K": from_q5_k}


def decode(data, kind, count):
    """The first `count` values of a tensor's bytes, as 32-bit floats."""
    name = next((name for name, number in TENSOR_TYPE.items() if number == kind), f"ggml type {kind}")
    if name in BLOCK:
        values, size = BLOCK[name]
        return DECODE[name](np.frombuffer(data, np.uint8, count // values * size).reshape(-1, size)).reshape(-1)
    if name not in ("F32", "F16"):
        raise ValueError(f"tensors of {name} cannot be imported; take a file of type Q8_0, Q5_K, F16 or F32")
    return np.frombuffer(data, "<f2" if name == "F16" else "<f4", count).astype(np.float32)


def read(path):
    """(metadata, {llama.cpp's name: array}) of a GGUF file."""
    reader = Reader(Path(path).read_bytes())
    if reader.number("<4s") != b"GGUF" or reader.number("<I") != 3:
        raise ValueError(f"{path} is not a GGUF file of version 3")
    tensor_count, pair_count = reader.number("<Q"), reader.number("<Q")
    pairs = {}
    for _ in range(pair_count):
        key = reader.string()
        pairs[key] = reader.value(reader.number("<I"))
    infos = []
    for _ in range(tensor_count):
        name, dimensions = reader.string(), reader.number("<I")
        sizes = [reader.number("<Q") for _ in range(dimensions)]
        infos.append((name, sizes[::-1], reader.number("<I"), reader.number("<Q")))
    body = reader.data[reader.at + -reader.at % ALIGNMENT:]
    return pairs, {name: decode(body[offset:], kind, int(np.prod(sizes))).reshape(sizes) for name, sizes, kind, offset in infos}


def shape_of(pairs):
    settings = {key.removeprefix("qwen3."): value for key, value in pairs.items()}
    return Shape(
        vocabulary=len(pairs["tokenizer.ggml.tokens"]),
        width=settings["embedding_length"],
        layers=settings["block_count"],
        heads=settings["attention.head_count"],
        kv_heads=settings["attention.head_count_kv"],
        head_width=settings["attention.key_length"],
        feed_forward=settings["feed_forward_length"],
        context=settings["context_length"],
        rope_base=settings["rope.freq_base"],
        epsilon=settings["attention.layer_norm_rms_epsilon"],
    )


def model_of(pairs, tensors):
    our_names = {theirs: ours for ours, theirs in LAYER_NAMES.items()}
    weights = {}
    for name, array in tensors.items():
        parts = name.split(".")
        if parts[0] == "blk":
            name = f"layers.{parts[1]}.{our_names[parts[2]]}.weight"
        else:
            name = {"token_embd": "embedding.weight", "output_norm": "norm.weight"}[parts[0]]
        weights[name] = torch.from_numpy(array.copy())
    model = Guide(shape_of(pairs))
    model.load_state_dict(weights)
    return model


def main():
    options = argparse.ArgumentParser()
    options.add_argument("file", nargs="?", default=str(Path(__file__).parents[2] / "public/models/guide.gguf"))
    options.add_argument("--out", default="/tmp/guide-train/shipped.pt")
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options = options.parse_args()
    pairs, tensors = read(options.file)
    save(options.out, model_of(pairs, tensors), {"step": 0})
    Tokenizer([merge.split(" ") for merge in pairs["tokenizer.ggml.merges"]]).save(options.tokenizer)
    print(options.out, "and", options.tokenizer)


if __name__ == "__main__":
    main()
