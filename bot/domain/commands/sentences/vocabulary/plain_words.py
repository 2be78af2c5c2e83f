"""Metrics by what people call them, words that say nothing, and all phrases by their first word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.commands.sentences.vocabulary.signs import SIGNS

METRIC_KEYS: Final[Mapping[str, str]] = {
    "eval loss": "eval_loss",
    "eval_loss": "eval_loss",
    "evaluation loss": "eval_loss",
    "validation loss": "eval_loss",
    "val loss": "eval_loss",
    "val_loss": "eval_loss",
    "train loss": "loss",
    "training loss": "loss",
    "train_loss": "train_loss",
    "loss": "loss",
    "losses": "loss",
    "learning rate": "learning_rate",
    "learning_rate": "learning_rate",
    "lr": "learning_rate",
    "grad norm": "grad_norm",
    "grad_norm": "grad_norm",
    "gradient norm": "grad_norm",
    "gradnorm": "grad_norm",
    "accuracy": "accuracy",
    "acc": "accuracy",
    "perplexity": "perplexity",
    "eval accuracy": "eval_accuracy",
    "reward": "reward",
    "epoch": "epoch",
}
"""What people call a metric, and its usual key."""

_FILLERS: Final = """
    a an the of for to in on at about by my me i we you your us and with from as into onto there their
    please pls plz plse kindly can could would will shall may might must want wanted wants like need
    needs give gimme get got bring just only also now right currently moment current so far again then
    than too really actually quickly quick ever today's what which who where how job run training
    train experiment task named called one ones thing stuff time bot jobbot dear mate folks guys team am
    been being go goes going up out bit much many more some anyway well tell know say ask question
    wondering wonder curious out make made take put look looking looks result results outcome exactly
    possible possibly sir madam till because since via per each very u ur r ive id ill s t re ve d ll
    had happen happened happens whole full entire hour hours minute minutes side yes yeah yep ya always
    soon late later early back yourself myself everyone available there theres lately recently recent
    ago fine good bad nicely gonna supposed seem seems appear able new work works working worked
    use using used under model models data think name id people or and lot bunch anymore longer kind
    ist est turn switch along idea q rn atm asap rly thing things pal buddy man bro dude hell heck damn
    bloody fuck fucking freaking sure confirm w/ w hm uh um er wanna lemme got gotten both
    either sometime kinda sort sorta like exactly roughly rough approximately approx day days week
    hmm oh ah wow sorry btw ugh yikes ouch messages message spam expect expects best lowest highest
    oldest longest shortest count total first channel chance
    two three pair notifications number miss missed high behave checking helping letting asking
    no between line
    place mean means reckon suppose hope hopefully guess worker folks everybody sake god please plis
    next while asleep away long taking takes take took empty
"""
_FILLER_WORDS: Final = frozenset(_FILLERS.split())

CONTRACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "what's": ("what", "is"),
    "whats": ("what", "is"),
    "how's": ("how", "is"),
    "hows": ("how", "is"),
    "where's": ("where", "is"),
    "when's": ("when", "is"),
    "who's": ("who", "is"),
    "it's": ("it", "is"),
    "that's": ("that", "is"),
    "there's": ("there", "is"),
    "let's": ("let", "us"),
    "isn't": ("is", "not"),
    "don't": ("do", "not"),
    "dont": ("do", "not"),
    "doesn't": ("does", "not"),
    "didn't": ("did", "not"),
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "hasn't": ("has", "not"),
    "i'm": ("i", "am"),
    "im": ("i", "am"),
    "i'd": ("i", "would"),
    "i've": ("i", "have"),
    "i'll": ("i", "will"),
    "we'll": ("we", "will"),
    "we're": ("we", "are"),
    "you're": ("you", "are"),
}

_MISSPELLED: Final = """
    teh:the hte:the waht:what wat:what whta:what wht:what wen:when whne:when wehn:when hwo:how hw:how owh:how
    wich:which whcih:which whihc:which wihch:which taht:that thta:that adn:and si:is iz:is fo:of ot:to
    plaese:please shwo:show tel:tell ahve:have doen:done fialed:failed runnign:running jsut:just yuo:you
    wats:whats wots:whats wiht:with whit:with lates:latest stil:still wy:why y:why whn:when hav:have
    lst:list
"""
MISSPELLED: Final[Mapping[str, str]] = dict(each.split(":") for each in _MISSPELLED.split())
"""Words that hardly can be anything else: too short to be found as slips, and read at once."""

_SLIPS: Final = """
    status list metrics compare report subscribe unsubscribe subscriptions follow watch alert feed
    digest help why error failed failures crashed running queued pending completed finished cancelled
    done today yesterday overnight loss curves jobs summary notify progress final quiet
    milestones cancel restart delete happened started start starts remaining estimate estimated training
    trainings latest newest failing waiting duration comparison compared better difference different
    stopped pause resume normal healthy remind which please until everything notifications
    updates settings configuration validation accuracy download export weekday weekdays
    january february april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday morning tonight tomorrow week weekend month crash crashes fails finish
    finishes stuck anything something nothing currently unfollow mute silence converging diverging
    overfitting curve chart report reports experiment experiments hours minutes thanks hello those there
"""
SLIPS: Final = tuple(_SLIPS.split())
"""What a word that says nothing may have been meant as."""


def _phrases() -> Mapping[str, Sequence[tuple[tuple[str, ...], str]]]:
    """By their first word, the phrases that begin with it and their sign, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for sign, line in SIGNS.items():
        for phrase in line.split(";"):
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, sign))
    for key in METRIC_KEYS:
        words = tuple(key.split())
        found.setdefault(words[0], []).append((words, "key"))
    return {first: sorted(each, key=lambda one: -len(one[0])) for first, each in found.items()}


PHRASES: Final = _phrases()


def is_filler(word: str) -> bool:
    """Whether the word says nothing about what is wanted."""
    return word in _FILLER_WORDS
