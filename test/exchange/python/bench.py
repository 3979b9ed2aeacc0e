"""What the conformance checks share: the exchange's addresses, a client, and the market's clock.

The exchange is started by pythonClient.test.ts with its clock held, so time passes only by `play` and
prices move only by `price`: every figure below can be worked out by hand.
"""

import json
import os
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

from kiteconnect import KiteConnect, exceptions

ROOT, TICKER = os.environ["PAPER_REST"], os.environ["PAPER_TICKER"]
KEY, SECRET, TOKEN = os.environ["PAPER_KEY"], os.environ["PAPER_SECRET"], os.environ["PAPER_TOKEN"]
DAY = os.environ["PAPER_DATE"]
INFY, NIFTY = 408065, 256265

kite = KiteConnect(api_key=KEY, access_token=TOKEN, root=ROOT)


def admin(call, **body):
    method, path = call.split(" ")
    request = urllib.request.Request(
        ROOT + path, method=method, data=json.dumps(body).encode(), headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["data"]


def request_token():
    """The redirect of the login page, followed as a browser does."""
    with urllib.request.urlopen(f"{ROOT}/connect/login?v=3&api_key={KEY}&auto=1") as response:
        return parse_qs(urlsplit(response.url).query)["request_token"][0]


def play(ms):
    """Lets market time pass."""
    admin("POST /paper/clock/advance", ms=ms)


def price(value, volume, symbol="INFY"):
    admin("POST /paper/price", tradingsymbol=symbol, price=value, volume=volume)


def check(name, condition, seen=None):
    if not condition:
        raise AssertionError(f"{name}: saw {seen!r}")
    print(f"ok {name}", flush=True)


def equal(name, seen, expected):
    check(name, seen == expected, f"{seen!r} instead of {expected!r}")


def includes(name, row, /, **expected):
    """The row has these values; what else it has is not looked at."""
    wrong = {key: row.get(key, "nothing") for key, value in expected.items() if row.get(key) != value}
    check(name, wrong == {}, wrong)


def raises(name, kind, code, act, message=None):
    try:
        act()
    except exceptions.KiteException as error:
        check(name, type(error) is kind and error.code == code, (type(error), error.code, str(error)))
        check(f"{name}: its message", message is None or message in str(error), str(error))
        return
    raise AssertionError(f"{name}: nothing was raised")


def wait_for(name, condition):
    """For what arrives over the socket. The deadline only ends a broken run."""
    deadline = time.time() + 60
    while time.time() < deadline:
        if condition():
            check(name, True)
            return
        time.sleep(0.01)
    raise AssertionError(f"{name}: did not come true within 60 s")


def place(**more):
    order = dict(
        variety="regular", exchange="NSE", tradingsymbol="INFY", transaction_type="BUY",
        quantity=10, product="MIS", order_type="LIMIT", price=9.0,
    )
    order.update(more)
    return kite.place_order(**order)


def row(order_id):
    return next(one for one in kite.orders() if one["order_id"] == order_id)


def status(order_id):
    return row(order_id)["status"]


def statuses(order_id):
    return [one["status"] for one in kite.order_history(order_id)]
