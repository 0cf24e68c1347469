// Goal: the advice is about the label that is to blame, and what it says to paste does what it says.
import { expect } from 'chai';
import fc from 'fast-check';
import { adviceFor, type AdvisedMetric } from '../../lib/cardinality/advice.js';
import { cardinalityLimitedView, createStore, type CardinalityAdvice } from '../../lib/index.js';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';

function viewOf({ code }: Pick<CardinalityAdvice, 'code'>): ViewOptions {
  // What is printed for people to paste: evaluated as it stands.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const evaluate = new Function('cardinalityLimitedView', `'use strict'; return ${code};`) as (
    make: typeof cardinalityLimitedView,
  ) => ViewOptions;
  return evaluate(cardinalityLimitedView);
}

type Sets = readonly Readonly<Record<string, string | number>>[];

/** What a store says of these records, without and with the View that it advises. */
async function advised(sets: Sets, name = 'jobs', scope = 'controller', there: readonly ViewOptions[] = []) {
  const record = async (views: ViewOptions[]) => {
    const store = createStore({ maxBytes: 2 ** 23, cardinalityLimit: 200, views });
    const counter = store.getMeter(scope).createCounter(name);
    for (const attributes of sets) counter.add(1, attributes);
    const [metric] = (await store.cardinalityReport()).metrics;
    await store.shutdown();
    return metric;
  };
  const before = await record([...there]);
  const advice = before?.advice;
  return {
    before,
    advice,
    after: advice === undefined ? undefined : await record([viewOf(advice), ...there]),
  };
}

const many = (count: number, set: (index: number) => Sets[number]): Sets =>
  Array.from({ length: count }, (_, index) => set(index));

describe('advice', () => {
  it('should leave out a label with a value for each series, and so help', async () => {
    const { before, advice, after } = await advised(
      many(1000, index => ({ pod: `p${index}`, phase: `x${index % 5}` })),
    );
    expect(before).to.include({ series: 200, overflowed: 800 });
    expect(advice).to.deep.equal({
      text:
        'jobs has 200 of 200 series and refuses others. The label pod has about 992 values; without it there would be 5 series. ' +
        'The View leaves out pod: some 5 series are left.',
      limit: 100,
      labels: { pod: { drop: true } },
      code: "cardinalityLimitedView({ instrumentName: 'jobs', meterName: 'controller', limit: 100, labels: { pod: { drop: true } } })",
    });
    expect(after).to.include({ series: 5, overflowed: 0 });
    expect(after).not.to.have.property('advice');
  });

  for (const there of [
    cardinalityLimitedView({ instrumentName: 'jobs', limit: 50 }),
    { instrumentName: 'j*', meterName: 'controller' },
    { instrumentName: 'jobs', name: 'Tasks' },
  ] as ViewOptions[])
    it(`should help beside a View that there is, put where it says: ${JSON.stringify(there)}`, async () => {
      const sets = many(300, index => ({ pod: `p${index}`, phase: `x${index % 5}` }));
      const { advice, after } = await advised(sets, 'jobs', 'controller', [there]);
      expect(advice?.text).to.include('put this one before it');
      expect(after).to.include({ name: there.name ?? 'jobs', series: 5, overflowed: 0 });
    });

  it('should bound a label with few heavy values and many light ones, and so help', async () => {
    const sets = many(2400, index => ({
      user: index % 10 === 0 ? `u${index}` : `heavy${index % 4}`,
      page: `x${Math.floor(index / 4) % 20}`,
    }));
    const { advice, after } = await advised(sets);
    const policy = advice?.labels['user'];
    expect(policy).to.have.property('maxValues').within(10, 100);
    expect(after?.overflowed).to.equal(0);
    expect(after?.series).to.be.at.most(advice?.limit ?? 0);
  });

  it('should say so where a number is an estimate', () => {
    const labels = [{ key: 'pod', distinct: 2008, exact: false, seriesWithout: 2, top: [] }];
    const full = { name: 'jobs', scope: '', series: 2000, asked: 2010, limit: 2000, overflowed: 1 };
    expect(adviceFor({ ...full, labels, decided: new Set() })?.text).to.contain('has about 2008 values');
  });

  it('should leave out labels that go together', async () => {
    const { advice, after } = await advised(
      many(500, index => ({ address: `10.${index}`, pod: `p${index}`, zone: index % 2 })),
    );
    expect(advice?.labels).to.deep.equal({ address: { drop: true }, pod: { drop: true } });
    expect(after).to.include({ series: 2, overflowed: 0 });
  });

  it('should say nothing of a metric that is neither full nor refuses anything', async () => {
    const { advice } = await advised(many(160, index => ({ pod: `p${index}` })));
    expect(advice).to.equal(undefined);
    expect((await advised(many(161, index => ({ pod: `p${index}` })))).advice).to.include({ limit: 100 });
  });

  it('should say nothing where no label is to blame, or somebody has decided already', async () => {
    const { advice } = await advised(many(400, index => ({ a: index % 20, b: Math.floor(index / 20) })));
    expect(advice).to.equal(undefined);
    const metric: AdvisedMetric = {
      ...{
        name: 'jobs',
        scope: '',
        series: 100,
        asked: 100,
        limit: 100,
        overflowed: 0,
        decided: new Set(['pod']),
      },
      labels: [{ key: 'pod', distinct: 100, exact: true, seriesWithout: 1, top: [] }],
    };
    expect(adviceFor(metric)).to.equal(undefined);
    expect(adviceFor({ ...metric, decided: new Set() })?.code).to.equal(
      "cardinalityLimitedView({ instrumentName: 'jobs', limit: 100, labels: { pod: { drop: true } } })",
    );
    expect(adviceFor({ ...metric, decided: new Set(), name: 'jobs.*' })).to.equal(undefined);
  });

  it('should be code that means what it says, whatever the names are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.constantFrom(
        '__proto__',
        "'",
        '"',
        '\\',
        '`${1}`',
        '*/',
        '</script>',
        '\u2028',
        '\u202e',
        '\ud800',
        'a.b',
        '1',
      ),
    );
    fc.assert(
      fc.property(text, text, text, (name, scope, key) => {
        fc.pre(!/[*?]/.test(name));
        const advice = adviceFor({
          ...{ name, scope, series: 100, asked: 100, limit: 100, overflowed: 1, decided: new Set<string>() },
          labels: [{ key, distinct: 100, exact: true, seriesWithout: 3, top: [] }],
        });
        if (advice === undefined) throw new Error('no advice');
        expect(viewOf(advice)).to.include({ instrumentName: name, meterName: scope });
        expect(Object.keys(advice.labels)).to.deep.equal([key]);
        expect(advice.code).not.to.match(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });
});
