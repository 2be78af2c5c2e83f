"""Signs of machines that do not work together: drivers that do not fit, processes that lose each other."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign, symptom

_LIBRARIES: Final = (
    r"lib(?:cuda|cudart|cublas|cublaslt|cudnn\w{0,20}|nccl|nvrtc|cufft|curand|cusparse|cusolver|cupti"
    r"|nvidia-ml|nvjitlink|nvtoolsext)"
)

CUDA_DRIVER_MISMATCH: Final = (
    # CUDA's own words, by cudaGetErrorString; NVML
    sign("driver version is insufficient", r"cuda driver version is insufficient for cuda runtime"),
    sign("cudaerrorinsufficientdriver"),
    sign("no kernel image", r"no kernel image is available for execution"),
    sign("cudaerrornokernelimagefordevice"),
    sign("device kernel image is invalid"),
    sign("cuda error: invalid device function"),
    sign("unsupported toolchain", r"ptx was compiled with an unsupported toolchain"),
    sign("cudaerrorunsupportedptxversion"),
    sign("forward compatibility was attempted"),
    sign("unsupported display driver", r"system has unsupported display driver / cuda driver combination"),
    sign("version mismatch", r"(?:nvml: )?driver/library version mismatch"),
    sign("failed to initialize nvml: driver"),
    sign("cudaerrorsystemdrivermismatch"),
    sign("couldn't communicate with the nvidia driver"),
    # PyTorch, torch/csrc/cuda/Module.cpp, c10/cuda and torch/utils/cpp_extension.py
    sign("driver on your system is too old", r"nvidia driver on your system is too old"),
    sign("no nvidia driver", r"found no nvidia driver on your system"),
    sign("cuda driver initialization failed"),
    sign("torch not compiled with cuda enabled"),
    symptom("is not compatible with the current pytorch installation"),
    sign("detected cuda version", r"detected cuda version \(\S{1,8}\) mismatches the version"),
    # DeepSpeed, op_builder/builder.py; NVRTC and ptxas
    sign("cudamismatchexception"),
    sign(
        "does not match the version torch was compiled with",
        r"cuda version \S{1,8} does not match the version torch was compiled with",
    ),
    sign("gpu-architecture", r"invalid value for --gpu-architecture"),
    sign("ptxas fatal", r"ptxas fatal ?: value '\w{1,12}' is not defined for option"),
    # the loader, and the NVIDIA container toolkit
    sign("cannot open shared object", _LIBRARIES + r"\.so\S{0,12}: cannot open shared object"),
    sign("nvjitlink", r"undefined symbol: \w{0,10}nvjitlink"),
    sign("unsatisfied condition: cuda"),
    sign("nvidia-container-cli: initialization error"),
)

_NO_ROUTE: Final = r"no route to host|errno: 11[13]\b|connection refused"
"""The other machine was never reached: that is no time-out between processes that ran."""

COLLECTIVE_TIMEOUT: Final = (
    # PyTorch, torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp
    symptom("collective operation timeout", r"watchdog caught collective operation timeout"),
    symptom("timed out", r"nccl operations have failed or timed out"),
    symptom("watchdog got stuck", r"watchdog got stuck for \d{1,6} seconds"),
    symptom("heartbeat monitor timed out"),
    symptom("due to collective timeout", r"dump debug info, due to collective timeout"),
    # .../ProcessGroupGloo.cpp and gloo/transport/tcp
    symptom(
        "monitoredbarrier",
        r"failed to pass monitoredbarrier in \d{1,9} ?ms|reached monitoredbarrier, but received errors",
    ),
    symptom("timed out waiting", r"timed out waiting \d{1,9} ?ms for (?:recv|send) operation"),
    # .../TCPStore.cpp and socket.cpp
    symptom("wait timeout", r"wait timeout after \d{1,9} ?ms"),
    symptom("connect() timed out. original timeout was", unless=_NO_ROUTE),
    symptom("client socket", r"client socket has timed out after \d{1,9} ?(?:ms|s)\b", unless=_NO_ROUTE),
    symptom("socket timeout", r"(?:runtimeerror|diststoreerror|distnetworkerror|error): socket timeout"),
    symptom("waitforinput", r"waitforinput: socket .{0,160}timed out after \d{1,9} ?ms", in_notices=True),
    # torch/distributed: distributed_c10d.py, elastic/rendezvous, elastic/agent
    symptom("timed out initializing process group"),
    symptom("rendezvous", r"rendezvous(?:timeout|connection)error|rendezvous timed out"),
    symptom("c10d store", r"connection to the c10d store has failed", unless=_NO_ROUTE),
    symptom("timed out after", r"timed out after \d{1,6} seconds waiting for (?:clients|workers)"),
    symptom("barrier", r"monitored barrier reached timeout|timed out in barrier"),
    # Lightning, strategies/launchers
    symptom("deadlock detected from rank"),
    # NCCL, src/init.cc
    symptom(
        "nccl",
        r"\bnccl (?:error: |communication |operation |collective )?(?:timeout|timed out)\b",
        unless=r"timeout (?:is |was )?(?:set|raised|=|of)",
    ),
    symptom("ncclremoteerror", r"ncclremoteerror: a call failed", unless=_NO_ROUTE),
    symptom("ncclsystemerror", r"ncclsystemerror: system call", unless=_NO_ROUTE),
    symptom("remote process exited or there was a network error", unless=_NO_ROUTE),
    # Ascend's HCCL
    symptom("notify register times out"),
    symptom("getting socket times out"),
    # in other words
    symptom(
        "timed out",
        r"\b(?:all_?reduce|all_?gather|reduce_?scatter|all_?to_?all|broadcast)\w{0,12}\b.{0,60}\btimed out\b",
    ),
)
