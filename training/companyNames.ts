// Builds domain/sentiment/names/aliases.json: the names headlines use for stocks. From SEntFiN's alias file (MIT)
// and plain company names; which stocks exist comes from the exchange's lists. A name claimed by two
// stocks, a group's name, or an ordinary word goes to the ambiguous list with its reason instead.
// Usage: node companyNames.js REFERENCE_DIR OUT.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from './csv';

/** Names of groups: several listed companies answer to them. */
const groups =
  'adani|adani group|bajaj|bajajs|tata|tata group|tatas|mahindra|hdfc|birla|aditya birla|godrej|jsw|lt|essar|torrent|jindal|apollo|motherson|piramal|welspun|indiabulls|lic|icici|kotak|max|gmr|adag|murugappa|vedanta group|hinduja|sundaram|shriram|muthoot|cholamandalam';
/** Words that are also names: without more of the name beside them they mean the word. */
const ordinaryWords =
  'page|oil|re|it|india|bank|financial|financials|consumer|century|deepak|auto|equity|hospitals|jet|rail|ace|clean|route|campus|home first|star|nava|ti|pi|dena|matrix|oriental|orchid|power|gas|fuel|steel|pharma|metals|infra|lead|tea|tin|rubber|retail|technology|orient|united|national|premier|rainbow|signature|idea|sapphire|minda|oberoi|deepak|sonata|textiles|jewellers|jewellery|plywood';
/** Names in use that no source has. */
const added: Readonly<Record<string, string>> = {
  RELIANCE: 'Reliance|Reliance Industries|RIL',
  LT: 'L&T|Larsen & Toubro|Larsen and Toubro|Larsen',
  'M&M': 'M&M|Mahindra & Mahindra|Mahindra and Mahindra',
  ETERNAL: 'Eternal|Zomato',
  JIOFIN: 'Jio Financial|Jio Financial Services',
  LTIM: 'LTIMindtree',
  NESTLEIND: 'Nestle|Nestle India',
  TATAMOTORS: 'Tata Motors',
  TATACONSUM: 'Tata Consumer|Tata Consumer Products',
  HDFC: 'Housing Development Finance Corporation',
  HDFCLIFE: 'HDFC Life|HDFC Life Insurance',
  MARUTI: 'Maruti|Maruti Suzuki',
  SHRIRAMFIN: 'Shriram Finance',
  'BAJAJ-AUTO': 'Bajaj Auto',
  MAXHEALTH: 'Max Healthcare',
  INDIGO: 'IndiGo|InterGlobe Aviation',
  SBIN: 'SBI|State Bank of India|State Bank',
  TITAN: 'Titan|Titan Company',
  WIPRO: 'Wipro',
  INFY: 'Infosys|Infy',
  CIPLA: 'Cipla',
  BAJFINANCE: 'Bajaj Finance',
  BAJAJFINSV: 'Bajaj Finserv',
  HEROMOTOCO: 'Hero MotoCorp|Hero Moto',
  EICHERMOT: 'Eicher Motors|Eicher|Royal Enfield',
  TECHM: 'Tech Mahindra|TechM',
  HCLTECH: 'HCL Tech|HCL Technologies',
  VEDL: 'Vedanta',
  TRENT: 'Trent',
  BRITANNIA: 'Britannia|Britannia Industries',
  GRASIM: 'Grasim|Grasim Industries',
  HINDALCO: 'Hindalco|Hindalco Industries',
};

const withoutForm = (name: string): string =>
  name
    .replace(/\s*\(.*?\)/g, '')
    .replace(/,?\s+(ltd|limited|inc|corp)\.?(\s*-\s*old)?$/i, '')
    .trim();

const key = (name: string): string => name.toLowerCase().replace(/\s+/g, ' ').trim();

function collect(folder: string): Map<string, Set<string>> {
  const read = (file: string): Map<string, string>[] =>
    parseCsv(readFileSync(join(folder, file), 'utf8'));
  const names = new Map<string, Set<string>>();
  const add = (symbol: string, ...aliases: string[]): void => {
    const known = names.get(symbol) ?? new Set<string>();
    for (const alias of aliases) if (alias.length > 1) known.add(alias);
    names.set(symbol, known);
  };
  for (const row of read('nifty500_constituents_2025-09.csv')) {
    const symbol = row.get('Symbol') ?? '';
    if (!symbol.startsWith('DUMMY'))
      add(symbol, symbol, withoutForm(row.get('Company Name') ?? ''));
  }
  for (const row of read('instruments_nse_kite_format_2021.csv')) {
    add(row.get('tradingsymbol') ?? '', row.get('tradingsymbol') ?? '');
  }
  for (const row of read('company_aliases_sentfin.csv')) {
    const symbol = row.get('symbol') ?? '';
    if (names.has(symbol)) add(symbol, withoutForm(row.get('alias') ?? ''));
  }
  for (const [symbol, aliases] of Object.entries(added)) add(symbol, ...aliases.split('|'));
  return names;
}

interface NameList {
  /** Aliases by tradingsymbol, separated by `|`. */
  readonly companies: Record<string, string>;
  /** Why a name is no alias, by lower-case name. */
  readonly ambiguous: Record<string, string>;
}

function settle(names: Map<string, Set<string>>): NameList {
  const owners = new Map<string, Set<string>>();
  for (const [symbol, aliases] of names) {
    for (const alias of aliases) {
      owners.set(key(alias), (owners.get(key(alias)) ?? new Set()).add(symbol));
    }
  }
  const ambiguous: Record<string, string> = {};
  for (const name of groups.split('|')) ambiguous[name] = 'names a group of companies';
  for (const name of ordinaryWords.split('|')) ambiguous[name] = 'is an ordinary word';
  for (const [name, symbols] of owners) {
    if (symbols.size > 1) ambiguous[name] = `could be ${[...symbols].sort().join(' or ')}`;
  }
  const companies: Record<string, string> = {};
  for (const [symbol, aliases] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const kept = new Map<string, string>();
    for (const alias of aliases) {
      // A tradingsymbol in capitals is never ambiguous, whatever the word means in lower case.
      if (alias === symbol || !(key(alias) in ambiguous)) kept.set(alias, alias);
    }
    companies[symbol] = [...kept.keys()].join('|');
  }
  return { companies, ambiguous };
}

const [folder, target] = process.argv.slice(2);
if (folder === undefined || target === undefined) {
  throw new Error('usage: node companyNames.js REFERENCE_DIR OUT.json');
}
writeFileSync(target, `${JSON.stringify(settle(collect(folder)), null, 2)}\n`);
