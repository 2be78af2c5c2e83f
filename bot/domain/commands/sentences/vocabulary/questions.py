"""What a job is in, and what is asked about jobs: one line for each thing that people mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUESTIONS: Final[Mapping[str, str]] = {
    # what a job is in
    "completed": (
        "done; finished; finish; finishes; complete; completes; completed; ready; over; succeed; "
        "succeeded; successful; successfully; success; succeeds; end; ends; ended; completion; "
        "finishing; concluded; wrapped up; fertig; listo; finito; wrap up; wraps up; wrapped; make it; "
        "made it; through; pass; passed; got completed; is through; succeeding; terminado; termine"
    ),
    "failed": (
        "failed; fail; fails; failing; failure; failures; crashed; crash; crashes; crashing; broke; "
        "broken; breaks; break; died; dies; die; dead; errored; blew up; blow up; blows up; blown up; "
        "fell over; went down; go wrong; goes wrong; gone wrong; oom; oomed; out of memory; "
        "ran out of memory; run out of memory; fails again; fail again; crapped out; blew; kaput; "
        "failings; die on me; died on me; exploded; not work; not working; killed"
    ),
    "running": (
        "running; run now; in progress; ongoing; still going; underway; under way; is training; alive; "
        "being trained; runs now; on the cluster; cooking; is cooking; up and running; humming; at work; "
        "burning gpus; using gpus; runs at the moment; laufen; who is running what; are we training; "
        "what is being trained; do we train; being worked on; training now; currently training; "
        "everyone training; everybody training; people training; everyone running; everybody running; "
        "people running; who is using; using all the gpus; hogging; hogs; hogging the gpus; "
        "hogging all the gpus; occupying; takes up; taking up"
    ),
    "started": "started; starts; start; begun; begins; begin; began; kicked off; kick off",
    "queued": (
        "queued; queue; in the queue; pending; waiting; enqueued; waits; queueing; queuing; in queue; "
        "next in line; in line; waiting for gpus; waiting for gpu; stuck in queue; stuck in the queue; "
        "up next; backlog; wait; scheduled"
    ),
    "cancelled": "cancelled; canceled; aborted; was stopped; been stopped; been killed; was killed",
    "active": "active; live; unfinished; in flight; on the go",
    # what is asked
    "why": (
        "why; how come; reason; reasons; cause; caused; root cause; what went wrong; went wrong; wrong; "
        "what is wrong; error; errors; error message; stack trace; stacktrace; traceback; explain; "
        "diagnose; diagnosis; what killed; what broke; what caused; what happened to; "
        "what happened with; what happened here; what happened there; how do i fix; how to fix; "
        "how can i fix; fix; problem; what is the matter; what crashed; exception; issue; whats wrong; "
        "for what reason; happened before; what should we do; what can we do; what do we do; "
        "what should i do; what to do; how do we fix; warum; pourquoi; por que; postmortem; post mortem; "
        "rca; autopsy; what does that mean; what does it mean; what does this mean; what does mean; "
        "any idea; any ideas; what is broken; what is up with the error; wtf happened; why so; "
        "what failed in; what do we try; what to try; what can i try; what should we try; "
        "what should i try; what next; what now; problems; issues; trouble; troubles; bad news; on fire; "
        "incidents; incident; what broke here; culprit; what is the error; errored out because; "
        "what should i change; what to change; what can i change; what do i change; "
        "what should we change; what do we change; what can we change; solution; remedy; workaround; "
        "work around; resolve; troubleshoot; what made; what brought down; what took down"
    ),
    "left": (
        "eta; how long; how much longer; how much time; time left; left; remaining; time remaining; "
        "how far; progress; percent; percentage; when will; when does; when is; when do; when can; "
        "what time; at what time; how many percent; time to go; to go; how soon; how much is left; "
        "how much more; expected to; estimated; estimate; duration; time does it; how many hours; "
        "how many minutes; until when; stuck; stalled; hanging; hung; hangs; slow; frozen; how late; "
        "finish time; end time; which step; what step; which epoch; wann; quand; cuando; wie lange; "
        "stall; stalls; any progress; tell me when will; tell me when does; taking so long; so long; "
        "on schedule; how close; almost there; nearly done; nearly there; almost done; how late is; "
        "much longer; epochs left; steps left; until it is done; and now; over soon; done soon; "
        "ready soon; why so slow; so slow; what epoch; still nothing; where is it at; what is it at; "
        "how much is done; anything yet; are we there yet; there yet"
    ),
    "state": (
        "status; state; where is the output; where is the output of; how is; how are; hows; how did; "
        "how does; how do; how was; what is up; whats up; what about; how about; show; check; check on; "
        "news; any news; update; updates; info; information; look up; lookup; look at; tell me about; "
        "see; view; open; card; details; status update; find; going on; where is; where are we; "
        "how goes; is doing; doing; what is happening; what happens; condition; current state; describe; "
        "inspect; overview; config; configuration; settings; hyperparameters; parameters; params; "
        "hyperparams; gpu; gpus; hardware; dataset; data set; base model; output path; path; "
        "where is the model; id of; what kind of; give me; pull up; read; display; list details; "
        "tell me how; any update; any updates; training on; trained on; lowdown; sitrep; the story; "
        "story; rundown; skinny; what model is; which model is; which model does; which gpu; what gpu; "
        "what gpus; which gpus; how is it going; how are things; status report; heads up on; lauft; "
        "wie lauft; wie geht; latest on; whats new with; what is new with; what is the deal; the deal; "
        "what base model is; which dataset; what dataset; update me on; update me on the status; "
        "the status of; how many gpus; how many nodes; how many steps; "
        "how are they; how are they doing; how they are; how they are doing; "
        "what about them; how about them; where are they; how do they do; how are those"
    ),
    "health": (
        "is this normal; is that normal; is it normal; this normal; that normal; it normal; is normal; "
        "normal; healthy; health; sane; all good; is all well; all well; look ok; looks ok; look okay; "
        "looks okay; look fine; looks fine; look right; looks right; look normal; looks normal; "
        "looks weird; look weird; looks odd; looks off; look off; looks bad; look bad; looks strange; "
        "looks wrong; look wrong; weird; strange; odd; fishy; suspicious; on track; is that ok; "
        "is this ok; is it ok; this ok; that ok; it ok; is ok; is okay; is fine; are we ok; "
        "everything ok; everything okay; everything fine; going well; behaving; should we kill; "
        "should we stop; should i kill; should i stop; should we cancel; should i cancel; "
        "should we abort; should i abort; should we let; should we continue; should we worry; "
        "should i worry; shall we kill; shall we stop; shall i stop; kill it or; worth continuing; "
        "worth it; still worth; let it run; keep it running; worry; worried; concerning; worrying; "
        "is that bad; is this bad; is it bad; is that good; is this good; is it good; something off; "
        "anything off; do we stop; do we kill; do i need to worry; safe to leave; do we have to stop; "
        "do we have to kill; have to stop; have to kill; must we stop; need to stop; need to kill; "
        "better stop; better kill; all jobs ok; jobs ok; all ok; jobs fine; all fine; jobs healthy; "
        "runs ok; runs fine; jobs okay; normal loss; something to worry about; anything to worry about; "
        "red flags; red flag; ok so far; fine so far; good so far; good or bad; ok or not; "
        "normal or not; thumbs up or down; looking good; looking ok; looking okay; looking fine; "
        "looking bad; looking right; looking weird; unusual; abnormal; anomaly; anomalies; unexpected; "
        "doing well; doing ok; doing fine; doing okay; in good shape; in bad shape; in trouble; "
        "everything alright; everything good; all alright; everything right; everything normal; "
        "all normal; all well here; how is this one looking; how is it looking; behave normally; "
        "behaving normally; normally"
    ),
    "then": (
        "when did; when was; when has; when have; since when; since when is; since when does; "
        "at what time did; at what time was; what time did; what time was; how long has been; "
        "how long has; how long have been; how long did; how long was; how long ago; "
        "how long is running; started at; start time; started when; finished when; ended when; "
        "failed when; completed when; when exactly did; when exactly was; how old; which day did; "
        "what day did; run time; runtime; how long took; how much time did; how long it took; begin time; "
        "run before it; running before it; last before it; survive; survived; run for; last until it"
    ),
    "who did": (
        "who started; who is running; who runs; who launched; who kicked this off; who kicked it off; "
        "who kicked that off; who submitted; who created; who owns; who ran; who made; who trained; "
        "who is training; who is responsible for; who is behind; whose; whose job; whose run; "
        "whose job is; whose run is; whose is; owner; owner of; owned by; started by; launched by; "
        "who do i ask; who to ask; who is it from; who began; who triggered; who queued; by whom; "
        "author; who kicked off; who do i talk to about; who do i talk to; who can i ask; "
        "who should i ask; contact for; who knows about; who do we ask"
    ),
    "metrics": (
        "metrics; metric; curve; curves; plot; plots; graph; graphs; chart; charts; loss curve; "
        "loss curves; training curve; training curves; converging; converge; overfitting; overfit; "
        "diverging; diverge; diverged; going down; going up; improving; plateau; plateauing; trend; "
        "learning curve; draw; visualize; numbers; converged; decreasing; increasing; dropping; "
        "exploding; nan; overfits; overfitted; spiking; spike; spikes; flat; stable; converges; "
        "learning; learns; falling; rising; flattening; descending; improve; improved; does it learn; "
        "still falling; diverges; train and val loss; train and eval loss; training and validation loss; "
        "train and validation loss; train vs eval; train vs eval loss; train vs val loss; "
        "train/val loss; train/eval loss; train and test loss; both losses; all metrics; plateaued; "
        "diverge yet; stagnating; stagnated; oscillating; underfitting; underfit"
    ),
    "compare": (
        "compare; compared; compares; comparison; vs; versus; against; difference; differences; diff; "
        "better; side by side; differ; differs; different; worse; which one is better; which is better; "
        "who is winning; who wins; who won; winning; wins; winner; beat; beats; beaten; cheaper; faster; "
        "slower; cheapest; fastest; which has lower; which has the lower; has lower; has the lower; "
        "has the lowest; what changed between; changed between; outperform; outperforms; do better; "
        "does better; did better; ahead; leading; in the lead; who leads; which leads; is lower; "
        "which is cheaper; which is faster; better one; stack up"
    ),
    "report": (
        "report; summary; summarize; summarise; cost; costs; price; expensive; gpu hours; gpu-hours; "
        "full summary; full report; how much did; write up; writeup; recap; spend; spent; gpu time; "
        "bill; money; burn; burned; tldr; tl dr; write-up; expenses; how expensive; gpu-hrs; budget; "
        "damage; breakdown; in a nutshell; nutshell"
    ),
    "list": (
        "list; ls; which jobs; what jobs; which runs; which ones; any; anything; something; everything; "
        "how many; all; every; jobs; runs; trainings; list of; what ran; what has run; what happened; "
        "what is new; experiments; do we have; what do we have; what have we; what else; nothing; ran; "
        "what all; list all; overview of; show all; tasks; do i have; have i got; what is on; "
        "what did we run; did we run; what did we train; have we completed; what have i; gimme all; "
        "batch; all of them; which of them; did we have; have we had; do we still have; will we have; "
        "did i have"
    ),
    "latest two": "last two; latest two; last 2; newest two; two latest; two newest; two last; previous two",
    "latest three": "last three; latest three; last 3; newest three; three latest; three newest; three last",
    "latest": (
        "latest; newest; most recent; last; last one; last job; last run; last training; latest one; "
        "previous job; previous run; previous one; recent one; most recently; previous; last attempt; "
        "latest attempt; newest one; freshest"
    ),
}
