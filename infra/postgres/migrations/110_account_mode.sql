-- Up Migration
-- Whose records these are: an account's paper, shadow and live records never share a database.
create table account_mode (
  account text primary key,
  mode text not null check (mode in ('paper', 'shadow', 'live'))
);
