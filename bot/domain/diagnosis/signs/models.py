"""Signs of the base model: it cannot be had, or its tokenizer and template do not fit the data."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

_OF_A_DATASET: Final = r"/datasets/|access to dataset|is a gated dataset|dataset"
_KINDS: Final = (
    r"tokenizer|image processor|feature extractor|video processor|processor|the configuration|the model"
)
_HUB: Final = r"(?:huggingface\.co|hf-mirror\.com)"

MODEL_UNAVAILABLE: Final = (
    # transformers, utils/hub.py, configuration_utils.py and tokenization_utils_base.py; diffusers, models
    sign("is not a local folder and is not a valid model identifier"),
    sign("is not a local folder or a valid repository name"),
    sign("gated repo", r"cannot access gated repo|trying to access a gated repo", unless=_OF_A_DATASET),
    sign("is a gated repository", unless=_OF_A_DATASET),
    sign("valid git identifier", r"is not a valid git identifier .{0,100}for this model name"),
    sign("does not appear to have ", r"does not appear to have (?:a file|files) named \S{2,}"),
    sign(
        "error no file named",
        r"error no file named \S{0,3}(?:pytorch_model|model|tf_model|diffusion_pytorch)",
    ),
    sign("error no file named", r"error no file named .{1,250} found in (?:directory|archive)"),
    sign("incorrect path_or_model_id"),
    sign("is not a valid json file", r"config file at ['\"][^'\"]{1,300}['\"] is not a valid json file"),
    sign(
        "error: file ",
        r"^(?:oserror|environmenterror): file \S{1,300}\.(?:json|bin|safetensors|model) not found",
    ),
    sign("unable to load vocabulary from file"),
    sign("unable to load weights from pytorch checkpoint file"),
    sign("can't load ", rf"can't load (?:{_KINDS}) (?:for|of) "),
    sign(
        "huggingface.co",
        r"couldn't connect to .{0,60}huggingface\.co.{0,40} to load (?:this|the) (?:file|model)",
        unless=_OF_A_DATASET,
    ),
    sign(
        "specific connection error",
        r"there was a specific connection error when trying to load \S",
        unless=_OF_A_DATASET,
    ),
    # huggingface_hub, utils/_http.py, file_download.py and _snapshot_download.py
    sign("gatedrepoerror", unless=_OF_A_DATASET),
    sign("repositorynotfounderror", unless=_OF_A_DATASET),
    sign(
        "name resolution",
        r"name resolution.{0,100}https://huggingface\.co/(?!datasets/|api/datasets/)",
        in_notices=True,
    ),
    sign("access to model", r"access to model \S{1,120} is restricted"),
    sign("gated repositories", r"enable access to public gated repositories", unless=_OF_A_DATASET),
    sign(
        "not found for url: http",
        r"(?:repository|revision) not found for url: https?://[\w.]{1,60}/(?!datasets/|api/datasets/)",
    ),
    sign(
        "for url: https://h",
        rf"(?:40[134] client error: .{{0,60}}|entry not found )for url: https://{_HUB}/"
        r"(?:api/models/\S|(?!api/|datasets/)\S{1,200}/resolve/)",
    ),
    sign(
        "error",
        r"(?:429 client|5\d\d server) error: .{0,60}for url:? {1,2}"
        rf"https://{_HUB}/(?:api/models/\S{{1,200}}/(?:tree|revision)/|(?!api/|datasets/)\S{{1,200}}/resolve/)",
    ),
    # httpx, _models.py
    sign(
        " error '",
        r"(?:client|server) error '(?:40[134]|429|5\d\d) [\w -]{1,40}' for url '"
        rf"https://{_HUB}/(?:api/models/\S{{1,200}}/(?:tree|revision)/|(?!api/|datasets/)\S{{1,200}}/resolve/)",
    ),
    sign(
        "offline mode is enabled",
        r"cannot reach https://[\w.]{1,60}/(?!datasets/|api/datasets/)\S{1,300}: offline mode is enabled",
    ),
    sign(
        "consistency check failed: ",
        r"consistency check failed: file should be of size .{1,80}\.(?:safetensors|bin|gguf|pth?|model)\b",
    ),
    sign("repo id must", r"repo id must (?:be in the form|use alphanumeric)", unless="dataset"),
    sign(
        "on the hub",
        r"trying to locate the files? on the hub,? and we cannot find",
        unless=_OF_A_DATASET,
    ),
    sign("outgoing traffic has been disabled", unless=_OF_A_DATASET),
    sign(
        "max retries exceeded with url: /",
        r"host='(?:huggingface\.co|hf-mirror\.com|cdn-lfs[\w.-]{0,30})', port=443\): "
        r"max retries exceeded with url: "
        r"/(?!datasets/|api/datasets/|api/whoami)",
        in_notices=True,
    ),
    sign(
        "thrown while requesting ",
        r"thrown while requesting (?:head|get) https://[\w.-]{1,60}/(?!datasets/|api/datasets/)\S{1,200}/resolve/",
        in_notices=True,
    ),
    # safetensors, tokenizers and SentencePiece: a file that is damaged, or only Git LFS's pointer to it
    sign(
        "safetensorerror: error while deserializing",
        r"safetensorerror: error while deserializing(?: header)?: \w",
    ),
    sign("unpicklingerror: invalid load key, 'v'"),
    sign("sentencepiece_processor.cc", r"sentencepiece_processor\.cc\(\d{1,5}\) \[model_proto->parse"),
    sign(
        "no such file or directory error #",
        r"not found: \"[^\"]{0,300}\.model\": no such file or directory error #\d",
    ),
    # peft, config.py and utils/save_and_load.py
    sign("can't find 'adapter_config.json' at"),
    sign("adapter model file not found in"),
    # LLaMA-Factory, data/mm_plugin.py; unsloth, models/loader.py; modelscope
    sign("please check and update your model file"),
    sign("huggingface seems to be down"),
    sign("no config file found - are you sure the `model_name` is correct"),
    sign("modelscope.hub.errors.notexisterror"),
    sign("the request model", r"the request model: .{1,100} does not exist"),
    # a file of weights that is not where it should be
    sign(
        "no such file or directory",
        r"no such file or directory: ['\"][^'\"]{0,250}/model[\w.-]{0,40}\.safetensors",
    ),
    # in other words
    sign("model checkpoint not found at "),
    sign("not found", r"\bbase model (?:\S{1,120} )?(?:was |is )?not found\b"),
    sign(
        "not ",
        r"\bmodel ['\"`]?[\w.-]{1,60}/[\w.-]{1,100}['\"`]? "
        r"(?:(?:was |is |could )?not (?:be )?found|does not exist)\b",
        unless=r"in (?:the )?cache|locally|downloading",
    ),
)

TEMPLATE_MISMATCH: Final = (
    # transformers, tokenization_utils_base.py and utils/chat_template_utils.py; jinja2
    sign("cannot use ", r"cannot use (?:chat template functions|apply_chat_template\S{0,3}) because"),
    sign("jinja2.exceptions.", r"jinja2\.exceptions\.(?:template|undefined|security)\w{0,20}"),
    sign("error: ", r"^(?:undefinederror: ['\"][^'\"]{1,60}['\"] |templatesyntaxerror: |templateerror: )"),
    sign("roles must alternate"),
    sign(
        "role",
        r"(?:system role not supported|only user and assistant roles are supported|unexpected message role)",
    ),
    sign("continue_final_message is set but"),
    sign("must have a 'role' and 'content' key"),
    # the templates of Mistral, mistral-common
    sign("messagestructureexception", "invalid(?:assistant)?messagestructureexception"),
    # padding: transformers, data/data_collator.py; axolotl, utils/collators; trl, trainer/*_trainer.py
    sign("padding token", r"(?:tokenizer does not have a padding token|if no padding token is defined)"),
    sign("does not have a pad token"),
    sign("not configured with a padding token"),
    sign(
        "is not found in the vocabulary",
        r"specified `(?:pad|eos)_token` \(.{1,60}is not found in the vocabulary",
    ),
    sign("does not have a mask token"),
    # images: transformers, models/*/processing_*.py; LLaMA-Factory, data/mm_plugin.py; trl, data_utils.py
    sign("tokens", r"(?:image|video|audio) features and (?:image|video|audio) tokens do not match"),
    sign("token count", r"mismatch in `?(?:image|video)`? token count"),
    sign("number of ", r"number of images .{0,80}number of (?:special )?image tokens"),
    sign(
        "does not match",
        r"number of (?:images|videos|audios) .{0,30}does not match (?:the )?number of "
        r"(?:<?\w{1,12}>? tokens|image placeholders)",
    ),
    sign("different from num_images", r"number of image tokens .{0,60}different from num_images"),
    sign("number of image", r"number of image tokens is \d{1,6} while the number of images? given"),
    sign("image placeholder tokens in `input_ids` to be truncated"),
    sign("please check whether the correct `template` is used"),
    # vocabularies: PyTorch's load_state_dict, and who compares
    sign("size mismatch for", r"size mismatch for [\w.]{0,120}(?:embed_tokens|lm_head|wte|word_embeddings)"),
    sign("vocab", r"vocab(?:ulary)? size \S{1,20} (?:of .{1,40} )?(?:does not match|differs from)"),
    sign("vocabulary size mismatch"),
    sign("tokenizer class", r"tokenizer class \w{1,60} does not exist"),
    sign("response key", r"could not find response key"),
    sign("chat template does not support"),
    # LLaMA-Factory, data/template.py; axolotl, utils/chat_templates/base.py; trl, chat_template_utils.py
    sign("template ", r"^\w{0,20}error: template \S{1,60} (?:does not exist|not found)"),
    # ms-swift, template/register.py
    sign("failed to automatically match `template_type`"),
    sign("failed to automatically match an agent_template"),
    sign("tokenizer's chat_template is null"),
    sign(
        "chat", r"\b(?:tokenizer|processor) (?:has no|does not have an?|doesn't have an?) chat[ _]template\b"
    ),
    sign("chat_template", r"\bchat_template`? is (?:none|not set)\b"),
    sign("chat template is not training-compatible"),
    # trl, trainer/sft_trainer.py
    sign("at least one example has no assistant tokens"),
)
