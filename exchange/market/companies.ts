// The companies the exchange knows by name: real symbols and tokens. Those with a price level are what the
// generated day trades; the others appear in replays. Prices, day volatility (percent) and day volume
// (shares) are levels of late 2026, not quotes.

export interface Company {
  readonly tradingsymbol: string;
  readonly exchangeToken: number;
  readonly name: string;
  readonly hasDerivatives: boolean;
  readonly misAllowed: boolean;
  /** Where a generated day begins; absent for a company that is only replayed. */
  readonly level: PriceLevel | undefined;
}

export interface PriceLevel {
  readonly rupees: number;
  readonly dayVolatilityPct: number;
  readonly dayVolume: number;
}

// symbol | exchange token | name | derivatives | MIS | price | volatility | volume
const table = `
  RELIANCE|2885|Reliance Industries|yes|mis|1418.6|1.3|9800000
  HDFCBANK|1333|HDFC Bank|yes|mis|986.3|1.1|14500000
  ICICIBANK|4963|ICICI Bank|yes|mis|1374.2|1.2|9100000
  INFY|1594|Infosys|yes|mis|1521.4|1.5|6400000
  TCS|11536|Tata Consultancy Services|yes|mis|3098.7|1.3|2300000
  SBIN|3045|State Bank of India|yes|mis|968.45|1.5|10800000
  AXISBANK|5900|Axis Bank|yes|mis|1252.9|1.6|6200000
  KOTAKBANK|1922|Kotak Mahindra Bank|yes|mis|2104.5|1.3|2600000
  BHARTIARTL|10604|Bharti Airtel|yes|mis|2081.3|1.3|4700000
  ITC|1660|ITC|yes|mis|404.85|1.0|12400000
  LT|11483|Larsen & Toubro|yes|mis|3987.4|1.4|1700000
  TATASTEEL|3499|Tata Steel|yes|mis|172.38|1.9|31000000
  HINDALCO|1363|Hindalco Industries|yes|mis|801.25|1.9|5600000
  JSWSTEEL|11723|JSW Steel|yes|mis|1163.7|1.7|2400000
  MARUTI|10999|Maruti Suzuki India|yes|mis|15842|1.3|390000
  M&M|2031|Mahindra & Mahindra|yes|mis|3641.2|1.6|2300000
  TECHM|13538|Tech Mahindra|yes|mis|1449.8|1.7|1900000
  WIPRO|3787|Wipro|yes|mis|241.66|1.4|11900000
  SUNPHARMA|3351|Sun Pharmaceutical Industries|yes|mis|1744.3|1.3|2100000
  TITAN|3506|Titan Company|yes|mis|3862.1|1.3|1000000
  BAJFINANCE|317|Bajaj Finance|yes|mis|1012.4|1.7|6900000
  ADANIPORTS|15083|Adani Ports and Special Economic Zone|yes|mis|1473.6|1.9|2600000
  NTPC|11630|NTPC|yes|mis|327.35|1.2|9800000
  ONGC|2475|Oil & Natural Gas Corporation|yes|mis|248.12|1.4|12900000
  COALINDIA|20374|Coal India|yes|mis|381.9|1.2|6300000
  VGUARD|15362|V-Guard Industries|no|mis|349.2|1.8|410000
  FINCABLES|1038|Finolex Cables|no|mis|768.5|1.9|270000
  KAJARIACER|1808|Kajaria Ceramics|no|mis|1072.6|1.8|190000
  CENTURYPLY|13305|Century Plyboards (India)|no|mis|741.35|2.0|160000
  BATAINDIA|371|Bata India|no|mis|1014.8|1.6|330000
  CERA|15039|Cera Sanitaryware|no|mis|5562|1.7|9000
  GILLETTE|1576|Gillette India|no|mis|8834|1.4|7200
  3MINDIA|474|3M India|no|blocked|34120|1.5|3900
  BAJAJ-AUTO|16669|Bajaj Auto|yes|mis
  BAJAJFINSV|16675|Bajaj Finserv|yes|mis
  BPCL|526|Bharat Petroleum Corporation|yes|mis
  BRITANNIA|547|Britannia Industries|yes|mis
  CIPLA|694|Cipla|yes|mis
  DIVISLAB|10940|Divi's Laboratories|yes|mis
  DRREDDY|881|Dr. Reddy's Laboratories|yes|mis
  EICHERMOT|910|Eicher Motors|yes|mis
  GRASIM|1232|Grasim Industries|yes|mis
  HCLTECH|7229|HCL Technologies|yes|mis
  HDFC|1330|Housing Development Finance Corporation|yes|mis
  HDFCLIFE|467|HDFC Life Insurance Company|yes|mis
  HEROMOTOCO|1348|Hero MotoCorp|yes|mis
  HINDUNILVR|1394|Hindustan Unilever|yes|mis
  INDUSINDBK|5258|IndusInd Bank|yes|mis
  IOC|1624|Indian Oil Corporation|yes|mis
  NESTLEIND|17963|Nestle India|yes|mis
  POWERGRID|14977|Power Grid Corporation of India|yes|mis
  SBILIFE|21808|SBI Life Insurance Company|yes|mis
  SHREECEM|3103|Shree Cement|yes|mis
  TATACONSUM|3432|Tata Consumer Products|yes|mis
  TATAMOTORS|3456|Tata Motors|yes|mis
  ULTRACEMCO|11532|UltraTech Cement|yes|mis
  UPL|11287|UPL|yes|mis
  ASIANPAINT|236|Asian Paints|yes|mis
`;

/** By tradingsymbol, in the table's order. */
export const companies: ReadonlyMap<string, Company> = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => parseCompany(line.trim().split('|')))
    .map((company) => [company.tradingsymbol, company]),
);

function parseCompany(columns: readonly string[]): Company {
  const [tradingsymbol = '', token, name = '', derivatives, mis, ...level] = columns;
  const [rupees, volatility, volume] = level.map(Number);
  return {
    tradingsymbol,
    exchangeToken: Number(token),
    name,
    hasDerivatives: derivatives === 'yes',
    misAllowed: mis === 'mis',
    level:
      rupees === undefined || volatility === undefined || volume === undefined
        ? undefined
        : { rupees, dayVolatilityPct: volatility, dayVolume: volume },
  };
}

/** Exchange tokens of the indices, by their name in the instruments dump. */
export const indexTokens: Readonly<Record<string, number>> = {
  'NIFTY 50': 1001,
  'NIFTY BANK': 1016,
  'NIFTY IT': 1015,
  'NIFTY AUTO': 1029,
  'NIFTY FMCG': 1023,
  'NIFTY METAL': 1030,
  'NIFTY PHARMA': 1025,
  'NIFTY PSU BANK': 1027,
  'NIFTY REALTY': 1020,
  'NIFTY MEDIA': 1031,
  'NIFTY FIN SERVICE': 1007,
};
