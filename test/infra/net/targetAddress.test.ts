// Which URLs an alert may go to: the spellings of private addresses, and a resolver that lies.
import { allowedAddress, checkTargetUrl } from '../../../infra/net/targetAddress';

const rules = { loopbackDevelopment: false, allowedPorts: [] };
const development = { loopbackDevelopment: true, allowedPorts: [] };

test.each([
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://127。0。0。1/',
  'https://127.0.0.1/',
  'https://0.0.0.0/',
  'https://10.1.2.3/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fc00::1]/',
  'https://[fe80::1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
])('%s is refused: its address is not public', (url) => {
  expect(() => checkTargetUrl(url, rules)).toThrow(/not public/);
});

test.each([
  ['http://example.com/', /https/],
  ['gopher://example.com/', /https/],
  ['file:///etc/passwd', /https/],
  ['https://user:pw@example.com/', /credentials/],
  ['https://example.com/#part', /fragment/],
  ['https://example.com:22/', /port 22/],
  ['nonsense', /not a URL/],
  [`https://example.com/${'x'.repeat(2_048)}`, /longer than/],
  ['http://127.0.0.1:9000/', /https/],
])('%s is refused', (url, reason) => {
  expect(() => checkTargetUrl(url, rules)).toThrow(reason);
});

test('a public name is allowed and the address checked is the one returned', async () => {
  const url = checkTargetUrl('https://alerts.example.com/hook', rules);
  const resolve = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve([{ address: '93.184.216.34', family: 4 }]);
  await expect(allowedAddress(url, rules, resolve)).resolves.toEqual({
    address: '93.184.216.34',
    family: 4,
  });
});

test('one private answer among public ones is enough to refuse, on every attempt', async () => {
  const url = checkTargetUrl('https://rebind.example.com/', rules);
  const answers = [
    [{ address: '93.184.216.34', family: 4 }],
    [
      { address: '93.184.216.34', family: 4 },
      { address: '::ffff:192.168.0.1', family: 6 },
    ],
    [],
  ];
  const resolve = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve(answers.shift() ?? []);
  await expect(allowedAddress(url, rules, resolve)).resolves.toBeDefined();
  await expect(allowedAddress(url, rules, resolve)).rejects.toThrow(/not public/);
  await expect(allowedAddress(url, rules, resolve)).rejects.toThrow(/no address/);
});

test('development mode opens loopback only', () => {
  expect(checkTargetUrl('http://127.0.0.1:9000/hook', development).port).toBe('9000');
  expect(checkTargetUrl('http://localhost:9000/hook', development).port).toBe('9000');
  expect(() => checkTargetUrl('http://10.0.0.1/', development)).toThrow(/https/);
  expect(() => checkTargetUrl('https://10.0.0.1/', development)).toThrow(/not public/);
});
