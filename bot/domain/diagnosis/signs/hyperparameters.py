"""Signs of settings that were wrong from the start."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

_NAMES: Final = (
    r"(?:lr|packing|streaming|deepspeed|fsdp|report_to|epochs|\w{1,30}_epochs|learning_rate|weight_decay"
    r"|max_grad_norm|metric_for_best_model|load_best_model_at_end|group_by_length|neat_packing|sample_packing"
    r"|padding_free|lazy_tokenize|predict_with_generate|flash_attn|flash_attention|attn_impl|attn_implementation"
    r"|torch_dtype|bf16|fp16|tf32|torch_compile|load_in_[48]bit|save_only_model|auto_find_batch_size|use_vllm"
    r"|use_dora|use_rslora|use_liger\w{0,20}|pissa_init|init_lora_weights|target_modules|modules_to_save"
    r"|lora_\w{1,30}|loftq_config|freeze_\w{1,40}|layers_to_transform|layers_pattern|val_size|val_set_size"
    r"|train_on_prompt|mask_history|resume_from_checkpoint|reward_funcs|reward_model|neftune\w{0,20}|cutoff_len"
    r"|(?:\w{1,40}_)?batch_size|\w{1,40}_(?:steps|iters|generations|dropout|num_workers|prefetch_factor|seq_length)"
    r"|(?:warmup|lr|min_lr|val|split|parameters|lr_end)_ratio"
    r"|(?:eval|evaluation|save|logging|truncation|packing|mixing|excess_length|overflow)_strategy"
    r"|(?:lr_scheduler|loss|rlhf|tuner|train|finetuning|task|optimizer|optim)_type|lr_scheduler|optim|optimizer"
    r"|max_(?:seq_len|length|model_len|prompt_length|completion_length)|model_max_length|sequence_len"
    r"|(?:tensor|pipeline|context|sequence|expert|data)_(?:model_)?parallel_size|[tcsd]p_size|gradient_\w{1,40}"
    r"|quant_bits|quantization_bit|quant_method|mixed_precision|rope_scaling|loss_scale|dataset_name|train_dataset"
    r"|eval_dataset|quantization_config|peft_config|fsdp_config|deepspeed_config)"
)
"""Settings that people give to the trainers below, by name or by how their names end."""
_WRONG: Final = (
    r"(?:must|should|has to|have to|needs? to|cannot|can't|can not|may not|can only) (?:also |both |not )?"
    r"(?:be|lie|equal|divide|match|specify|contain|have|set)\b"
    r"|(?:is|are) (?:not|only|not yet|yet not|currently only|currently not) "
    r"(?:supported|valid|allowed|compatible|divisible|available|accepted|positive|implemented)\b"
    r"|(?:is|are) (?:incompatible|invalid|required|necessary)\b"
    r"|requires?\b|(?:not compatible|incompatible) with|does not support|mutually exclusive"
    r"|exceeds|expected value|is (?:larger|greater|smaller|less) than|only accepts"
    r"|does not work with|are not supported|is not found, please choose"
)
_OF_A_TENSOR: Final = (
    r"input|label|attention_mask|position_ids|pixel|decoder|encoder|past_key|return_|hidden|head_mask|image|video"
    r"|audio|logits|token|processor|features|config\.|self\.|cache|state_dict|max_new|generation|prompt_embeds"
)
"""Arguments of a model's forward pass or of its preprocessing begin so: they are no settings."""
_OF_ANOTHER: Final = (
    r"not installed|please install|pip install|is not found in|no such file|does not exist|upgrade"
    r"|dimension|shape|tensor a|target batch_size|index out of|size mismatch|input_ids|attention_mask"
    r"|report this"
    r"|raise an issue|nans? detected|invalid value found|input ids|same (?:pairwise )?length|same shape"
    r"|number of examples|dataset appears to be"
)
"""About a package, a file or a tensor: no setting."""
_VALIDATING: Final = (
    "/transformers/training_args",
    "/transformers/hf_argparser",
    "/transformers/optimization.py",
    "/transformers/integrations/deepspeed.py",
    "/trl/scripts/_hf_argparser",
    "/peft/tuners/",
    "/trl/trainer/",
    "/trl/experimental/",
    "/llamafactory/model/adapter",
    "/llamafactory/model/model_utils/quantization",
    "/swift/arguments/",
    "/swift/llm/argument/",
    "/swift/megatron/arguments/",
    "/swift/megatron/argument/",
    "/llamafactory/hparams/",
    "/llmtuner/hparams/",
    "/axolotl/utils/schemas/",
    "/axolotl/utils/config/",
    "/deepspeed/runtime/config.py",
    "/deepspeed/runtime/zero/config.py",
    "/megatron/training/arguments.py",
    "/megatron/core/transformer/transformer_config.py",
    "/megatron/core/model_parallel_config.py",
    "/accelerate/commands/launch.py",
    "/accelerate/utils/launch.py",
    "/accelerate/utils/dataclasses.py",
    "/accelerate/parallelism_config.py",
)
"""Where a trainer only looks at what it was told to do."""

