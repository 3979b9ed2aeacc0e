"""The peers of `npm run bench:backtest`: an EMA 9/21 cross with a trailing stop on the minutes of the latest ten whole days.
Reading the files is not measured. Prints one JSON line: engine, barsPerSecond, days, trades, peakMb."""
import json, resource, sys, time
from pathlib import Path

import pandas as pd

engine, folder = sys.argv[1], Path(sys.argv[2])
frames = {}
for path in sorted(folder.glob("*.csv.gz")):
    if not path.name.startswith("NIFTY_"):
        frame = pd.read_csv(path, usecols=["ts", "open", "high", "low", "close", "volume"], parse_dates=["ts"])
        frames[path.name.split(".")[0]] = frame.set_index("ts")
counts = pd.DataFrame({name: frame.groupby(frame.index.date).size() for name, frame in frames.items()})
days = [day for day, row in counts.iterrows() if (row >= 370).all()][-10:]
frames = {name: frame[pd.Index(frame.index.date).isin(days)] for name, frame in frames.items()}
bars = sum(len(frame) for frame in frames.values())
STOP = 0.01


def backtesting_py():
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    def ema(values, span):
        return pd.Series(values).ewm(span=span, adjust=False).mean()

    class Cross(Strategy):
        def init(self):
            self.fast = self.I(ema, self.data.Close, 9)
            self.slow = self.I(ema, self.data.Close, 21)

        def next(self):
            for trade in self.trades:
                price = self.data.Close[-1]
                if trade.is_long:
                    trade.sl = max(trade.sl or 0, price * (1 - STOP))
                else:
                    trade.sl = min(trade.sl or 1e9, price * (1 + STOP))
            price = self.data.Close[-1]
            if crossover(self.fast, self.slow):
                self.position.close()
                self.buy(size=10, sl=price * (1 - STOP))
            elif crossover(self.slow, self.fast):
                self.position.close()
                self.sell(size=10, sl=price * (1 + STOP))

    named = {"open": "Open", "high": "High", "low": "Low", "close": "Close", "volume": "Volume"}
    ready = [frame.rename(columns=named) for frame in frames.values()]
    began = time.perf_counter()
    trades = sum(
        int(Backtest(frame, Cross, cash=1_000_000, commission=0.0003).run()["# Trades"]) for frame in ready
    )
    return time.perf_counter() - began, trades


def backtrader():
    import backtrader as bt

    class Cross(bt.Strategy):
        def __init__(self):
            self.cross = {
                data: bt.ind.CrossOver(bt.ind.EMA(data.close, period=9), bt.ind.EMA(data.close, period=21))
                for data in self.datas
            }
            self.closed = 0

        def notify_trade(self, trade):
            self.closed += trade.isclosed

        def next(self):
            for data in self.datas:
                turned = self.cross[data][0]
                if turned > 0:
                    self.order_target_size(data, 10)
                    self.sell(data, 10, exectype=bt.Order.StopTrail, trailpercent=STOP)
                elif turned < 0:
                    self.order_target_size(data, 0)

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(10_000_000)
    cerebro.broker.setcommission(commission=0.0003)
    for frame in frames.values():
        cerebro.adddata(bt.feeds.PandasData(dataname=frame.tz_localize(None) if frame.index.tz is None else frame.tz_convert(None)))
    cerebro.addstrategy(Cross)
    began = time.perf_counter()
    (ran,) = cerebro.run()
    return time.perf_counter() - began, ran.closed


def vectorbt():
    import vectorbt as vbt

    close = pd.DataFrame({name: frame["close"] for name, frame in frames.items()}).ffill().bfill()

    def once():
        fast = vbt.MA.run(close, 9, ewm=True)
        slow = vbt.MA.run(close, 21, ewm=True)
        entries, exits = fast.ma_crossed_above(slow), fast.ma_crossed_below(slow)
        return vbt.Portfolio.from_signals(
            close, entries, exits, sl_stop=STOP, sl_trail=True, fees=0.0003, size=10, init_cash=1_000_000, freq="1min"
        ).trades.count().sum()

    once()
    times = []
    for _ in range(3):
        began = time.perf_counter()
        trades = int(once())
        times.append(time.perf_counter() - began)
    return min(times), trades


def nautilus_trader():
    from decimal import Decimal

    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig, StrategyConfig
    from nautilus_trader.indicators import ExponentialMovingAverage
    from nautilus_trader.model.currencies import USD
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.test_kit.providers import TestInstrumentProvider
    from nautilus_trader.trading.strategy import Strategy

    closed = 0

    class Cross(Strategy):
        def __init__(self, instrument, bar_type):
            super().__init__(StrategyConfig(order_id_tag=instrument.id.symbol.value[:12]))
            self.instrument, self.bar_type = instrument, bar_type
            self.fast, self.slow = ExponentialMovingAverage(9), ExponentialMovingAverage(21)
            self.best = self.above = None

        def on_start(self):
            self.register_indicator_for_bars(self.bar_type, self.fast)
            self.register_indicator_for_bars(self.bar_type, self.slow)
            self.subscribe_bars(self.bar_type)

        def on_bar(self, bar):
            nonlocal closed
            if not self.slow.initialized:
                return
            price = bar.close.as_double()
            above = self.fast.value > self.slow.value
            crossed = self.above is not None and above != self.above
            self.above = above
            flat = self.portfolio.is_flat(self.instrument.id)
            if not flat:
                self.best = max(self.best, price)
                if price <= self.best * (1 - STOP) or (crossed and not above):
                    closed += 1
                    self.close_all_positions(self.instrument.id)
            elif crossed and above:
                self.best = price
                quantity = self.instrument.make_qty(Decimal(10))
                self.submit_order(self.order_factory.market(self.instrument.id, OrderSide.BUY, quantity))

    runner = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    venue = Venue("XNSE")
    runner.add_venue(venue, OmsType.NETTING, AccountType.CASH, [Money(10_000_000, USD)], base_currency=USD)
    for name, frame in frames.items():
        instrument = TestInstrumentProvider.equity(symbol=name.replace("&", "").replace("-", ""), venue="XNSE")
        runner.add_instrument(instrument)
        bar_type = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")
        utc = frame.tz_convert("UTC") if frame.index.tz is not None else frame.tz_localize("UTC")
        runner.add_data(BarDataWrangler(bar_type, instrument).process(utc.astype(float)))
        runner.add_strategy(Cross(instrument, bar_type))
    began = time.perf_counter()
    runner.run()
    return time.perf_counter() - began, closed


run = {"backtesting.py": backtesting_py, "backtrader": backtrader, "vectorbt": vectorbt, "nautilus_trader": nautilus_trader}
seconds, trades = run[engine]()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"engine": engine, "barsPerSecond": round(bars / seconds), "days": len(days), "trades": trades, "peakMb": peak}))
