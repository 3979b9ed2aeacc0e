"""Instruments, quotes and historical candles. INFY has traded at 10 since 09:15, 5,000 shares every 5 s."""

import datetime

from bench import DAY, INFY, NIFTY, check, equal, includes, kite, raises
from kiteconnect import exceptions

AT = datetime.datetime.fromisoformat(f"{DAY}T09:30:10")


def instruments():
    rows = kite.instruments("NSE")
    equal("instruments of NSE", [one["tradingsymbol"] for one in rows], ["INFY", "VGUARD", "NIFTY 50"])
    equal("an instrument", rows[0], {
        "instrument_token": INFY, "exchange_token": "1594", "tradingsymbol": "INFY", "name": "INFOSYS",
        "last_price": 0.0, "expiry": "", "strike": 0.0, "tick_size": 0.01, "lot_size": 1,
        "instrument_type": "EQ", "segment": "NSE", "exchange": "NSE",
    })
    includes("an index", rows[2], instrument_token=NIFTY, segment="INDICES")
    future = next(one for one in kite.instruments() if one["exchange"] == "NFO")
    includes("a future says who has derivatives", future, name="INFY", expiry=datetime.date(2026, 11, 30))


def quotes():
    equal("ltp", kite.ltp("NSE:INFY", "NSE:NOSUCH"), {"NSE:INFY": {"instrument_token": INFY, "last_price": 10}})
    equal("ohlc", kite.ohlc(["NSE:INFY"])["NSE:INFY"], {
        "instrument_token": INFY, "last_price": 10, "ohlc": {"open": 10, "high": 10, "low": 10, "close": 10},
    })
    quote = kite.quote("NSE:INFY")["NSE:INFY"]
    includes("quote", quote, instrument_token=INFY, timestamp=AT, last_trade_time=AT, last_price=10,
             last_quantity=5000, volume=915_000, average_price=10, net_change=0, oi=0,
             lower_circuit_limit=5, upper_circuit_limit=15)
    for side, total in (("buy", "buy_quantity"), ("sell", "sell_quantity")):
        levels = quote["depth"][side]
        equal(f"depth of 5: {side}", sum(one["quantity"] for one in levels), quote[total])
        equal(f"price steps: {side}", len({one["price"] for one in levels}), 5)
    check("the spread", quote["depth"]["buy"][0]["price"] < quote["depth"]["sell"][0]["price"], quote)
    index = kite.quote("NSE:NIFTY 50")["NSE:NIFTY 50"]
    check("an index has no depth", "depth" not in index and index["last_price"] == 24_000, index)


def history():
    candles = kite.historical_data(INFY, f"{DAY} 09:15:00", f"{DAY} 09:20:00", "minute")
    equal("minute candles", [one["close"] for one in candles], [10] * 6)
    equal("the first minute", candles[0], {
        "date": datetime.datetime.fromisoformat(f"{DAY}T09:15:00+05:30"),
        "open": 10, "high": 10, "low": 10, "close": 10, "volume": 60_000,
    })
    bars = kite.historical_data(INFY, AT.replace(hour=9, minute=15, second=0), AT, "5minute", oi=True)
    equal("5 minute bars", [(one["volume"], one["oi"]) for one in bars],
          [(300_000, 0), (300_000, 0), (300_000, 0), (15_000, 0)])
    days = kite.historical_data(INFY, "2026-11-16", f"{DAY} 00:00:00", "day", continuous=True)
    equal("days", len(days), 5)
    raises("too many days", exceptions.InputException, 400,
           lambda: kite.historical_data(INFY, "2026-01-01", DAY, "minute"), "interval exceeds max limit: 60 days")
    raises("an unknown interval", exceptions.InputException, 400,
           lambda: kite.historical_data(INFY, DAY, DAY, "2minute"))
