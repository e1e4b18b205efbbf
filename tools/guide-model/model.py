"""The architecture `qwen3` as llama.cpp computes it, small enough to train on a CPU."""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Shape:
    vocabulary: int = 5120
    width: int = 256
    layers: int = 3
    heads: int = 4
    kv_heads: int = 2
    head_width: int = 64
    feed_forward: int = 512
    context: int = 1024
    rope_base: float = 10000.0
    epsilon: float = 1e-6

    def as_dict(self):
        return asdict(self)


class RMSNorm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


def rotate(x, cos, sin):
    """NEOX-style RoPE: the first half of a head turns with the second half."""
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.attention_norm = RMSNorm(s.width, s.epsilon)
        self.query = nn.Linear(s.width, s.heads * s.head_width, bias=False)
        self.key = nn.Linear(s.width, s.kv_heads * s.head_width, bias=False)
        self.value = nn.Linear(s.width, s.kv_heads * s.head_width, bias=False)
        self.query_norm = RMSNorm(s.head_width, s.epsilon)
        self.key_norm = RMSNorm(s.head_width, s.epsilon)
        self.output = nn.Linear(s.heads * s.head_width, s.width, bias=False)
        self.feed_norm = RMSNorm(s.width, s.epsilon)
        self.gate = nn.Linear(s.width, s.feed_forward, bias=False)
        self.up = nn.Linear(s.width, s.feed_forward, bias=False)
        self.down = nn.Linear(s.feed_forward, s.width, bias=False)

    def forward(self, x, cos, sin, mask, dropout):
        s, (batch, length, _) = self.shape, x.shape
        h = self.attention_norm(x)
        q = self.query(h).view(batch, length, s.heads, s.head_width).transpose(1, 2)
        k = self.key(h).view(batch, length, s.kv_heads, s.head_width).transpose(1, 2)
        v = self.value(h).view(batch, length, s.kv_heads, s.head_width).transpose(1, 2)
        q, k = rotate(self.query_norm(q), cos, sin), rotate(self.key_norm(k), cos, sin)
        k, v = (t.repeat_interleave(s.heads // s.kv_heads, 1) for t in (k, v))
        scores = q @ k.transpose(2, 3) / s.head_width ** 0.5 + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, -1)
        x = x + F.dropout(self.output(mixed), dropout, self.training)
        h = self.feed_norm(x)
        return x + F.dropout(self.down(F.silu(self.gate(h)) * self.up(h)), dropout, self.training)


class Guide(nn.Module):
    def __init__(self, shape, dropout=0.0):
        super().__init__()
        self.shape, self.dropout = shape, dropout
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width, shape.epsilon)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                deep = name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(p, std=0.04 / ((2 * shape.layers) ** 0.5 if deep else 1))
        inverse = shape.rope_base ** (-torch.arange(0, shape.head_width, 2).float() / shape.head_width)
        angles = torch.arange(shape.context).float()[:, None] * inverse
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        self.register_buffer("mask", torch.full((shape.context, shape.context), float("-inf")).triu(1), persistent=False)

    def states(self, ids):
        """What the last layer reads, and what the logits are made of."""
        length = ids.shape[1]
        x = F.dropout(self.embedding(ids), self.dropout, self.training)
        for layer in self.layers:
            before, x = x, layer(x, self.cos[:length], self.sin[:length], self.mask[:length, :length], self.dropout)
        return before, self.norm(x)

    def hidden(self, ids):
        return self.states(ids)[1]

    def logits(self, hidden):
        return hidden @ self.embedding.weight.T

    def forward(self, ids):
        return self.logits(self.hidden(ids))


def save(path, model, extra):
    torch.save({"shape": model.shape.as_dict(), "weights": model.state_dict(), **extra}, path)


def load(path):
    """(model, all that was saved with it)"""
    saved = torch.load(path, map_location="cpu")
    model = Guide(Shape(**saved["shape"]))
    model.load_state_dict(saved["weights"])
    return model, saved
