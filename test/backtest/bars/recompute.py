"""Recomputes trades of the fidelity `bars` from raw candles, in exact arithmetic and without any of Ratchet's code: entry,
stop path, exit and charges to the paisa. Reads {"folder": ..., "trades": [...]} and prints one JSON line a trade: what it
found, and the path of the stop. The rules are those of docs/backtest.md, docs/trailing.md and docs/kite.md (Charges)."""
import csv, gzip, json, sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

TICK = 5  # paise; every stock of the recorded days
SLIP = TICK
IST = timezone(timedelta(hours=5, minutes=30))
SQUARE_OFF = (15, 10)


def minutes_of(folder, symbol, date):
    """The day's candles as (epoch ms, open, high, low, close) in paise."""
    with gzip.open(Path(folder) / f"{symbol}.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["ts"].startswith(date):
                at = int(datetime.fromisoformat(row["ts"]).timestamp() * 1000)
                yield (at, *(round(Fraction(row[name]) * 100) for name in ("open", "high", "low", "close")))


def half_up(value):
    return floor(value + Fraction(1, 2))


def up_to(value, step):
    return ceil(Fraction(value) / step) * step


def down_to(value, step):
    return floor(Fraction(value) / step) * step


def part(distance, share):
    """A share of the stop's distance, in whole ticks, at least one."""
    return max(1, half_up(distance * share / TICK)) * TICK


def levels(sign, entry, stop, target, best, risk):
    """Stop and target of the default policy: active at half the risk, follows 0.8, nearest half the risk."""
    move = max(0, sign * (best - entry))
    if move < part(risk, Fraction(1, 2)) or move == 0:
        return stop, target
    initial = sign * (stop - entry)
    offset = min(initial + Fraction(4, 5) * move, move - part(risk, Fraction(1, 2)))
    offset = move - max(move - offset, TICK)
    steps = max(0, down_to(up_to(offset - initial, TICK), part(risk, Fraction(1, 5))))
    shifted = up_to(steps, TICK)
    return stop + sign * shifted, target + sign * down_to(Fraction(shifted, 2), TICK)


def charges(side, turnover):
    """One executed intraday order of 2021."""
    rate = lambda per_billion: half_up(Fraction(turnover * per_billion, 10**9))
    brokerage, exchange, sebi = min(rate(300_000), 2_000), rate(34_500), rate(1_000)
    tax = rate(250_000) if side == "SELL" else rate(30_000)
    return brokerage + exchange + sebi + tax + half_up(Fraction(18 * (brokerage + exchange + sebi), 100))


def recomputed(trade, candles):
    sign = 1 if trade["direction"] == "LONG" else -1
    rows = [row for row in candles if row[0] >= trade["entryAt"]]
    entry = rows[0][1] + sign * SLIP
    risk, reward = trade["stopDistance"], trade["targetDistance"]
    tidy = lambda price: half_up(Fraction(price, TICK)) * TICK
    first_stop, first_target = tidy(entry - sign * risk), tidy(entry + sign * reward)
    stop, target, best, path = first_stop, first_target, entry, [first_stop]
    for index, (at, opening, high, low, close) in enumerate(rows):
        clock = datetime.fromtimestamp(at / 1000, IST)
        if (clock.hour, clock.minute) >= SQUARE_OFF or index == len(rows) - 1:
            return done(trade, sign, entry, opening, "squareOff", at, path)
        prices = ([] if index == 0 else [opening]) + ([low, high] if sign == 1 else [high, low]) + [close]
        for place, price in enumerate(prices):
            if sign * (price - stop) <= 0:
                gapped = index > 0 and place == 0
                return done(trade, sign, entry, price if gapped else stop, "stop", at, path)
            if sign * (price - target) >= 0:
                return done(trade, sign, entry, target, "target", at, path)
            if sign * (price - best) > 0:
                best = price
                new_stop, new_target = levels(sign, entry, first_stop, first_target, best, risk)
                if sign * (new_stop - stop) > 0:
                    stop, target = new_stop, max(sign * new_target, sign * target) * sign
                    path.append(stop)
    raise AssertionError("a day ends")


def done(trade, sign, entry, price, reason, at, path):
    leave = price - sign * SLIP
    quantity = trade["quantity"]
    gross = sign * (leave - entry) * quantity
    sides = ("BUY", "SELL") if sign == 1 else ("SELL", "BUY")
    cost = charges(sides[0], quantity * entry) + charges(sides[1], quantity * leave)
    return {
        "intentId": trade["intentId"], "entryPrice": entry, "exitPrice": leave, "exitReason": reason, "exitAt": at,
        "grossPnl": gross, "charges": cost, "netPnl": gross - cost, "stops": path,
    }


given = json.load(sys.stdin)
for trade in given["trades"]:
    date = datetime.fromtimestamp(trade["entryAt"] / 1000, IST).date().isoformat()
    print(json.dumps(recomputed(trade, list(minutes_of(given["folder"], trade["tradingsymbol"], date)))))
