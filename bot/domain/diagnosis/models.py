"""Failures of the base model: it cannot be had, or its tokenizer and template do not fit the data."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import REFUSED, Evidence
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import in_other_words
from bot.domain.diagnosis.signs import models as models_signs

_NAMED: Final = re.compile(
    r"for url:? https?://[\w.]{1,60}/(?:api/models/)?([\w.-]{1,60}/[\w.-]{1,100}?)(?:[/?\s]|\.\s|\.?$)"
    r"|with url: /([\w.-]{1,60}/[\w.-]{1,100})/resolve/"
    r"|have access to it at https?://[\w.]{1,60}/([\w.-]{1,60}/[\w.-]{1,100}?)(?:\.?\s|\.?$)"
    r"|Access to model ([\w.-]{1,60}/[\w.-]{1,100}) is"
    r"|(?:^|[\s'\"])([\w.-]{1,60}/[\w.-]{1,100})['\"]? "
    r"(?:is (?:not a local folder|a gated rep)|does not appear to have)"
    r"|[Cc]an't load (?:\w{1,20} ){1,3}(?:for|of) ['\"]([\w.-]{1,60}/[\w.-]{1,100})['\"]"
)
"""A model that the error itself names: it may be another than the base model."""
_UNREACHED: Final = (
    "couldn't connect",
    "connection error",
    "max retries exceeded",
    "thrown while requesting",
    "outgoing traffic has been disabled",
    "trying to locate the file",
    "seems to be down",
    "offline mode is enabled",
)
_INCOMPLETE: Final = (
    "file named",
    "files named",
    "can't load",
    "can't find",
    "no such file",
    "error: file ",
    "unable to load vocabulary",
)
_DAMAGED: Final = (
    "error while deserializing",
    "invalid load key",
    "sentencepiece_processor.cc",
    "consistency check failed",
    "valid json file",
)


def _model_named(setup: Setup, evidence: Evidence) -> str:
    named = evidence.found(_NAMED)
    if named and named.casefold() != setup.model.casefold():
        return f"The model {named}"
    return f"The base model {setup.model}" if setup.model else "The base model"


def _model_unavailable(setup: Setup, evidence: Evidence) -> Explanation:
    said, model = evidence.said, _model_named(setup, evidence)
    if any(word in said for word in _DAMAGED):
        return Explanation(
            f"A file of {model[0].lower()}{model[1:]} is damaged, or was not downloaded whole.",
            "Have it downloaded again; in a Git repository, check that Git LFS fetched the weights.",
        )
    if REFUSED.search(said):
        return Explanation(
            f"{model} could not be downloaded: the Hub refused the request, or had an error of its own.",
            "Start the job again later; with a token the Hub allows more requests.",
        )
    if any(word in said for word in _UNREACHED):
        return Explanation(
            f"{model} could not be downloaded: the Hub was not reached.",
            "Start the job again. If it keeps happening, check the machine's connection to huggingface.co.",
        )
    if any(word in said for word in ("gated", "restricted", "authorized list", "awaiting a review", "403")):
        return Explanation(
            f"{model} is gated: the token in use has no access to it.",
            "Accept its license on the model's page with the token's account, or take an open model.",
        )
    if any(word in said for word in _INCOMPLETE):
        return Explanation(
            f"{model} was found, but files that belong to a model are missing.",
            "Check that the repository or folder holds config.json, the weights and the tokenizer.",
        )
    return Explanation(
        f"{model} was not found: its name is wrong, or it is private.",
        "Check the spelling, including the organization; for a private model give a token that can read it.",
    )


def _template_mismatch(setup: Setup, evidence: Evidence) -> Explanation:
    model = setup.model or "the base model"
    for words, explain in _MISMATCHES:
        if words.search(evidence.said):
            return explain(setup, model)
    is_tuned = any(word in model.lower() for word in ("instruct", "chat", "-it"))
    return Explanation(
        f"The tokenizer or chat template of {model} does not fit what the job does with it.",
        "Check that the tokenizer comes with this very model and has a chat template, or set one."
        if is_tuned
        else "A base model often has no chat template: take its Instruct variant, or set a template.",
    )


def _image_marks(setup: Setup, model: str) -> Explanation:
    limit = f" Raise the limit of {setup.tokens} tokens, which may cut images off." if setup.tokens else ""
    return Explanation(
        f"The images of a sample and the image marks in its text do not match for {model}.",
        f"Give each image one mark in the text, and no mark without an image.{limit}",
    )


def _order_of_roles(setup: Setup, model: str) -> Explanation:
    kind = setup.text("dataset_format")
    rows = f"the {kind} conversations" if kind else "the conversations"
    return Explanation(
        f"The chat template of {model} does not take the order of roles in {rows}.",
        "Make user and assistant take turns, the user first; put a system text into the first user turn.",
    )


def _padding(_setup: Setup, model: str) -> Explanation:
    return Explanation(
        f"The tokenizer of {model} has no padding token.",
        "Set the padding token to the end-of-text token, or train with a per-device batch of 1.",
    )


def _vocabularies(_setup: Setup, model: str) -> Explanation:
    return Explanation(
        f"The tokenizer and the weights of {model} have vocabularies of different size.",
        "Take tokenizer and weights from the same model, or resize the embeddings before loading.",
    )


def _no_such_template(_setup: Setup, _model: str) -> Explanation:
    return Explanation(
        "The chat template that the job asks for does not exist.",
        "Take one of the templates that this trainer knows, or the tokenizer's own.",
    )


def _assistant_marks(_setup: Setup, model: str) -> Explanation:
    return Explanation(
        f"The chat template of {model} does not mark what the assistant says, so no token counts.",
        "Set a template with {% generation %} around the assistant's text, or turn assistant_only_loss off.",
    )


def _other_fields(_setup: Setup, model: str) -> Explanation:
    return Explanation(
        f"The chat template of {model} expects other fields than the rows have.",
        "Check that every message has a role and a content, and its content the form that the template"
        " reads: a text, or a list of parts.",
    )


_MISMATCHES: Final = (
    (re.compile(r"image.{0,400}(?:token|placeholder)|token.{0,400}image"), _image_marks),
    (re.compile(r"no assistant tokens"), _assistant_marks),
    (re.compile(r"alternate|role"), _order_of_roles),
    (re.compile(r"\bpad"), _padding),
    (re.compile(r"size mismatch|vocab"), _vocabularies),
    (re.compile(r"template '?\S{1,60}'? (?:does not exist|not found)"), _no_such_template),
    (re.compile(r"has no (?:attribute|element)"), _other_fields),
)
"""What is said of some mismatches in particular."""

FAILURES: Final = (
    Failure(
        FailureClass.MODEL_UNAVAILABLE,
        (*models_signs.MODEL_UNAVAILABLE, *in_other_words.MODEL_UNAVAILABLE),
        _model_unavailable,
    ),
    Failure(
        FailureClass.TEMPLATE_MISMATCH,
        (*models_signs.TEMPLATE_MISMATCH, *in_other_words.TEMPLATE_MISMATCH),
        _template_mismatch,
    ),
)
