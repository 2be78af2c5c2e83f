"""The same failures in words of people's own: what is short of what, found or lost, whoever says so.

They are looked for after the words of libraries and platforms, and only where a whole clause leaves no doubt.
"""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign, symptom

_FAILED: Final = (
    r"(?:not found|does(?: not|n't) exist|is missing|cannot be found|no such file"
    r"|40[134]\b|denied|unauthorized|forbidden)"
)
_GPU: Final = r"(?:gpu|cuda|vram|hbm|device)"
_NOT_HOST: Final = (
    r"\b(?:gpus?|cuda|vram|hbm|disk|kv cache)\b|unless|to avoid|\bcheck\b|or other|\bnot run\b|adjust"
    r"|\bcauses?\b"
)
# What follows a thing's name: a path, a colon, where from. Another word would make it another thing.
_ITSELF: Final = (
    r"(?:[:'\"`(,]| from\b| at\b| in\b| file| path| weights| config| because| \S{0,80}/| ['\"`(])"
)
# Between a path's kind and what became of it stands at most the path.
_GONE: Final = (
    r"(?::? (?:at )?\S{1,150})?:? (?:was |were |could )?(?:not found|not be found|does(?: not|n't) exist"
    r"|is missing|cannot be found)"
)
_A_SWITCH: Final = r"check[- _]for[- _]nan|--\w"

