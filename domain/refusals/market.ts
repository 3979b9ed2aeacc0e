// Dates, candles, stocks, news.
import type { Refusal } from './refusal';

export const marketRefusals = {
  CALENDAR_DATE: { when: 'A text is no date.', remedy: 'Write it like 2026-11-20.' },
  FEED_GAP: {
    when: 'The feed has missed minutes of the stock that are not filled yet.',
    remedy: 'Nothing; it is judged again once the broker’s history has filled them.',
  },
  CALENDAR_LIST: {
    when: 'An entry of the configured calendar is wrong.',
    remedy: 'Correct the entry the sentence names.',
  },
  CALENDAR_STALE: {
    when: 'No holiday list covers the date.',
    remedy: 'Add the exchange’s list for that year.',
  },
  CALENDAR_CLOSED: {
    when: 'The date is no trading day.',
    remedy: 'Choose a trading day; the sentence names one.',
  },
  CANDLE_TIME: {
    when: 'A candle has no whole instant.',
    remedy: 'Correct the source of the candles.',
  },
  CANDLE_PRICE: {
    when: 'A candle’s price is not above 0.',
    remedy: 'Correct the source of the candles.',
  },
  CANDLE_VOLUME: {
    when: 'A candle’s volume is below 0.',
    remedy: 'Correct the source of the candles.',
  },
  CANDLE_RANGE: {
    when: 'A candle’s open or close is outside its low and high.',
    remedy: 'Correct the source of the candles.',
  },
  CANDLE_ORDER: { when: 'Candles are not in ascending order, each once.', remedy: 'Sort them.' },
  ANALYSIS_NO_BAR: {
    when: 'Nothing was traded in the bar, so there is nothing to judge.',
    remedy: 'Nothing.',
  },
  INDICATOR_OPTIONS: {
    when: 'An option of the indicators is out of range.',
    remedy: 'Give a whole number from 1 to 375.',
  },
  CANDLE_FILE: {
    when: 'A file of candles, headlines or factors has a wrong form, header or row.',
    remedy: 'Correct the line the sentence names.',
  },
  INDICATOR_OUT: { when: 'The indicators cannot be written.', remedy: 'Choose another file.' },
  SURVEILLANCE_LIST: {
    when: 'The surveillance list cannot be read or has a wrong form.',
    remedy: 'Correct the file of screener.surveillanceFile.',
  },
  SURVEILLANCE_STALE: {
    when: 'The surveillance list is of another time.',
    remedy: 'Fetch the exchange’s list of the day.',
  },
  UNIVERSE_UNKNOWN: {
    when: 'A stock of universe is not listed, or has no candles.',
    remedy: 'Correct its symbol.',
  },
  SENTIMENT_SCORE: {
    when: 'Probabilities of a headline do not sum to 1.',
    remedy: 'Report it: the model answers wrongly.',
  },
  SENTIMENT_INPUT: {
    when: 'A file of headlines has a wrong form.',
    remedy: 'Correct the line the sentence names.',
  },
  NEWS_INPUT: {
    when: 'What `ratchet news check` is to read cannot be read so.',
    remedy: 'Correct what the sentence names.',
  },
  CHARGES_NO_CARD: {
    when: 'No rate card covers the date.',
    remedy: 'Choose a later date, or give rate cards.',
  },
} as const satisfies Record<string, Refusal>;
