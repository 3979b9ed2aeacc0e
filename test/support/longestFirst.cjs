// Begins the longest test files first, so that no worker is left alone with one at the end. Jest itself goes by size
// where it has no earlier run to go by.
const { default: Sequencer } = require('@jest/test-sequencer');

const longest = [
  '/test/system/liveDrill.test.ts',
  '/test/system/position.test.ts',
  '/test/simulation/simulation.test.ts',
  '/test/cli/check.test.ts',
  '/test/backtest/command.test.ts',
];

const rank = ({ path }) => {
  const place = longest.findIndex((end) => path.endsWith(end));
  return place === -1 ? longest.length : place;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
