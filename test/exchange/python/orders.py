"""Every order verb: refusals, an order's life, changes, stops, varieties, and the books they leave."""

import datetime

from bench import admin, check, equal, includes, kite, place, play, price, raises, row, status, statuses
from kiteconnect import exceptions

OPENING = ["PUT ORDER REQ RECEIVED", "VALIDATION PENDING", "OPEN PENDING", "OPEN"]


def refusals():
    stop = dict(order_type="SL", transaction_type="SELL")
    for name, kind, message, terms in (
        ("market without protection", exceptions.InputException, "Market orders without market protection are not allowed via API.", dict(order_type="MARKET", price=None)),
        ("off the tick", exceptions.InputException, "Invalid `price`.", dict(price=9.005)),
        ("beyond the band", exceptions.OrderException, "current upper circuit limit of 15", dict(price=16)),
        ("too many shares", exceptions.InputException, "Maximum quantity per order for Equity is 1,00,000", dict(quantity=100_001)),
        ("a stop above the price", exceptions.InputException, "lower than the last traded price", dict(stop, trigger_price=11, price=10.9)),
        ("an unknown stock", exceptions.InputException, "expired or does not exist", dict(tradingsymbol="NOSUCH")),
        ("a tag of 21", exceptions.InputException, "`tag`", dict(tag="x" * 21)),
        ("no such product", exceptions.InputException, "`product`", dict(product="XYZ")),
        ("an index", exceptions.InputException, "Indices", dict(tradingsymbol="NIFTY 50")),
        ("a cover order", exceptions.InputException, "Cover orders are blocked", dict(variety="co", trigger_price=8.9)),
        ("an after-market order in the session", exceptions.OrderException, "After market orders", dict(variety="amo")),
        ("an auction order", exceptions.InputException, "No auction", dict(variety="auction", auction_number="1")),
    ):
        raises(name, kind, 400, lambda terms=terms: place(**terms), message)
    raises("another exchange", exceptions.PermissionException, 403, lambda: place(exchange="BSE"))
    raises("an unknown order", exceptions.OrderException, 400, lambda: kite.order_history("1"), "Couldn't find that")
    equal("none of them is in the book", kite.orders(), [])


def life():
    order_id = place(tag="intent1", quantity=7)
    equal("at once", status(order_id), "PUT ORDER REQ RECEIVED")
    play(1_000)
    equal("a limit rests", statuses(order_id), OPENING)
    includes("its row", row(order_id), placed_by="PX0001", variety="regular", exchange="NSE", validity="DAY",
             tradingsymbol="INFY", order_type="LIMIT", transaction_type="BUY", product="MIS", quantity=7,
             price=9.0, trigger_price=0, average_price=0, filled_quantity=0, pending_quantity=7,
             cancelled_quantity=0, market_protection=0, tag="intent1", tags=["intent1"], meta={},
             parent_order_id=None, status_message=None, modified=False)
    check("its times", isinstance(row(order_id)["order_timestamp"], datetime.datetime))
    check("19 digits", len(order_id) == 19 and order_id.isdigit(), order_id)
    equal("cancel", kite.cancel_order("regular", order_id), order_id)
    equal("is on its way", status(order_id), "CANCEL PENDING")
    play(1_000)
    includes("cancelled", row(order_id), status="CANCELLED", cancelled_quantity=7, filled_quantity=0)
    raises("cancelled twice", exceptions.OrderException, 400, lambda: kite.exit_order("regular", order_id))
    bought = place(order_type="MARKET", price=None, market_protection=2)
    play(1_000)
    includes("a market order is a limit at its protection price", row(bought), status="COMPLETE",
             order_type="LIMIT", price=10.2, filled_quantity=10, meta_raw={"tags": ["mktp", "mktp:2.00"]})
    immediate = place(validity="IOC", price=9.0)
    timed = place(validity="TTL", validity_ttl=2, price=9.0)
    play(119_000)
    includes("immediate or cancel", row(immediate), status="CANCELLED", validity="IOC")
    equal("a time to live is not over", status(timed), "OPEN")
    play(2_000)
    includes("and then is", row(timed), status="CANCELLED", validity_ttl=2)
    rejected = place(quantity=99_999, price=10)
    equal("no money: accepted first", status(rejected), "PUT ORDER REQ RECEIVED")
    play(1_000)
    includes("and rejected later", row(rejected), status="REJECTED", pending_quantity=0)
    check("with both messages", row(rejected)["status_message_raw"].startswith("RMS:Margin Exceeds,Required:"))


