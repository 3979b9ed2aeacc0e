-- Up Migration
-- A record is written once. Whoever changes, removes or empties one is refused, the owner of the table included.
create function record_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;

-- Makes a table append-only.
create function append_only(record regclass) returns void language plpgsql as $$
begin
  execute format('create trigger record_append_only before update or delete on %s for each row execute function record_is_append_only()', record);
  execute format('create trigger record_never_emptied before truncate on %s for each statement execute function record_is_append_only()', record);
end $$;

-- The same of a table whose rows live: they change, and none is removed.
create function never_removed(record regclass) returns void language plpgsql as $$
begin
  execute format('create trigger record_never_removed before delete on %s for each row execute function record_is_append_only()', record);
  execute format('create trigger record_never_emptied before truncate on %s for each statement execute function record_is_append_only()', record);
end $$;

drop trigger ledger_entry_append_only on ledger_entry;
drop function ledger_is_append_only();
drop trigger model_change_append_only on model_change;
drop function model_change_is_append_only();

select append_only(record) from unnest(array[
  'account_mode', 'broker_write', 'carried', 'fill', 'halt', 'headline', 'intent', 'ledger_entry',
  'ledger_transaction', 'level_change', 'model_change', 'model_outcome', 'news_reading', 'position_result',
  'risk_answer', 'sentiment'
]::regclass[]) as record;
select never_removed('broker_order');
