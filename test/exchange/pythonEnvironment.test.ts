// The environment is created once and found again. Its absence gives a reason, not an error.
import { spawnSync } from 'node:child_process';
import { pythonWith } from '../support/pythonEnvironment';

test('a Python that does not exist gives undefined and says why', () => {
  const said = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const before = process.env['RATCHET_PYTHON'];
  process.env['RATCHET_PYTHON'] = '/no/such/python';
  try {
    expect(pythonWith(`none-${process.pid}`, ['nothing==1'])).toBeUndefined();
    expect(said.mock.calls[0]?.[0]).toMatch(
      /nothing==1\) are skipped: .*\/no\/such\/python.*ENOENT/,
    );
  } finally {
    if (before === undefined) delete process.env['RATCHET_PYTHON'];
    else process.env['RATCHET_PYTHON'] = before;
    said.mockRestore();
  }
});

const python = pythonWith('kiteconnect-5.2.2', ['kiteconnect==5.2.2']);
const testWithPython = python === undefined ? test.skip : test;

testWithPython('the interpreter imports what was asked for, and the second call finds it', () => {
  const version = 'from importlib.metadata import version; print(version("kiteconnect"))';
  expect(spawnSync(python ?? '', ['-c', version], { encoding: 'utf8' }).stdout).toBe('5.2.2\n');
  expect(pythonWith('kiteconnect-5.2.2', ['kiteconnect==5.2.2'])).toBe(python);
});
