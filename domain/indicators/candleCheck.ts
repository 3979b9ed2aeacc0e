// Refuses impossible candles, since every indicator after them would carry the mistake on unseen.
import { Refused } from '../errors';
import type { Candle } from '../market/candle';
import type { RefusalCode } from '../refusals';
import { istText } from '../session/sessionClock';

function refuse(code: RefusalCode, message: string): never {
  throw new Refused({ code, message });
}

const priceFields = ['open', 'high', 'low', 'close'] as const;

/**
 * Checks one candle by itself and against the one before it.
 * @throws Refused CANDLE_PRICE, CANDLE_VOLUME, CANDLE_RANGE or CANDLE_ORDER, naming field and value.
 */
export function checkCandle(candle: Candle, previousAt: number | null): void {
  if (!Number.isSafeInteger(candle.at)) {
    refuse('CANDLE_TIME', `candle at must be whole epoch milliseconds, was ${candle.at}`);
  }
  for (const field of priceFields) {
    const value = candle[field];
    if (!Number.isFinite(value) || value <= 0) {
      refuse(
        'CANDLE_PRICE',
        `candle ${istText(candle.at)}: ${field} must be a price above 0, was ${value}`,
      );
    }
  }
  if (!Number.isFinite(candle.volume) || candle.volume < 0) {
    refuse(
      'CANDLE_VOLUME',
      `candle ${istText(candle.at)}: volume must be 0 or more, was ${candle.volume}`,
    );
  }
  const { open, high, low, close } = candle;
  if (high < Math.max(open, close) || low > Math.min(open, close)) {
    refuse(
      'CANDLE_RANGE',
      `candle ${istText(candle.at)}: open ${open} and close ${close} must lie between low ${low} and high ${high}`,
    );
  }
  if (previousAt !== null && candle.at <= previousAt) {
    const how =
      candle.at === previousAt
        ? 'is there twice'
        : `comes after ${istText(previousAt as typeof candle.at)}`;
    refuse(
      'CANDLE_ORDER',
      `candle ${istText(candle.at)} ${how}; candles must be in ascending order, each once`,
    );
  }
}
