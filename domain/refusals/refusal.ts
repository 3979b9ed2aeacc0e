/** What a code means and what to do about it. */
export interface Refusal {
  readonly when: string;
  readonly remedy: string;
}
