// Finds the checkout of this code, from source and from compiled output alike. Model files stay in
// serving/models, which the compiler does not copy into lib/.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fatal } from '../../domain/errors';

/**
 * The nearest folder above this file that holds package.json.
 * @throws Fatal when there is none.
 */
export function checkoutRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Fatal({
        code: 'CHECKOUT_MISSING',
        message: `No package.json above ${__dirname}: run Ratchet from its checkout.`,
      });
    }
    folder = parent;
  }
  return folder;
}

/** The models that ship with Ratchet. */
export const shippedModels = (): string => join(checkoutRoot(), 'serving', 'models');
