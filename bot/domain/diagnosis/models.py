"""Failures of the base model: it cannot be had, or its tokenizer and template do not fit the data."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import models as models_signs


def _model_unavailable(setup: Setup, said: str) -> Explanation:
    model = f"The base model {setup.model}" if setup.model else "The base model"
    if any(word in said for word in ("gated", "restricted", "authorized list", "awaiting a review", "403")):
        return Explanation(
            f"{model} is gated: the token in use has no access to it.",
            "Accept its license on the model's page with the token's account, or take an open model.",
        )
    if "no file named" in said or "file named" in said or "can't load" in said:
        return Explanation(
            f"{model} was found, but files that belong to a model are missing.",
            "Check that the repository or folder holds config.json, the weights and the tokenizer.",
        )
    if "couldn't connect" in said:
        return Explanation(
            f"{model} could not be downloaded: the Hub was not reached.",
            "Start the job again. If it keeps happening, check the machine's connection to huggingface.co.",
        )
    return Explanation(
        f"{model} was not found: its name is wrong, or it is private.",
        "Check the spelling, including the organization; for a private model give a token that can read it.",
    )


def _template_mismatch(setup: Setup, said: str) -> Explanation:
    model = setup.model or "the base model"
    kind = setup.text("dataset_format")
    if "image" in said and "token" in said:
        limit = (
            f" Raise the limit of {setup.tokens} tokens, which may cut images off." if setup.tokens else ""
        )
        return Explanation(
            f"The images of a sample and the image marks in its text do not match for {model}.",
            f"Give each image one mark in the text, and no mark without an image.{limit}",
        )
    if "alternate" in said or "role" in said:
        rows = f"the {kind} conversations" if kind else "the conversations"
        return Explanation(
            f"The chat template of {model} does not take the order of roles in {rows}.",
            "Make user and assistant take turns, the user first; put a system text into the first user turn.",
        )
    if "pad" in said:
        return Explanation(
            f"The tokenizer of {model} has no padding token.",
            "Set the padding token to the end-of-text token, or train with a per-device batch of 1.",
        )
    if "size mismatch" in said:
        return Explanation(
            f"The tokenizer and the weights of {model} have vocabularies of different size.",
            "Take tokenizer and weights from the same model, or resize the embeddings before loading.",
        )
    is_tuned = any(word in model.lower() for word in ("instruct", "chat", "-it"))
    return Explanation(
        f"The tokenizer or chat template of {model} does not fit what the job does with it.",
        "Check that the tokenizer comes with this very model and has a chat template, or set one."
        if is_tuned
        else "A base model often has no chat template: take its Instruct variant, or set a template.",
    )


_OF_A_DATASET: Final = r"/datasets/|access to dataset|is a gated dataset"

FAILURES: Final = (
    Failure(FailureClass.MODEL_UNAVAILABLE, models_signs.MODEL_UNAVAILABLE, _model_unavailable),
    Failure(FailureClass.TEMPLATE_MISMATCH, models_signs.TEMPLATE_MISMATCH, _template_mismatch),
)