GPU_OUT_OF_MEMORY: Final = (
    sign(
        "out of memory",
        rf"\b{_GPU}\b.{{0,50}}\bout of memory\b",
        unless="host|cpu memory|must provide|when requesting|to avoid",
    ),
    sign(
        "out of memory",
        rf"\bout of memory\b.{{0,50}}\b{_GPU}\b",
        unless="host|cpu memory|must provide|when requesting|to avoid",
    ),
)
HOST_OUT_OF_MEMORY: Final = (
    sign(
        "m",
        r"\b(?:killed|terminated|evicted|died)\b.{0,60}\b(?:out[- ]of[- ]memory|oom|memory (?:limit"
        r"|pressure))\b",
        unless=_NOT_HOST,
    ),
    sign("m", r"\b(?:out[- ]of[- ]memory|oom)\b.{0,40}\b(?:killed|terminated|evicted)\b", unless=_NOT_HOST),
    sign("out of ", r"\bran out of (?:system |host |main )?(?:ram|memory)\b", unless=_NOT_HOST),
)
DISK_FULL: Final = (
    sign(
        "space",
        r"\b(?:not enough|insufficient|out of|ran out of) (?:free |available |disk |storage "
        r"|scratch ){0,3}space\b"
        r"(?! complexity)",
        unless="shared memory|address space|search space|color",
    ),
)
COLLECTIVE_TIMEOUT: Final = (
    symptom(
        "time",
        r"\b(?:nccl|gloo|hccl|ranks?|c10d|tcpstore|rendezvous|process ?group|barrier|all_?reduce"
        r"|all_?gather)\b"
        r".{0,60}\b(?:timed out|timeout (?:error|expired|reached|exceeded))\b",
        unless=r"timeout (?:is |was )?(?:set|raised|=)|no route to host|shut ?down|handler",
    ),
    symptom(
        "timed out ",
        r"\btimed out (?:while )?(?:waiting|trying to connect) (?:for|to) .{0,40}"
        r"\b(?:ranks?|peers?|other (?:nodes|workers|processes)|master|rendezvous)\b",
        unless="no route to host|http|request|response",
    ),
)
MODEL_UNAVAILABLE: Final = (
    sign(
        "to ",
        r"\b(?:failed|unable) to (?:load|download|fetch|find|access|open) (?:the )?(?:\w{1,20} )?"
        rf"(?:model|weights|tokenizer)\b{_ITSELF}.{{0,120}}{_FAILED}",
        unless="data ?set|cuda|module",
    ),
    sign(
        "e",
        rf"\b(?:model|weights|tokenizer) (?:file|path|directory|folder|repository|repo)s?{_GONE}",
        unless="data ?set|in (?:the )?cache|config",
    ),
)
DATASET_UNAVAILABLE: Final = (
    sign(
        "to ",
        r"\b(?:failed|unable) to (?:load|download|fetch|find|access|open) (?:the )?(?:\w{1,20} )?"
        rf"(?:data ?set|training data|data file)\b{_ITSELF}.{{0,120}}{_FAILED}",
    ),
    sign(
        "a",
        r"\b(?:data ?set|train(?:ing)?(?: data)?|eval(?:uation)?(?: data)?|validation|annotation) "
        rf"(?:file|path|directory|folder)s?{_GONE}",
        unless="in (?:the )?cache|checkpoint",
    ),
    sign("couldn't find any class folder in"),
)
DATASET_INVALID: Final = (
    sign(
        "error: ",
        r"error: .{0,60}\b(?:malformed|corrupt(?:ed)?|invalid) (?:jsonl?|csv|row|line|record|sample"
        r"|example|annotation)s?\b",
        unless="response|header|config|state_dict|checkpoint|pruning|row size|sample rate|yaml",
    ),
    sign(
        "data",
        r"\bdata ?set .{0,60}\b(?:has|have|contains?|with|left) (?:no|0|zero) (?:rows|samples"
        r"|examples|records)(?=$|[.,;:!)]| (?:after|left|in|to|for|with|that|remain|match))",
    ),
    sign(
        "error: ",
        r"error: .{0,40}\bno (?:training |train |eval |valid )?(?:samples|examples) (?:were "
        r"|was )?(?:found|available|loaded)\b",
    ),
    sign("found no valid file for the classes"),
)
TEMPLATE_MISMATCH: Final = (
    sign(
        "error",
        r"error\b.{0,80}\bchat[ _-]?template\b.{0,60}\b(?:not (?:set|found|supported|defined"
        r"|available)|is missing|is none|is required|unsupported)\b",
    ),
    sign(
        "error: ",
        r"error: .{0,60}\b(?:image|video|audio) (?:tokens?|placeholders?|features?)\b"
        r".{0,80}(?:mismatch|do(?:es)? not match|!=|not equal)",
    ),
    sign(
        "error: ",
        r"error: .{0,60}\b(?:pad|eos|bos)[ _]?token(?:_id)?\b.{0,40}\b(?:is none|is not set"
        r"|is missing|is undefined)\b",
    ),
    sign(
        "error: ",
        r"error: .{0,60}\bvocab(?:ulary)?[ _]size\b.{0,80}\b(?:mismatch|does not match|not equal to)\b",
    ),
)
NAN_LOSS: Final = (
    sign(
        "n",
        r"error: .{0,60}\b(?:loss|losses|grad(?:ient)?s?|grad_norm|logits)\b.{0,40}\b(?:nan|nans|inf"
        r"|infinite|non-?finite|not finite)\b",
        unless=_A_SWITCH,
    ),
    sign(
        "n",
        r"error: .{0,60}\b(?:nan|nans|inf|infinite|non-?finite)\b.{0,40}\b(?:loss|losses|gradients?"
        r"|logits)\b",
        unless=_A_SWITCH,
    ),
    sign(
        "n",
        r"\b(?:loss|gradients?)\b.{0,30}\b(?:nan|inf|infinite|non-?finite)\b.{0,40}\b(?:abort|stopp?"
        r"|exit|terminat|kill)\w{0,6}\b",
    ),
)
CUDA_DRIVER_MISMATCH: Final = (
    sign(
        "driver",
        r"\b(?:nvidia|cuda|gpu)\b.{0,40}\bdrivers?\b.{0,60}\b(?:too old|not (?:found|loaded|installed"
        r"|compatible)|incompatible|outdated|insufficient)\b",
    ),
    sign(
        "compute capability",
        r"\bcompute capability\b.{0,60}\b(?:is not supported|not supported by|unsupported"
        r"|incompatible|too low)\b",
    ),
)
PREEMPTED: Final = (
    sign(
        "t",
        r"\b(?:spot|preemptible|low[- ]priority|interruptible) (?:instance|node|vm|machine|capacity"
        r"|worker|job|pod)s?\b"
        r".{0,50}\b(?:interrupted|reclaimed|evicted|preempted|revoked)\b",
        unless="user",
    ),
)
QUOTA_EXCEEDED: Final = (
    sign(
        "quota",
        r"\bquotas?\b.{0,50}\b(?:exceeded|reached|exhausted|used up)\b",
        unless=r"disk quota|storage quota|soon|not exceeded|per (?:minute|second|day)|requests|rate limit",
    ),
    sign(
        "quota",
        r"\b(?:exceeds|exceeded|exceeding|reached|exhausted|insufficient|not enough)\b.{0,50}\bquota\b",
        unless=r"disk quota|storage quota|soon|not exceeded|per (?:minute|second|day)|requests|rate limit",
    ),
    sign(
        "limit",
        r"\b(?:gpu|instance|vcpu|cpu core|compute) limits?\b.{0,30}\b(?:exceeded|reached)\b",
        unless="memory|time limit",
    ),
)
TIME_LIMIT: Final = (
    sign(
        "i",
        r"\b(?:job|run|training|task|workflow|pod|execution|notebook|pipeline)\b.{0,40}"
        r"\b(?:exceeded|reached|hit)\b.{0,30}\b(?:time limit|max(?:imum)? (?:run ?time|duration)"
        r"|wall ?time|deadline)\b",
        unless=r"nccl|collective|rendezvous|socket|connect|http|request|cpu time limit|memory",
    ),
)
BAD_HYPERPARAMETER: Final = (
    sign(
        "error: ",
        r"^(?:\w{1,40}\.){0,6}(?:value|argument|config)error: (?:invalid|unknown|unrecognized) "
        r"(?:argument|option|parameter|config(?:uration)?(?: key| field| option)?|setting|flag)s?\b",
        unless="image|tensor|dtype|shape|configuration class|in function|yaml|keyword|plugin|registry|kernel",
    ),
)
