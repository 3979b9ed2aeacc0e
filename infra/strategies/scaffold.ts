// Writes a new strategy: a file that works, what editors need, and a line for whoever finds the folder.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../../domain/errors';
import { strategyFile } from './bundle';
import { requireName } from './check';
import { compilerOptions } from './typeCheck';

const example = `// A strategy: what it looks for, its parameters, and its vote on one stock when a bar closes.
// The whole view and answer: docs/strategies.md. Prices are paise (100 paise are a rupee).
import { defineStrategy, integer, mirrored, number } from 'ratchet/strategy';

export default defineStrategy({
  sentence: 'Joins a close beyond the highest high of the last bars, while volume is above its mean.',
  // Each has a default, a range and a meaning; configure them under strategies.parameters.
  parameters: {
    bars: integer({ meaning: 'Bars whose high must be passed.', default: 12, least: 2, most: 60 }),
    volume: number({
      meaning: 'Least volume, in times its mean of 20 bars.',
      default: 1.5,
      least: 0,
      most: 10,
      step: 0.25,
    }),
  },
  // Written once, for buying; selling is the same rule on the bars upside down. So use differences of prices, never
  // their ratios. Without \`mirrored\`, vote: (view, values) => ({ action: 'BUY', … }) or null.
  vote: mirrored((view, { bars, volume }) => {
    const { bar, words, shown } = view;
    const before = view.session.slice(-bars - 1, -1);
    if (before.length < bars) return null;
    // Numbers are null while their indicator warms up.
    if (bar.atr14 === null || bar.volumeSma20 === null) return null;
    const high = Math.max(...before.map((one) => one.high));
    if (bar.close <= high || bar.volume < volume * bar.volumeSma20) return null;
    return {
      confidence: 0.6,
      reason: \`close \${words.above} the \${words.high} of \${bars} bars, \${shown.price(high)}\`,
      stopDistance: 2 * bar.atr14,
      targetDistance: 3 * bar.atr14,
    };
  }),
});
`;

const tsconfig = (): string =>
  `${JSON.stringify({ compilerOptions, include: ['*.ts'] }, null, 2)}\n`;

const readme = (name: string, folder: string): string =>
  `# ${name}\n\nA strategy of Ratchet: \`ratchet strategy check ${folder}\` says whether it can be used.\n`;

/** @returns the files written. @throws Refused STRATEGY_NAME, STRATEGY_EXISTS */
export function writeStrategy(name: string, parent: string): readonly string[] {
  const folder = join(parent, requireName(name));
  if (existsSync(folder))
    throw new Refused({
      code: 'STRATEGY_EXISTS',
      message: `${folder} exists already; nothing has been written`,
    });
  mkdirSync(folder, { recursive: true });
  const files = {
    [strategyFile]: example,
    'tsconfig.json': tsconfig(),
    'README.md': readme(name, folder),
  };
  return Object.entries(files).map(([file, text]) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
}
