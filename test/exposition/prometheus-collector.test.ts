import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { defineCustomInstrument } from '../../lib/instruments/custom-instrument.js';
import { textsOf } from '../../lib/exposition/chunk-texts.js';
import { TEXT_FORMAT } from '../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusCollector, type PrometheusCollection } from '../../lib/exposition/prometheus-collector.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { coreOf } from '../../lib/store/store-core.js';

describe('PrometheusCollector', () => {
  let store: MetricStore;
  beforeEach(() => {
    store = createStore({ shared: false });
  });
  afterEach(() => store.shutdown());

  const textOf = async (collector: PrometheusCollector): Promise<string> =>
    [...textsOf(await (await collector.collect()).exposition.chunks(TEXT_FORMAT))].join('');
  /** A store that was given a resource. */
  const withResource = (resource: object): object => ({ handle: store.handle, resource });

  it('should write what the store holds at each collection, cumulatively', async () => {
    const counter = store.getMeter('test').createCounter('jobs', { description: 'Jobs', unit: '{job}' });
    const collector = new PrometheusCollector(store, { targetInfo: false });
    counter.add(2, { phase: 'Failed' });
    const head = '# HELP jobs_total Jobs\n# TYPE jobs_total counter\n';
    expect(await textOf(collector)).to.equal(`${head}jobs_total{otel_scope_name="test",phase="Failed"} 2\n`);
    counter.add(3, { phase: 'Failed' });
    expect(await textOf(collector)).to.equal(`${head}jobs_total{otel_scope_name="test",phase="Failed"} 5\n`);
    collector.close();
  });

  it('should write a histogram of the store', async () => {
    const advice = { explicitBucketBoundaries: [0.5, 10] };
    const histogram = store.getMeter('').createHistogram('wait', { unit: 's', advice });
    for (const value of [0.25, 0.5, 7, 1000]) histogram.record(value);
    expect(await textOf(new PrometheusCollector(store, { targetInfo: false }))).to.equal(
      [
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{le="0.5"} 2',
        'wait_seconds_bucket{le="10"} 3',
        'wait_seconds_bucket{le="+Inf"} 4',
        'wait_seconds_sum 1007.75',
        'wait_seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  it('should collect only what is asked for', async () => {
    store.getMeter('test').createCounter('jobs').add(1);
    const custom = defineCustomInstrument(coreOf(store), { name: 'argo_x', help: 'X', type: 'counter' });
    if (!('instrument' in custom)) throw new Error('no room');
    custom.instrument.series({ a: 'b' }).add(1);
    const collector = new PrometheusCollector(store, { targetInfo: true, only: ({ verbatim }) => verbatim });
    expect(await textOf(collector)).to.equal('# HELP argo_x X\n# TYPE argo_x counter\nargo_x{a="b"} 1\n');
  });

  it('should announce the resource, when asked to', async () => {
    const given = withResource({ attributes: { 'service.name': 'demo' } });
    const text =
      '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{service_name="demo"} 1\n';
    expect(await textOf(new PrometheusCollector(given, { targetInfo: true }))).to.equal(text);
    expect(await textOf(new PrometheusCollector(given, { targetInfo: false }))).to.equal('');
    expect(await textOf(new PrometheusCollector(store, { targetInfo: true }))).to.equal('');
  });

  it('should wait for resource attributes that are still being detected', async () => {
    const resource = {
      attributes: {} as Record<string, string>,
      asyncAttributesPending: true,
      waitForAsyncAttributes: async () => {
        await new Promise(resolve => setImmediate(resolve));
        resource.attributes = { 'host.name': 'h' };
      },
    };
    expect(await textOf(new PrometheusCollector(withResource(resource), { targetInfo: true }))).to.contain(
      'target_info{host_name="h"} 1',
    );
  });

  const waits: [string, () => unknown][] = [
    ['never settles', () => new Promise(() => undefined)],
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ];
  for (const [name, waitForAsyncAttributes] of waits)
    it(`should announce what is there of a resource whose detection ${name}`, async () => {
      const resource = { attributes: { a: 'b' }, asyncAttributesPending: true, waitForAsyncAttributes };
      const collector = new PrometheusCollector(withResource(resource), { targetInfo: true });
      for (let scrape = 0; scrape < 2; scrape++)
        expect(await textOf(collector)).to.match(/^target_info\{a="b"\} 1$/m);
    });

  it('should tell what went wrong, once per collection, and write the rest', async () => {
    const warnings: string[] = [];
    const ignore = (): void => undefined;
    const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, warn: (...parts: unknown[]) => warnings.push(parts.join(' ')) });
    try {
      const meter = store.getMeter('test');
      meter.createCounter('jobs').add(1);
      meter.createObservableGauge('broken').addCallback(() => {
        throw new Error('sensor is gone');
      });
      const { exposition, errors, isEmpty } = await new PrometheusCollector(store, {
        targetInfo: false,
      }).collect();
      expect([...textsOf(await exposition.chunks(TEXT_FORMAT))].join('')).to.contain('jobs_total');
      expect(isEmpty).to.be.false;
      expect(errors).to.have.length(1);
    } finally {
      diag.disable();
    }
    expect(warnings.filter(text => text.startsWith('Collected for Prometheus with errors'))).to.have.length(
      1,
    );
  });

  it('should refuse what is not a store', () => {
    expect(() => new PrometheusCollector({}, { targetInfo: true }))
      .to.throw(MetricStoreError)
      .with.property('code', 'NOT_A_STORE_HANDLE');
  });

  describe('columns', () => {
    /** How often each collection was released, with a reader that tells. */
    const watch = (): { collector: PrometheusCollector; released: number[] } => {
      const released: number[] = [];
      const core = coreOf(store);
      const openReader = core.openReader.bind(core);
      core.openReader = (...options) => {
        const reader = openReader(...options);
        const read = reader.read.bind(reader);
        reader.read = async (...request) => {
          const cut = await read(...request);
          const index = released.push(0) - 1;
          return {
            ...cut,
            release: () => {
              released[index] = (released[index] ?? 0) + 1;
              cut.release();
            },
          };
        };
        return reader;
      };
      try {
        return { collector: new PrometheusCollector(store, { targetInfo: false }), released };
      } finally {
        core.openReader = openReader;
      }
    };

    it('should be given back once all who share them are done', async () => {
      store.getMeter('').createCounter('a').add(1);
      const { collector, released } = watch();
      const ask = (): Promise<PrometheusCollection[]> =>
        Promise.all(Array.from({ length: 3 }, () => collector.collect()));
      const first = ask();
      // While that one runs.
      await new Promise(setImmediate);
      const [[one, ...others], next] = await Promise.all([first, ask()]);
      expect(released).to.deep.equal([0, 0]);
      for (const { release } of next) release();
      expect(released).to.deep.equal([0, 1]);
      for (const { release } of others) [release, release].forEach(again => again());
      expect(released).to.deep.equal([0, 1]);
      one?.release();
      one?.release();
      expect(released).to.deep.equal([1, 1]);
    });

    it('should be given back at once when there is nothing to show but errors', async () => {
      const gauge = store.getMeter('').createObservableGauge('broken');
      gauge.addCallback(() => {
        throw new Error('sensor is gone');
      });
      const { collector, released } = watch();
      expect(await collector.scrape(1000)).to.have.property('failure');
      expect(released).to.deep.equal([1]);
    });
  });
});
