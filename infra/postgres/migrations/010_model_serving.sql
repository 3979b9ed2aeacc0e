-- Up Migration
-- Which version of a model answers, who changed it and why; the last row of a model is how it stands.
-- Servers follow each other by id, so rows are inserted one at a time under a table lock.
create table model_change (
  id bigint generated always as identity primary key,
  at bigint not null,
  model text not null,
  candidate text not null,
  changed_by text not null,
  change text not null,
  reason text not null,
  stable text not null,
  rollout jsonb,
  server text not null
);
create index model_change_by_model on model_change (model, id);
create function model_change_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'model changes are append-only';
end $$;
create trigger model_change_append_only before update or delete on model_change
  for each row execute function model_change_is_append_only();

-- A sample of what models were asked and answered. No key, id or token is stored; tensors are capped.
create table model_request (
  id bigint generated always as identity primary key,
  at bigint not null,
  server text not null,
  model text not null,
  version text not null,
  variant text not null,
  duration_ms double precision not null,
  batch_rows integer not null,
  inputs jsonb,
  outputs jsonb
);
create index model_request_by_time on model_request (at);
