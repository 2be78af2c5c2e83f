"""Signs of too little room: on the GPU, in main memory, on the disk."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign, symptom

_SIZE: Final = r"\d[\d.]{0,9} ?[kmgt]i?b"

GPU_OUT_OF_MEMORY: Final = (
    # PyTorch, c10/cuda/CUDACachingAllocator.cpp and its likes for other accelerators
    sign("out of memory", r"\b(?:cuda|hip|xpu|npu|mlu|musa|hpu|mps(?: backend)?) out of memory\b"),
    sign("outofmemoryerror", r"\btorch\.(?:cuda\.|xpu\.)?outofmemoryerror"),
    sign("tried to allocate", rf"\btried to allocate {_SIZE}[.( ]{{1,3}}(?:gpu|npu|xpu)\b"),
    sign("is allocated by pytorch", rf"of the allocated memory {_SIZE} is allocated by pytorch"),
    sign(
        "to avoid fragmentation", r"if reserved (?:but unallocated )?memory is .{0,90}to avoid fragmentation"
    ),
    sign("allowed memory", r"allocation on device .{0,40}exceed allowed memory"),
    # CUDA's own words, c10/cuda/CUDAException.cpp; NCCL, src/debug.cc
    sign("out of memory", r"\bcuda (?:runtime |driver )?error\s?(?:\(?\d{1,3}\)?\s?)?:? ?out of memory"),
    sign("out of memory", r"\bcuda failure (?:\d{1,3} )?'out of memory'"),
    sign("out of memory", r"\b(?:triton error \[cuda\]|(?:cuda|hip)malloc failed): out of memory"),
    sign("cuda_error_out_of_memory"),
    sign("cudaerrormemoryallocation"),
    sign("hiperroroutofmemory"),
    sign(
        "_status_alloc_failed",
        r"\b(?:cublas|cudnn|cusolver|cusparse|cufft)_status_alloc_failed",
        unless="device-side assert",
    ),
    # bitsandbytes, csrc/ops.cu
    sign("out of memory at line", r"error out of memory at line \d{1,5} in file \S{0,80}csrc"),
    # transformers, trainer.py and quantizers/quantizer_bnb_4bit.py; accelerate, utils/memory.py
    sign("evaluation hit an out-of-memory error"),
    sign("to fit the quantized model", r"make sure you have enough gpu ram to fit the quantized model"),
    sign("no executable batch size found, reached zero"),
    # vLLM, v1/core/kv_cache_utils.py and v1/worker/gpu_worker.py
    sign("no available memory for the cache blocks"),
    sign(
        "available kv cache memory", r"kv cache is needed, which is larger than the available kv cache memory"
    ),
    sign(
        "less than desired gpu memory utilization", r"on startup is less than desired gpu memory utilization"
    ),
    # CuPy; Paddle, paddle/fluid/memory
    sign("out of memory allocating ", r"outofmemoryerror: out of memory allocating \d"),
    sign("out of memory error on gpu"),
    # XLA and TensorFlow
    sign("resource_exhausted", r"resource_exhausted: (?:out of memory|failed to allocate request for)"),
    sign("ran out of memory in memory space hbm"),
    sign("oom when allocating", r"oom when allocating tensor.{0,200}gpu"),
    # in other words
    sign("memory", r"\b(?:gpu|cuda) (?:is |was |ran |went )?out of memory\b|\bran out of gpu memory\b"),
    sign("on device cuda", rf"unable to allocate {_SIZE} on device cuda"),
    sign("callbackerroroutofmemory"),
    sign("gpu memory", r"\b(?:not enough|insufficient) gpu memory\b"),
)

HOST_OUT_OF_MEMORY: Final = (
    # PyTorch, c10/core/impl/alloc_cpu.cpp; NumPy, Arrow, C++ and Rust
    sign("defaultcpuallocator", r"defaultcpuallocator: (?:can't allocate|not enough) memory"),
    sign("memoryerror", r"^(?:[a-z_]\w{0,30}\.){0,5}_?(?:array|arrow)?memoryerror\b"),
    sign("unable to allocate", rf"\bunable to allocate {_SIZE} for an array with shape"),
    sign("bad_alloc", r"std::bad_alloc"),
    sign("memory allocation of", r"memory allocation of \d{1,20} bytes failed"),
    sign("cannot allocate memory", r"cannot allocate memory \(12\)"),
    sign("cannot allocate memory", r"(?:errno|os error|error code) 12\b.{0,3} ?\(?cannot allocate memory"),
    # the kernel, mm/oom_kill.c and mm/memcontrol.c
    sign("out of memory: kill", r"out of memory: kill(?:ed)? process"),
    sign("memory cgroup out of memory"),
    # Docker and Kubernetes, pkg/kubelet/eviction/helpers.go
    sign("oomkilled", unless=r"oomkilled[\"']?\s?[:=]\s?[\"']?(?:false|no\b)"),
    sign("oom", r"\boom[- ]killed\b"),
    sign("low on resource: memory", r"was low on resource: memory"),
    sign("memorypressure", r"the node had condition: \[memorypressure\]"),
    # Slurm, src/plugins/task/cgroup and src/slurmd/slurmd/job_mem_limit.c; LSF and PBS
    sign("oom", r"detected \d{1,6} oom[-_ ]kill"),
    sign("out-of-memory handler", r"some of (?:your|the) .{0,60}cgroup out-of-memory handler"),
    sign("exceeded", r"\bexceeded (?:job|step|virtual|job virtual) memory limit\b"),
    sign("exceeded", r"\b(?:job|step) \S{1,30} exceeded (?:virtual )?memory limit\b"),
    sign("lsf memory usage limit", r"after reaching lsf memory usage limit"),
    sign("mem", r"\b(?:mem|vmem|pmem) \d{1,12}[kmgt]?b exceeded limit"),
    # Ray, src/ray/raylet/node_manager.cc
    sign("running low on memory", r"killed due to the node running low on memory"),
    sign("node_out_of_memory"),
    sign("memory usage threshold", r"which exceeds the memory usage threshold"),
    # HTCondor, Grid Engine, YARN
    sign("memory limit of", r"gone over (?:cgroup )?memory limit of \d"),
    sign("exceeds job hard limit", r"exceeds job hard limit \W{0,2}h_(?:vmem|rss)"),
    sign("physical memory limits", r"running beyond physical memory limits"),
    sign("for exceeding memory limits", r"killed by yarn for exceeding memory limits"),
    sign("out_of_memory", r"\b(?:job)?state ?[:=] ?out_of_memory\b"),
    # the clouds: SageMaker, Vertex AI, AWS Batch
    sign("please use an instance type with more memory"),
    sign("replicas low on memory"),
    sign("memory budget", r"exceeded \d{2,3}% memory budget"),
    sign(
        "o",
        r"\b(?:killed|died|terminated) (?:because of|due to|by) (?:the |an )?(?:oom|out[- ]of[- ]memory)\b",
        unless=r"\bcauses?\b",
    ),
    sign("out of memory, malloc failed"),
    sign("due to memory", r"container (?:was )?killed due to memory"),
    sign("ran out-of-memory", r"\breplica \S{1,60} ran out-of-memory"),
    sign("memory limit", r"(?:exceeded|over) (?:its|the|your) (?:container |job )?memory limit"),
    # shared memory: PyTorch, torch/utils/data/_utils/signal_handling.py and aten/src/ATen/MapAllocator.cpp
    sign("bus error", r"(?:killed by signal: bus error|unexpected bus error encountered in worker)"),
    sign("shared memory", r"insufficient shared memory \(shm\)"),
    sign("dev/shm", r"dev/shm\S{0,80}.{0,60}no space left on device"),
    sign(
        "torch_",
        r"unable to (?:write to file|allocate shared memory|open shared memory object)"
        r".{0,40}torch_\d.{0,40}no space left on device",
    ),
    # what a killed process leaves behind: torchrun, deepspeed/launcher, multiprocessing, MPI, the shell
    symptom("exitcode", r"exitcode ?: ?-[79]\b"),
    symptom("exit code -", r"\bcrashed with exit code -[79]\b"),
    symptom("sigkill", r"(?:signal 9 ?\(sigkill|signals\.sigkill|signal sigkill)"),
    symptom("137", r"exit(?:ed)?(?: with)?(?: exit)?[ _]?(?:code|status):? ?\(?137\b"),
    symptom("sigbus", r"signal 7 ?\(sigbus"),
    symptom("return code", r"return code (?:= |is |of )?-[79]\b"),
    symptom("has abruptly died during map operation"),
    symptom("sigkill(-9)"),
    symptom("signal: killed", r"\bkilled by signal: killed"),
    symptom("signal 9", r"\b(?:exited on|terminated by|killed by) signal 9\b"),
    symptom(
        "killed",
        r"^(?:\S{1,80}: line \d{1,6}: +\d{1,9} )?killed(?: \(core dumped\))?(?:$| python| torchrun"
        r"| accelerate| deepspeed| \")",
    ),
)

DISK_FULL: Final = (
    # the system, by errno
    sign("no space left on device", unless=r"dev/shm|shared memory|/?torch_\d"),
    sign("errno 28", r"\[errno 28\]", unless=r"dev/shm|shared memory|/?torch_\d"),
    sign("disk quota exceeded"),
    sign("errno 122", r"\[errno 122\]"),
    sign("there is not enough space on the disk"),
    # PyTorch, caffe2/serialize/inline_container.cc; safetensors, safetensors/src/tensor.rs
    sign("failed writing file", r"pytorchstreamwriter failed writing file"),
    sign(
        "inline_container.cc", r"inline_container\.cc:\d{1,5}\].{0,40}(?:failed writing file|unexpected pos)"
    ),
    sign("storagefull", r"kind: storagefull"),
    # datasets, builder.py
    sign("disk space", r"\b(?:not enough|insufficient) (?:free )?disk space\b"),
    # Kubernetes, pkg/kubelet/eviction/helpers.go
    sign("diskpressure", r"the node had condition: \[diskpressure\]"),
    sign("low on resource: ", r"low on resource: (?:ephemeral-storage|inodes)"),
    sign("ephemeral", r"ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit"),
    sign("exceeds the limit", r"usage of emptydir volume \S{1,80} exceeds the limit"),
    # Ray, python/ray/exceptions.py
    sign("outofdiskerror"),
    sign("full", r"\b(?:disk|filesystem|file system) (?:is )?full\b"),
    sign("please use an instance type with more ", r"please use an instance type with more (?:storage|disk)"),
    sign("out of disk space", r"\b(?:ran|run|is) out of disk space\b"),
)
