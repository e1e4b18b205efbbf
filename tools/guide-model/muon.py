"""Muon: momentum whose matrix is made orthogonal before each step, so that a step uses all directions and not only the strongest.

The few strong directions of a gradient are what a small model recites with; the weak ones are what tells wordings apart.
"""
import torch


def orthogonal(matrix, rounds=4):
    """The nearest matrix with all singular values about 1, by Newton-Schulz iteration."""
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    for _ in range(rounds):
        product = x @ x.T
        x = 3.4445 * x + (2.0315 * (product @ product) - 4.7750 * product) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """For the matrices inside the layers; embeddings and vectors need another optimizer, such as AdamW."""

    def __init__(self, matrices, lr, momentum=0.95, weight_decay=0.1):
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for matrix in group["params"]:
                average = self.state[matrix].setdefault("average", torch.zeros_like(matrix))
                average.lerp_(matrix.grad, 1 - group["momentum"])
                update = orthogonal(matrix.grad.lerp(average, group["momentum"]))
                # As large a step as AdamW makes, so that both take the same rate.
                size = 0.2 * max(matrix.shape) ** 0.5
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(update, alpha=-group["lr"] * size)
