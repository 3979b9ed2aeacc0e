// Whether what a strategy answered is a vote. A strategy is somebody's code: what it answers is checked like any
// input, and an answer that is none counts as no opinion, with the reason.
import { paise } from '../units';
import { isRecord } from '../settings';
import type { StrategyAnswer, StrategyVote } from './vote';

/** Who answered, and about what. */
export interface Asked {
  readonly agent: string;
  readonly hash?: string;
  /** The bar's close, in paise. */
  readonly close: number;
}

const tagged = ({ agent, hash }: Asked): Pick<StrategyVote, 'agent' | 'hash'> => ({
  agent,
  ...(hash !== undefined && { hash }),
});

/** A vote of a strategy that could not be asked, or whose answer is none. */
export const brokenVote = (asked: Asked, why: string): StrategyVote => ({
  ...tagged(asked),
  action: 'NONE',
  confidence: 0,
  reason: `${asked.agent} is broken: ${why}`,
  broken: true,
});

const isPrice = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;

const shown = (value: unknown): string =>
  typeof value === 'number' || value === undefined ? `${value}` : JSON.stringify(value);

type Answered = Readonly<Record<string, unknown>>;

/** What is wrong with an answer; null where it is a vote. */
function faultOf(answer: Answered, close: number): string | null {
  const { action, confidence, reason } = answer;
  if (action !== 'BUY' && action !== 'SELL')
    return `action must be "BUY" or "SELL", was ${shown(action)}`;
  if (typeof confidence !== 'number' || !(confidence > 0 && confidence <= 1))
    return `confidence must be a number above 0 and at most 1, was ${shown(confidence)}`;
  if (typeof reason !== 'string' || reason.trim() === '')
    return `reason must be a sentence, was ${shown(reason)}`;
  return levelFault(answer, action === 'BUY' ? 1 : -1, close);
}

/** @param sign 1 where prices are to rise, −1 where they are to fall. */
function levelFault({ stop, target, entry }: Answered, sign: 1 | -1, close: number): string | null {
  const [below, above] = sign === 1 ? ['below', 'above'] : ['above', 'below'];
  if (!isPrice(stop) || sign * (close - stop) <= 0)
    return `stop must be a price in paise ${below} the close ${close}, was ${shown(stop)}`;
  if (target !== undefined && (!isPrice(target) || sign * (target - close) <= 0))
    return `target must be a price in paise ${above} the close ${close}, was ${shown(target)}`;
  if (entry !== undefined && (!isPrice(entry) || sign * (entry - stop) <= 0))
    return `entry must be a price in paise ${above} the stop ${stop}, was ${shown(entry)}`;
  return null;
}

/** The vote of an answer: null is no opinion, and what is no answer is a broken vote that says why. */
export function voteOfAnswer(asked: Asked, answer: unknown): StrategyVote {
  if (answer === null || answer === undefined)
    return { ...tagged(asked), action: 'NONE', confidence: 0, reason: 'no set-up' };
  if (!isRecord(answer))
    return brokenVote(asked, `an answer must be an object or null, was ${shown(answer)}`);
  const fault = faultOf(answer, asked.close);
  if (fault !== null) return brokenVote(asked, fault);
  const { action, confidence, reason, stop, target, entry } = answer as unknown as StrategyAnswer;
  return {
    ...tagged(asked),
    action,
    confidence,
    reason,
    stop: paise(Math.round(stop)),
    ...(target !== undefined && { target: paise(Math.round(target)) }),
    ...(entry !== undefined && { entry: paise(Math.round(entry)) }),
  };
}
