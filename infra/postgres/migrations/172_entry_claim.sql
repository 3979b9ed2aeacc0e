-- An approval is good for one entry. Whoever sends claims it first, so that a workflow which is reset, or begun again
-- with a start that was ours, sends nothing a second time.
create table entry_claim (
  intent_id text primary key,
  account text not null,
  claimed_host bigint not null
);

select append_only('entry_claim');
select chained('entry_claim');
