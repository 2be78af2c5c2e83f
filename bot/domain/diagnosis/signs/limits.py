"""Signs of those who lend the machines: no more time, no more quota, somebody else goes first."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

_NO_JOB_TIME: Final = r"nccl|collective|rendezvous|socket|connect|http|request timed out|cpu time limit"
"""The time of a call between processes, or that of the processor."""

TIME_LIMIT: Final = (
    # Slurm, src/slurmd/slurmstepd/req.c; PBS, LSF and Grid Engine
    sign("due to time limit"),
    # submitit, core/job_environment.py
    sign("this job is timed-out", in_notices=True),
    sign(
        "walltime", r"walltime \S{1,20} ?(?:seconds )?exceeded|exceeded (?:the |its )?(?:requested )?walltime"
    ),
    sign("run time limit", r"reaching lsf run time limit"),
    sign("due to wall", r"due to wall ?(?:clock|time) limit"),
    sign("hard wallclock time", r"exceed(?:s|ed) hard wallclock time"),
    sign("exceeds job hard limit", r"exceeds job hard limit \W{0,2}h_rt"),
    sign("timeout", r"\b(?:job)?state ?[:=] ?timeout\b"),
    # Kubernetes, pkg/kubelet/active_deadline.go and pkg/controller/job; Kubeflow, pkg/controller
    sign("specified deadline", r"was active (?:on the node )?longer than (?:the )?specified deadline"),
    sign("deadlineexceeded", r"reason\"?[:=] ?\"?deadlineexceeded"),
    sign(
        "deadline exceeded",
        r"\b(?:\w{0,20}job|pod|workflow) (?:\S{1,60} )?(?:has )?deadline exceeded",
        unless=r"context deadline|grpc|rpc",
    ),
    sign("activedeadlineseconds", r"deadline exceeded.{0,60}activedeadlineseconds"),
    # SageMaker, AWS Batch, Vertex AI, Azure, Databricks, GitLab and GitHub runners
    sign("maxruntimeexceeded"),
    sign("max duration limit exceeded"),
    sign("exceeded its deadline", r"\b(?:workflow|step|job) exceeded its deadline"),
    sign("airflowtasktimeout"),
    sign("hit its timeout of ", r"current input hit its timeout of \d"),
    sign("duration exceeded timeout", r"job attempt duration exceeded timeout"),
    sign("longer than the maximum", r"\bran longer than the maximum time of \d"),
    sign("exceeded the maximum", r"\bhas exceeded the maximum (?:execution|run) time of \d"),
    sign("execution took longer than", r"execution took longer than \d"),
    sign("run exceeded timeout", r"\brun exceeded timeout of \d"),
    # in other words
    sign("exceeded its timeout", r"\b(?:job|run|task|workflow) exceeded its timeout of \d"),
    sign("exceeded the maximum of ", r"execution time exceeded the maximum of \d"),
    sign("job timeout ", r"\bjob timeout (?:reached|of \S{1,12} exceeded)"),
    sign("job exceeded ", r"\btimed out: job exceeded \d"),
    sign("limit ", r"\bwall[ -]?(?:clock|time) limit (?:was |is )?(?:exceeded|reached)"),
    sign("max", r"\bexceed(?:ed|ing) (?:the )?max(?:imum)?(?:_run)?[ _]duration\b"),
    sign("timed out after", r"\b(?:training|job) timed out after \d", unless=_NO_JOB_TIME),
    sign(
        "exceeded",
        r"exceeded (?:the |its |your )?(?:max(?:imum)? )?(?:allowed )?"
        r"(?:run ?time|wall ?time|wall ?clock|execution time|training time|time limit|job duration)",
        unless=_NO_JOB_TIME,
    ),
    sign(
        "max",
        r"max(?:imum)?[ _]?(?:allowed )?(?:run ?time|training time|job duration)\b"
        r".{0,40}(?:exceeded|reached)",
        unless=_NO_JOB_TIME,
    ),
    sign(
        "time limit",
        r"\b(?:reached|hit) (?:the |its )?(?:\S{1,12} )?time limit"
        r"|time limit (?:was |of .{1,20} )?(?:exceeded|reached)",
        unless=_NO_JOB_TIME,
    ),
)

PREEMPTED: Final = (
    # Slurm, src/slurmd/slurmstepd/req.c
    sign("due to preemption"),
    sign("term_preempt"),
    # Kueue, pkg/scheduler/preemption; Kubernetes, pkg/scheduler and pkg/kubelet/nodeshutdown
    sign("empted", r"\bpre-?empted (?:by|in order to|to (?:make room|accommodate)|on node)\b"),
    sign("preempt", r"\bevicted ?(?:due ?to ?|by )preempt(?:ed|ion)"),
    sign("preemptionby", r"reason\"?[:=] ?\"?preemptionby(?:kube)?scheduler"),
    sign("preempted", r"\b(?:reason|(?:job)?state)['\"]?[:=] ?['\"]?preempted\b"),
    sign("imminent node shutdown", r"terminated in response to imminent node shutdown"),
    # SkyPilot, sky/jobs/controller.py
    sign("preempted", r"\bcluster (?:is|was) preempted\b", in_notices=True),
    # EC2, Compute Engine, Azure and SageMaker
    sign(
        "instance-",
        r"instance-(?:terminated|stopped)-(?:no-capacity|by-price|by-service|capacity-oversubscribed)",
    ),
    sign("server.spotinstance"),
    sign("host ec2", r"host ec2 (?:\(instance i-\w{1,24}\) )?terminated"),
    sign(
        "interrupt",
        r"\bspot (?:instance )?interruption (?:notice |warning |payload )?(?:was )?received",
        in_notices=True,
    ),
    sign("spot", r"\bspot (?:instance )?interruption(?::| occurred| detected)"),
    sign("spot", r"\bspot (?:instance|vm|node|capacity)\b.{0,40}\b(?:interrupt|reclaim|evict|preempt)ed\b"),
    sign("compute.instances.preempted"),
    sign("reclaiming ", r"\breclaiming (?:this|your|the) spot\b"),
    sign("interrupted by the cloud provider"),
    sign("reclaimed", r"\bevicted: .{0,60}\breclaimed\b"),
    # in other words
    sign("evicted to make room for"),
    sign("spot", r"\bterminated (?:by|due to) .{0,30}\bspot (?:instance )?interruption"),
    sign("empted", r"\b(?:was|were|been|got|is being|job|node|instance|vm|task|pod) pre-?empted\b"),
)

QUOTA_EXCEEDED: Final = (
    # AWS
    sign("resourcelimitexceeded"),
    sign("account-level service limit"),
    sign("servicequotaexceeded"),
    sign("instancecountexceeded", "(?:max)?spotinstancecountexceeded"),
    sign("instancelimitexceeded"),
    sign("your quota allows for"),
    sign("vcpulimitexceeded"),
    sign("vcpu", r"requested more vcpu capacity than your current vcpu limit"),
    # Google Cloud
    sign("quota limits", r"quota metrics exceed quota limits"),
    sign("quota failure for project"),
    sign("quota", r"\bquota '?[\w.:/ -]{1,80}'? (?:is |was |has been )?exceeded\b", unless="disk quota"),
    # Azure
    sign("outofquota"),
    sign("approved", r"could not be completed as it results in exceeding approved .{1,80} quota"),
    sign("quota", r"\b\w{0,30}quota_?(?:exceeded|reached)\b"),
    sign("quota", r"\bnot (?:have )?enough (?:\w{1,20} ){0,4}quota\b"),
    sign("quota of ", r"\bquota of \d{1,9} and (?:cannot|can't) acc?omm?odate"),
    # Kubernetes, staging/src/k8s.io/apiserver/.../resourcequota; Kueue, pkg/scheduler/flavorassigner
    sign(
        "quota",
        r"\bexceed(?:s|ed|ing) (?:the |your |its |approved )?(?:[\w-]{1,40} ){0,4}quota\b",
        unless="disk quota",
    ),
    sign("insufficient", r"\binsufficient[ _](?:\w{1,20}[ _]){0,2}quota\b"),
    # Slurm, src/common/slurm_errno.c and src/slurmctld/acct_policy.c
    sign("accounting/qos policy", r"violates accounting/qos policy"),
    sign("qos", r"\bqos(?:max|grp)(?:gres|cpu|node|job|mem|tres|submit)\w{0,30}\b"),
    sign("assoc", r"\bassoc(?:max|grp)(?:gres|cpu|node|job|mem|tres|submit)\w{0,30}\b"),
    # in other words
    sign("quota", r"\bquota (?:is |was |has been )?exhausted\b", unless="disk quota"),
    sign("exceeded ", r"\bexceeded (?:your|the|its) gpu (?:allocation|limit|budget)\b"),
    sign(
        "has reached its ", r"\bhas reached its (?:\w{1,12} )?(?:gpu|compute|instance|vcpu) (?:limit|quota)"
    ),
    sign(
        "quota",
        r"(?:^|[\s:(])quota (?:has been |was |is )?exceeded\b",
        unless=r"disk quota|per (?:minute|second|day)|requests|rate limit",
    ),
)
