// The generated files by their path in the checkout.
import { configurationPage } from './configurationPage';
import { fullConfig } from './fullConfig';

export const pages: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': configurationPage,
  'examples/full.json': fullConfig,
};
