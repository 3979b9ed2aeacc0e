-- Up Migration
-- One row for each alert and each channel it goes to. `said` is why the last attempt failed.
create table alert_delivery (
  alert_id text not null references alert,
  channel text not null,
  state text not null check (state in ('waiting', 'delivered', 'failed', 'gone')),
  failures integer not null default 0,
  said text,
  changed_host bigint not null,
  primary key (alert_id, channel)
);
create index alert_delivery_by_channel on alert_delivery (channel, state, changed_host);
-- How far a chat has been read, and how many of its messages were from somebody else.
create table chat (
  channel text primary key,
  next_update bigint not null,
  ignored bigint not null
);
