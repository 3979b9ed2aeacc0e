// What a check says: it holds, it fails, or a person should look although nothing is blocked.

export type Verdict =
  | { readonly kind: 'holds'; readonly found: string }
  /** `warns`: whatever the check's class, it blocks nothing. */
  | {
      readonly kind: 'fails' | 'warns';
      readonly found: string;
      /** In place of the check's own. */
      readonly remedy?: string;
    };

export const holds = (found: string): Verdict => ({ kind: 'holds', found });
export const fails = (found: string, remedy?: string): Verdict => ({
  kind: 'fails',
  found,
  ...(remedy !== undefined && { remedy }),
});
export const warns = (found: string, remedy?: string): Verdict => ({
  ...fails(found, remedy),
  kind: 'warns',
});
