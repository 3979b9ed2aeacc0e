-- Up Migration
-- Every listed stock's place in the day's screening, or why it has none.
create table screening (
  account text not null,
  date date not null,
  tradingsymbol text not null,
  rank integer,
  watched boolean not null,
  reason text not null,
  stock jsonb not null,
  figures jsonb not null,
  primary key (account, date, tradingsymbol)
);
