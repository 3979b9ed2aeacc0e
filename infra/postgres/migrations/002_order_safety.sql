-- Up Migration
-- A trade by the broker's own square-off closes a position and costs a fee.
alter table fill add column by_broker boolean not null default false;
-- Every write sent to the broker, written before it leaves: what a restarted limiter counts from.
create table broker_write (
  account text not null,
  host bigint not null,
  kind text not null,
  tag text not null
);
create index broker_write_by_host on broker_write (account, host);
-- The kill switch. Its latest row counts; no row is not halted.
create table halt (
  account text not null,
  host bigint not null,
  halted boolean not null,
  reason text not null,
  primary key (account, host)
);
