"""The official Python client, unmodified but for its root address, against the paper exchange.

Run by pythonClient.test.ts with the addresses in the environment. Prints one line per check; the first
failure ends it with a traceback and exit code 1.
"""

import datetime
import os
import sys
import threading
import time

from kiteconnect import KiteConnect, KiteTicker, exceptions

ROOT, TICKER = os.environ["PAPER_REST"], os.environ["PAPER_TICKER"]
KEY, SECRET, TOKEN = os.environ["PAPER_KEY"], os.environ["PAPER_SECRET"], os.environ["PAPER_TOKEN"]
DAY = os.environ["PAPER_DATE"]
INFY = 408065

kite = KiteConnect(api_key=KEY, access_token=TOKEN, root=ROOT)


def check(name, condition, seen=None):
    if not condition:
        raise AssertionError(f"{name}: saw {seen!r}")
    print(f"ok {name}", flush=True)


def wait_for(name, condition):
    deadline = time.time() + 60
    while time.time() < deadline:
        seen = condition()
        if seen:
            check(name, True)
            return seen
        time.sleep(0.02)
    raise AssertionError(f"{name}: did not come true within 60 s")


def place(**more):
    order = dict(
        variety="regular", exchange="NSE", tradingsymbol="INFY", transaction_type="BUY",
        quantity=10, product="MIS", order_type="LIMIT", price=9.0,
    )
    order.update(more)
    return kite.place_order(**order)


def status(order_id):
    return next(row["status"] for row in kite.orders() if row["order_id"] == order_id)


def session():
    check("profile", kite.profile()["user_id"] == "PX0001")
    margins = kite.margins("equity")
    check("margins", margins["net"] == margins["available"]["live_balance"], margins)
    try:
        KiteConnect(api_key=KEY, access_token="wrong", root=ROOT).profile()
        check("a wrong token raises TokenException", False)
    except exceptions.TokenException as error:
        check("a wrong token raises TokenException", error.code == 403, error.code)


def market():
    rows = kite.instruments("NSE")
    infy = next(row for row in rows if row["tradingsymbol"] == "INFY")
    check("instruments", infy["instrument_token"] == INFY and infy["tick_size"] == 0.01, infy)
    check("ltp", kite.ltp("NSE:INFY", "NSE:NOSUCH") == {"NSE:INFY": {"instrument_token": INFY, "last_price": 10}})
    check("ohlc", kite.ohlc(["NSE:INFY"])["NSE:INFY"]["ohlc"] == {"open": 10, "high": 10, "low": 10, "close": 10})
    quote = kite.quote("NSE:INFY")["NSE:INFY"]
    check("quote depth", len(quote["depth"]["buy"]) == 5 and isinstance(quote["timestamp"], datetime.datetime), quote)
    candles = kite.historical_data(INFY, f"{DAY} 09:15:00", f"{DAY} 09:20:00", "minute")
    check("historical", [row["close"] for row in candles] == [10] * 6, candles)
    check("historical date", candles[0]["date"].isoformat() == f"{DAY}T09:15:00+05:30", candles[0])


def orders():
    try:
        place(order_type="MARKET", price=None)
        check("market without protection raises InputException", False)
    except exceptions.InputException as error:
        check("market without protection raises InputException", error.code == 400, error.code)
    resting = place(tag="mine")
    wait_for("LIMIT rests", lambda: status(resting) == "OPEN")
    check("modify", kite.modify_order("regular", resting, price=9.1) == resting)
    wait_for("modified", lambda: kite.order_history(resting)[-1]["price"] == 9.1)
    check("cancel", kite.cancel_order("regular", resting) == resting)
    wait_for("cancelled", lambda: status(resting) == "CANCELLED")
    statuses = [row["status"] for row in kite.order_history(resting)]
    check("history", statuses[:4] == ["PUT ORDER REQ RECEIVED", "VALIDATION PENDING", "OPEN PENDING", "OPEN"], statuses)
    bought = place(order_type="LIMIT", price=10.2)
    wait_for("marketable LIMIT completes", lambda: status(bought) == "COMPLETE")
    trade = kite.order_trades(bought)[0]
    check("trades", trade["quantity"] == 10 and isinstance(trade["fill_timestamp"], datetime.datetime), trade)
    check("positions", [row["quantity"] for row in kite.positions()["net"]] == [10])
    stop = place(order_type="SL", transaction_type="SELL", trigger_price=9.5, price=9.4)
    wait_for("SL waits", lambda: status(stop) == "TRIGGER PENDING")
    rejected = place(quantity=99_999, price=10)
    wait_for("RMS rejects later", lambda: status(rejected) == "REJECTED")


