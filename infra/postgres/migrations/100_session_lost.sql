-- Up Migration
-- A row while the account's session at the broker is lost: since then its positions are not known.
create table session_lost (
  account text primary key,
  since_host bigint not null,
  why text not null
);
