"""The official Python client, unmodified but for its root address, against the paper exchange.

Run by pythonClient.test.ts with the addresses in the environment. Prints one line per check; the first
failure ends it with a traceback and exit code 1. The parts share one account and one day, in order.
"""

import os
import sys

import market
import money
import orders
import sessions
import ticks

for part in (
    sessions.tokens, market.instruments, market.quotes, market.history, ticks.golden, ticks.modes,
    orders.refusals, orders.life, orders.changes, orders.stops, orders.varieties, orders.books,
    ticks.updates, money.portfolio, money.margins, money.charges, money.triggers, money.errors,
    sessions.login,
):
    part()
print("done", flush=True)
sys.stdout.flush()
os._exit(0)  # the ticker's reactor thread would keep the process
