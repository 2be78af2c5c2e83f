"""Signs of numbers that ran away while a model was trained."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

NAN_LOSS: Final = (
    # DeepSpeed, runtime/fp16/loss_scaler.py; fairseq; Megatron-LM, core/rerun_state_machine.py
    sign("loss scale already at minimum", r"current loss scale already at minimum"),
    sign("minimum loss scale reached"),
    sign("found ", r"found (?:nan|inf) in (?:local )?(?:forward |backward )?(?:loss|grad)"),
    sign("unexpected result ", r"unexpected result (?:nan|inf)\b"),
    # PyTorch, nn/utils/clip_grad.py, autograd's anomaly mode, torch/distributions, aten's multinomial
    sign("is non-finite, so it cannot be clipped"),
    sign("returned nan values", r"returned nan values in its \d{1,3}\w\w output"),
    sign("but found invalid values:", r"but found invalid values:.{0,60}\bnan"),
    sign(
        "probability tensor contains", r"probability tensor contains either `?inf`?, `?nan`?", in_notices=True
    ),
    # Lightning, loops and callbacks/early_stopping.py; detectron2; timm; peft, tuners/lora
    sign("is nan or inf", r"the loss returned in `\w{1,40}` is nan or inf"),
    sign("detected nan and/or inf values in"),
    sign("became infinite or nan", r"loss became infinite or nan"),
    sign("nans detected in the merged weights"),
    # Ultralytics, train.py
    sign("non-finite loss, ending training", in_notices=True),
    # in other words
    sign("loss is ", r"\bloss is (?:nan|inf(?:inite|inity)?)\b"),
    sign("outputs is nan", r"\bnetwork outputs is nan\b"),
    sign(
        " ",
        r"\b(?:loss|grad(?:ient)?s?(?: norm)?) (?:is|are|was|became|becomes|contains?|turned|went) "
        r"(?:to )?(?:nan|inf|non-finite)\b",
    ),
    sign(" ", r"(?:nan|inf)(?: or inf)? (?:loss|gradients?) (?:detected|encountered|found)"),
    sign(
        " in ",
        r"\b(?:nan|inf)s?(?: values?)? (?:was |is |were )?"
        r"(?:detected|found|encountered) in (?:the )?(?:loss|gradients?)\b",
    ),
    sign("loss is not finite"),
    sign("detected ", r"\bdetected (?:nan|inf)s? in (?:the )?(?:gradient|loss)"),
    sign("non-finite loss", r"non-finite loss\b"),
    sign("diverged", r"\btraining (?:has )?diverged\b"),
)
