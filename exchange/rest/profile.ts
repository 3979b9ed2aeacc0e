// Whose account it is and what it may trade, as the profile and the login say it.

export const segments = ['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD', 'MCX'] as const;
export type Segment = (typeof segments)[number];

export const productCodes = ['CNC', 'MIS', 'NRML', 'MTF'] as const;
export type ProductCode = (typeof productCodes)[number];

/** Has the user allowed the broker to deliver sold shares unasked: online, on paper, or not at all? */
export const dematConsents = ['consent', 'physical', 'none'] as const;
export type DematConsent = (typeof dematConsents)[number];

export interface Profile {
  readonly userId: string;
  /** Kite's `exchanges`. An order in another one is refused. */
  readonly segments: readonly Segment[];
  /** An order of another product is refused. */
  readonly products: readonly ProductCode[];
  /** Said and nothing more: what may be sold is the holdings' `authorisedQuantity`. */
  readonly dematConsent: DematConsent;
}

export const usualProfile: Profile = {
  userId: 'PX0001',
  segments: ['NSE'],
  products: ['CNC', 'MIS'],
  dematConsent: 'consent',
};
