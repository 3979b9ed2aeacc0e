// Three projects: `unit` needs nothing running, `system` starts whole systems that mostly wait, `paced` whole
// sessions at many times the market's pace, one after the other.
// Some dependencies ship only as ES modules; they alone are transformed.
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!trading-signals/|hyparquet/|hyparquet-writer/)'],
};

/** Each keeps a machine busy. */
const paced = [
  '/test/system/day.test.ts',
  '/test/system/modelRollout.test.ts',
  '/test/system/world.test.ts',
];

module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/test/system/'],
    },
    {
      ...shared,
      displayName: 'system',
      roots: ['<rootDir>/test/system'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...paced],
    },
    {
      ...shared,
      displayName: 'paced',
      roots: ['<rootDir>/test/system'],
      testMatch: paced.map((path) => `**${path}`),
    },
  ],
  testSequencer: './test/support/longestFirst.cjs',
  testTimeout: 120_000,
};
