"""Rounds matrices to ggml's types of blocks, without any library for it. Every function takes a matrix and gives the bytes of the file."""
import numpy as np


def as_bytes(array):
    """The bytes of every row."""
    return np.ascontiguousarray(array).view(np.uint8).reshape(len(array), -1)


def quotient(dividend, divisor):
    """0 where the divisor is 0."""
    return np.divide(dividend, divisor, out=np.zeros_like(dividend), where=divisor != 0)


def q8_0(matrix):
    """Blocks of 32 values: a 16-bit scale and 32 bytes, rounded half away from zero as ggml does."""
    blocks = matrix.reshape(-1, 32).astype(np.float32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    scaled = quotient(blocks, scale)
    rounded = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(np.int8)
    return np.concatenate([as_bytes(scale.astype("<f2")), as_bytes(rounded)], 1).tobytes()


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
    steps = np.clip(np.rint(quotient(scales, whole.astype(np.float32))), -128, 127)
    unit = whole.astype(np.float32) * steps
    numbers = np.clip(np.rint(quotient(blocks, np.broadcast_to(unit, blocks.shape))), -32, 31) + 32
    # Two halves of 128 values, each of four rows of 32 that share their bytes.
    rows = numbers.astype(np.uint8).reshape(-1, 2, 4, 32)
    low, high = rows & 15, rows >> 4
    lows = low[:, :, :2] | low[:, :, 2:] << 4
    highs = high[:, :, 0] | high[:, :, 1] << 2 | high[:, :, 2] << 4 | high[:, :, 3] << 6
    return np.concatenate([as_bytes(part) for part in (lows, highs, steps.astype(np.int8), whole)], 1).tobytes()


def line_through(values, numbers):
    """(scale, minimum, squared error) of the line scale · number - minimum that is closest to `values` by least squares, in each
    group of 32. A minimum below 0 cannot be written: it is 0 then."""
    count = values.shape[-1]
    sum_x, sum_n = values.sum(-1, keepdims=True), numbers.sum(-1, keepdims=True)
    sum_nn, sum_xn = (numbers * numbers).sum(-1, keepdims=True), (values * numbers).sum(-1, keepdims=True)
    spread = count * sum_nn - sum_n * sum_n
    scale = quotient(count * sum_xn - sum_x * sum_n, spread)
    minimum = quotient(sum_n * sum_xn - sum_nn * sum_x, spread)
    scale = np.where(minimum < 0, quotient(sum_xn, sum_nn), scale)
    minimum = np.maximum(minimum, 0)
    error = ((scale * numbers - minimum - values) ** 2).sum(-1, keepdims=True)
    return scale, minimum, np.where(scale > 0, error, np.inf)


def best_lines(values, largest):
    """(scale, minimum) of each group of 32: of many ways to spread the numbers 0 … `largest` over its range, the one whose line is
    closest. A range that is a little too small rounds most values better, and cuts off a few."""
    low = np.minimum(values.min(-1, keepdims=True), 0)
    range_ = np.maximum(values.max(-1, keepdims=True) - low, 1e-12)
    best = np.zeros_like(low), np.zeros_like(low), np.full_like(low, np.inf)
    for share, step in ((1.0, 1), (0.95, 3), (0.9, 3), (0.85, 3), (0.8, 3)):
        for tenths in range(-15, 16, step):
            inverse = (largest + tenths / 10) / (range_ * share)
            found = line_through(values, np.clip(np.rint((values - low * share) * inverse), 0, largest))
            better = found[2] < best[2]
            best = tuple(np.where(better, one, other) for one, other in zip(found, best))
    return best[0][..., 0], best[1][..., 0]


def in_six_bits(numbers):
    """(16-bit scale, multiples of it from 0 to 63) for the eight numbers of each block."""
    scale = (numbers.max(1, keepdims=True) / 63).astype("<f2")
    steps = np.clip(np.rint(quotient(numbers, np.broadcast_to(scale.astype(np.float32), numbers.shape))), 0, 63)
    return scale, steps.astype(np.uint8)


def lines_k(matrix, bits):
    """Q4_K and Q5_K. Blocks of 256 values, 8 groups of 32: a 16-bit scale of the scales and one of the minimums, 6 bits for the scale
    and the minimum of each group, then the fifth bits if there are, and 4 bits of each value."""
    groups = matrix.reshape(-1, 8, 32).astype(np.float32)
    scales, minimums = best_lines(groups, 2 ** bits - 1)
    scale, s = in_six_bits(scales)
    minimum, m = in_six_bits(minimums)
    offset, unit = ((whole.astype(np.float32) * steps)[..., None] for whole, steps in ((minimum, m), (scale, s)))
    numbers = np.clip(np.rint(quotient(groups + offset, np.broadcast_to(unit, groups.shape))), 0, 2 ** bits - 1).astype(np.uint8)
    # Bytes 0-3 and 4-7 hold the first four scales and minimums, and in their upper 2 bits those of the last four, whose lower 4 bits follow.
    six_bits = np.concatenate([s[:, :4] | s[:, 4:] >> 4 << 6, m[:, :4] | m[:, 4:] >> 4 << 6, s[:, 4:] & 15 | (m[:, 4:] & 15) << 4], 1)
    # Two groups share 32 bytes; all eight share the 32 bytes of the fifth bits, a bit for each.
    fifth = [np.bitwise_or.reduce(numbers >> 4 << np.arange(8, dtype=np.uint8)[:, None], 1)] if bits == 5 else []
    lows = numbers[:, ::2] & 15 | (numbers[:, 1::2] & 15) << 4
    return np.concatenate([as_bytes(part) for part in (scale, minimum, six_bits, *fifth, lows)], 1).tobytes()


def q4_k(matrix):
    return lines_k(matrix, 4)


def q5_k(matrix):
    return lines_k(matrix, 5)
