-- Up Migration
-- Money and prices are integer paise, instants epoch milliseconds. Market-clock instants end in _at,
-- host-clock instants in _host.
create table session (
  account text not null,
  date date not null,
  plan jsonb not null,
  primary key (account, date)
);
create table watch (
  account text not null,
  instrument_token bigint not null,
  tradingsymbol text not null,
  primary key (account, instrument_token)
);
create table band (
  workflow_id text primary key,
  instrument_token bigint not null,
  above bigint not null,
  below bigint not null,
  version bigint not null
);
create table candle (
  tradingsymbol text not null,
  at bigint not null,
  open bigint not null,
  high bigint not null,
  low bigint not null,
  close bigint not null,
  volume bigint not null,
  primary key (tradingsymbol, at)
);
create table feed (
  account text primary key,
  last_tick_at bigint not null,
  complete_until bigint not null,
  last_tick_host bigint not null
);
create table headline (
  guid text primary key,
  published_at bigint not null,
  title text not null,
  source text not null
);
create table sentiment (
  account text not null,
  tradingsymbol text not null,
  as_of bigint not null,
  view jsonb not null,
  primary key (account, tradingsymbol, as_of)
);
create table analysis (
  account text not null,
  tradingsymbol text not null,
  bar_at bigint not null,
  action text not null,
  reason text not null,
  trail jsonb not null,
  primary key (account, tradingsymbol, bar_at)
);
create table intent (
  intent_id text primary key,
  account text not null,
  date date not null,
  tradingsymbol text not null,
  direction text not null,
  terms jsonb not null,
  created_host bigint not null
);
create table broker_order (
  order_id text primary key,
  intent_id text not null references intent,
  side text not null,
  order_type text not null,
  status text not null,
  status_message text,
  quantity bigint not null,
  filled_quantity bigint not null,
  price bigint not null,
  trigger bigint not null,
  placed_at bigint not null
);
create table fill (
  trade_id text primary key,
  order_id text not null,
  intent_id text not null references intent,
  side text not null,
  quantity bigint not null check (quantity > 0),
  price bigint not null check (price > 0),
  at bigint not null
);
create table level_change (
  intent_id text not null references intent,
  host bigint not null,
  stop bigint not null,
  target bigint not null,
  primary key (intent_id, host)
);
create table position_result (
  intent_id text primary key references intent,
  view jsonb not null,
  gross_pnl bigint not null,
  charges bigint not null,
  closed_host bigint not null
);
create table ledger_transaction (
  id text primary key,
  account text not null,
  date date not null,
  what text not null
);
create table ledger_entry (
  transaction_id text not null references ledger_transaction,
  ledger_account text not null,
  amount bigint not null
);
create index ledger_entry_by_transaction on ledger_entry (transaction_id);
create table alert (
  id text primary key,
  account text not null,
  type text not null,
  body jsonb not null,
  raised_host bigint not null,
  delivered_host bigint
);

-- Double entry is the database's rule, not only ours: checked when the transaction commits.
create function ledger_is_balanced() returns trigger language plpgsql as $$
begin
  if (select sum(amount) from ledger_entry where transaction_id = new.transaction_id) <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id;
  end if;
  return null;
end $$;
create constraint trigger ledger_balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function ledger_is_balanced();
create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only';
end $$;
create trigger ledger_entry_append_only before update or delete on ledger_entry
  for each row execute function ledger_is_append_only();
create table last_price (
  tradingsymbol text primary key,
  ltp bigint not null,
  at bigint not null,
  host bigint not null
);
