import type { CollectionResult, MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { BoundedProducer, readProduced } from '../../lib/producers/produced-metrics.js';
import { emptyResource } from '../../lib/producers/resource.js';

const metric = { descriptor: { name: 'c' }, dataPoints: [{ value: 1 }] };
const scope = { scope: { name: 'm' }, metrics: [metric] } as unknown as ScopeMetrics;
const resultOf = (scopeMetrics: unknown[], errors: unknown = []): CollectionResult =>
  ({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors }) as CollectionResult;
const codesOf = (errors: readonly unknown[]): unknown[] =>
  errors.map(error => (error as { code?: string }).code ?? error);

describe('readProduced', () => {
  it('gives out what is whole as it is, with its errors', () => {
    const result = resultOf([scope], ['incomplete']);
    expect(readProduced(result)).to.deep.equal({ metrics: result.resourceMetrics, errors: ['incomplete'] });
    expect(readProduced(result).metrics).to.equal(result.resourceMetrics);
  });

  const nonsense: [string, unknown[], number][] = [
    ['no scope', [null, scope, undefined, 7], 1],
    ['a scope without metrics', [{ scope: { name: 'm' } }, scope, { metrics: [] }], 1],
    ['a metric that is none', [{ scope: {}, metrics: [null, metric, 'x', {}, { descriptor: {} }] }], 1],
    ['points that are none', [{ scope: {}, metrics: [metric, { descriptor: {}, dataPoints: [null] }] }], 1],
  ];
  for (const [name, given, kept] of nonsense)
    it(`leaves out ${name}, keeps the rest, and says so`, () => {
      const { metrics, errors } = readProduced(resultOf(given));
      expect(metrics?.scopeMetrics).to.have.length(kept);
      expect(metrics?.scopeMetrics.map(({ metrics: of }) => of)).to.deep.equal([[metric]]);
      expect(codesOf(errors)).to.deep.equal(['PRODUCER_FAILED']);
    });

  it('takes errors for what they are only if they are a list', () => {
    expect(readProduced(resultOf([scope], 'none')).errors).to.deep.equal([]);
  });
});

describe('BoundedProducer', () => {
  const ask = async (collect: unknown): Promise<unknown[]> => {
    const { metrics, errors } = await new BoundedProducer({ collect } as MetricProducer, true).collect(20);
    expect(metrics).to.equal(undefined);
    return codesOf(errors);
  };

  for (const garbage of [undefined, null, 7, 'x', {}, { resourceMetrics: {} }, { resourceMetrics: null }])
    it(`makes an error of ${JSON.stringify(garbage)}`, async () =>
      expect(await ask(() => garbage)).to.deep.equal(['PRODUCER_FAILED']));

  it('makes an error of one that hangs, throws, or rejects with nothing', async () => {
    const nothing: unknown = undefined;
    const thrower = (): never => {
      throw nothing;
    };
    expect(await ask(() => new Promise(() => undefined))).to.deep.equal(['PRODUCER_TIMEOUT']);
    expect(await ask(thrower)).to.deep.equal(['PRODUCER_FAILED']);
    expect(await ask(async () => thrower())).to.deep.equal(['PRODUCER_FAILED']);
  });

  it('tells the producer a shorter time than it waits itself', async () => {
    let told = 0;
    const collect: MetricProducer['collect'] = async options => {
      told = options?.timeoutMillis ?? 0;
      return resultOf([scope]);
    };
    await new BoundedProducer({ collect }, false).collect(1000);
    // Of what is left, and the machine may have been busy.
    expect(told).to.be.within(500, 900);
  });
});
