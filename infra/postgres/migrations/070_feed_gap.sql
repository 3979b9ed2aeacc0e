-- Up Migration
-- Which minutes of its day a watched stock misses; the gateway writes it before it promises later minutes.
create table candle_coverage (
  account text not null,
  date date not null,
  tradingsymbol text not null,
  holes jsonb not null,
  primary key (account, date, tradingsymbol)
);
-- Candles the broker's history has filled in; they are not compared with it.
alter table candle add column from_history boolean not null default false;
-- Ticks that did not count, by why.
create table tick_fault (
  account text not null,
  date date not null,
  fault text not null,
  ticks bigint not null,
  primary key (account, date, fault)
);
-- The last comparison of a stock's candles with the broker's.
create table candle_comparison (
  account text not null,
  date date not null,
  tradingsymbol text not null,
  minutes integer not null,
  differences jsonb not null,
  primary key (account, date, tradingsymbol)
);
