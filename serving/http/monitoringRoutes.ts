// What the server reports about itself: Prometheus metrics, the protocol's statistics, one status document
// and the OpenAPI description. All come from the same counters and the same route table.
import { collectDefaultMetrics, Registry } from 'prom-client';
import { statusOf, statisticsOf } from '../monitoring/status';
import { statusPage } from '../monitoring/statusPage';
import { prometheusText } from '../monitoring/prometheus';
import { openApiDocument } from '../monitoring/openApi';
import type { ModelRegistry } from '../registry/modelRegistry';
import type { RolloutRegistry } from '../rollout/rolloutRegistry';
import type { Route } from './routes';

export interface MonitoringSources {
  readonly registry: ModelRegistry;
  readonly rollouts: Pick<RolloutRegistry, 'strangeOutcomes'>;
}

/** @param routes the whole table, including these routes. */
export function monitoringRoutes(
  { registry, rollouts }: MonitoringSources,
  routes: () => readonly Route[],
): readonly Route[] {
  const runtime = new Registry();
  collectDefaultMetrics({ register: runtime });
  return [
    {
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus metrics, per version',
      answer: async () => ({
        status: 200,
        text: {
          contentType: Registry.PROMETHEUS_CONTENT_TYPE,
          body:
            prometheusText(registry.models, (model) => rollouts.strangeOutcomes(model)) +
            (await runtime.metrics()),
        },
      }),
    },
    {
      method: 'get',
      path: '/v2/status',
      summary: 'Every model with its versions, traffic, health and latency',
      answer: () => ({ status: 200, json: statusOf(registry) }),
    },
    {
      method: 'get',
      path: '/status',
      summary: 'The status page',
      answer: () => ({
        status: 200,
        text: {
          contentType: 'text/html; charset=utf-8',
          body: statusPage(statusOf(registry)),
        },
      }),
    },
    {
      method: 'get',
      path: '/v2/models/:model/stats',
      summary: 'Statistics of every loaded version',
      answer: ({ parameters }) => ({
        status: 200,
        json: statisticsOf(registry.model(parameters['model'] ?? '')),
      }),
    },
    {
      method: 'get',
      path: '/v2/models/:model/versions/:version/stats',
      summary: 'Statistics of one loaded version',
      answer: ({ parameters }) => {
        const { model = '', version = '' } = parameters as { model?: string; version?: string };
        const { version: standing } = registry.route(model, version);
        return { status: 200, json: statisticsOf(registry.model(model), standing) };
      },
    },
    {
      method: 'get',
      path: '/v2/openapi.json',
      summary: 'This description',
      answer: () => ({ status: 200, json: openApiDocument(routes()) }),
    },
  ];
}
