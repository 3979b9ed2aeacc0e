-- Up Migration
-- A position held over the night: which sessions have handed it on, and why it was to be left then.
create table carried (
  intent_id text not null references intent,
  date date not null,
  leaving text,
  view jsonb not null,
  host bigint not null,
  primary key (intent_id, date)
);
-- The session a position was closed in, which is not always the one it was opened in.
alter table position_result add column date date;
update position_result r set date = i.date from intent i where i.intent_id = r.intent_id;
alter table position_result alter column date set not null;
-- An exchange counts its trades anew every day; order ids hold the date.
alter table fill drop constraint fill_pkey;
alter table fill add primary key (order_id, trade_id);
