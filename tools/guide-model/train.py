"""Trains the Guide. `nohup nice -n 10 python3 train.py --steps 6000 > /tmp/guide-train/log.txt &`

Warm-up, constant rate, linear decay at the end. Stops cleanly when the file `stop` appears in the output folder;
a `decay` file there starts the decay (over `--decay` steps) at once. `--resume` goes on from a checkpoint.

What is saved is the running average of the weights: it knows the same, without the noise of the last steps.
"""
import argparse
import copy
import time
from pathlib import Path

import torch
from torch import nn

import evaluate
import teacher
from batches import Batches
from generate import Dialogues
from model import Guide, RMSNorm, Shape, load, save
from muon import Muon
from tokenizer import Tokenizer

# How much the topic that is told at each token of a question counts, beside the answer.
HINT = 0.5
WARM_UP, AVERAGED = 150, 1000


def arguments():
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/run", type=Path)
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--teacher", help="made by teacher.py: learn from labelled mixtures too")
    options.add_argument("--resume")
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--decay", type=int, default=1200)
    options.add_argument("--rate", type=float, default=2e-3)
    options.add_argument("--layers", type=int, default=3)
    options.add_argument("--tokens", type=int, default=4608)
    options.add_argument("--whole", type=float, default=0.1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--bf16", action="store_true", help="matrix products with 16-bit floats: 1.7 times as fast where the processor has them")
    options.add_argument("--everything", action="store_true", help="train on the validation phrases too")
    options.add_argument("--save-every", type=int, default=250)
    options.add_argument("--evaluate-every", type=int, default=500)
    return options.parse_args()


class Training:
    """The model, what only helps to train it, and the optimizers."""

    def __init__(self, model, classes, rate):
        self.average, self.model, self.rate, self.step = model, copy.deepcopy(model), rate, 0
        width = model.shape.width
        # Tells the topic from what the last layer reads. Every token of a question so learns what it counts for,
        # and not only through the few tokens of an answer. It is not shipped.
        self.judge = nn.Sequential(RMSNorm(width, model.shape.epsilon), nn.Linear(width, classes))
        inside = [p for p in self.model.layers.parameters() if p.dim() == 2]
        vectors = [p for p in self.model.parameters() if p.dim() < 2]
        others = [{"params": [self.model.embedding.weight], "weight_decay": 0.1}, {"params": [*vectors, *self.judge.parameters()], "weight_decay": 0.0}]
        self.optimizers = [Muon(inside, rate), torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), eps=1e-9)]

    def parts(self):
        return {"raw": self.model, "judge": self.judge, **{f"optimizer {at}": one for at, one in enumerate(self.optimizers)}}

    def resume(self, saved):
        """Takes over what a checkpoint has beside the weights; one that was imported from a GGUF file has nothing else."""
        self.step = saved["step"]
        for name, part in self.parts().items():
            if name in saved:
                part.load_state_dict(saved[name])

    def save(self, path):
        save(path, self.average, {"step": self.step, **{name: part.state_dict() for name, part in self.parts().items()}})

    def learn(self, batch, scale):
        """One step at `scale` of the rate; gives the loss of the answers."""
        for group in (group for optimizer in self.optimizers for group in optimizer.param_groups):
            group["lr"] = self.rate * scale
        middle, hidden = (state.flatten(0, 1) for state in self.model.states(batch.ids))
        loss = batch.answers.loss(self.model.logits(hidden[batch.answers.places]))
        hint = batch.topics.loss(self.judge(middle[batch.topics.places]))
        for part in (self.model, self.judge):
            part.zero_grad(set_to_none=True)
        (loss + HINT * hint).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        with torch.no_grad():
            for one, other in zip(self.average.parameters(), self.model.parameters()):
                one.lerp_(other, 1 / min(AVERAGED, self.step))
        return loss.item(), hint.item()


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.load(options.tokenizer)
    model, saved = load(options.resume) if options.resume else (Guide(Shape(vocabulary=len(tokenizer.tokens), layers=options.layers)), {})
    seed = options.seed + saved.get("step", 0)
    teachers = teacher.load(options.teacher) if options.teacher else None
    batches = Batches(Dialogues(seed, not options.everything, teachers), tokenizer, seed, options.tokens, options.whole)
    training = Training(model, len(batches.classes), options.rate)
    if saved:
        training.resume(saved)
    print(sum(p.numel() for p in model.parameters()), "parameters; from step", training.step, flush=True)
    decay_from = options.steps - options.decay
    report = Report()
    for batch in batches:
        step = training.step
        if (options.out / "decay").exists():
            decay_from = min(decay_from, step)
        if (options.out / "stop").exists() or step >= decay_from + options.decay:
            break
        scale = min(1, (step + 1) / WARM_UP) * min(1, max(0.02, 1 - (step - decay_from) / options.decay))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            report.add(training.learn(batch, scale), batch)
        if training.step % 50 == 0:
            report.print(training.step, options.rate * scale)
        if training.step % options.save_every == 0:
            training.save(options.out / "last.pt")
        if training.step % options.evaluate_every == 0:
            print("  " + evaluate.summary(training.average, tokenizer), flush=True)
            report = Report()
    training.save(options.out / "final.pt")
    print("done at step", training.step, evaluate.summary(training.average, tokenizer), flush=True)


class Report:
    """Losses and speed since the last line."""

    def __init__(self):
        self.losses, self.tokens, self.dialogues, self.began = [], 0, 0, time.time()

    def add(self, losses, batch):
        self.losses.append(losses)
        self.tokens += batch.ids.numel()
        self.dialogues += len(batch.ids)

    def print(self, step, rate):
        spent = time.time() - self.began
        loss, hint = (sum(column) / len(column) for column in zip(*self.losses))
        print(f"step {step} loss {loss:.4f} topic {hint:.4f} rate {rate:.2e} {self.tokens / spent:.0f} tok/s {self.dialogues / spent:.0f} dialogues/s", flush=True)
        self.__init__()


if __name__ == "__main__":
    main()
