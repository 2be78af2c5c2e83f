"""What is to be posted, and what is not: one line for each thing that people mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

UPDATES: Final[Mapping[str, str]] = {
    # what is to be posted
    "subscribe": (
        "subscribe; watch; follow; track; monitor; keep an eye; keep me posted; keep me updated; "
        "keep me in the loop; keep us posted; keep us updated; want updates; give me updates; "
        "get updates; send me updates; send updates; updates about; subscribe me; watch over; "
        "stay on top of; observe; follow up; post updates; keep watching; sub; be notified; "
        "get notified; notifications for; notifications about; notify us; tell us; let us know; "
        "alert us; ping us; notification; keep an eye on; babysit; keep tabs; keep tabs on; "
        "watch for me; stalk; look after; look out for; watch out for; supervise; keep track; "
        "keep track of; like updates; need updates; receive updates; love updates; want regular updates; "
        "want to get updates; sign me up; notified; get me notified; keep me notified"
    ),
    "notify": (
        "notify; notify me; tell me when; tell me if; tell me once; tell me as soon as; ping me; ping; "
        "let me know; inform me; inform; remind me; wake me; wake me up; text me; shout; "
        "give me a shout; give me a ping; call me; update me; warn me; warn; mention me; "
        "send me a message; say when; shout when; hit me up; hit us up; give us a ping; give us a shout; "
        "a ping; a shout; poke me; buzz me; holler; wake me if; drop me a line; drop me a message; "
        "i want to know; i wanna know; want to know if; want to know when; want to know; wanna know; "
        "let me know once; let me know if; let me know when; heads up when; heads up if; a heads up; "
        "reminder; beep me; nudge me; please to inform; tell me whenever; say something; "
        "need to know when; need to know if; would like to know when; would like to know if; "
        "like to know when; like to know if"
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
        "not want to follow; not want updates; not want to hear; not need updates; unsub; leave; enough; "
        "stop spamming; opt out; unsubscribe me; remove me; take me off; not want to watch; "
        "no longer follow; no longer watch; not alert; not message; stop sending; not care about; "
        "stop notifications; stop all; stop everything; mute all; mute everything; silence all; "
        "cancel my subscription; cancel subscription; end my subscription; cancel updates; "
        "cancel notifications; shut up; be quiet; stop all notifications; stop all updates; "
        "stop all alerts; not bother me; not bother me with; stop bugging me; stop bugging; "
        "stop bothering me; stop bothering; forget about; forget; stop spamming me; stop pestering me; "
        "not need; not need updates any; not interested; not interested in; no notifications; no pings; "
        "no messages; no mentions; no alerts; quit telling; quit pinging; quit posting; quit spamming; "
        "drop me from; not spam me; not post; stop telling me; stop pinging me; stop notifying me; "
        "stop messaging me; cut it out; leave me alone; not want any; not want more; not want any more; "
        "no further; no further updates; fed up; sick of; tired of; not send me; no updates; "
        "not want these; not want those; not want this"
    ),
    "subscriptions": (
        "subscriptions; my subscriptions; my jobs; mine; my runs; my trainings; i follow; i watch; "
        "do i follow; do i watch; am i following; am i watching; i am following; i am watching; "
        "watching for me; you watching; watching; am i subscribed; i subscribed; subscribed; my alerts; "
        "you following; i am subscribed; my subs; alerts do i have; who follows; who watches; "
        "who is subscribed; who gets updates; do i get updates; what do i get; my watches; i own; subs; "
        "what do i get notified about; what am i notified about; which notifications; "
        "what notifications; which alerts; what alerts; what updates; which updates; my notifications; "
        "my updates; alerts do i have set; notifications am i getting; notifications do i get; "
        "am i getting; do i get; have i subscribed; list my alerts; what i follow; what i watch; "
        "what i am following; what do you send; do you send me; you send me; do you ping me about; "
        "you ping me about"
    ),
    "feed": "feed; the feed; channel feed",
    "post": (
        "post; posts; announce; broadcast; share; let this channel know; tell this channel; "
        "tell us about every; tell us about all; let us know about every; let us know about all; "
        "posting; announces; tell the channel; let the channel know; inform the channel; post whenever"
    ),
    "here": (
        "here; in this channel; in the channel; to this channel; to the channel; in this room; "
        "this room; in here"
    ),
    "digest": (
        "digest; digests; daily summary; weekly summary; daily digest; weekly digest; daily report; "
        "weekly report; daily update; weekly update; a summary every day; a summary every week; "
        "summary every day; summary every week; morning summary; daily recap; weekly recap; "
        "standup summary; send a summary; post a summary; summary to this channel; weekday summary; "
        "weekday digest; monday summary; friday summary"
    ),
    "daily": (
        "daily; every day; each day; every morning; every evening; every night; each morning; "
        "day by day; everyday; daily at; once a day; per day"
    ),
    "weekly": (
        "weekly; every week; each week; mondays; every monday; on mondays; once a week; per week; each monday"
    ),
    "weekdays": (
        "every weekday; every workday; each weekday; each workday; on weekdays; weekdays; workdays; "
        "weekday; workday; monday to friday; mon-fri; monday through friday; monday - friday; "
        "every business day; business days; working days; every working day; on workdays"
    ),
    "weekday": (
        "every tuesday; every wednesday; every thursday; every friday; every saturday; every sunday; "
        "each tuesday; each wednesday; each thursday; each friday; each saturday; each sunday; "
        "on tuesdays; on wednesdays; on thursdays; on fridays; on saturdays; on sundays; tuesdays; "
        "wednesdays; thursdays; fridays; saturdays; sundays"
    ),
    "on": "turn on; switch on; enable; activate",
    "off": "off; turn off; switch off; disable; deactivate; remove",
}
