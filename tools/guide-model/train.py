"""Trains the Guide. `nohup nice -n 5 python3 train.py --steps 6000 > /tmp/guide-train/log.txt &`

Every worker is one process with one thread and its own batches; gradients are averaged after each step. On a busy
machine that is much faster than one process with several threads, which wait for each other in every operation.
Warm-up, constant rate, linear decay at the end. Stops cleanly when the file `stop` appears in the output folder;
a `decay` file there starts the decay (over `--decay` steps) at once. `--resume` goes on from a checkpoint.
"""
import argparse
import copy
import time
from pathlib import Path

import torch
import torch.distributed as workers

import evaluate
import teacher
from batches import Batches
from generate import Dialogues
from model import Guide, Shape, load, save
from muon import Muon
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
    options.add_argument("--tokens", type=int, default=6144)
    options.add_argument("--whole", type=float, default=0.2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--bf16", action="store_true", help="matrix products with 16-bit floats: 1.7 times as fast where the processor has them")
    options.add_argument("--everything", action="store_true", help="train on the validation phrases too")
    options.add_argument("--save-every", type=int, default=250)
    options.add_argument("--evaluate-every", type=int, default=500)
    return options.parse_args()


def optimisers_of(model, rate):
    """Muon for the matrices of the layers, AdamW for the embedding and the vectors."""
    inside = [p for p in model.layers.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    others = [{"params": [model.embedding.weight], "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return [Muon(inside, rate), torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), eps=1e-9)]


@torch.no_grad()
def follow(average, model, share):
    """Moves the average a little towards the model: it knows the same, without the noise of the last steps."""
    for one, other in zip(average.parameters(), model.parameters()):
        one.lerp_(other, share)


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
        average, saved = load(options.resume)
        step = saved["step"]
        model = copy.deepcopy(average)
        if "raw" in saved:
            model.load_state_dict(saved["raw"])
    else:
        model, saved = Guide(Shape(vocabulary=len(tokenizer.tokens), layers=options.layers)), {}
        average = copy.deepcopy(model)
    model.dropout = options.dropout
    optimisers = optimisers_of(model, options.rate)
    for optimiser, state in zip(optimisers, saved.get("optimisers", [])):
        optimiser.load_state_dict(state)
    if first:
        print(sum(p.numel() for p in model.parameters()), "parameters; from step", step, flush=True)
    seed = options.seed + step + 1_000_000 * worker
    teachers = teacher.load(options.teacher) if options.teacher else None
    batches = Batches(Dialogues(seed, not options.everything, teachers), tokenizer, seed, options.tokens, options.whole)
    decay_from = options.steps - options.decay
    seen, total, examples, began = 0, 0.0, 0, time.time()
    model.train()
    for batch in batches:
        if step % 10 == 0:
            if step < decay_from and agree((out / "decay").exists(), options.workers):
                decay_from = step
            if agree((out / "stop").exists(), options.workers):
                break
        scale = min(1, (step + 1) / 150) * (1 if step < decay_from else max(0.02, 1 - (step - decay_from) / options.decay))
        if step >= decay_from + options.decay:
            break
        for group in (g for optimiser in optimisers for g in optimiser.param_groups):
            group["lr"] = options.rate * scale
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            logits = model.logits(model.hidden(batch.ids).flatten(0, 1)[batch.places])
        told = logits.float().log_softmax(-1)[batch.owners, batch.tokens]
        loss = -(told * batch.chances).sum() / len(batch.places)
        model.zero_grad(set_to_none=True)
        loss.backward()
        average_gradients(model, options.workers)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        follow(average, model, 1 / min(500, step + 1))
        step, seen, total, examples = step + 1, seen + batch.ids.numel(), total + loss.item(), examples + len(batch.ids)
        if step % 50 == 0 and first:
            spent = time.time() - began
            print(f"step {step} loss {total / 50:.4f} rate {options.rate * scale:.2e} {options.workers * seen / spent:.0f} tok/s {options.workers * examples / spent:.0f} dialogues/s", flush=True)
            seen, total, examples, began = 0, 0.0, 0, time.time()
        if step % options.save_every == 0 and first:
            save(out / "last.pt", average, {"step": step, "raw": model.state_dict(), "optimisers": [o.state_dict() for o in optimisers]})
        if step % options.evaluate_every == 0 and first:
            print("  " + evaluate.summary(average, tokenizer), flush=True)
            began = time.time()
    if not first:
        return
    save(out / "final.pt", average, {"step": step, "raw": model.state_dict(), "optimisers": [o.state_dict() for o in optimisers]})
    print("done at step", step, evaluate.summary(average, tokenizer), flush=True)


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
