// Goal: realtime gauges that a View makes one series are one: it runs while anybody's does, and goes with the last one. Method:
// a store with policies, and one without any that is given what the policies make of each label, show the same at all times.
import { expect } from 'chai';
import fc from 'fast-check';
import { cardinalityLimitedView, createStore, CustomMetrics, type MetricStore } from '../../../lib/index.js';
import { valuesOf } from '../../support/collected.js';

const TTL = 60_000;
const NAME = 'argo_workflows_op';
const OVERFLOW = '{"otel.metric.overflow":true}';
const PODS = ['a1', 'a2', 'b', 'c', 'd'];
const LABELS = {
  pod: { map: (pod: string) => pod.slice(0, 1), allow: ['a', 'b'], maxValues: 2 },
  run: { drop: true },
} as const;
const decided = (pod: string): string => (['a', 'b'].includes(pod.slice(0, 1)) ? pod.slice(0, 1) : '_OTHER');

type Compatibility = 'corrected' | 'exact';

class Side {
  readonly store: MetricStore;
  readonly #custom: CustomMetrics;
  readonly #metrics;
  readonly #producer;
  readonly #labelsOf: (pod: string, run: string) => Record<string, string>;

  constructor(
    now: () => number,
    argoCompatibility: Compatibility,
    { isPoliced, limit = 100 }: { isPoliced: boolean; limit?: number },
  ) {
    const views = [
      cardinalityLimitedView({ instrumentName: NAME, limit, ...(isPoliced && { labels: LABELS }) }),
    ];
    this.store = createStore({ shared: false, views, clock: { now } });
    this.#labelsOf = (pod, run) => (isPoliced ? { pod, run } : { pod: decided(pod), run: '' });
    this.#custom = new CustomMetrics({
      store: this.store,
      argoCompatibility,
      metricsConfig: { metricsTTL: '1m' },
    });
    this.#producer = this.store.metricProducer();
    this.#metrics = this.#custom.compile({
      prometheus: [
        {
          name: 'op',
          help: 'h',
          labels: ['pod', 'run'].map(key => ({ key, value: `{{${key}}}` })),
          gauge: { realtime: true, value: '{{duration}}' },
        },
      ],
    });
  }

  report(owner: string, pod: string, duration: number | { start: number; end: number }): void {
    const variables = this.#labelsOf(pod, owner);
    expect(this.#metrics.emit({ variables, realtime: { duration } }, { owner })).to.deep.equal([]);
  }

  complete(owner: string): void {
    this.#custom.complete(owner);
  }

  delete(owner: string): void {
    this.#custom.delete(owner);
  }

  async shown(): Promise<Record<string, unknown>> {
    const values = Object.entries(valuesOf(await this.#producer.collect(), NAME));
    // An empty label is one that is not there, in Prometheus.
    const shown = values.map(([set, value]): [string, unknown] => [set.replace(',"run":""', ''), value]);
    return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

describe('realtime gauges that a View makes one series', () => {
  let time = 1_700_000_000_000;
  const now = (): number => time;

  const views = { policies: { isPoliced: true }, 'a limit': { isPoliced: false, limit: 1 } };
  for (const [what, options] of Object.entries(views))
    it(`should run on when one of them is complete, and stay when it is deleted, by ${what}`, async () => {
      const side = new Side(now, 'corrected', options);
      const series = options.isPoliced ? '{"pod":"_OTHER"}' : OVERFLOW;
      side.report('first', 'b', time);
      side.report('x', 'c', time);
      side.report('y', options.isPoliced ? 'd' : 'a1', time - 5000);
      time += 1000;
      expect((await side.shown())[series]).to.equal(6);
      side.complete('x');
      time += 1000;
      expect((await side.shown())[series]).to.equal(7);
      side.delete('x');
      expect((await side.shown())[series]).to.equal(7);
      side.delete('y');
      expect(Object.keys(await side.shown())).to.deep.equal(['{"pod":"b"}']);
      await side.store.shutdown();
    });

  it('should leave the overflow series for one of its own when there is room', async () => {
    const side = new Side(now, 'corrected', { isPoliced: false, limit: 1 });
    side.report('x', 'a1', time);
    side.report('y', 'b', time);
    side.report('z', 'c', time);
    side.delete('x');
    for (let count = 0; count < 4; count++) await side.shown();
    side.report('y', 'b', time - 1000);
    expect(await side.shown()).to.deep.equal({ [OVERFLOW]: 0, '{"pod":"b"}': 1 });
    side.delete('z');
    expect(await side.shown()).to.deep.equal({ '{"pod":"b"}': 1 });
    await side.store.shutdown();
  });

  const owner = fc.constantFrom('u', 'v', 'w');
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('report'), owner, fc.constantFrom(...PODS)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('ended'), owner, fc.constantFrom(...PODS)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('complete', 'delete'), owner, fc.constant('')) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('collect', 'expire'), fc.constant(''), fc.constant('')),
    },
  );

  for (const compatibility of ['corrected', 'exact'] as const)
    it(`should be what they are with labels that are the same, in ${compatibility} compatibility`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
          const sides = [true, false].map(isPoliced => new Side(now, compatibility, { isPoliced }));
          const compare = async (): Promise<void> => {
            const [own, expected] = await Promise.all(sides.map(side => side.shown()));
            expect(own).to.deep.equal(expected);
          };
          for (const [what, name, pod] of steps) {
            time += 1000;
            if (what === 'expire') time += TTL;
            for (const side of sides) {
              if (what === 'report') side.report(name, pod, time - 500);
              if (what === 'ended') side.report(name, pod, { start: time - 500, end: time });
              if (what === 'complete') side.complete(name);
              if (what === 'delete') side.delete(name);
            }
            await compare();
          }
          await Promise.all(sides.map(side => side.store.shutdown()));
        }),
        { numRuns: 60 },
      );
    });
});