def money():
    order = dict(
        exchange="NSE", tradingsymbol="INFY", transaction_type="BUY", variety="regular", product="MIS",
        order_type="LIMIT", quantity=100, price=10, trigger_price=0,
    )
    check("order margins", kite.order_margins([order])[0]["total"] == 200)
    basket = kite.basket_order_margins([order, dict(order, transaction_type="SELL")])
    check("basket margins", basket["initial"]["total"] >= basket["final"]["total"], basket)
    note = [dict(order, order_id="1", average_price=10, quantity=10_000)]
    check("virtual contract note", kite.get_virtual_contract_note(note)[0]["charges"]["brokerage"] == 20)
    check("holdings", kite.holdings() == [])


def gtt():
    leg = dict(transaction_type="BUY", quantity=1, order_type="LIMIT", product="CNC", price=9)
    wish = dict(trigger_type=kite.GTT_TYPE_SINGLE, tradingsymbol="INFY", exchange="NSE", last_price=10)
    made = kite.place_gtt(trigger_values=[9], orders=[leg], **wish)
    check("gtt", kite.get_gtt(made["trigger_id"])["status"] == "active")
    kite.modify_gtt(made["trigger_id"], trigger_values=[8.5], orders=[leg], **wish)
    check("gtt modified", kite.get_gtt(made["trigger_id"])["condition"]["trigger_values"] == [8.5])
    kite.delete_gtt(made["trigger_id"])
    check("gtt deleted", kite.get_gtts()[0]["status"] == "deleted")


def ticker():
    seen, updates, connected = {}, [], threading.Event()
    stream = KiteTicker(KEY, TOKEN, root=TICKER.rstrip("/"), reconnect=False)
    stream.on_connect = lambda ws, response: connected.set()
    stream.on_ticks = lambda ws, ticks: seen.update({tick["mode"]: tick for tick in ticks})
    stream.on_order_update = lambda ws, order: updates.append(order)
    stream.connect(threaded=True)
    check("ticker connects", connected.wait(30))
    for mode in (stream.MODE_LTP, stream.MODE_QUOTE, stream.MODE_FULL):
        stream.subscribe([INFY])
        stream.set_mode(mode, [INFY])
        wait_for(f"ticks in {mode} mode", lambda: mode in seen)
    check("ltp golden", seen["ltp"] == {
        "tradable": True, "mode": "ltp", "instrument_token": INFY, "last_price": 10.0}, seen["ltp"])
    quote, full = seen["quote"], seen["full"]
    check("quote golden", quote["ohlc"] == {"open": 10, "high": 10, "low": 10, "close": 10}, quote)
    check("quote average", quote["average_traded_price"] == 10 and quote["change"] == 0, quote)
    check("full golden", len(full["depth"]["buy"]) == 5 and full["depth"]["sell"][0]["quantity"] > 0, full)
    order_id = place(price=10.2)
    wait_for("order update", lambda: [one for one in updates if one["order_id"] == order_id])
    check("order update is the completion", updates[-1]["status"] == "COMPLETE", updates[-1])
    stream.close()


def login():
    fresh = KiteConnect(api_key=KEY, root=ROOT)
    made = fresh.generate_session("request", api_secret=SECRET)
    check("login", len(made["access_token"]) == 32 and fresh.profile()["broker"] == "ZERODHA")
    check("logout", fresh.invalidate_access_token() is True)


for part in (session, market, orders, money, gtt, ticker, login):
    part()
sys.stdout.flush()
os._exit(0)
