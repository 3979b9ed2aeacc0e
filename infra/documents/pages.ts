// The generated files by their path in the checkout.
import { alertsPage } from './alertsPage';
import { contractPage } from './contractPage';
import { configurationPage } from './configurationPage';
import { fullConfig } from './fullConfig';
import { refusalsPage } from './refusalsPage';

export const pages: Readonly<Record<string, () => string>> = {
  'docs/alerts.md': alertsPage,
  'docs/broker-contract.md': contractPage,
  'docs/configuration.md': configurationPage,
  'docs/refusals.md': refusalsPage,
  'examples/full.json': fullConfig,
};
