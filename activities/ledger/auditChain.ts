// Reads the audit chain and holds it against the rows it seals. The database wrote the chain by functions of its own
// (infra/postgres/migrations/161_audit_chain.sql); it is read here without them, so that whoever changes them is found.
import type { Pool } from 'pg';
import {
  inOrder,
  type AuditFault,
  type AuditHead,
  type AuditVerdict,
} from '../../domain/audit/verdict';

interface Chained {
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** SQL for the account of the row `r`. */
  readonly account: string;
}

const own = 'r.account';
const ofIntent = '(select i.account from intent i where i.intent_id = r.intent_id)';

/** The chained tables: the record of money, and of what people did. */
export const chainedRecords = {
  intent: { key: ['intent_id'], account: own },
  approval: { key: ['intent_id'], account: own },
  entry_claim: { key: ['intent_id'], account: own },
  broker_order: { key: ['order_id'], account: ofIntent },
  fill: { key: ['order_id', 'trade_id'], account: ofIntent },
  ledger_transaction: { key: ['id'], account: own },
  ledger_entry: {
    key: ['id'],
    account: '(select t.account from ledger_transaction t where t.id = r.transaction_id)',
  },
  position_result: { key: ['intent_id'], account: ofIntent },
  halt: { key: ['account', 'host'], account: own },
  model_change: { key: ['id'], account: `''` },
} as const satisfies Record<string, Chained>;

/** Enough to see what happened; one fault is enough to fail. */
const faultsMax = 1_000;

/** Heads of the account's chain and of the installation's, as far as there are any. */
export async function auditHeads(pool: Pool, account: string): Promise<readonly AuditHead[]> {
  const { rows } = await pool.query<{ account: string; position: string; hash: string }>(
    `select distinct on (account) account, position, encode(hash, 'hex') as hash from audit_chain
     where account in ($1, '') order by account desc, position desc`,
    [account],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

/** Where a head was written down. */
export interface WrittenHead {
  readonly account: string;
  readonly hash: string;
  readonly where: string;
}

/**
 * Walks the chains of one account, or all of them, against the rows and the heads written down outside the database.
 * @param account undefined: every account and the installation.
 */
export async function verifyAudit(
  pool: Pool,
  account: string | undefined,
  written: readonly WrittenHead[],
): Promise<AuditVerdict> {
  const faults = [
    ...(await brokenLinks(pool, account)),
    ...(await brokenRows(pool, account)),
    ...(await lostHeads(pool, written)),
  ];
  const { rows } = await pool.query<{ account: string; position: string; hash: string }>(
    `select distinct on (account) account, position, encode(hash, 'hex') as hash from audit_chain
     where $1::text is null or account = $1 order by account, position desc`,
    [account],
  );
  const heads = rows.map((row) => ({ ...row, position: Number(row.position) }));
  const links = heads.reduce((sum, { position }) => sum + position, 0);
  return { heads, links, faults: inOrder(faults) };
}

interface FaultRow extends Omit<AuditFault, 'position'> {
  readonly position: string | null;
}

const faultOf = (row: FaultRow): AuditFault => ({
  ...row,
  position: row.position === null ? null : Number(row.position),
});

const linkText = `jsonb_build_array(account, position, record, key, encode(content, 'hex'), at_host)::text`;

async function brokenLinks(
  pool: Pool,
  account: string | undefined,
): Promise<readonly AuditFault[]> {
  const { rows } = await pool.query<FaultRow>(
    `select account, position, record, key, case when is_gap then 'gap' else 'link' end as kind from (
       select account, position, record, key,
         position <> coalesce(lag(position) over chain, 0) + 1 as is_gap,
         hash <> sha256(coalesce(lag(hash) over chain, '') || convert_to(${linkText}, 'UTF8')) as is_wrong
       from audit_chain where $1::text is null or account = $1
       window chain as (partition by account order by position)
     ) as link where is_gap or is_wrong order by account, position limit ${faultsMax}`,
    [account],
  );
  return rows.map(faultOf);
}

async function brokenRows(pool: Pool, account: string | undefined): Promise<readonly AuditFault[]> {
  const found: AuditFault[] = [];
  for (const [record, chained] of Object.entries(chainedRecords)) {
    const { rows } = await pool.query<FaultRow>(rowsAgainstLinks(record, chained), [
      record,
      account,
    ]);
    found.push(...rows.map(faultOf));
  }
  return found;
}

const rowsAgainstLinks = (record: string, { key, account }: Chained): string =>
  `with sealed as (
     select distinct on (key) account, position, key, content from audit_chain where record = $1 order by key, position desc
   ), stored as (
     select jsonb_build_array(${key.map((column) => `to_jsonb(r) ->> '${column}'`).join(', ')})::text as key, ${account} as account,
       sha256(convert_to((select jsonb_object_agg(name, value) from jsonb_each(to_jsonb(r)) as one (name, value) where value <> 'null')::text, 'UTF8')) as content
     from ${record} r
   )
   select coalesce(sealed.account, stored.account, '') as account, sealed.position, $1::text as record, key,
     case when stored.key is null then 'removed' when sealed.key is null then 'inserted' else 'changed' end as kind
   from sealed full join stored using (key)
   where (stored.key is null or sealed.key is null or stored.content <> sealed.content)
     and ($2::text is null or coalesce(sealed.account, stored.account, '') = $2)
   order by sealed.position nulls last, key limit ${faultsMax}`;

async function lostHeads(
  pool: Pool,
  written: readonly WrittenHead[],
): Promise<readonly AuditFault[]> {
  const lost: AuditFault[] = [];
  for (const { account, hash, where } of written) {
    const { rowCount } = await pool.query(
      `select 1 from audit_chain where account = $1 and encode(hash, 'hex') = $2 limit 1`,
      [account, hash],
    );
    if (rowCount === 0)
      lost.push({ kind: 'head', account, position: null, record: where, key: hash });
  }
  return lost;
}
