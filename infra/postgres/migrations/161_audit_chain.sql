-- Up Migration
-- One chain of links for each account: a link seals one version of one row of a record and the link before it. The
-- database writes links itself, when the transaction that wrote the row commits.
create table audit_chain (
  account text not null,
  position bigint not null check (position > 0),
  record text not null,
  -- The row's primary key, as a JSON array of texts.
  key text not null,
  -- SHA-256 of the row as it was written.
  content bytea not null,
  at_host bigint not null,
  -- SHA-256 of the hash before it and of this link.
  hash bytea not null,
  primary key (account, position)
);
create index audit_chain_by_row on audit_chain (record, key, position desc);
select append_only('audit_chain');

-- Postings had no key.
alter table ledger_entry add column id bigint generated always as identity primary key;

-- A column without a value is left out, so that a column that is added later changes no old row.
create function audit_content(stored jsonb) returns bytea language sql immutable as $$
  select sha256(convert_to(coalesce((select jsonb_object_agg(key, value) from jsonb_each(stored) where value <> 'null'), '{}')::text, 'UTF8'))
$$;

create function audit_key(stored jsonb, variadic columns text[]) returns text language sql immutable as $$
  select jsonb_agg(stored ->> name order by place)::text from unnest(columns) with ordinality as one (name, place)
$$;

-- The account a row belongs to; the empty text of what belongs to the whole installation.
create function audit_account(stored jsonb) returns text language sql stable as $$
  select case
    when stored ? 'account' then stored ->> 'account'
    when stored ? 'intent_id' then (select account from public.intent where intent_id = stored ->> 'intent_id')
    when stored ? 'transaction_id' then (select account from public.ledger_transaction where id = stored ->> 'transaction_id')
    else ''
  end
$$;

create function audit_append(owner text, record_name text, row_key text, sealed bytea) returns void language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
  place bigint;
  previous bytea;
  moment bigint := extract(epoch from clock_timestamp()) * 1000;
begin
  -- Whoever else is committing to this account's chain waits here, for as long as a commit takes.
  perform pg_advisory_xact_lock(hashtextextended('audit_chain/' || owner, 0));
  select c.position, c.hash into place, previous from audit_chain c where c.account = owner order by c.position desc limit 1;
  place := coalesce(place, 0) + 1;
  insert into audit_chain (account, position, record, key, content, at_host, hash)
  values (owner, place, record_name, row_key, sealed, moment,
    sha256(coalesce(previous, '') || convert_to(jsonb_build_array(owner, place, record_name, row_key, encode(sealed, 'hex'), moment)::text, 'UTF8')));
end $$;

-- The arguments of the trigger are the columns of the row's key.
create function audit_row() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  stored jsonb := to_jsonb(new);
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return null;
  end if;
  perform audit_append(audit_account(stored), tg_table_name, audit_key(stored, variadic tg_argv), audit_content(stored));
  return null;
end $$;

-- Chains a table by its primary key from now on, and seals the rows it has.
create function chained(record regclass) returns void language plpgsql as $$
declare
  columns text[] := (
    select array_agg(a.attname order by k.place)
    from pg_index i, unnest(i.indkey::int[]) with ordinality as k (number, place), pg_attribute a
    where i.indrelid = record and i.indisprimary and a.attrelid = record and a.attnum = k.number
  );
  name text := (select relname from pg_class where oid = record);
begin
  execute format(
    'create constraint trigger audit_chained after insert or update on %s deferrable initially deferred for each row execute function audit_row(%s)',
    record, (select string_agg(quote_literal(one), ', ' order by place) from unnest(columns) with ordinality as c (one, place))
  );
  execute format(
    'select audit_append(audit_account(stored), $1, audit_key(stored, variadic $2), audit_content(stored)) from (select to_jsonb(r) as stored from %s r order by %s) as rows',
    record, (select string_agg(quote_ident(one), ', ' order by place) from unnest(columns) with ordinality as c (one, place))
  ) using name, columns;
end $$;

-- Only the trigger writes links.
revoke all on function audit_append(text, text, text, bytea), audit_row(), chained(regclass), append_only(regclass), never_removed(regclass) from public;

select chained(record) from unnest(array[
  'intent', 'broker_order', 'fill', 'ledger_transaction', 'ledger_entry', 'position_result', 'halt', 'model_change'
]::regclass[]) as record;
