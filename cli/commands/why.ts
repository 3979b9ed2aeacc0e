// `ratchet why SYMBOL [TIME]`: every number that led to LONG, SHORT or SKIP, and risk's answer.
import { Command } from 'commander';
import type { Pool } from 'pg';
import type { NotJudged, Judgement } from '../../domain/decision';
import type { RiskQuestion, RiskVerdict } from '../../domain/entry';
import { Refused } from '../../domain/errors';
import { istInstant, istTime } from '../../domain/session/sessionClock';
import { parseSessionDate } from '../../domain/session/calendar';
import { epochMs, type EpochMs } from '../../domain/units';
import { columns, print } from '../text/output';
import { atHash } from '../text/strategyWords';
import { chosenDay, withRecords, type DayChoice } from '../talk';
import { withDayOptions } from '../dayOptions';

interface WhyFlags extends DayChoice {
  readonly json?: true;
}

/** What was concluded about a stock on one bar. */
interface Why {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly action: string;
  readonly reason: string;
  readonly trail: Judgement | NotJudged;
  /** Risk's question and answer; null where risk was not asked. */
  readonly risk: (RiskVerdict & { readonly asked: RiskQuestion | null }) | null;
  /** The intent it led to, if any. */
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

interface WhyQuestion {
  readonly account: string;
  readonly tradingsymbol: string;
  /** Bars of the session that had closed by `until`. */
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The last bar that closed at or before `until`. @throws Refused when there is none. */
async function findWhy(
  pool: Pool,
  { account, tradingsymbol, from, until }: WhyQuestion,
): Promise<Why> {
  const { rows } = await pool.query<Row>(
    `select a.bar_at, a.action, a.reason, a.trail, r.numbers->>'intentId' as intent_id,
       case when r.code is null then null else json_build_object('code', r.code, 'reason', r.reason, 'numbers', r.numbers, 'asked', r.asked) end as risk
     from analysis a left join risk_answer r using (account, tradingsymbol, bar_at), lateral (
       select (config->>'barMinutes')::bigint * 60000 as bar_ms from decision_config c
       where c.account = a.account and c.bar_at <= a.bar_at order by c.bar_at desc limit 1) c
     where a.account = $1 and a.tradingsymbol = $2 and a.bar_at >= $3 and a.bar_at + c.bar_ms <= $4
     order by a.bar_at desc limit 1`,
    [account, tradingsymbol, from, until],
  );
  const [row] = rows;
  if (row === undefined)
    throw new Refused({
      code: 'NOT_ANALYSED',
      message: `${tradingsymbol} has not been analysed by then; \`ratchet screen ${tradingsymbol}\` says whether the day watches it`,
    });
  const { bar_at: barAt, intent_id: intentId, ...rest } = row;
  return { tradingsymbol, barAt: epochMs(Number(barAt)), intentId, ...rest };
}

const number = (value: unknown): string => {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  if (value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A nested record as dotted rows, with everything that was stored. */
function flat(value: unknown, path: string): string[][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [[path, number(value)]];
  if (Array.isArray(value)) return [[path, value.map(number).join(' ')]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, path === '' ? key : `${path}.${key}`),
  );
}

function lines(why: Why): string[] {
  const { tradingsymbol, barAt, action, reason, trail, risk, intentId } = why;
  const head = [`${tradingsymbol} · bar of ${istTime(barAt).slice(0, 5)} · ${action}`, reason];
  const after = [
    ...(risk === null
      ? []
      : [
          `risk: ${risk.code}: ${risk.reason}`,
          ...columns([...flat(risk.numbers, 'risk'), ...flat(risk.asked ?? {}, 'asked')]),
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
        vote.hash === undefined ? vote.agent : atHash({ name: vote.agent, hash: vote.hash }),
        vote.action,
        number(vote.confidence),
        `× ${number(analysis.weights[vote.agent] ?? null)}`,
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

export const whyCommand = withDayOptions(
  new Command('why')
    .description('why a stock was bought, sold short or left alone: every number of one bar')
    .argument('<symbol>', 'trading symbol')
    .argument('[time]', "HH:MM, India's time: the bar that had closed by then; default the newest"),
).action(async (symbol: string, time: string | undefined, flags: WhyFlags) => {
  const { account, date } = chosenDay(flags);
  const question = {
    account,
    tradingsymbol: symbol.toUpperCase(),
    from: istInstant(parseSessionDate(date), '00:00'),
    until: instantOf(date, time ?? '23:59'),
  };
  const why = await withRecords((pool) => findWhy(pool, question));
  print(flags.json === true, why, () => lines(why));
});
