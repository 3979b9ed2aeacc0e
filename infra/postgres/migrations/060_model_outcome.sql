-- Up Migration
-- What a model was told of the trades on its answers; a closed trade without a row has still to be told.
create table model_outcome (
  intent_id text primary key references position_result,
  model text not null,
  routing_key text not null,
  success boolean not null,
  answer text not null,
  told_host bigint not null
);
-- Only answers an A/B test asked about have a key.
create index analysis_by_outcome_key on analysis ((trail->'model'->>'outcomeKey'))
  where trail->'model'->>'outcomeKey' is not null;
create index position_result_by_closing on position_result (closed_host);