def changes():
    order_id = place()
    play(1_000)
    equal("modify", kite.modify_order("regular", order_id, price=9.1, quantity=12), order_id)
    includes("the old terms hold until it arrives", row(order_id), price=9.0, quantity=10)
    play(1_000)
    equal("its steps", statuses(order_id)[4:], ["MODIFY VALIDATION PENDING", "MODIFY PENDING", "MODIFIED", "OPEN"])
    includes("the new terms", row(order_id), price=9.1, quantity=12, modified=True, status="OPEN")
    raises("to market without protection", exceptions.InputException, 400,
           lambda: kite.modify_order("regular", order_id, order_type="MARKET"))
    raises("to a stop", exceptions.InputException, 400,
           lambda: kite.modify_order("regular", order_id, order_type="SL", trigger_price=11, price=11.1))
    kite.modify_order("regular", order_id, order_type="MARKET", market_protection=1)
    play(1_000)
    includes("to market", row(order_id), status="COMPLETE", order_type="LIMIT", price=10.1)
    admin("POST /paper/fill-limit", quantity=3)
    partial = place(price=10.2)
    play(1_000)
    includes("a partial fill has no status of its own", row(partial), status="OPEN", filled_quantity=3, pending_quantity=7)
    kite.cancel_order("regular", partial)
    play(1_000)
    includes("cancelled with a part filled", row(partial), status="CANCELLED", filled_quantity=3, cancelled_quantity=7)
    admin("POST /paper/fill-limit")


def stops():
    stop = place(order_type="SL", transaction_type="SELL", trigger_price=9.0, price=8.95)
    short = place(order_type="SL-M", price=None, trigger_price=11.5, market_protection=2)
    play(1_000)
    includes("a stop waits", row(stop), status="TRIGGER PENDING", trigger_price=9.0, price=8.95)
    includes("so does a market stop", row(short), status="TRIGGER PENDING", order_type="SL-M")
    price(11, 60_000)
    kite.modify_order("regular", stop, trigger_price=10.0, price=9.95, order_type="SL")
    play(1_000)
    includes("it trails", row(stop), status="TRIGGER PENDING", trigger_price=10.0, price=9.95)
    price(10, 60_000)
    includes("it triggers and sells", row(stop), status="COMPLETE", average_price=10.0)
    price(11.5, 60_000)
    includes("the other buys at its protection price or better", row(short), status="COMPLETE", order_type="LIMIT", price=11.73)
    price(10, 60_000)


def varieties():
    first = place(variety="iceberg", quantity=12_000, iceberg_legs=3, iceberg_quantity=4_000, price=10.2)
    play(120_000)
    legs = [one for one in kite.orders() if first in (one["order_id"], one["parent_order_id"])]
    equal("iceberg legs", [(one["status"], one["quantity"]) for one in legs], [("COMPLETE", 4_000)] * 3)
    equal("the first leg's plan", legs[0]["meta"], {"iceberg": {
        "leg": 1, "legs": 3, "leg_quantity": 4_000, "total_quantity": 12_000, "remaining_quantity": 8_000}})
    answer = kite.place_autoslice_order(
        variety="regular", exchange="NSE", tradingsymbol="INFY", transaction_type="BUY",
        quantity=250_000, product="MIS", order_type="LIMIT", price=5.0)
    equal("autoslice", [sorted(child) for child in answer["children"]], [["order_id"], ["order_id"]])
    play(1_000)
    slices = [answer["order_id"]] + [child["order_id"] for child in answer["children"]]
    check("the slices", sum(row(one)["quantity"] for one in slices) == 250_000)
    check("the ones there is money for rest", {status(one) for one in slices} <= {"OPEN", "REJECTED"})
    for one in slices:
        if status(one) == "OPEN":
            kite.cancel_order("regular", one)
    play(1_000)


def books():
    trades = kite.trades()
    for order in kite.orders():
        own = kite.order_trades(order["order_id"])
        equal(f"trades of {order['order_id'][-2:]}", own, [one for one in trades if one["order_id"] == order["order_id"]])
        filled = sum(one["quantity"] for one in own)
        check("sum to its filled quantity", filled == order["filled_quantity"], own)
        if filled:
            average = sum(one["quantity"] * one["average_price"] for one in own) / filled
            check("and to its average price", abs(average - order["average_price"]) < 1e-4, order)
    check("a trade's times", isinstance(trades[0]["fill_timestamp"], datetime.datetime), trades[0])
    net = sum(one["quantity"] * (1 if one["transaction_type"] == "BUY" else -1) for one in trades)
    equal("positions follow the trades", sum(one["quantity"] for one in kite.positions()["net"]), net)
    sell = place(order_type="LIMIT", transaction_type="SELL", quantity=net, price=9.5)
    play(60_000)
    includes("flat again", row(sell), status="COMPLETE")
    equal("nothing is open", [one["quantity"] for one in kite.positions()["net"]], [0])
