// The companies that the exchange knows by name: real symbols, tokens and sectors. Those with a price level
// are traded on generated days; the others appear in replays. Prices, day volatility (percent) and day volume
// (shares) are levels of late 2026, not quotes.

export interface Company {
  readonly tradingsymbol: string;
  readonly exchangeToken: number;
  readonly name: string;
  readonly sector: string;
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

// symbol | exchange token | name | sector | derivatives | MIS | price | volatility | volume
const table = `
  RELIANCE|2885|Reliance Industries|Oil Gas & Consumable Fuels|yes|mis|1418.6|1.3|9800000
  HDFCBANK|1333|HDFC Bank|Financial Services|yes|mis|986.3|1.1|14500000
  ICICIBANK|4963|ICICI Bank|Financial Services|yes|mis|1374.2|1.2|9100000
  INFY|1594|Infosys|Information Technology|yes|mis|1521.4|1.5|6400000
  TCS|11536|Tata Consultancy Services|Information Technology|yes|mis|3098.7|1.3|2300000
  SBIN|3045|State Bank of India|Financial Services|yes|mis|968.45|1.5|10800000
  AXISBANK|5900|Axis Bank|Financial Services|yes|mis|1252.9|1.6|6200000
  KOTAKBANK|1922|Kotak Mahindra Bank|Financial Services|yes|mis|2104.5|1.3|2600000
  BHARTIARTL|10604|Bharti Airtel|Telecommunication|yes|mis|2081.3|1.3|4700000
  ITC|1660|ITC|Fast Moving Consumer Goods|yes|mis|404.85|1.0|12400000
  LT|11483|Larsen & Toubro|Construction|yes|mis|3987.4|1.4|1700000
  TATASTEEL|3499|Tata Steel|Metals & Mining|yes|mis|172.38|1.9|31000000
  HINDALCO|1363|Hindalco Industries|Metals & Mining|yes|mis|801.25|1.9|5600000
  JSWSTEEL|11723|JSW Steel|Metals & Mining|yes|mis|1163.7|1.7|2400000
  MARUTI|10999|Maruti Suzuki India|Automobile and Auto Components|yes|mis|15842|1.3|390000
  M&M|2031|Mahindra & Mahindra|Automobile and Auto Components|yes|mis|3641.2|1.6|2300000
  TECHM|13538|Tech Mahindra|Information Technology|yes|mis|1449.8|1.7|1900000
  WIPRO|3787|Wipro|Information Technology|yes|mis|241.66|1.4|11900000
  SUNPHARMA|3351|Sun Pharmaceutical Industries|Healthcare|yes|mis|1744.3|1.3|2100000
  TITAN|3506|Titan Company|Consumer Durables|yes|mis|3862.1|1.3|1000000
  BAJFINANCE|317|Bajaj Finance|Financial Services|yes|mis|1012.4|1.7|6900000
  ADANIPORTS|15083|Adani Ports and Special Economic Zone|Services|yes|mis|1473.6|1.9|2600000
  NTPC|11630|NTPC|Power|yes|mis|327.35|1.2|9800000
  ONGC|2475|Oil & Natural Gas Corporation|Oil Gas & Consumable Fuels|yes|mis|248.12|1.4|12900000
  COALINDIA|20374|Coal India|Oil Gas & Consumable Fuels|yes|mis|381.9|1.2|6300000
  VGUARD|15362|V-Guard Industries|Consumer Durables|no|mis|349.2|1.8|410000
  FINCABLES|1038|Finolex Cables|Capital Goods|no|mis|768.5|1.9|270000
  KAJARIACER|1808|Kajaria Ceramics|Consumer Durables|no|mis|1072.6|1.8|190000
  CENTURYPLY|13305|Century Plyboards (India)|Consumer Durables|no|mis|741.35|2.0|160000
  BATAINDIA|371|Bata India|Consumer Durables|no|mis|1014.8|1.6|330000
  CERA|15039|Cera Sanitaryware|Consumer Durables|no|mis|5562|1.7|9000
  GILLETTE|1576|Gillette India|Fast Moving Consumer Goods|no|mis|8834|1.4|7200
  3MINDIA|474|3M India|Diversified|no|blocked|34120|1.5|3900
  BAJAJ-AUTO|16669|Bajaj Auto|Automobile and Auto Components|yes|mis
  BAJAJFINSV|16675|Bajaj Finserv|Financial Services|yes|mis
  BPCL|526|Bharat Petroleum Corporation|Oil Gas & Consumable Fuels|yes|mis
  BRITANNIA|547|Britannia Industries|Fast Moving Consumer Goods|yes|mis
  CIPLA|694|Cipla|Healthcare|yes|mis
  DIVISLAB|10940|Divi's Laboratories|Healthcare|yes|mis
  DRREDDY|881|Dr. Reddy's Laboratories|Healthcare|yes|mis
  EICHERMOT|910|Eicher Motors|Automobile and Auto Components|yes|mis
  GRASIM|1232|Grasim Industries|Construction Materials|yes|mis
  HCLTECH|7229|HCL Technologies|Information Technology|yes|mis
  HDFC|1330|Housing Development Finance Corporation|Financial Services|yes|mis
  HDFCLIFE|467|HDFC Life Insurance Company|Financial Services|yes|mis
  HEROMOTOCO|1348|Hero MotoCorp|Automobile and Auto Components|yes|mis
  HINDUNILVR|1394|Hindustan Unilever|Fast Moving Consumer Goods|yes|mis
  INDUSINDBK|5258|IndusInd Bank|Financial Services|yes|mis
  IOC|1624|Indian Oil Corporation|Oil Gas & Consumable Fuels|yes|mis
  NESTLEIND|17963|Nestle India|Fast Moving Consumer Goods|yes|mis
  POWERGRID|14977|Power Grid Corporation of India|Power|yes|mis
  SBILIFE|21808|SBI Life Insurance Company|Financial Services|yes|mis
  SHREECEM|3103|Shree Cement|Construction Materials|yes|mis
  TATACONSUM|3432|Tata Consumer Products|Fast Moving Consumer Goods|yes|mis
  TATAMOTORS|3456|Tata Motors|Automobile and Auto Components|yes|mis
  ULTRACEMCO|11532|UltraTech Cement|Construction Materials|yes|mis
  UPL|11287|UPL|Chemicals|yes|mis
  ASIANPAINT|236|Asian Paints|Consumer Durables|yes|mis
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
  const [tradingsymbol = '', token, name = '', sector = '', derivatives, mis, ...level] = columns;
  const [rupees, volatility, volume] = level.map(Number);
  return {
    tradingsymbol,
    exchangeToken: Number(token),
    name,
    sector,
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
