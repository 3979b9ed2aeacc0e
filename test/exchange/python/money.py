"""Positions, holdings, conversion, funds, margins, charges, GTT, and what errors look like."""

from bench import admin, check, equal, includes, kite, place, play, price, raises
from kiteconnect import exceptions


def portfolio():
    place(price=10.2, quantity=100)
    play(1_000)
    price(11, 60_000)
    position = kite.positions()["net"][0]
    value = position["sell_value"] - position["buy_value"]
    check("value", abs(position["value"] - value) < 1e-6, position)
    check("pnl", abs(position["pnl"] - (value + position["quantity"] * position["last_price"])) < 1e-6, position)
    check("m2m", abs(position["m2m"] - (position["sell_m2m"] - position["buy_m2m"] + position["quantity"] * 11)) < 1e-6)
    equal("all of it is unrealised", (position["unrealised"], position["realised"]), (position["pnl"], 0))
    includes("the day's side", position, product="MIS", quantity=100, overnight_quantity=0, multiplier=1,
             day_buy_quantity=position["buy_quantity"], day_sell_quantity=position["sell_quantity"])
    moved = dict(exchange="NSE", tradingsymbol="INFY", transaction_type="BUY", position_type="day",
                 old_product="MIS", new_product="CNC")
    check("conversion", kite.convert_position(quantity=40, **moved) is True)
    equal("both products", [(one["product"], one["quantity"]) for one in kite.positions()["net"]],
          [("MIS", 60), ("CNC", 40)])
    raises("more than is open", exceptions.InputException, 400, lambda: kite.convert_position(quantity=61, **moved))
    holding = kite.holdings()[0]
    includes("a holding", holding, tradingsymbol="VGUARD", quantity=20, t1_quantity=5, average_price=300,
             last_price=350, pnl=1_250, used_quantity=0, product="CNC")
    place(tradingsymbol="VGUARD", transaction_type="SELL", product="CNC", quantity=8, price=349)
    play(1_000)
    includes("sold in part", kite.holdings()[0], quantity=12, used_quantity=8)
    equal("no auction", kite.get_auction_instruments(), [])


def margins():
    funds = kite.margins("equity")
    equal("net is the live balance", funds["net"], funds["available"]["live_balance"])
    check("what is used is what is missing", abs(funds["available"]["cash"] - funds["utilised"]["debits"] - funds["net"]) < 0.01, funds)
    equal("both segments", sorted(kite.margins()), ["commodity", "equity"])
    raises("another segment", exceptions.InputException, 400, lambda: kite.margins("bonds"))
    order = dict(exchange="NSE", tradingsymbol="INFY", transaction_type="BUY", variety="regular", product="MIS",
                 order_type="LIMIT", quantity=100, price=10, trigger_price=0)
    includes("intraday blocks a fifth", kite.order_margins([order])[0], type="equity", tradingsymbol="INFY",
             exchange="NSE", total=200, leverage=5, span=0)
    equal("delivery blocks all", kite.order_margins([dict(order, product="CNC")])[0]["total"], 1_000)
    both = [order, dict(order, transaction_type="SELL")]
    alone = kite.basket_order_margins(both, consider_positions=False, mode="compact")
    equal("a basket of both sides", (alone["initial"]["total"], alone["final"]["total"]), (400, 200))
    beside = kite.basket_order_margins([dict(order, transaction_type="SELL", quantity=60)])
    equal("beside the position it closes", beside["final"]["total"], 0)


def charges():
    def note(side):
        return dict(order_id="1", exchange="NSE", tradingsymbol="INFY", transaction_type=side, variety="regular",
                    product="MIS", order_type="LIMIT", quantity=10_000, average_price=10)
    buy, sell = (one["charges"] for one in kite.get_virtual_contract_note([note("BUY"), note("SELL")]))
    equal("charges of the purchase", buy, {
        "transaction_tax": 0, "transaction_tax_type": "stt", "exchange_turnover_charge": 3.07,
        "sebi_turnover_charge": 0.1, "brokerage": 20, "stamp_duty": 3,
        "gst": {"igst": 4.17, "cgst": 0, "sgst": 0, "total": 4.17}, "total": 30.34})
    equal("tax is on the sale", (sell["transaction_tax"], sell["stamp_duty"]), (25, 0))
    equal("the worked example", round(buy["total"] + sell["total"], 2), 82.68)
    raises("no average price", exceptions.InputException, 400,
           lambda: kite.get_virtual_contract_note([dict(note("BUY"), average_price=0)]), "`average_price`")


def triggers():
    leg = dict(transaction_type="BUY", quantity=1, order_type="LIMIT", product="CNC", price=9)
    wish = dict(tradingsymbol="INFY", exchange="NSE", last_price=11)
    single = dict(wish, trigger_type=kite.GTT_TYPE_SINGLE)
    made = kite.place_gtt(trigger_values=[9], orders=[leg], **single)["trigger_id"]
    includes("a trigger", kite.get_gtt(made), id=made, status="active", type="single", user_id="PX0001")
    equal("modify", kite.modify_gtt(made, trigger_values=[8.5], orders=[leg], **single)["trigger_id"], made)
    equal("its condition", kite.get_gtt(made)["condition"]["trigger_values"], [8.5])
    equal("delete", kite.delete_gtt(made)["trigger_id"], made)
    equal("is shown", kite.get_gtts()[0]["status"], "deleted")
    raises("deleted twice", exceptions.InputException, 400, lambda: kite.delete_gtt(made))
    raises("never was", exceptions.GeneralException, 404, lambda: kite.get_gtt(1))
    sell = dict(leg, transaction_type="SELL", quantity=10)
    both = kite.place_gtt(trigger_type=kite.GTT_TYPE_OCO, trigger_values=[9.5, 12],
                          orders=[dict(sell, price=9.4), dict(sell, price=11.9)], **wish)["trigger_id"]
    price(12, 60_000)
    play(1_000)
    fired = kite.get_gtt(both)
    equal("of two legs one fires", (fired["status"], [one["result"] is None for one in fired["orders"]]), ("triggered", [True, False]))
    result = fired["orders"][1]["result"]["order_result"]
    order = next(one for one in kite.orders() if one["order_id"] == result["order_id"])
    includes("it places its limit order", order, price=11.9, transaction_type="SELL", status="COMPLETE")
    raises("legs on one side", exceptions.InputException, 400, lambda: kite.place_gtt(
        trigger_type=kite.GTT_TYPE_OCO, trigger_values=[9, 9.5], orders=[sell, sell], **wish))


def errors():
    for kind, status, exception in (
        ("too-many-requests", 429, exceptions.NetworkException),
        ("server-error", 503, exceptions.NetworkException),
        ("html-200", 200, exceptions.DataException),
        ("truncated-json", 200, exceptions.DataException),
    ):
        admin("POST /paper/faults", kind=kind, on="orders", times=1, **({"status": status} if status == 503 else {}))
        try:
            kite.orders()
            raise AssertionError(f"{kind}: nothing was raised")
        except exceptions.KiteException as error:
            check(f"{kind} is a {exception.__name__}", type(error) is exception, error)
    admin("POST /paper/faults", kind="ip-refused", times=1)
    raises("an address not registered", exceptions.PermissionException, 403, place, "is not allowed to place orders")
    check("then all is well", kite.orders() != [])
