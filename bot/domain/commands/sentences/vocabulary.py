"""The words people use, as data: one line for each thing they mean; another word goes to its line.

Words are folded and bare. The longest phrase counts: ``stop following`` is not ``stop``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.commands.sentences.intents import PageAction
from bot.domain.job import JobStatus

STATUS_SIGNS: Final[Mapping[str, tuple[JobStatus, ...]]] = {
    "completed": (JobStatus.COMPLETED,),
    "failed": (JobStatus.FAILED,),
    "running": (JobStatus.RUNNING,),
    "started": (JobStatus.RUNNING,),
    "queued": (JobStatus.QUEUED,),
    "cancelled": (JobStatus.CANCELLED,),
    "active": (JobStatus.QUEUED, JobStatus.RUNNING),
}
"""Signs that are statuses too."""

DEED_SIGNS: Final[Mapping[str, PageAction]] = {
    "cancel": PageAction.CANCEL,
    "restart": PageAction.RESTART,
    "start new": PageAction.START,
    "delete": PageAction.DELETE,
    "change": PageAction.CHANGE,
    "logs": PageAction.LOGS,
    "download": PageAction.DOWNLOAD,
    "pause me": PageAction.PAUSE,
}

SIGNS: Final[Mapping[str, str]] = {
    # what a job is in
    "completed": (
        "done; finished; finish; finishes; complete; completes; completed; ready; over; succeed; "
        "succeeded; successful; successfully; success; succeeds; end; ends; ended; completion; "
        "finishing; concluded; wrapped up; fertig; listo"
    ),
    "failed": (
        "failed; fail; fails; failing; failure; failures; crashed; crash; crashes; crashing; broke; "
        "broken; breaks; break; died; dies; die; dead; errored; blew up; blow up; blows up; blown up; "
        "fell over; went down; go wrong; goes wrong; gone wrong; oom; oomed"
    ),
    "running": (
        "running; run now; in progress; ongoing; still going; underway; under way; is training; alive; "
        "being trained; runs now"
    ),
    "started": "started; starts; start; begun; begins; begin; began; kicked off; kick off",
    "queued": "queued; queue; in the queue; pending; waiting; enqueued; waits; queueing; queuing; in queue",
    "cancelled": "cancelled; canceled; aborted; was stopped; been stopped; been killed; was killed",
    "active": "active; live; unfinished",
    # what is asked
    "why": (
        "why; how come; reason; reasons; cause; caused; root cause; what went wrong; went wrong; "
        "wrong; what is wrong; error; errors; error message; stack trace; stacktrace; traceback; "
        "explain; diagnose; diagnosis; what killed; what broke; what caused; what happened to; "
        "what happened with; what happened here; what happened there; how do i fix; how to fix; "
        "how can i fix; fix; problem; what is the matter; what crashed; exception; issue; "
        "what failed in; whats wrong; for what reason; happened before; what should we do; "
        "what can we do; what do we do; what should i do; what to do; how do we fix; warum; pourquoi; por que"
    ),
    "left": (
        "eta; how long; how much longer; how much time; time left; left; remaining; time remaining; "
        "how far; progress; percent; percentage; when will; when does; when is; when do; when can; "
        "what time; at what time; how many percent; time to go; to go; how soon; how much is left; "
        "how much more; expected to; estimated; estimate; duration; time does it; how many hours; "
        "how many minutes; until when; stuck; stalled; hanging; hung; hangs; slow; frozen; how late; "
        "finish time; end time; which step; what step; which epoch; wann; quand; cuando; wie lange; "
        "stall; stalls; any progress; tell me when will; tell me when does"
    ),
    "state": (
        "status; state; is this normal; is that normal; is it normal; where is the output; "
        "where is the output of; how is; how are; hows; how did; how does; how do; how was; what is up; "
        "whats up; what about; how about; show; check; check on; news; any news; update; updates; "
        "info; information; look up; lookup; look at; tell me about; see; view; open; card; details; "
        "status update; find; going on; where is; where are we; how goes; is doing; doing; "
        "what is happening; what happens; condition; current state; describe; inspect; overview; "
        "config; configuration; settings; hyperparameters; parameters; params; hyperparams; gpu; gpus; "
        "hardware; dataset; data set; base model; output path; path; where is the model; id of; "
        "what kind of; give me; pull up; read; display; list details; tell me how; any update; "
        "any updates; training on; trained on"
    ),
    "metrics": (
        "metrics; metric; curve; curves; plot; plots; graph; graphs; chart; charts; loss curve; "
        "loss curves; training curve; training curves; converging; converge; overfitting; overfit; "
        "diverging; diverge; diverged; going down; going up; improving; plateau; plateauing; trend; "
        "learning curve; draw; visualize; numbers; converged"
    ),
    "compare": (
        "compare; compared; compares; comparison; vs; versus; against; difference; differences; diff; "
        "better; side by side; differ; differs; different; worse; which one is better; which is better"
    ),
    "report": (
        "report; summary; summarize; summarise; cost; costs; price; expensive; gpu hours; gpu-hours; "
        "full summary; full report; how much did; write up; writeup; recap; spend; spent; gpu time; "
        "bill; money; burn; burned"
    ),
    "list": (
        "list; ls; which jobs; what jobs; which runs; which ones; any; anything; something; "
        "everything; how many; all; every; jobs; runs; trainings; list of; what ran; what has run; "
        "what happened; what is new; experiments; do we have; what do we have; what have we; "
        "what else; nothing; ran; what all; list all; overview of; show all; tasks"
    ),
    "latest two": "last two; latest two; last 2; newest two; two latest; two newest; two last; previous two",
    "latest three": "last three; latest three; last 3; newest three; three latest; three newest; three last",
    "latest": (
        "latest; newest; most recent; last; last one; last job; last run; last training; latest one; "
        "previous job; previous run; previous one; recent one; most recently"
    ),
    # what is to be posted
    "subscribe": (
        "subscribe; watch; follow; track; monitor; keep an eye; keep me posted; keep me updated; "
        "keep me in the loop; keep us posted; keep us updated; want updates; give me updates; "
        "get updates; send me updates; send updates; updates about; subscribe me; watch over; "
        "stay on top of; observe; follow up; post updates; keep watching; sub; be notified; "
        "get notified; notifications for; notifications about; notify us; tell us; let us know; "
        "alert us; ping us; notification"
    ),
    "notify": (
        "notify; notify me; tell me when; tell me if; tell me once; tell me as soon as; ping me; ping; "
        "let me know; inform me; inform; remind me; wake me; wake me up; text me; shout; "
        "give me a shout; give me a ping; call me; update me; warn me; warn; mention me; "
        "send me a message; say when; shout when"
    ),
    "alert": "alert; alert me; alarm",
    "dm": "dm; dm me; message me; direct message; in a dm; by dm; pm me; privately; send me a dm; via dm",
    "final": "final; finally; at the end; only the end; final only; end only",
    "milestones": "milestones; milestone; all updates; every update",
    "quiet": "quiet; quietly; silent; silently",
    "unsubscribe": (
        "unsubscribe; unfollow; unwatch; mute; silence; stop watching; stop following; stop tracking; "
        "stop telling; stop pinging; stop notifying; stop updates; stop updating; stop the updates; "
        "stop posting; stop monitoring; stop alerting; stop messaging; no more updates; no more; "
        "no more notifications; not follow; not watch; not notify; not ping; not tell; "
        "not want to follow; not want updates; not want to hear; not need updates; unsub; leave; "
        "enough; stop spamming; opt out; unsubscribe me; remove me; take me off; not want to watch; "
        "no longer follow; no longer watch; not alert; not message; stop sending; not care about; "
        "stop notifications; stop all; stop everything; mute all; mute everything; silence all; "
        "cancel my subscription; cancel subscription; end my subscription; cancel updates; "
        "cancel notifications; shut up; be quiet; stop all notifications; stop all updates; stop all alerts"
    ),
    "subscriptions": (
        "subscriptions; my subscriptions; my jobs; mine; my runs; my trainings; i follow; i watch; "
        "do i follow; do i watch; am i following; am i watching; i am following; i am watching; "
        "watching for me; you watching; watching; am i subscribed; i subscribed; subscribed; "
        "my alerts; you following; i am subscribed; my subs; alerts do i have; who follows; "
        "who watches; who is subscribed; who gets updates; do i get updates; what do i get; "
        "my watches; i own; subs; what do i get notified about; what am i notified about"
    ),
    "feed": "feed; the feed; channel feed",
    "post": (
        "post; posts; announce; broadcast; share; let this channel know; tell this channel; "
        "tell us about every; tell us about all; let us know about every; let us know about all"
    ),
    "here": "here; in this channel; in the channel; to this channel; to the channel; in this room",
    "digest": (
        "digest; digests; daily summary; weekly summary; daily digest; weekly digest; daily report; "
        "weekly report; daily update; weekly update; a summary every day; a summary every week; "
        "summary every day; summary every week; morning summary; daily recap; weekly recap; "
        "standup summary"
    ),
    "daily": (
        "daily; every day; each day; every morning; every evening; every night; each morning; "
        "day by day; everyday; daily at; once a day; per day; every workday; every weekday; on weekdays"
    ),
    "weekly": "weekly; every week; each week; mondays; every monday; on mondays; once a week; per week",
    "on": "turn on; switch on; enable; activate",
    "off": "off; turn off; switch off; disable; deactivate; remove",
    # what cannot be done
    "cancel": (
        "cancel; abort; kill; terminate; halt; interrupt; pause; suspend; shut down; shutdown; "
        "stop now; cancel it; kill it; stop it; stop this; stop that; stop the; end it; get rid of; "
        "freeze"
    ),
    "stop": "stop; stop please; please stop; stop pls",
    "restart": (
        "restart; rerun; re-run; retry; re-try; resume; relaunch; run again; try again; start again; "
        "start over; unpause; continue; redo; rerun it; restart it; resubmit; re-submit; "
        "kick off again; run it again"
    ),
    "start new": (
        "start a; start a new; start new; launch; create; submit; train a; train a new; new training; "
        "new job; start another; schedule; begin a; kick off a; start training; fine tune a; finetune; "
        "fine-tune; start one; spin up; queue a; run a new"
    ),
    "delete": "delete; erase; drop; purge; wipe; destroy; clean up; get rid; archive",
    "change": (
        "change; edit; set; modify; adjust; rename; increase; decrease; lower; raise; reduce; bump; "
        "reconfigure; tweak; move; prioritize; add gpus; more gpus; scale"
    ),
    "logs": (
        "logs; log; tail; stdout; stderr; console output; log file; log files; logfile; logfiles; "
        "output of; console; show logs; full log; the output"
    ),
    "download": (
        "download; export; deploy; upload; push; get the weights; get the model; copy; serve; publish"
    ),
    "pause me": (
        "pause until; snooze; snooze until; mute until; quiet until; silence until; do not disturb; dnd; "
        "pause updates; pause notifications; pause mentions; pause pings; pause for; mute for; snooze for; "
        "mute everything until; mute all until; mute me until; not ping me tonight; not disturb"
    ),
    # small talk
    "help": (
        "help; what can you do; what do you do; how does this work; how do you work; commands; usage; "
        "manual; how can i use you; how do i use you; how do i use this; who are you; what are you; "
        "what is this; how to use; docs; documentation; how does it work; what can i ask; "
        "what can i do; examples; instructions; how can you help; what do you know; options; help me; "
        "how do i; how can i; what is jobbot; who is this"
    ),
    "thanks": (
        "thanks; thank you; thx; ty; tysm; thank; cheers; thankyou; tnx; merci; danke; gracias; thanx; "
        "kudos; for the help; for your help; much appreciated; appreciated; appreciate it; nice one; "
        "great job; good job; good bot; well done; awesome; perfect; great; nice; cool; ok; okay; k; "
        "got it; understood; sounds good; super; excellent; wonderful; brilliant; amazing; love it; "
        "noted; roger; alright; all right; ok great; you are the best; many thanks; lovely; neat; "
        "good to know; will do; yay; np; no problem; never mind; nevermind; 👍; +1; 🙏; ❤; 🎉"
    ),
    "greeting": (
        "hi; hello; hey; hiya; howdy; yo; good morning; good evening; good afternoon; morning; "
        "hi there; hello there; hey there; greetings; good day; hola; hallo; moin; sup; gm; hi all; "
        "hey all; heya; namaste; bonjour; servus; hi bot; hello bot; hey bot; evening; how are you; "
        "welcome"
    ),
    # how words stand to each other
    "when": ("when; if; once; as soon as; whenever; in case; unless; the moment; right when; should; until"),
    "yes or no": (
        "is; are; was; were; has; have; did; does; do; still; yet; already; or not; already?; "
        "can you tell me if; could you tell me if; do you know if; tell me whether; whether; be"
    ),
    "not": "not; never; without; except; excluding; but",
    "it": (
        "it; this; that; this one; that one; this job; this run; this thread; the job; the run; "
        "the training; this training; that job; that run; the experiment; its; these; those; them; "
        "this experiment; here's"
    ),
    "prose": (
        "i think; we should; lol; haha; lgtm; can someone; could someone; can somebody; anyone; "
        "anybody; i guess; imo; imho; fyi; btw; maybe we; let us; i wonder; we could; we need; "
        "i believe; pr; review; looks good; wow; hmm; oh; ah; sorry; congrats; somebody; someone; "
        "we are; he; she; they; our; i will; i have; i was; i am; let me; hahaha; rofl; ask bob; "
        "should we; shall we; we have"
    ),
}
"""By sign, the words and phrases that mean it."""
