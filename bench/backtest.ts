// How many stock-minutes a second a backtest passes: ours in both fidelities, beside the best-known Python engines on the
// same files with the nearest comparable strategy. One JSON line an engine; each runs in a process of its own, after the
// other, on one core. Usage: npm run bench:backtest -- --replay FOLDER [--engine NAME]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonWith } from '../test/support/pythonEnvironment';
import { engines, measure } from './backtest/ours';

const peers = {
  'backtesting.py': {
    requirements: ['backtesting==0.6.6', 'pandas==2.2.3'],
    simulates: 'one stock at a time; EMA 9/21 cross, trailing stop, on minutes; no portfolio',
  },
  backtrader: {
    requirements: ['backtrader==1.9.78.123', 'pandas==2.2.3'],
    simulates: '23 feeds, one account; EMA 9/21 cross, trailing stop orders on minutes',
  },
  vectorbt: {
    requirements: ['vectorbt==0.28.2', 'plotly==5.24.1'],
    simulates: 'columns of closes, compiled, second run; EMA 9/21 cross, trailing stop; no limits',
  },
  nautilus_trader: {
    requirements: ['nautilus_trader==1.221.0', 'pandas==2.2.3'],
    simulates: 'event engine; EMA 9/21 cross, market orders on minute bars; trailing stop by bar',
  },
} as const;

const { values } = parseArgs({
  options: { replay: { type: 'string' }, engine: { type: 'string' } },
});
const { replay, engine } = values;
if (replay === undefined) throw new Error('--replay FOLDER of one-minute candles is missing');

function runAll(folder: string): void {
  for (const name of Object.keys(engines)) {
    const self = ['-r', './infra/sourceHook.cjs', __filename, '--replay', folder, '--engine', name];
    spawnSync('taskset', ['-c', '0', process.execPath, ...self], { stdio: 'inherit' });
  }
  for (const [name, { requirements, simulates }] of Object.entries(peers)) {
    const python = pythonWith(`backtest-${name}`, [...requirements]);
    if (python === undefined) continue;
    const script = join(__dirname, 'backtest', 'peers.py');
    const options = { encoding: 'utf8' as const };
    const ran = spawnSync('taskset', ['-c', '0', python, script, name, folder], options);
    const line = ran.stdout.trim().split('\n').at(-1) ?? '';
    console.log(
      line.startsWith('{')
        ? JSON.stringify({ ...(JSON.parse(line) as object), simulates })
        : JSON.stringify({ engine: name, failed: ran.stderr.trim().split('\n').at(-1) }),
    );
  }
}

if (engine === undefined) runAll(replay);
else void measure(engine, replay).then((line) => console.log(JSON.stringify(line)));
