// `ratchet why SYMBOL [TIME]`: every number that led to LONG, SHORT or SKIP, and what risk said to it.
import { Command } from 'commander';
import type { Pool } from 'pg';
import type { Trail } from '../activities/marketData';
import { Refused } from '../domain/errors';
import { istInstant, istTime } from '../domain/session/sessionClock';
import { parseSessionDate } from '../domain/session/calendar';
import { epochMs, type EpochMs } from '../domain/units';
import { columns, print } from './output';
import { chosenDay, withDatabase, type DayChoice } from './talk';

interface WhyFlags extends DayChoice {
  readonly json?: true;
}

interface Refusal {
  readonly code: string;
  readonly reason: string;
  readonly numbers: Readonly<Record<string, string | number>>;
}

/** What was concluded of a stock on one bar. */
interface Why {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly action: string;
  readonly reason: string;
  readonly trail: Trail | { readonly refused: { readonly code: string } };
  readonly refusal: Refusal | null;
  /** The intent it became, if it did. */
  readonly intentId: string | null;
}

interface Row extends Omit<Why, 'barAt' | 'tradingsymbol' | 'intentId'> {
  readonly bar_at: string;
  readonly intent_id: string | null;
}

/** HH:MM of the date, India's time. @throws Refused naming the value. */
function instantOf(date: string, text: string): EpochMs {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text))
    throw new Refused({
      code: 'TIME_INVALID',
      message: `time must be HH:MM in India's time like 10:25, was "${text}"`,
    });
  return istInstant(parseSessionDate(date), text);
}

/** The bar that closed last at or before `until`. @throws Refused when there is none. */
async function findWhy(
  pool: Pool,
  { account, tradingsymbol, until }: { account: string; tradingsymbol: string; until: EpochMs },
): Promise<Why> {
  const { rows } = await pool.query<Row>(
    `select a.bar_at, a.action, a.reason, a.trail,
       case when r.code is null then null else json_build_object('code', r.code, 'reason', r.reason, 'numbers', r.numbers) end as refusal,
       (select intent_id from intent i where i.account = a.account and i.tradingsymbol = a.tradingsymbol
          and a.action <> 'SKIP' and strpos(i.terms->>'reason', a.reason) > 0 limit 1) as intent_id
     from analysis a left join refusal r using (account, tradingsymbol, bar_at)
     where a.account = $1 and a.tradingsymbol = $2
       and a.bar_at + 60000 * coalesce((a.trail->'analysis'->'snapshot'->>'barMinutes')::bigint, 0) <= $3 order by a.bar_at desc limit 1`,
    [account, tradingsymbol, until],
  );
  const [row] = rows;
  if (row === undefined)
    throw new Refused({
      code: 'NOT_ANALYSED',
      message: `${tradingsymbol} has not been analysed by then; is it one of the day's stocks?`,
    });
  const { bar_at: barAt, intent_id: intentId, ...rest } = row;
  return { tradingsymbol, barAt: epochMs(Number(barAt)), intentId, ...rest };
}

const number = (value: unknown): string => {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  return typeof value === 'string' ? value : JSON.stringify(value ?? '–');
};

/** A nested record as dotted rows: nothing that was stored is left out. */
function flat(value: unknown, path: string): string[][] {
  if (typeof value !== 'object' || value === null) return [[path, number(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, path === '' ? key : `${path}.${key}`),
  );
}

function lines(why: Why): string[] {
  const { tradingsymbol, barAt, action, reason, trail, refusal, intentId } = why;
  const head = [`${tradingsymbol} · bar of ${istTime(barAt).slice(0, 5)} · ${action}`, reason];
  const after = [
    ...(refusal === null
      ? []
      : [
          `risk refused: ${refusal.code}: ${refusal.reason}`,
          ...columns(flat(refusal.numbers, '  ')),
        ]),
    ...(intentId === null ? [] : [`became position ${intentId}`]),
  ];
  if ('refused' in trail) return [...head, `not judged: ${trail.refused.code}`, ...after];
  const { analysis, sentiment, model, decision } = trail;
  return [
    ...head,
    ...after,
    '',
    ...columns(
      analysis.votes.map((vote) => [
        vote.agent,
        vote.action,
        number(vote.confidence),
        `× ${number(analysis.weights[vote.agent])}`,
        vote.reason,
      ]),
    ),
    '',
    ...columns([
      ...flat({ ...decision, reason: undefined }, 'decision'),
      ...flat(model, 'model'),
      ...flat({ ...sentiment, evidence: undefined }, 'sentiment'),
      ['regime', number(analysis.regime)],
      ['conflict', number(analysis.conflict)],
      ...flat(analysis.snapshot, 'indicator'),
    ]),
    ...sentiment.evidence,
  ];
}

export const whyCommand = new Command('why')
  .description('why a stock was bought, sold short or left alone: every number of one bar')
  .argument('<symbol>', 'trading symbol')
  .argument('[time]', "HH:MM, India's time: the bar that had closed by then; default the newest")
  .option('--account <name>', 'account; default the running one')
  .option('--date <date>', 'session date; default the running one')
  .option('--json', 'print one JSON document')
  .action(async (symbol: string, time: string | undefined, flags: WhyFlags) => {
    const { account, date } = chosenDay(flags);
    const until = time === undefined ? epochMs(Number.MAX_SAFE_INTEGER) : instantOf(date, time);
    const why = await withDatabase((pool) =>
      findWhy(pool, { account, tradingsymbol: symbol.toUpperCase(), until }),
    );
    print(flags.json === true, why, () => lines(why));
  });
