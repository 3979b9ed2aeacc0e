// Lint is where the architecture is enforced: which folder may import which, and which words and
// impure calls are not allowed where. The house rules lint cannot say live in test/tidy.test.ts.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';

const nodeBuiltins = [
  'node:*',
  'fs',
  'path',
  'os',
  'http',
  'https',
  'net',
  'crypto',
  'child_process',
];

/** Forbids the clock and chance: pure code receives both as arguments. */
const noImpurity = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pass the instant in; no clock here.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Pass the instant in; no clock here.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Pass the seed in; no chance here.',
  },
];

/** Every folder of code, and which other folders each may import. */
const folders = [
  'domain',
  'strategy',
  'workflows',
  'activities',
  'workers',
  'serving',
  'broker',
  'exchange',
  'infra',
  'backtest',
  'training',
  'cli',
  'test',
  'bench',
];
const mayImport = {
  domain: [],
  // What users' strategies import: the contract, and nothing that acts.
  strategy: ['domain'],
  workflows: ['domain', 'activities'],
  broker: ['domain'],
  activities: ['domain', 'broker', 'infra'],
  serving: ['domain', 'infra'],
  exchange: ['domain', 'broker'],
  infra: ['domain', 'broker', 'exchange'],
  workers: ['domain', 'workflows', 'activities', 'broker', 'serving', 'infra', 'exchange'],
  // One process, no Temporal: the exchange's engine and the broker client's reading of its answers.
  backtest: ['domain', 'activities', 'broker', 'exchange', 'infra'],
  training: ['domain', 'exchange', 'infra'],
  cli: folders.filter((folder) => !['test', 'bench'].includes(folder)),
};
const arrows = [
  ...Object.entries(mayImport).map(([folder, allowed]) => ({
    target: `./${folder}`,
    from: folders
      .filter((other) => other !== folder && !allowed.includes(other))
      .map((other) => `./${other}`),
  })),
  // An adapter is known to the file that chooses it, and to what replays its answers from the exchange.
  { target: ['./activities', './workers', './cli'], from: ['./broker/kite', './broker/contract'] },
  // The exchange knows a broker by what may be asked of it and by how that fails; who opens one is its affair.
  { target: './exchange', from: './broker', except: ['./port.ts', './failure.ts'] },
  // Of workers, only the shadow exchange is one of our own.
  { target: './workers/*.ts', from: './exchange' },
  // Of infra, only what brings a system up knows that there is an exchange of our own.
  {
    target: ['config', 'net', 'postgres', 'setup', 'temporal'].map((part) => `./infra/${part}`),
    from: ['./exchange'],
  },
];

const onlyKite = { group: ['kiteconnect'], message: 'Only broker/kite knows Kite.' };
const onlyQuiet = {
  group: ['onnxruntime-node'],
  message: 'Take it from infra/onnxruntime, where its telemetry is off.',
};
const onlyReading = {
  group: ['**/broker', '**/broker/port'],
  importNames: ['openBroker', 'Broker', 'BrokerWriter'],
  message: 'A shadow sends nothing: it knows only the half of a broker that reads.',
};

export default tseslint.config(
  // Examples are users' files: `ratchet strategy check` is their lint.
  { ignores: ['node_modules/', 'lib/', '.ratchet/', 'coverage/', 'examples/strategies/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: arrows }],
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true }],
      'max-params': ['error', 4],
      complexity: ['error', 15],
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...noImpurity],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...nodeBuiltins, '@temporalio/*', 'pg', 'express', 'kiteconnect'],
              message: 'domain/ is pure.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: nodeBuiltins,
              message: 'Workflow code runs in the sandbox: no Node built-ins.',
            },
            {
              group: ['**/activities/**', '../activities'],
              allowTypeImports: true,
              message: 'Workflows import activities by type only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      // Table tests and properties take one argument per column.
      'max-params': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['domain/**', 'broker/kite/**', 'test/exchange/**', 'infra/onnxruntime/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyKite, onlyQuiet] }] },
  },
  {
    files: ['exchange/**/*.ts', 'workers/shadow/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyKite, onlyQuiet, onlyReading] }] },
  },
  prettier,
);