BAD_HYPERPARAMETER: Final = (
    # peft, tuners/tuners_utils.py and tuners/lora
    sign("not found in the base model", r"target modules .{0,300}not found in the base model"),
    sign("is not supported. currently, only", r"target module .{0,600}is not supported\. currently, only"),
    sign("is not found, please choose from", r"module \S{1,80} is not found, please choose from"),
    sign("no modules were targeted", r"no modules were targeted for adaptation"),
    sign("please specify ", r"please specify `?target_modules`? in"),
    sign(
        "should be a positive integer value but the value passed is",
        r"`?\w{1,12}`? should be a positive integer value but the value passed is",
    ),
    # transformers, training_args.py, hf_argparser.py, trainer.py, trainer_utils.py, integrations/deepspeed.py
    sign(
        "multiple of the evaluation steps",
        r"requires the saving steps to be a (?:round )?multiple of the evaluation steps",
    ),
    sign("strategy to match", r"requires the save and eval(?:uation)? strategy to match"),
    sign("non-zero --", r"requires either non-zero --eval_steps|requires non-zero --logging_steps"),
    sign("are not used by the hfargumentparser", r"(?:arguments|keys) are not used by the hfargumentparser"),
    sign("your setup doesn't support bf16/gpu"),
    sign("at most one of fp16 and bf16 can be true"),
    sign(
        "max_steps must be set to a positive value if dataloader does not have a length",
        r"max_steps must be set to a positive value if dataloader does not have a length",
    ),
    sign("max_steps has to be specified"),
    sign(
        "metric_for_best_model",
        r"`(?:args\.)?metric_for_best_model` (?:must be provided|training argument is set to)",
    ),
    sign("but you didn't pass an `eval_dataset`"),
    sign(
        "is not a valid ",
        r"is not a valid (?:schedulertype|optimizernames|intervalstrategy|savestrategy|evaluationstrategy)",
    ),
    sign("warmup_ratio must lie in range"),
    sign("quantized models", r"cannot perform fine-tuning on purely quantized models"),
    sign("the model you want to train is loaded in 8-bit precision"),
    sign("quantization method do not support training"),
    sign("deepspeed config values that mismatch trainingarguments values"),
    sign(
        "unexpected keyword argument",
        r"(?:trainingarguments|(?:sft|dpo|grpo|kto|ppo|orpo|reward|lora)config)(?:\.__init__)?\(\) "
        r"got an unexpected keyword argument",
    ),
    # DeepSpeed, runtime/config.py; Megatron-LM; accelerate, accelerator.py
    sign("check batch related parameters"),
    sign("must be divisible by ", r"must be divisible by (?:tensor|pipeline|context)\w{0,30}"),
    sign("divisible by ", r"batch size \(.{1,30}\) must be (?:evenly )?divisible by "),
    sign("is not divisible by ", r"batch size \(\d{1,9}\) is not divisible by "),
    sign(
        "in any distributed mode", r"can't train a model that has been loaded .{1,60}in any distributed mode"
    ),
    # PyTorch, optim, utils/data/sampler.py, amp/grad_scaler.py, nn/modules/dropout.py; flash-attn
    sign("invalid learning rate"),
    sign("error: invalid ", r"error: invalid (?:beta|momentum|weight_decay|epsilon|eps|lr|rho|dampening)\b"),
    sign("batch_size should be a positive integer value, but got batch_size="),
    sign("attempting to unscale fp16 gradients"),
    sign("dropout probability has to be between 0 and 1"),
    sign("only supports ampere", r"flash ?attention only supports ampere"),
    sign(
        "does not support gradient checkpointing", r"error: \w{1,60} does not support gradient checkpointing"
    ),
    sign("must be less than or equal", r"val_check_interval` ?\(\S{1,12}\) must be less than or equal"),
    sign(
        "is not compatible with gradient checkpointing",
        r"error: \w{1,60} is not compatible with gradient checkpointing",
    ),
    sign(
        "error: ", r"error: \w{1,60} does not support (?:flash attention|an attention implementation through)"
    ),
    # pydantic (axolotl, DeepSpeed), argparse, and who validates a configuration
    sign(
        "validation error",
        r"validation errors? for \w{0,40}"
        r"(?:config|cfg|args|arguments|params|parameters|train|hyper|lora)\w{0,40}",
    ),
    sign(
        "quantiz",
        r"^valueerror: .{0,60}\b"
        r"(?:only accepts? .{1,40}quantiz|not compatible with .{0,20}quantiz|on quantized models)",
    ),
    sign("error: unrecognized arguments: -"),
    # PyTorch, optim/optimizer.py: everything is frozen
    sign("optimizer got an empty parameter list"),
    # Hydra and OmegaConf; Lightning; DeepSpeed, runtime/config.py
    sign("configcompositionexception"),
    sign("is not in struct", r"key '\w{1,60}' is not in struct"),
    sign("misconfigurationexception: "),
    sign(
        "has to be greater than 0",
        r"(?:train batch size|micro batch size per gpu|gradient accumulation steps): \S{1,12}"
        r" has to be greater than 0",
    ),
    sign("configerror: ", r"^(?:\w{1,40}\.){0,6}(?:deepspeed|elasticity|megatron|trainer)?configerror: "),
    sign("error: argument -", r"error: argument -\S{1,60}: (?:invalid|expected|not allowed)"),
    sign(
        "error",
        r"^(?:valueerror|assertionerror|notimplementederror)\b",
        unless=_OF_ANOTHER,
        raised_in=_VALIDATING,
    ),
    # any trainer that says what one of its settings has to be
    sign(
        "error: ",
        rf"^(?:\w{{1,40}}\.){{0,6}}(?:value|assertion|notimplemented|argument|config)error: "
        rf".{{0,120}}\b{_NAMES}\b.{{0,90}}(?:{_WRONG})",
        unless=_OF_ANOTHER,
    ),
    sign(
        "error: ",
        rf"^(?:\w{{1,40}}\.){{0,6}}(?:value|assertion)error: "
        rf"[^`]{{0,60}}`(?!{_OF_A_TENSOR})[a-z]{{1,20}}_[\w.]{{1,40}}`[^`]{{0,30}}"
        r"(?:is only (?:valid|supported|compatible|available)|is (?:incompatible|not compatible) with"
        r"|is necessary for|(?:cannot|can't) be (?:set|used|combined|both)|requires `"
        r"|must be (?:set|specified|enabled|disabled)\b|is not supported (?:with|when|for|by))",
        unless=_OF_ANOTHER,
    ),
    sign(
        "error: ",
        rf"error: (?:unsloth: )?(?:unsupported|unknown|invalid|unrecognized|unhandled) {_NAMES}\b",
        unless=_OF_ANOTHER,
    ),
    sign(
        "error: ",
        rf"error: please (?:set|specify|provide|pass|increase|reduce) .{{0,20}}\b{_NAMES}\b",
        unless=_OF_ANOTHER,
    ),
    # in other words
    sign(
        "hyper",
        r"\binvalid hyper-?parameter\b|hyper-?parameter \S{1,60} (?:is (?:invalid|out of range)|must be)",
    ),
    sign("invalid value for ", rf"\binvalid value for (?:hyper-?parameter )?\W?{_NAMES}\b"),
    sign("exceeds", r"error: .{0,20}\bmax_(?:seq_)?len(?:gth)?\b.{0,30}\bexceeds"),
)
