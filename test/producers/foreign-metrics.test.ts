import type { MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { ForeignMetrics, type ForeignCollection } from '../../lib/producers/foreign-metrics.js';
import { emptyResource } from '../../lib/producers/resource.js';

const scopesOf = (name: string): ScopeMetrics[] =>
  [
    {
      scope: { name: 's' },
      metrics: [
        {
          descriptor: { name },
          dataPointType: 2,
          dataPoints: [{ startTime: [0, 0], attributes: {}, value: 1 }],
        },
      ],
    },
  ] as unknown as ScopeMetrics[];
const producer = (name: string): MetricProducer => ({
  collect: () =>
    Promise.resolve({
      resourceMetrics: { resource: emptyResource(), scopeMetrics: scopesOf(name) },
      errors: [],
    }),
});
const collect = async (foreign: ForeignMetrics, timeoutMillis: number): Promise<ForeignCollection> =>
  foreign.read(await foreign.ask(timeoutMillis));
const namesOf = ({ streams }: ForeignCollection): string[] =>
  streams.map(({ definition }) => definition.name);

describe('ForeignMetrics', () => {
  it('should have nothing when there is nobody to ask', async () => {
    const nothing = await collect(new ForeignMetrics(undefined, []), 1000);
    expect(nothing).to.deep.equal({ streams: [], resource: undefined, errors: [] });
  });

  it('should show what a reader provides first, with its resource', async () => {
    const resource = emptyResource();
    const provide = (): Promise<never> =>
      Promise.resolve({ scopeMetrics: scopesOf('own'), resource, errors: ['incomplete'] } as never);
    const collection = await collect(new ForeignMetrics(provide, [producer('other')]), 1000);
    expect(namesOf(collection)).to.deep.equal(['own', 'other']);
    expect(collection.resource).to.equal(resource);
    expect(String(collection.errors[0])).to.contain('incomplete');
  });

  it('should show the others when one fails, hangs or returns nonsense, and say so at bounded length', async () => {
    const bad: unknown[] = [
      () => new Promise(() => undefined),
      () => Promise.reject(new Error('x'.repeat(100_000))),
      () => {
        throw new Error('thrown');
      },
      () => 7,
      () => ({
        resourceMetrics: { scopeMetrics: [{ scope: {}, metrics: [{ descriptor: {}, dataPoints: [] }] }] },
      }),
    ];
    const producers = bad.map(collect => ({ collect }) as MetricProducer);
    const provide = (): Promise<never> => Promise.reject(new Error('no reader'));
    const foreign = new ForeignMetrics(provide, [...producers, producer('good')]);
    const collection = await collect(foreign, 50);
    expect(namesOf(collection)).to.deep.equal(['good']);
    expect(collection.errors).to.have.length(1 + bad.length);
    for (const { message } of collection.errors) expect(message.length).to.be.lessThan(1200);
    expect(String(collection.errors.at(-1)))
      .to.contain('without a name')
      .and.to.contain('PRODUCER_FAILED');
  });

  it('should say few of many errors and of much that is left out, the same each time', async () => {
    const metrics = Array.from({ length: 1000 }, (_, index) => ({
      descriptor: { name: `delta ${index}` },
      aggregationTemporality: 0,
      dataPointType: 3,
      dataPoints: [{ attributes: {}, value: 1 }],
    }));
    let more = 1000;
    const errors = (): Error[] => Array.from({ length: more++ }, (_, index) => new Error(`no ${index}`));
    const collectMany = (): Promise<never> =>
      Promise.resolve({
        resourceMetrics: { scopeMetrics: [{ scope: {}, metrics }, ...scopesOf('good')] },
        errors: errors(),
      } as never);
    const provide = (): Promise<never> => Promise.resolve({ scopeMetrics: [], errors: errors() } as never);
    const foreign = new ForeignMetrics(provide, [{ collect: collectMany }]);
    const first = await collect(foreign, 1000);
    expect(namesOf(first)).to.deep.equal(['good']);
    const texts = first.errors.map(String);
    expect(texts).to.have.length.within(3, 100);
    expect(texts.filter(text => text.includes('further'))).to.have.length(3);
    expect(texts).to.include.members(['Error: no 0']);
    expect(texts.some(text => text.includes('delta 0'))).to.equal(true);
    expect((await collect(foreign, 1000)).errors.map(String)).to.deep.equal(texts);
  });
});
