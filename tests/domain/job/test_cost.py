"""Prices as the operator writes them, and what a run costs by them."""

from __future__ import annotations

import math

import pytest

from bot.domain.job.cost import Money, cost, read_price, type_name
from tests.tables import each_row

PRICES = {"h100": Money(2.5, "USD"), "rtx_4090": Money(0.4)}


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("2.49", Money(2.49)),
        (" 2.49 USD ", Money(2.49, "USD")),
        ("3EUR", Money(3, "EUR")),
        ("0.5 €", Money(0.5, "€")),
        ("0", Money(0)),
    ],
)
def test_prices_with_a_currency_or_without(text: str, price: Money) -> None:
    """Spaces do not matter."""
    assert read_price(text) == price


@each_row("text", ["", "USD", "-1", "1,5", "1e9", "inf", "2.49 usd", "2.49 US Dollars"])
def test_what_is_no_price(text: str) -> None:
    """Rather refused than misread."""
    with pytest.raises(ValueError, match=r"2\.49 USD"):
        read_price(text)


def test_cost_by_the_type_of_gpu() -> None:
    """However the type is written; nothing where the price or the hours are unknown."""
    assert cost("H100", 4, PRICES) == Money(10, "USD")
    assert cost("rtx-4090", 10, PRICES) == Money(4)
    assert cost("t4", 4, PRICES) is cost(None, 4, PRICES) is cost("h100", None, PRICES) is None
    assert cost("h100", math.inf, PRICES) is None
    assert type_name("NVIDIA A100 80GB") == "nvidia_a100_80gb"


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1234.5, "USD"), "1,234.50 USD"),
        (Money(0.004, "€"), "€0.0040"),
        (Money(0.00001), "0.000010"),
        (Money(0.000012, "USD"), "0.000012 USD"),
        (Money(5e-324), "0.000000000000"),
        (Money(0), "0.00"),
    ],
)
def test_money_in_words(money: Money, text: str) -> None:
    """Two decimals; as many as it takes where it would look like nothing."""
    assert str(money) == text
