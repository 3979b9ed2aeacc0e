-- Who trades an account through this database. One installation at a time: the one that renews.
create table lease (
  account text primary key,
  installation text not null,
  host text not null,
  renewed_at timestamptz not null
);
