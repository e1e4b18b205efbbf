"""Trains the Guide. `nohup nice -n 5 python3 train.py --steps 6000 > /tmp/guide-train/log.txt &`

Every worker is one process with one thread and its own batches; gradients are averaged after each step. On a busy
machine that is much faster than one process with several threads, which wait for each other in every operation.
Warm-up, constant rate, linear decay at the end. Stops cleanly when the file `stop` appears in the output folder;
a `decay` file there starts the decay (over `--decay` steps) at once. `--resume` goes on from a checkpoint.
"""
import argparse
import time
from pathlib import Path

import torch
import torch.distributed as workers
import torch.nn.functional as F

import evaluate
import teacher
from batches import Batches
from generate import Dialogues
from model import Guide, Shape, load, save
from tokenizer import Tokenizer


def arguments():
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="/tmp/guide-train/run")
    options.add_argument("--tokenizer", default="/tmp/guide-train/tokenizer.json")
    options.add_argument("--teacher", help="made by teacher.py: learn from labelled mixtures too")
    options.add_argument("--resume")
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--decay", type=int, default=1200)
    options.add_argument("--rate", type=float, default=1.2e-3)
    options.add_argument("--layers", type=int, default=3)
    options.add_argument("--dropout", type=float, default=0.0)
    options.add_argument("--tokens", type=int, default=1536)
    options.add_argument("--whole", type=float, default=0.2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--everything", action="store_true", help="train on the validation phrases too")
    options.add_argument("--save-every", type=int, default=250)
    options.add_argument("--evaluate-every", type=int, default=500)
    return options.parse_args()


def groups_of(model, decay):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    return [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]


def average_gradients(model, count):
    if count == 1:
        return
    flat = torch.cat([p.grad.view(-1) for p in model.parameters()])
    workers.all_reduce(flat)
    flat /= count
    start = 0
    for p in model.parameters():
        p.grad.copy_(flat[start:start + p.numel()].view_as(p))
        start += p.numel()


def agree(flag, count):
    """All workers must see the `stop` or `decay` file at the same step."""
    if count == 1:
        return flag
    votes = torch.tensor([float(flag)])
    workers.all_reduce(votes)
    return votes.item() > 0


def train(worker, options):
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    if options.workers > 1:
        workers.init_process_group("gloo", init_method=f"file://{Path(options.out).resolve()}/meeting-point", rank=worker, world_size=options.workers)
    out = Path(options.out)
    first = worker == 0
    tokenizer = Tokenizer.load(options.tokenizer)
    step = 0
    if options.resume:
        model, saved = load(options.resume)
        step = saved["step"]
    else:
        model, saved = Guide(Shape(vocabulary=len(tokenizer.tokens), layers=options.layers)), {}
    model.dropout = options.dropout
    optimiser = torch.optim.AdamW(groups_of(model, 0.1), lr=options.rate, betas=(0.9, 0.98), eps=1e-9)
    if "optimiser" in saved:
        optimiser.load_state_dict(saved["optimiser"])
    if first:
        print(sum(p.numel() for p in model.parameters()), "parameters; from step", step, flush=True)
    seed = options.seed + step + 1_000_000 * worker
    teachers = teacher.load(options.teacher) if options.teacher else None
    batches = Batches(Dialogues(seed, not options.everything, teachers), tokenizer, seed, options.tokens, options.whole)
    decay_from = options.steps - options.decay
    seen, total, examples, began = 0, 0.0, 0, time.time()
    model.train()
    for ids, target in batches:
        if step % 10 == 0:
            if step < decay_from and agree((out / "decay").exists(), options.workers):
                decay_from = step
            if agree((out / "stop").exists(), options.workers):
                break
        scale = min(1, (step + 1) / 150) * (1 if step < decay_from else max(0.02, 1 - (step - decay_from) / options.decay))
        if step >= decay_from + options.decay:
            break
        for group in optimiser.param_groups:
            group["lr"] = options.rate * scale
        wanted = target >= 0
        loss = F.cross_entropy(model.logits(model.hidden(ids)[wanted]), target[wanted])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        average_gradients(model, options.workers)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step, seen, total, examples = step + 1, seen + ids.numel(), total + loss.item(), examples + len(ids)
        if step % 50 == 0 and first:
            spent = time.time() - began
            print(f"step {step} loss {total / 50:.4f} rate {options.rate * scale:.2e} {options.workers * seen / spent:.0f} tok/s {options.workers * examples / spent:.0f} dialogues/s", flush=True)
            seen, total, examples, began = 0, 0.0, 0, time.time()
        if step % options.save_every == 0 and first:
            save(out / "last.pt", model, {"step": step, "optimiser": optimiser.state_dict()})
        if step % options.evaluate_every == 0 and first:
            print("  " + evaluate.summary(model, tokenizer), flush=True)
            model.train()
            began = time.time()
    if not first:
        return
    save(out / "final.pt", model, {"step": step, "optimiser": optimiser.state_dict()})
    print("done at step", step, evaluate.summary(model, tokenizer), flush=True)


def main():
    options = arguments()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "meeting-point").unlink(missing_ok=True)
    if options.workers == 1:
        train(0, options)
    else:
        torch.multiprocessing.spawn(train, (options,), options.workers)


if __name__ == "__main__":
    main()
