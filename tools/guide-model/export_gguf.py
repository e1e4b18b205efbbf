"""Writes a checkpoint as GGUF version 3, without any library for it.

`python3 export_gguf.py /tmp/guide-train/run/final.pt --type Q8_0 --out ../../public/models/guide.gguf`
"""
import argparse
import struct
from pathlib import Path

import numpy as np

from conversation import CHAT_TEMPLATE
from model import load
from tokenizer import END_OF_TURN, SPECIALS, Tokenizer

ALIGNMENT = 32
# ggml's tensor types and GGUF's file types of the same name
TENSOR_TYPE = {"F32": 0, "F16": 1, "Q8_0": 8, "Q6_K": 14}
FILE_TYPE = {"F32": 0, "F16": 1, "Q8_0": 7, "Q6_K": 18}
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
PACK = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}


def string(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def value(kind, content):
    return string(content) if kind == STRING else struct.pack(PACK[kind], content)


def pair(key, kind, content):
    return string(key) + struct.pack("<I", kind) + value(kind, content)


def array(key, kind, contents):
    return string(key) + struct.pack("<IIQ", ARRAY, kind, len(contents)) + b"".join(value(kind, c) for c in contents)


def metadata(shape, tokenizer, file_type):
    # <think> stays visible text, so that a page can fold it; the others are never shown.
    types = [USER_DEFINED if t in ("<think>", "</think>") else CONTROL for t in SPECIALS]
    types += [NORMAL] * (len(tokenizer.tokens) - len(types))
    return [
        pair("general.architecture", STRING, "qwen3"),
        pair("general.name", STRING, "Sotto Guide"),
        pair("general.license", STRING, "mit"),
        pair("general.description", STRING, "A tiny model that answers questions about Sotto, in English and Chinese"),
        array("general.languages", STRING, ["en", "zh"]),
        pair("general.file_type", UINT32, FILE_TYPE[file_type]),
        pair("general.quantization_version", UINT32, 2),
        pair("qwen3.context_length", UINT32, shape.context),
        pair("qwen3.embedding_length", UINT32, shape.width),
        pair("qwen3.block_count", UINT32, shape.layers),
        pair("qwen3.feed_forward_length", UINT32, shape.feed_forward),
        pair("qwen3.attention.head_count", UINT32, shape.heads),
        pair("qwen3.attention.head_count_kv", UINT32, shape.kv_heads),
        pair("qwen3.attention.key_length", UINT32, shape.head_width),
        pair("qwen3.attention.value_length", UINT32, shape.head_width),
        pair("qwen3.attention.layer_norm_rms_epsilon", FLOAT32, shape.epsilon),
        pair("qwen3.rope.freq_base", FLOAT32, shape.rope_base),
        pair("tokenizer.ggml.model", STRING, "gpt2"),
        pair("tokenizer.ggml.pre", STRING, "qwen2"),
        array("tokenizer.ggml.tokens", STRING, tokenizer.tokens),
        array("tokenizer.ggml.token_type", INT32, types),
        array("tokenizer.ggml.merges", STRING, [f"{a} {b}" for a, b in tokenizer.merges]),
        pair("tokenizer.ggml.eos_token_id", UINT32, tokenizer.ids[END_OF_TURN]),
        pair("tokenizer.ggml.bos_token_id", UINT32, tokenizer.ids["<|endoftext|>"]),
        pair("tokenizer.ggml.padding_token_id", UINT32, tokenizer.ids["<|endoftext|>"]),
        pair("tokenizer.ggml.add_bos_token", BOOL, False),
        pair("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
    ]


LAYER_NAMES = {
    "attention_norm": "attn_norm", "query": "attn_q", "key": "attn_k", "value": "attn_v", "query_norm": "attn_q_norm",
    "key_norm": "attn_k_norm", "output": "attn_output", "feed_norm": "ffn_norm", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down",
}


def tensors(model):
    """(llama.cpp's name, array) of every weight. The output layer is the embedding, so it is written once."""
    for name, tensor in model.state_dict().items():
        parts = name.split(".")
        if parts[0] == "layers":
            name = f"blk.{parts[1]}.{LAYER_NAMES[parts[2]]}.weight"
        else:
            name = {"embedding": "token_embd.weight", "norm": "output_norm.weight"}[parts[0]]
        yield name, tensor.float().numpy()


def q8_0(matrix):
    """Blocks of 32 values: a 16-bit scale and 32 bytes, rounded half away from zero as ggml does."""
    blocks = matrix.reshape(-1, 32).astype(np.float32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    scaled = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)
    rounded = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(np.int8)
    return np.concatenate([scale.astype("<f2").view(np.uint8), rounded.view(np.uint8)], 1).tobytes()


def best_scales(values):
    """For rows of 16 values the scale with which whole numbers from -32 to 31 come closest to them, large values first."""
    largest = np.take_along_axis(values, np.abs(values).argmax(-1)[..., None], -1)
    best, gain = np.zeros_like(largest), np.full_like(largest, -1)
    for tenths in range(-9, 10):
        inverse = np.divide(-(32 + 0.1 * tenths), largest, out=np.zeros_like(largest), where=largest != 0)
        whole = np.clip(np.rint(values * inverse), -32, 31)
        along = (values ** 3 * whole).sum(-1, keepdims=True)
        length = (values ** 2 * whole ** 2).sum(-1, keepdims=True)
        fit = np.divide(along, length, out=np.zeros_like(along), where=length > 0)
        better = along * fit > gain
        best, gain = np.where(better, fit, best), np.where(better, along * fit, gain)
    return best


def q6_k(matrix):
    """Blocks of 256 values: 4 low bits and 2 high bits of each, 16 scales of a byte, and a 16-bit scale of those."""
    blocks = matrix.reshape(-1, 16, 16).astype(np.float32)
    scales = best_scales(blocks)
    largest = np.take_along_axis(scales, np.abs(scales).argmax(1)[:, None], 1)
    whole = (largest / -128).astype("<f2")
    steps = np.clip(np.rint(np.divide(scales, whole, out=np.zeros_like(scales), where=whole != 0)), -128, 127)
    unit = whole.astype(np.float32) * steps
    numbers = np.clip(np.rint(np.divide(blocks, unit, out=np.zeros_like(blocks), where=unit != 0)), -32, 31) + 32
    # Two halves of 128 values, each of four rows of 32 that share their bytes.
    rows = numbers.astype(np.uint8).reshape(-1, 2, 4, 32)
    low, high = rows & 15, rows >> 4
    lows = low[:, :, :2] | low[:, :, 2:] << 4
    highs = high[:, :, 0] | high[:, :, 1] << 2 | high[:, :, 2] << 4 | high[:, :, 3] << 6
    count = len(rows)
    parts = [lows.reshape(count, 128), highs.reshape(count, 64), steps.astype(np.int8).reshape(count, 16).view(np.uint8), whole.reshape(count, 1).view(np.uint8)]
    return np.concatenate(parts, 1).tobytes()


def encode(matrix, kind):
    if kind == "Q8_0":
        return q8_0(matrix)
    if kind == "Q6_K":
        return q6_k(matrix)
    return matrix.astype("<f2" if kind == "F16" else "<f4").tobytes()


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


def write(path, model, tokenizer, file_type):
    pairs = metadata(model.shape, tokenizer, file_type)
    infos, bodies, offset = [], [], 0
    for name, matrix in tensors(model):
        kind = file_type if matrix.ndim == 2 else "F32"
        body = padded(encode(matrix, kind))
        sizes = matrix.shape[::-1]
        infos.append(string(name) + struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes) + struct.pack("<IQ", TENSOR_TYPE[kind], offset))
        bodies.append(body)
        offset += len(body)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(pairs)) + b"".join(pairs) + b"".join(infos)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(padded(head) + b"".join(bodies))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("checkpoint")
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--type", choices=TENSOR_TYPE, default="Q8_0")
    options.add_argument("--out", default=str(Path(__file__).parents[2] / "public/models/guide.gguf"))
    options = options.parse_args()
    model, saved = load(options.checkpoint)
    write(options.out, model, Tokenizer.load(options.tokenizer), options.type)
    print(options.out, Path(options.out).stat().st_size, "bytes, from step", saved.get("step"))


if __name__ == "__main__":
    main()
