// An entry point: what commands answer in this process's time zone, as one JSON document. `node -r infra/sourceHook.cjs
// test/support/zonedAnswers.ts FOLDER OUT`, where FOLDER has recorded days.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { reportPage } from '../../activities/reports/page';
import { backtestCommand } from '../../cli/commands/backtest';
import { calendarCommand } from '../../cli/commands/calendar';
import { indicatorsCommand } from '../../cli/commands/indicators';
import { reportFacts } from './reportFacts';

const [folder = '', out = ''] = process.argv.slice(2);

/** What the command prints. */
async function printed(command: Command, args: readonly string[]): Promise<string> {
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  try {
    await command.parseAsync([...args], { from: 'user' });
    return text;
  } finally {
    process.stdout.write = write;
  }
}

async function answers(): Promise<object> {
  const [rows, html] = [join(out, 'rows.csv'), join(out, 'page.html')];
  await printed(indicatorsCommand, [join(folder, 'INFY.csv'), '--out', rows]);
  const model = ['--model', 'none', '--random', '2'];
  const backtest = ['--replay', folder, '--days', '2', ...model, '--json', '--html', html];
  return {
    zone: new Date(0).toString(),
    indicators: readFileSync(rows, 'utf8'),
    backtest: await printed(backtestCommand, backtest),
    page: readFileSync(html, 'utf8'),
    calendar: await printed(calendarCommand, ['--days', '200', '--json']),
    report: reportPage(reportFacts),
  };
}

void answers().then((found) => writeFileSync(join(out, 'answers.json'), JSON.stringify(found)));
