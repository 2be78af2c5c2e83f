"""Failures of the base model: it cannot be had, or its tokenizer and template do not fit the data."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup


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
    Failure(
        FailureClass.MODEL_UNAVAILABLE,
        (
            sign(
                "is not a valid model identifier",
                r"is not a local folder and is not a valid model identifier",
            ),
            sign(
                "gated repo", r"cannot access gated repo|trying to access a gated repo", unless=_OF_A_DATASET
            ),
            sign("gatedrepoerror", unless=_OF_A_DATASET),
            sign("access to model", r"access to model \S{1,120} is restricted"),
            sign(
                "repository not found for url",
                r"repository not found for url: https?://[\w.]{1,60}/(?!datasets/|api/datasets/)",
            ),
            sign("gated repositories", r"enable access to public gated repositories", unless=_OF_A_DATASET),
            sign(
                "huggingface.co",
                r"(?:40[134] client error: .{0,60}|entry not found )for url: https?://huggingface\.co/"
                r"(?!api/|datasets/)\S{1,200}/resolve/",
            ),
            sign("not found", r"\bbase model (?:\S{1,120} )?(?:was |is )?not found\b"),
            sign(
                "not found",
                r"\bmodel '?[\w.-]{1,60}/[\w.-]{1,100}'? (?:was |is |could )?not (?:be )?found\b",
                unless=r"in (?:the )?cache|locally|downloading",
            ),
            sign("repo id must", r"repo id must (?:be in the form|use alphanumeric)", unless="dataset"),
            sign(
                "does not appear to have a file",
                r"does not appear to have (?:a file|files) named \S{0,3}(?:config\.json"
                r"|pytorch_model|model[-.]|tokenizer)",
            ),
            sign(
                "error no file named",
                r"error no file named \S{0,3}(?:pytorch_model|model|tf_model|diffusion_pytorch)",
            ),
            sign(
                "couldn't connect to",
                r"couldn't connect to .{0,60}huggingface\.co.{0,40} to load (?:this|the) (?:file|model)",
                unless=_OF_A_DATASET,
            ),
            sign("valid git identifier", r"is not a valid git identifier .{0,100}for this model name"),
            sign("can't load tokenizer for"),
            sign("can't load the configuration of"),
            sign("can't load the model for"),
            sign("the request model", r"the request model: .{1,100} does not exist"),
        ),
        _model_unavailable,
    ),
    Failure(
        FailureClass.TEMPLATE_MISMATCH,
        (
            sign(
                "chat_template is not set",
                r"cannot use (?:chat template functions|apply_chat_template\S{0,3}) because",
            ),
            sign("roles must alternate"),
            sign("jinja2.exceptions", r"jinja2\.exceptions\.(?:template|undefined)\w{0,20}"),
            sign("role", r"(?:system role not supported|only user and assistant roles are supported)"),
            sign("tokens", r"image features and image tokens do not match"),
            sign("token count", r"mismatch in `?(?:image|video)`? token count"),
            sign("special image tokens", r"number of images .{0,80}number of special image tokens"),
            sign(
                "padding token", r"(?:tokenizer does not have a padding token|if no padding token is defined)"
            ),
            sign(
                "size mismatch for",
                r"size mismatch for [\w.]{0,120}(?:embed_tokens|lm_head|wte|word_embeddings)",
            ),
            sign("chat template does not support"),
            sign("vocab", r"vocab(?:ulary)? size \S{1,20} (?:of .{1,40} )?(?:does not match|differs from)"),
            sign("tokenizer class", r"tokenizer class \w{1,60} does not exist"),
            sign("response key", r"could not find response key"),
            sign("template", r"^\w{0,20}error: template \S{1,60} does not exist"),
        ),
        _template_mismatch,
    ),
)
