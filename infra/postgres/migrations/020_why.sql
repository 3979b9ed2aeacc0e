-- Up Migration
-- What risk refused, beside the analysis that had said LONG or SHORT.
create table refusal (
  account text not null,
  tradingsymbol text not null,
  bar_at bigint not null,
  code text not null,
  reason text not null,
  numbers jsonb not null,
  primary key (account, tradingsymbol, bar_at)
);
