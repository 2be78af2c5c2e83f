"""Signs of settings that do not go together, in the message alone: no traceback says who raised it."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

_RAISED: Final = r"^(?:\w{1,40}\.){0,6}(?:value|assertion|notimplemented|argument|config|runtime)error: "
_CONFLICT: Final = (
    r"(?:requires?\b"
    r"|(?:must|should|has to|have to) (?:not |also |both )?(?:be|use|equal|match|specify|have)\b"
    r"|(?:cannot|can't|can not) (?:be )?(?:use|used|set|combined|enabled|specified|together|have)\b"
    r"|(?:is|are) (?:not|only|not yet|yet not|currently not|currently only) (?:yet |currently )?"
    r"(?:supported|compatible|allowed|available|used|configured|valid)\b"
    r"|(?:does not|doesn't|do not|don't) (?:yet |currently )?(?:support|work)\b|only (?:works|supports)\b"
    r"|no support for|not supported|mutually exclusive|incompatible with|without)"
)
_SIZES: Final = r"(?:size|sizes|degree|ranks|stages|split|layout)"
_PARALLEL: Final = (
    r"\b(?:tensor|pipeline|sequence|context|expert)[- ](?:model[- ])?parallel(?:ism\b|[- ]" + _SIZES + r"\b)?"
)
"""Ways to spread a model over GPUs, as people switch them on."""
_FAMILIES: Final = (
    r"\b(?:num_(?:moe_)?experts|num_attention_heads|num_query_groups|num_generations|generation_batch_size"
    r"|steps_per_generation|moe_\w{2,50}|fp[48]_\w{2,40}|recompute_(?:granularity|modules|method|num_layers)"
    r"|mtp_\w{2,40}|cuda_graph_\w{2,40}|overlap_\w{2,50}|\w{1,40}_parallel_size|sequence_parallel|vllm_\w{2,50}"
    r"|(?:activation|fine_grained_activation|cpu)_offload\w{0,20}|offload_modules|use_liger\w{0,20}"
    r"|padding_free|assistant_only_loss|completion_only_loss|sync_ref_model|precompute_ref_log_probs"
    r"|parallelism_config|advantage_\w{2,40}|teacher_model\w{0,20}|rlhf_type|tuner_type)\b"
)
"""Settings of Megatron-LM, trl and ms-swift that the general list of names has not."""
_NO_SETTING: Final = (
    r"not installed|please install|pip install|upgrade|no such file|does not exist|tensor a\b|shape|dimension"
    r"|\bdtype\b|expected all tensors|group is|not initialized|already|on the same device|report this"
    r"|raise an issue|cuda error|nccl|kernel|api[ _-]?key|version|input_ids|attention_mask"
)
"""About a package, a file, a tensor or a process group: no setting."""
_NAME: Final = r"[`'\"]?[a-z]{1,20}_[a-z][a-z0-9_]{1,50}[`'\"]?"
_WORD: Final = (
    r"(?!input|label|attention|position|hidden|pixel|decoder|encoder|past_|query|key|value|cu_|api_)"
)

CONFLICTS: Final = (
    # Megatron-LM, core/parallel_state.py
    sign(
        "is not divisible by ",
        r"world[_ ]size \(?\d{1,9}\)? is not divisible by (?:\d|\w{0,40}parallel|total_model_size)",
    ),
    # Megatron-LM, core/model_parallel_config.py and core/transformer/transformer_config.py
    sign("parallel", rf"{_RAISED}.{{0,140}}{_PARALLEL}.{{0,60}}{_CONFLICT}", unless=_NO_SETTING),
    sign("parallel", rf"{_RAISED}.{{0,100}}{_CONFLICT}.{{0,60}}{_PARALLEL}", unless=_NO_SETTING),
    sign("should be true", r"only one of self\.fp16: \w{1,5} and self\.bf16:? \w{1,5} should be true"),
    # Megatron-LM, training/arguments.py; accelerate, commands/launch.py and utils/launch.py; ms-swift
    sign(
        "--", rf"{_RAISED}.{{0,140}}(?<![\w-])--[a-z][\w-]{{2,60}}.{{0,140}}{_CONFLICT}", unless=_NO_SETTING
    ),
    sign(
        "--", rf"{_RAISED}.{{0,140}}{_CONFLICT}.{{0,140}}(?<![\w-])--[a-z][\w-]{{2,60}}", unless=_NO_SETTING
    ),
    sign(
        "--",
        rf"{_RAISED}.{{0,100}}\b(?:please (?:explicitly )?(?:set|specify|use)|you need to (?:set|use))"
        r" .{0,20}(?<![\w-])--[a-z][\w-]{2,60}",
        unless=_NO_SETTING,
    ),
    # Megatron-LM, core/tokenizers/megatron_tokenizer.py; diffusers, examples/dreambooth
    sign("tokenizer path must be specified"),
    sign(
        "specify ",
        r"error: (?:specify (?:either|only one of) `--\w{3,40}` or `--"
        r"|you must specify (?:a data directory|prompt) for class images)",
    ),
    # trl, trainer/*_config.py and experimental/*/*_config.py; ms-swift, arguments
    sign("error: ", rf"{_RAISED}.{{0,100}}{_FAMILIES}.{{0,90}}{_CONFLICT}", unless=_NO_SETTING),
    sign("error: ", rf"{_RAISED}.{{0,90}}{_CONFLICT}.{{0,60}}{_FAMILIES}", unless=_NO_SETTING),
    sign("loss type", r"error: unknown loss type: ['\"]?\w{1,40}"),
    # ms-swift, utils/utils.py and arguments/sft_args.py
    sign("remaining_argv: ['--", r"valueerror: remaining_argv: \['--[a-z]"),
    sign("please input the ", r"valueerror: self\.dataset: \[\].{0,60}please input the \w{1,20} dataset"),
    # any trainer: two settings by name that exclude or need each other
    sign(
        "_",
        rf"{_RAISED}(?:cannot use |you cannot use |both )?(?=[`'\"]?{_WORD})"
        rf"{_NAME}(?:=['\"]?\w{{1,20}}['\"]?)? "
        rf"(?:requires? {_NAME}(?:=|\b)"
        r"|(?:is not|isn't|is currently not|is not yet) (?:supported|compatible) (?:with|when|for)"
        r"|(?:cannot|can't) be (?:used|combined|enabled|set) (?:together |at the same time )?"
        r"(?:with|when|and)\b"
        r"|is only (?:supported|compatible) (?:with|when|for)"
        rf"|and {_NAME} (?:are mutually exclusive|(?:cannot|can not|can't) (?:both )?be))",
        unless=_NO_SETTING,
    ),
)
