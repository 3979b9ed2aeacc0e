-- Up Migration
-- What each pass over the news found: from it the day's report says which source was dead and since when.
create table news_reading (
  account text not null,
  as_of bigint not null,
  headlines integer not null,
  scored integer not null,
  failures jsonb not null,
  primary key (account, as_of)
);
create index headline_published_at on headline (published_at);
