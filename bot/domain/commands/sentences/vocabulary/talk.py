"""What cannot be done, small talk, and how words stand to each other: one line for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TALK: Final[Mapping[str, str]] = {
    # what cannot be done
    "cancel": (
        "cancel; abort; kill; terminate; halt; interrupt; pause; suspend; shut down; shutdown; stop now; "
        "cancel it; kill it; stop it; stop this; stop that; stop the; end it; get rid of; freeze; "
        "kill this; kill that; kill the; abort it; end this; stop the job; stop the run; "
        "stop the training; pull the plug; nuke"
    ),
    "stop": "stop; stop please; please stop; stop pls",
    "restart": (
        "restart; rerun; re-run; retry; re-try; resume; relaunch; run again; try again; start again; "
        "start over; unpause; continue; redo; rerun it; restart it; resubmit; re-submit; kick off again; "
        "run it again; re-launch; rerun this; retry it; try it again; start it again; kick it off again; "
        "give it another go; rerunning; redo it; run this again"
    ),
    "start new": (
        "start a; start a new; start new; launch; create; submit; train a; train a new; new training; "
        "new job; start another; schedule; begin a; kick off a; start training; fine tune a; finetune; "
        "fine-tune; start one; spin up; queue a; run a new; launch a; launch a new; train another; "
        "run another; start a training; begin training; new run; kick off another"
    ),
    "delete": "delete; erase; drop; purge; wipe; destroy; clean up; get rid; archive",
    "change": (
        "change; edit; set; modify; adjust; rename; increase; decrease; lower; raise; reduce; bump; "
        "reconfigure; tweak; move; prioritize; add gpus; more gpus; scale; double; halve; swap; bump up; "
        "extend; more memory; priority; higher priority; top priority"
    ),
    "logs": (
        "logs; log; tail; stdout; stderr; console output; log file; log files; logfile; logfiles; "
        "output of; console; show logs; full log; the output"
    ),
    "download": (
        "download; export; deploy; upload; push; get the weights; get the model; copy; serve; publish; "
        "download the weights; the weights; weights; checkpoint; checkpoints; get the checkpoint; "
        "hf hub; huggingface; push to hub"
    ),
    "pause me": (
        "pause until; snooze; snooze until; mute until; quiet until; silence until; do not disturb; dnd; "
        "pause updates; pause notifications; pause mentions; pause pings; pause for; mute for; "
        "snooze for; mute everything until; mute all until; mute me until; not ping me tonight; "
        "not disturb; be quiet until; be quiet for; shut up until; shut up for; silence for; dnd until; "
        "dnd for; not ping me until; not disturb me; not message me until; stop pinging me until; "
        "hush until; quiet for; pause everything; pause all; pause my updates; pause my notifications; "
        "give me a break; need a break; take a break; need quiet; need some quiet; focus time; "
        "focus for; focus until; no pings until; no pings for"
    ),
    "resume me": (
        "unmute; unmute me; unsnooze; unsnooze me; unpause me; end my pause; end the pause; stop my pause; "
        "stop pausing; stop snoozing; resume my updates; resume updates; resume notifications; "
        "resume my notifications; wake up; i am back; im back; no longer paused; mute off; dnd off"
    ),
    # small talk
    "help": (
        "help; what can you do; what do you do; how does this work; how do you work; commands; usage; "
        "manual; how can i use you; how do i use you; how do i use this; who are you; what are you; "
        "what is this; how to use; docs; documentation; how does it work; what can i ask; what can i do; "
        "examples; instructions; how can you help; what do you know; options; help me; how do i; "
        "how can i; what is jobbot; who is this; what are you able to do; what is this bot; wtf is this; "
        "what is this thing; how does this thing work; hilfe; ayuda; guide; tutorial; get started; "
        "how to start; what are you for; faq; what else can you do; can you help me; what can jobbot do; "
        "features; what features; capabilities; what are your features; how to talk to you; "
        "what can you tell me; what can you tell; what can you show me; what else do you do; "
        "who made you; who built you; who wrote you; who created you; who runs you"
    ),
    "thanks": (
        "thanks; thank you; thx; ty; tysm; thank; cheers; thankyou; tnx; merci; danke; gracias; thanx; "
        "kudos; for the help; for your help; much appreciated; appreciated; appreciate it; nice one; "
        "great job; good job; good bot; well done; awesome; perfect; great; nice; cool; ok; okay; k; "
        "got it; understood; sounds good; super; excellent; wonderful; brilliant; amazing; love it; "
        "noted; roger; alright; all right; ok great; you are the best; many thanks; lovely; neat; "
        "good to know; will do; yay; np; no problem; never mind; nevermind; 👍; +1; 🙏; ❤; 🎉; bye; "
        "goodbye; see you; cya; good night; gn; sweet; dope; legend; much obliged; grazie; arigato; "
        "thank u; thank you so much; appreciate; rad; yep thanks; 🙌; 👏; 😍; 😀; 😊; 💯; 👌; 🥳; ♥; hero; "
        "lifesaver; you rock; you are awesome; you are great; fab; fantastic; cool beans; nvm; "
        "all clear; good stuff; way to go; bravo; kk; okey; okie; gotcha; makes sense; fair enough; "
        "that helps; that is helpful; helpful; very helpful; that is all; that is great; great news; "
        "good news; nice work; great work; good to hear; glad to hear; happy to hear; perfect thanks"
    ),
    "greeting": (
        "hi; hello; hey; hiya; howdy; yo; good morning; good evening; good afternoon; morning; hi there; "
        "hello there; hey there; greetings; good day; hola; hallo; moin; sup; gm; hi all; hey all; heya; "
        "namaste; bonjour; servus; hi bot; hello bot; hey bot; evening; how are you; welcome; mornin; "
        "guten tag; guten morgen; good afternoon all; buenos dias; ciao; salut; how is life; "
        "how is it hanging; aloha; ahoy; oi; hi jobbot; hey jobbot; hello jobbot; knock knock; "
        "you there; are you there; anybody home; anyone home; is anybody home; wassup; whassup; hey man; "
        "hi everyone; hello everyone; hey team; hello team; hi team; hi folks; are you alive; you alive; "
        "are you awake; are you ok; are you working; are you up; hola amigo"
    ),
    # how words stand to each other
    "cc": "cc; looping in; in cc; cced; for visibility; fyi only",
    "when": ("when; if; once; as soon as; whenever; in case; unless; the moment; right when; should; until"),
    "yes or no": (
        "is; are; was; were; has; have; did; does; do; still; yet; already; or not; already?; "
        "can you tell me if; could you tell me if; do you know if; tell me whether; whether; be"
    ),
    "not": "not; never; without; except; excluding; but; no longer; other than",
    "it": (
        "it; this; that; this one; that one; this job; this run; this thread; the job; the run; "
        "the training; this training; that job; that run; the experiment; its; these; those; them; "
        "this experiment; here's"
    ),
    "prose": (
        "i think; we should; lol; haha; lgtm; can someone; could someone; can somebody; anyone; anybody; "
        "i guess; imo; imho; fyi; maybe we; let us; i wonder; we could; we need; i believe; pr; review; "
        "looks good; congrats; somebody; someone; we are; he; she; they; our; i will; i have; i was; "
        "i am; let me; hahaha; rofl; ask bob; should we; shall we; we have; my favourite; my favorite; "
        "favourite; favorite; that is on me; my bad; i will rerun; i will restart; we will; meeting; "
        "the meaning of life; prolly; i am trying; will rerun; will restart; will kill; will stop; "
        "will retry; will fix; going to rerun; going to kill; going to restart; gonna rerun; gonna kill; "
        "gonna restart; we will try; will try; let me try; "
        "let me rerun; let me restart; just restarted; just killed; already restarted; "
        "i killed; i restarted; same error as yesterday; we shipped; heads up"
    ),
}
