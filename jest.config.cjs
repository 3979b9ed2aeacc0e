// Two projects: `unit` needs nothing running, `system` starts whole systems and so runs in one process.
// Some dependencies ship only as ES modules; they alone are transformed.
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!trading-signals/)'],
};

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
    },
  ],
  testTimeout: 120_000,
};
