-- What risk has approved, written by the day before a position is begun. The last look before an entry leaves
-- compares the order with this row, not with what the position says of itself.
create table approval (
  intent_id text primary key,
  account text not null,
  date date not null,
  tradingsymbol text not null,
  direction text not null,
  product text not null,
  quantity bigint not null,
  entry_limit bigint not null,
  approved_host bigint not null
);

select append_only('approval');
select chained('approval');
