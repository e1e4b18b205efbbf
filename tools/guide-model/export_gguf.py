"""Writes a checkpoint as GGUF version 3, without any library for it.

`python3 export_gguf.py /tmp/guide-train/run/final.pt --type Q5_K --out ../../public/models/guide.gguf`
"""
import argparse
import struct
from pathlib import Path

from conversation import CHAT_TEMPLATE
from model import load
from quantize import q4_k, q5_k, q6_k, q8_0
from tokenizer import END_OF_TURN, SPECIALS, Tokenizer

ALIGNMENT = 32
# ggml's tensor types and GGUF's file types of the same name
TENSOR_TYPE = {"F32": 0, "F16": 1, "Q8_0": 8, "Q4_K": 12, "Q5_K": 13, "Q6_K": 14}
FILE_TYPE = {"F32": 0, "F16": 1, "Q8_0": 7, "Q4_K": 15, "Q5_K": 17, "Q6_K": 18}
QUANTIZE = {"Q8_0": q8_0, "Q4_K": q4_k, "Q5_K": q5_k, "Q6_K": q6_k}
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


def encode(matrix, kind):
    if kind in QUANTIZE:
        return QUANTIZE[kind](matrix)
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
    options.add_argument("--type", choices=TENSOR_TYPE, default="Q5_K")
    options.add_argument("--out", default=str(Path(__file__).parents[2] / "public/models/guide.gguf"))
    options = options.parse_args()
    model, saved = load(options.checkpoint)
    write(options.out, model, Tokenizer.load(options.tokenizer), options.type)
    print(options.out, Path(options.out).stat().st_size, "bytes, from step", saved.get("step"))


if __name__ == "__main__":
    main()
