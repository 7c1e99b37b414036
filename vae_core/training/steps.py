"""How the steps of training are launched: one call after another on a CPU, one CUDA graph a step on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

N_WARM_UP = 3
"""Steps that a GPU runs launch by launch before any is captured: libraries choose their kernels in them, Adam makes its moments."""


class Steps:
    """A training step, called again and again with the indices of its batch.

    Steps of models this small are launched more slowly than a GPU computes them. There, a step is captured as a CUDA graph
    (https://pytorch.org/docs/stable/notes/cuda.html#cuda-graphs), once for each size of batch, and replayed ever after, on the same
    random streams. The step must never wait for the device, and keep what it changes in the same tensors.

    Args:
        step: takes the indices of a batch, on the device, and returns what it summed over it.
        device: where.
        generators: gives those of everything random in a step; asked when a step is captured.
    """

    def __init__(self, step: Callable[[Tensor], Tensor], device: torch.device, generators: Callable[[], Iterable[torch.Generator]]) -> None:
        self._step, self._is_captured = step, device.type == "cuda"
        self._generators, self._n_done = generators, 0
        self._graphs: dict[torch.Size, tuple[torch.cuda.CUDAGraph, Tensor, Tensor]] = {}

    def __call__(self, index: Tensor) -> Tensor:
        """The step's sums. On a GPU the next call may overwrite them."""
        if not self._is_captured:
            return self._step(index)
        if self._n_done < N_WARM_UP:
            self._n_done += 1
            return self._aside(index)
        if index.shape not in self._graphs:
            self._graphs[index.shape] = self._captured(index.clone())
        graph, taken, sums = self._graphs[index.shape]
        taken.copy_(index)
        graph.replay()
        return sums

    def _captured(self, index: Tensor) -> tuple[torch.cuda.CUDAGraph, Tensor, Tensor]:
        """A step that takes the indices from this tensor, as a graph, and where it leaves the sums. Nothing is computed yet."""
        graph = torch.cuda.CUDAGraph()
        for generator in self._generators():
            graph.register_generator_state(generator)
        with torch.cuda.graph(graph):
            sums = self._step(index)
        return graph, index, sums

    def _aside(self, index: Tensor) -> Tensor:
        """A step on a stream of its own, as a step before a capture has to be."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            sums = self._step(index)
        torch.cuda.current_stream().wait_stream(stream)
        return sums
