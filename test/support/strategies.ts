// Strategies of a user's, written to a folder outside the source tree, and made-up sessions to ask them about.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IndicatorSnapshot } from '../../domain/indicators';
import { istInstant } from '../../domain/session/sessionClock';
import { marketViews, type MarketView, type ParameterValues } from '../../domain/strategy';
import { epochMs } from '../../domain/units';
import { loadedWith, readStrategy, type LoadedStrategy } from '../../infra/strategies/loaded';
import { bar, news } from '../domain/bars';

/** A strategy that does nothing but this. */
export const strategyText = (vote: string, rest = ''): string =>
  `import { defineStrategy } from 'ratchet/strategy';
${rest}
export default defineStrategy({ sentence: 'A test.', parameters: {}, vote: (view) => {
  ${vote}
} });
`;

/** A vote that is one. */
export const buys = `return { action: 'BUY', confidence: 0.8, reason: 'it is time', stop: view.bar.close - 500 };`;

export class StrategyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ratchet-strategies-'));

  /** Writes NAME/strategy.ts and what is beside it. @returns its folder. */
  write(name: string, text: string, beside: Readonly<Record<string, string>> = {}): string {
    for (const [file, content] of Object.entries({ 'strategy.ts': text, ...beside })) {
      const path = join(this.path, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return join(this.path, name);
  }

  async load(name: string, text: string, values: ParameterValues = {}): Promise<LoadedStrategy> {
    const folder = this.write(name, text);
    return loadedWith(await readStrategy({ name, folder }), { values });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

type Changed = Partial<IndicatorSnapshot>;

/** Five-minute bars of one session from 09:15 on, each calm but for what is changed. */
export const sessionOf = (date: string, changed: readonly Changed[]): IndicatorSnapshot[] =>
  changed.map((one, at) =>
    bar({
      session: date,
      barAt: epochMs(istInstant(date, '09:15') + at * 300_000),
      ...one,
    }),
  );

/** The view of one stock whose last bar has just closed. */
export function viewOf(bars: readonly IndicatorSnapshot[], tradingsymbol = 'TEST'): MarketView {
  const [view] = marketViews([{ tradingsymbol, bars, news: news(0, 0) }], null);
  if (view === undefined) throw new Error('no bar');
  return view;
}
