// The code by which a person confirms what a first run of a command has shown. It belongs to what was shown,
// so a code that was noted for one halt does not end the next.
import type { EpochMs } from '../units';

const length = 4;
const codes = 36 ** length;

/** Four characters for the record made at that instant. */
export const confirmationOf = (recordedAt: EpochMs): string =>
  (recordedAt % codes).toString(36).padStart(length, '0');
