-- While `close-all --direct` acts on the broker itself, the account's workers send nothing.
create table direct_hold (
  account text primary key,
  until timestamptz not null
);
