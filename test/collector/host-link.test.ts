// Goal: a question is answered whatever the provider does, and nothing that a provider gives stops an answer. Method: a real port,
// a reader that is registered in providers made by hand.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { HostLink } from '../../lib/collector/host-link.js';
import type { ToThread } from '../../lib/collector/collector-messages.js';
import { HostReader } from '../../lib/otel/host-reader.js';

const metricsOf = (value: number, more: object = {}): unknown => ({
  resource: { attributes: { 'service.name': 's', odd: () => 1 } },
  scopeMetrics: [
    {
      scope: { name: 'm' },
      metrics: [{ descriptor: { name: 'c' }, dataPoints: [{ value, attributes: {}, ...more }] }],
    },
  ],
});

describe('HostLink', () => {
  function linkTo(collect: () => unknown): { link: HostLink; ask: () => Promise<ToThread[]> } {
    const { port1, port2 } = new MessageChannel();
    const link = new HostLink(1000);
    const reader = new HostReader({
      isOpen: true,
      aggregations: undefined,
      timeoutMillis: 100,
      tell: isThere => link.tell(isThere),
      flush: () => Promise.resolve(),
      offer: undefined,
    });
    link.reader = reader;
    link.connect(port1);
    reader.setMetricProducer({ collect } as unknown as MetricProducer);
    return {
      link,
      ask: async () => {
        await link.answer({ id: 7, timeoutMillis: 50 });
        const messages: ToThread[] = [];
        for (let next = receiveMessageOnPort(port2); next !== undefined; next = receiveMessageOnPort(port2))
          messages.push(next.message as ToThread);
        port1.close();
        return messages;
      },
    };
  }

  it('should say that a provider is there, and answer with its metrics, resource and errors as plain data', async () => {
    const { link, ask } = linkTo(() => ({
      resourceMetrics: metricsOf(3),
      errors: [new TypeError('x'), undefined],
    }));
    const [told, piece, end] = await ask();
    expect(told).to.deep.equal({ type: 'host', isThere: true });
    expect(piece).to.deep.nested.include({ id: 7, 'piece.metrics[0].dataPoints[0].value': 3 });
    expect(end).to.deep.nested.include({ 'answer.id': 7, 'answer.hasMetrics': true });
    expect(end).to.have.nested.property('answer.errors.length', 2);
    expect(end).to.have.nested.property('answer.errors[0].text', 'TypeError: x');
    const resource = { 'service.name': 's' };
    expect(end).to.have.deep.nested.property('answer.resource', resource);
    // For the next thread.
    expect(link.data).to.deep.equal({ isThere: true, resource, maxAgeMillis: 1000 });
  });

  const HOSTILE: readonly (readonly [what: string, collect: () => unknown, reason: RegExp])[] = [
    ['hangs', () => new Promise(() => undefined), /did not finish within 50 ms/],
    ['rejects', () => Promise.reject(new Error('no')), /^Error: no/],
    ['throws nothing', () => Promise.reject(undefined), /failed with undefined/],
    ['returns nothing', () => undefined, /returned no resourceMetrics/],
    [
      'returns what cannot be looked at',
      () => ({
        resourceMetrics: {
          get scopeMetrics() {
            throw new Error('unseen');
          },
        },
      }),
      /unseen/,
    ],
    [
      'has a resource that cannot be looked at',
      () => ({
        resourceMetrics: {
          ...(metricsOf(1) as object),
          resource: {
            attributes: {
              get k() {
                throw new Error('unseen');
              },
            },
          },
        },
      }),
      /^$/,
    ],
    ['has an endless text', () => Promise.reject(new Error('x'.repeat(100_000))), /^Error: x{100,1000}$/],
  ];
  for (const [what, collect, reason] of HOSTILE)
    it(`should answer for a provider that ${what}`, async () => {
      const end = (await linkTo(collect).ask()).at(-1);
      expect(end).to.have.property('type', 'hostEnd');
      const { errors } = (end as ToThread & { type: 'hostEnd' }).answer;
      expect(errors[0]?.text ?? '').to.match(reason);
      expect(errors[0]?.text.length ?? 0).to.be.at.most(1000);
    });

  it('should bound how many errors go', async () => {
    const errors = Array.from({ length: 100 }, (_, i) => new Error(String(i)));
    const result = { resourceMetrics: metricsOf(1), errors } as CollectionResult;
    const end = (await linkTo(() => result).ask()).at(-1);
    expect((end as ToThread & { type: 'hostEnd' }).answer.errors).to.have.length(20);
  });

  it('should keep what the first thread said of its exporter, and answer nobody when there is no thread', async () => {
    const link = new HostLink(0);
    const first = { HISTOGRAM: { type: 5 } };
    link.aggregations = undefined;
    link.aggregations = first;
    link.aggregations = {};
    expect(link.aggregations).to.equal(first);
    await link.answer({ timeoutMillis: 10 });
    link.tell(true);
    expect(link.data.isThere).to.equal(true);
  });
});
