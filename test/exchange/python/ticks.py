"""The ticker in all its modes, with golden values, and order updates."""

import datetime
import threading

from bench import DAY, INFY, KEY, NIFTY, TICKER, TOKEN, check, equal, kite, place, play, price, wait_for
from kiteconnect import KiteTicker

AT = datetime.datetime.fromisoformat(f"{DAY}T09:30:10")


class Stream:
    """A connected ticker and all it was told."""

    def __init__(self, token=TOKEN):
        self.ticks, self.updates, self.errors = [], [], []
        self.connected = threading.Event()
        self.ticker = KiteTicker(KEY, token, root=TICKER.rstrip("/"), reconnect=False)
        self.ticker.on_connect = lambda ws, response: self.connected.set()
        self.ticker.on_ticks = lambda ws, ticks: self.ticks.extend(ticks)
        self.ticker.on_order_update = lambda ws, order: self.updates.append(order)
        self.ticker.on_error = lambda ws, code, reason: self.errors.append(reason)
        self.ticker.connect(threaded=True)

    def last(self, token, mode):
        found = [one for one in self.ticks if one["instrument_token"] == token and one["mode"] == mode]
        return found[-1] if found else None


stream = Stream()


def golden():
    check("ticker connects", stream.connected.wait(60))
    price(10.5, 500), price(9.8, 300), price(10.2, 200)
    price(24_120.5, 0, "NIFTY 50")
    for mode in (stream.ticker.MODE_LTP, stream.ticker.MODE_QUOTE, stream.ticker.MODE_FULL):
        stream.ticker.subscribe([INFY, NIFTY])
        stream.ticker.set_mode(mode, [INFY, NIFTY])
        for token in (INFY, NIFTY):
            wait_for(f"{token} in {mode} mode", lambda: stream.last(token, mode))
    equal("ltp", stream.last(INFY, "ltp"), {
        "tradable": True, "mode": "ltp", "instrument_token": INFY, "last_price": 10.2,
    })
    equal("ltp of an index", stream.last(NIFTY, "ltp"), {
        "tradable": False, "mode": "ltp", "instrument_token": NIFTY, "last_price": 24_120.5,
    })
    full, rest = stream.last(INFY, "full"), kite.quote("NSE:INFY")["NSE:INFY"]
    quote = {
        "tradable": True, "mode": "quote", "instrument_token": INFY, "last_price": 10.2,
        "last_traded_quantity": 200, "average_traded_price": 10.0, "volume_traded": 916_000,
        "total_buy_quantity": rest["buy_quantity"], "total_sell_quantity": rest["sell_quantity"],
        "ohlc": {"open": 10.0, "high": 10.5, "low": 9.8, "close": 10.0}, "change": (10.2 - 10.0) * 100 / 10.0,
    }
    equal("quote", stream.last(INFY, "quote"), quote)
    equal("full", full, {
        **quote, "mode": "full", "last_trade_time": AT, "exchange_timestamp": AT,
        "oi": 0, "oi_day_high": 0, "oi_day_low": 0, "depth": rest["depth"],
    })
    equal("five levels a side", [len(full["depth"][side]) for side in ("buy", "sell")], [5, 5])
    index = {
        "tradable": False, "mode": "quote", "instrument_token": NIFTY, "last_price": 24_120.5,
        "ohlc": {"open": 24_000.0, "high": 24_120.5, "low": 24_000.0, "close": 24_000.0},
        "change": (24_120.5 - 24_000.0) * 100 / 24_000.0,
    }
    equal("quote of an index", stream.last(NIFTY, "quote"), index)
    equal("full of an index", stream.last(NIFTY, "full"), {**index, "mode": "full", "exchange_timestamp": AT})


def modes():
    stream.ticker.unsubscribe([INFY, NIFTY])
    stream.ticker.subscribe([INFY])
    wait_for("a subscription starts in quote mode", lambda: stream.ticks[-1]["mode"] == "quote")
    stream.ticker.unsubscribe([INFY])
    stream.ticker.set_mode(stream.ticker.MODE_LTP, [NIFTY])
    wait_for("the mode alone subscribes", lambda: stream.ticks[-1]["instrument_token"] == NIFTY)
    before = len(stream.ticks)
    price(10, 100)
    price(24_000, 0, "NIFTY 50")
    wait_for("ticks of what is subscribed", lambda: len(stream.ticks) > before)
    equal("and of nothing else", {one["instrument_token"] for one in stream.ticks[before:]}, {NIFTY})
    refused = Stream(token="wrong")
    wait_for("a wrong token is refused", lambda: refused.errors)
    check("with 403", "403" in str(refused.errors[0]), refused.errors)


def updates():
    stream.updates.clear()
    resting = place(price=9.0)
    play(1_000)
    bought = place(price=10.2, quantity=5)
    play(1_000)
    kite.modify_order("regular", resting, price=9.1)
    play(1_000)
    kite.cancel_order("regular", resting)
    play(1_000)
    rejected = place(quantity=99_999, price=10)
    play(1_000)
    wait_for("order updates", lambda: len(stream.updates) >= 4)
    equal("their order and status", [(one["order_id"], one["status"]) for one in stream.updates], [
        (bought, "COMPLETE"), (resting, "UPDATE"), (resting, "CANCELLED"), (rejected, "REJECTED"),
    ])
    complete, _, cancelled, refused = stream.updates
    equal("the postback's own fields", {key: complete[key] for key in (
        "user_id", "checksum", "filled_quantity", "unfilled_quantity", "pending_quantity")}, {
        "user_id": "PX0001", "checksum": "", "filled_quantity": 5, "unfilled_quantity": 0, "pending_quantity": 0})
    equal("the cancelled quantity", cancelled["cancelled_quantity"], 10)
    check("the reason", refused["status_message"].startswith("Insufficient funds."), refused)
    place(transaction_type="SELL", quantity=5, price=9.8)
    play(1_000)
    wait_for("the exit's update", lambda: len(stream.updates) >= 5)
