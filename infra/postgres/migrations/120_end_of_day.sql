-- Up Migration
-- The account's funds as the broker stated them when the session was first opened.
alter table session add column funds jsonb;
-- How the end of a day compared with the broker: charges, cash, books.
create table end_of_day (
  account text not null,
  date date not null,
  compared jsonb not null,
  primary key (account, date)
);
