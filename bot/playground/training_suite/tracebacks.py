"""Error messages as training jobs really leave them: whole tracebacks, some with secrets inside."""

from __future__ import annotations

from typing import Final

_FRAMES: Final = (
    ("/opt/trainer/launch.py", 212, "main", "trainer.train(resume_from_checkpoint=checkpoint)"),
    ("/opt/venv/lib/python3.11/site-packages/transformers/trainer.py", 2245, "train", "return inner_loop("),
    (
        "/opt/venv/lib/python3.11/site-packages/transformers/trainer.py",
        2556,
        "_inner_training_loop",
        "tr_loss_step = self.training_step(model, inputs, num_items_in_batch)",
    ),
    (
        "/opt/venv/lib/python3.11/site-packages/transformers/trainer.py",
        3718,
        "training_step",
        "loss = self.compute_loss(model, inputs, num_items_in_batch=num_items_in_batch)",
    ),
    (
        "/opt/venv/lib/python3.11/site-packages/torch/nn/modules/module.py",
        1751,
        "_wrapped_call_impl",
        "return self._call_impl(*args, **kwargs)",
    ),
    (
        "/opt/venv/lib/python3.11/site-packages/torch/distributed/fsdp/fully_sharded_data_parallel.py",
        865,
        "forward",
        "output = self._fsdp_wrapped_module(*args, **kwargs)",
    ),
)
_LAYERS: Final = 32
_LAYER_FILE: Final = "/opt/venv/lib/python3.11/site-packages/transformers/models/llama/modeling_llama.py"


def _frame(file: str, line: int, function: str, source: str) -> str:
    return f'  File "{file}", line {line}, in {function}\n    {source}\n'


def _traceback(rank: int, last: str) -> str:
    layers = "".join(
        _frame(
            _LAYER_FILE, 247 + layer % 3, "forward", f"hidden_states = self.layers[{layer}](hidden_states)"
        )
        for layer in range(_LAYERS)
    )
    frames = "".join(_frame(*frame) for frame in _FRAMES)
    return f"[rank{rank}]: Traceback (most recent call last):\n{frames}{layers}{last}\n"


_OUT_OF_MEMORY: Final = (
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.32 GiB. GPU {rank} has a total capacity "
    "of 79.11 GiB of which 1.14 GiB is free. Process {process} has 77.96 GiB memory in use. Of the allocated "
    "memory 74.03 GiB is allocated by PyTorch, and 2.71 GiB is reserved by PyTorch but unallocated. If "
    "reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True "
    "to avoid fragmentation."
)

CUDA_OUT_OF_MEMORY: Final = "".join(
    _traceback(rank, _OUT_OF_MEMORY.format(rank=rank, process=41_200 + rank)) for rank in range(8)
)
"""Eight ranks, each with its traceback: what a node that runs out of memory leaves."""

LEAKED_SECRETS: Final = (
    "Traceback (most recent call last):\n"
    + _frame("/opt/trainer/data.py", 88, "fetch", "response.raise_for_status()")
    + "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: "
    "https://acme-training-datasets.s3.us-west-2.amazonaws.com/claims-2024.jsonl?X-Amz-Credential="
    "AKIAIOSFODNN7EXAMPLE%2F20260302%2Fus-west-2%2Fs3%2Faws4_request"
    "&X-Amz-Signature=0a9d8c7b6f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4\n"
    "During handling of the above exception, another exception occurred:\n"
    + _frame("/opt/trainer/data.py", 93, "fetch", "raise PermissionError(f'{url}: {error} ({headers})')")
    + "PermissionError: 403 Forbidden for claims-2024.jsonl "
    "(Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJhY21lIn0.c2lnbmF0dXJlLW1hZGUtdXA, "
    "X-Hub-Token: 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)\n"
)
"""A failed download that prints a signed address, a Hugging Face token and a JWT, all made up."""
