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
  'https://[64:ff9b:1::1]/',
  'https://[2002:7f00:1::]/',
  'https://[::ffff:93.184.216.34]/',
  'https://[::ffff:0:93.184.216.34]/',
  'https://[100::1]/',
  'https://[2001::1]/',
  'https://[2001:20::1]/',
  'https://[2001:db8::1]/',
  'https://[2620:4f:8000::1]/',
  'https://[3fff::1]/',
  'https://[5f00::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://168.63.129.16/machine?comp=goalstate',
  'https://100.100.100.200/latest/meta-data/',
  'https://192.0.0.192/',
  'https://192.31.196.1/',
  'https://192.52.193.1/',
  'https://192.88.99.1/',
  'https://192.175.48.1/',
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

test.each([
  'https://8.8.8.8/',
  'https://168.63.129.17/',
  'https://[2606:4700::1111]/',
  'https://[2a00:1450::1]/',
])('%s is public', (url) => {
  expect(checkTargetUrl(url, rules).href).toBe(url);
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

test.each(['127.0.0.1', '::1'])(
  'in development too, a name that leads to %s is refused: the URL itself must name loopback',
  async (address) => {
    const url = checkTargetUrl('https://news.example.com/feed', development);
    const resolve = (): Promise<{ address: string; family: number }[]> =>
      Promise.resolve([{ address, family: address === '::1' ? 6 : 4 }]);
    await expect(allowedAddress(url, development, resolve)).rejects.toThrow(/not public/);
  },
);

const lan = { loopbackDevelopment: false, allowedPorts: [], lan: true };

test.each([
  'http://192.168.1.5:8080/hook',
  'https://10.0.0.2/',
  'http://172.31.255.255/',
  'http://[fd12:3456::1]:9000/',
])('%s is allowed where the configuration names it as local', (url) => {
  expect(checkTargetUrl(url, lan).href).toContain('//');
  expect(() => checkTargetUrl(url, rules)).toThrow(/https|not public/);
});

test.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://0.0.0.0/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fd20:ce::254]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://100.100.100.200/',
  'http://172.32.0.1/',
  'http://224.0.0.1/',
  'https://93.184.216.34/',
])('%s is no local address', (url) => {
  expect(() => checkTargetUrl(url, lan)).toThrow(/must be a private address/);
});

test.each([
  [['192.168.1.5', '127.0.0.1'], /127\.0\.0\.1/],
  [['93.184.216.34'], /93\.184\.216\.34/],
])('a local name that leads to %j is refused', async (addresses, reason) => {
  const url = checkTargetUrl('http://receiver.home:8080/', lan);
  const resolve = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve(addresses.map((address) => ({ address, family: 4 })));
  await expect(allowedAddress(url, lan, resolve)).rejects.toThrow(reason);
});

test('a local endpoint may carry no credentials and speaks only http and https', () => {
  expect(() => checkTargetUrl('http://me:pw@192.168.1.5/', lan)).toThrow(/credentials/);
  expect(() => checkTargetUrl('ftp://192.168.1.5/', lan)).toThrow(/must use https/);
});
