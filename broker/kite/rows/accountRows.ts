// The account itself: who it is, what it holds, its money.
import { z } from 'zod';
import { paise } from '../../../domain/units';
import type { Charges } from '../../../domain/charges';
import type { AccountProfile, Funds } from '../../port';
import { amount, fee, quantityOrNone, text } from './values';
import type { RowKind } from './sifted';

export const profileShape = z
  .object({
    user_id: text,
    user_name: z.string().default(''),
    exchanges: z.array(z.string()),
    products: z.array(z.string()),
    meta: z.object({ demat_consent: z.string().nullish() }).nullish(),
  })
  .transform((row): AccountProfile => ({
    userId: row.user_id,
    name: row.user_name,
    exchanges: row.exchanges,
    products: row.products,
    // Given online or on paper: either lets the broker deliver what is sold.
    dematConsent: ['consent', 'physical'].includes(row.meta?.demat_consent ?? ''),
  }));

interface HeldShares {
  readonly tradingsymbol: string;
  /** Settled or not; today's sales are not taken off. */
  readonly quantity: number;
}

export const holdingRows: RowKind<HeldShares> = {
  what: 'the holdings',
  row: z
    .object({ tradingsymbol: text, quantity: quantityOrNone, t1_quantity: quantityOrNone })
    .transform(({ tradingsymbol, quantity, t1_quantity: unsettled }) => ({
      tradingsymbol,
      quantity: quantity + unsettled,
    })),
  concernsUs: ({ exchange }) => exchange === 'NSE' || exchange === 'BSE',
};

export const fundsShape = z
  .object({
    available: z.object({ cash: amount, live_balance: amount }),
    utilised: z.object({ debits: amount }),
  })
  .transform(({ available, utilised }): Funds => ({
    cash: available.cash,
    available: available.live_balance,
    used: paise(Math.max(0, utilised.debits)),
  }));

export const marginShape = z.object({ total: fee }).transform(({ total }) => total);

export const chargesShape = z
  .object({
    charges: z.object({
      brokerage: fee,
      transaction_tax: fee,
      exchange_turnover_charge: fee,
      sebi_turnover_charge: fee,
      stamp_duty: fee,
      gst: z.object({ total: fee }),
      total: fee,
    }),
  })
  .transform(({ charges }): Charges => ({
    brokerage: charges.brokerage,
    stt: charges.transaction_tax,
    exchange: charges.exchange_turnover_charge,
    sebi: charges.sebi_turnover_charge,
    stamp: charges.stamp_duty,
    gst: charges.gst.total,
    total: charges.total,
  }));
