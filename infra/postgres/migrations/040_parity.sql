-- Up Migration
-- Every answer of risk, not only its refusals, with the question it was given: `ratchet parity` asks again.
alter table refusal rename to risk_answer;
alter table risk_answer
  add column place integer,
  add column asked jsonb;
-- What a day is run by: limits, trailing, timing, bar length.
alter table session add column terms jsonb;
-- The decision configuration in force from a bar on; a row where it changed.
create table decision_config (
  account text not null,
  bar_at bigint not null,
  config jsonb not null,
  primary key (account, bar_at)
);
