import { expect } from 'chai';
import { RealtimeSeries } from '../../../lib/argo/emit/realtime-series.js';
import { CustomStore } from '../custom-store.js';
import { defineCustomInstrument } from '../../../lib/instruments/custom-instrument.js';
import type { CustomSeries } from '../../../lib/instruments/custom-instrument.js';
import { coreOf } from '../../../lib/store/store-core.js';

function setUp(
  ttlMillis = 0,
  cardinalityLimit?: number,
): {
  store: CustomStore;
  realtime: RealtimeSeries;
  seriesOf: (name: string) => CustomSeries;
} {
  const store = new CustomStore({}, cardinalityLimit);
  const definition = { name: 'age', help: 'Age', type: 'gauge', ttlMillis } as const;
  const defined = defineCustomInstrument(coreOf(store.store), definition);
  if (!('instrument' in defined)) throw new Error('the store refused the gauge');
  return { store, realtime: new RealtimeSeries(), seriesOf: name => defined.instrument.series({ name }) };
}

const reporter = (owner: string, subject = ''): { owner: string; subject: string; metric: string } => ({
  owner,
  subject,
  metric: 'm',
});

describe('RealtimeSeries', () => {
  it('should grow with the clock until its owner completes', async () => {
    const { store, realtime, seriesOf } = setUp();
    realtime.report(reporter('a'), seriesOf('x'), { start: store.now - 1000 });
    store.now += 2000;
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 3 });
    realtime.complete('a', store.now + 500);
    store.now += 60_000;
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 3.5 });
  });

  it('should end what any metric of a subject holds, and nothing of another subject', async () => {
    const { store, realtime, seriesOf } = setUp();
    for (const subject of ['s', 't'])
      for (const metric of ['m', 'n']) {
        const name = `${subject}${metric}`;
        realtime.report({ owner: 'a', subject, metric }, seriesOf(name), { start: store.now });
      }
    realtime.endSubject({ owner: 'a', subject: 's' }, store.now + 1000);
    realtime.endSubject({ owner: 'b', subject: 't' }, store.now);
    store.now += 5000;
    realtime.endSubject({ owner: 'a', subject: 's' }, store.now);
    expect(await store.collect()).to.deep.equal({
      'age{name=sm}': 1,
      'age{name=sn}': 1,
      'age{name=tm}': 5,
      'age{name=tn}': 5,
    });
  });

  it('should replace the series when the labels of a reporter change', async () => {
    const { store, realtime, seriesOf } = setUp();
    realtime.report(reporter('a'), seriesOf('x'), { start: store.now });
    realtime.report(reporter('a'), seriesOf('y'), { start: store.now - 4000 });
    expect(await store.collect()).to.deep.equal({ 'age{name=y}': 4 });
  });

  it('should keep a series that another owner holds, with that owner’s value', async () => {
    const { store, realtime, seriesOf } = setUp();
    realtime.report(reporter('a'), seriesOf('x'), { start: store.now - 7000 });
    realtime.report(reporter('b'), seriesOf('x'), { start: store.now - 2000 });
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 2 });
    realtime.delete('b');
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 7 });
    realtime.delete('a');
    expect(await store.collect()).to.deep.equal({});
  });

  it('should leave what has an end alone when its owner completes', async () => {
    const { store, realtime, seriesOf } = setUp();
    realtime.report(reporter('a', 'node'), seriesOf('x'), { start: 0, end: 1000 });
    realtime.complete('a', 9000);
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 1 });
  });

  it('should end what a reporter holds, once, and keep it', async () => {
    const { store, realtime, seriesOf } = setUp();
    const { now } = store;
    realtime.report(reporter('a', 'n'), seriesOf('x'), { start: now });
    realtime.end(reporter('a', 'other'), now + 1000);
    realtime.end(reporter('a', 'n'), now + 2000);
    realtime.end(reporter('a', 'n'), now + 3000);
    store.now += 60_000;
    realtime.complete('a', now + 50_000);
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 2 });
  });

  it('should not bring back what has expired when one of those who held it is deleted', async () => {
    const { store, realtime, seriesOf } = setUp(1000);
    for (const owner of ['a', 'b'])
      realtime.report(reporter(owner), seriesOf('x'), {
        start: store.now - (owner === 'a' ? 6000 : 3000),
      });
    for (const owner of ['a', 'b']) realtime.complete(owner, store.now);
    const before = await store.collect();
    expect(before).to.deep.equal({ 'age{name=x}': 3 });
    store.now += 1000;
    expect(await store.collect()).to.deep.equal({});
    realtime.delete('b');
    expect(await store.collect()).to.deep.equal({});
    realtime.delete('a');
    expect(await store.collect()).to.deep.equal({});
  });

  it('should not bring back what has expired when others report it for a while', async () => {
    // Left out of the first collection, gone behind the next one.
    for (const collections of [1, 2]) {
      const { store, realtime, seriesOf } = setUp(1000);
      realtime.report(reporter('a'), seriesOf('x'), { start: store.now - 6000 });
      realtime.complete('a', store.now);
      await store.collect();
      store.now += 1000;
      for (let times = 0; times < collections; times++) expect(await store.collect()).to.deep.equal({});
      expect([...realtime.held()]).to.deep.equal([]);
      // Those two hold it, before any collection finds what they reported.
      for (const [owner, age] of [
        ['b', 3000],
        ['c', 2000],
      ] as const)
        realtime.report(reporter(owner), seriesOf('x'), { start: store.now - age, end: store.now });
      for (const owner of ['b', 'c']) realtime.complete(owner, store.now);
      realtime.delete('c');
      expect(await store.collect()).to.deep.equal({ 'age{name=x}': 3 });
      realtime.delete('b');
      expect(await store.collect()).to.deep.equal({});
      realtime.delete('a');
      expect(await store.collect()).to.deep.equal({});
    }
  });

  it('should show what the other one holds when one is deleted before it has expired, or who still runs', async () => {
    for (const isRunning of [false, true]) {
      const { store, realtime, seriesOf } = setUp(1000);
      realtime.report(reporter('a'), seriesOf('x'), { start: store.now - 6000 });
      realtime.report(reporter('b'), seriesOf('x'), { start: store.now - 3000 });
      if (!isRunning) realtime.complete('a', store.now);
      realtime.complete('b', store.now);
      await store.collect();
      realtime.delete('b');
      store.now += 500;
      expect(await store.collect()).to.deep.equal({ 'age{name=x}': isRunning ? 6.5 : 6 });
    }
  });

  it('should end in the overflow series what it reported there, whatever room there is by then', async () => {
    const overflow = 'age{otel.metric.overflow=true}';
    for (const how of ['end', 'complete', 'delete', 'report'] as const) {
      const { store, realtime, seriesOf } = setUp(0, 1);
      const { now } = store;
      realtime.report(reporter('a'), seriesOf('x'), { start: now });
      realtime.report(reporter('b'), seriesOf('y'), { start: now - 1000 });
      expect(await store.collect()).to.deep.equal({ 'age{name=x}': 0, [overflow]: 1 });
      realtime.delete('a');
      for (let times = 0; times < 3; times++) expect(await store.collect()).to.deep.equal({ [overflow]: 1 });
      expect([...realtime.held()].map(({ key }) => key)).to.deep.equal(['0']);
      if (how === 'report') realtime.report(reporter('b'), seriesOf('y'), { start: now - 2000 });
      else if (how === 'end') realtime.end(reporter('b'), now + 1000);
      else realtime[how]('b', now + 1000);
      store.now += 5000;
      const shown = {
        end: { [overflow]: 2 },
        complete: { [overflow]: 2 },
        delete: {},
        report: { 'age{name=y}': 7 },
      };
      expect(await store.collect(), how).to.deep.equal(shown[how]);
    }
  });

  it('should leave the overflow series to others when what has expired is deleted', async () => {
    const { store, realtime, seriesOf } = setUp(1000, 1);
    realtime.report(reporter('a'), seriesOf('x'), { start: store.now });
    realtime.complete('a', store.now);
    await store.collect();
    store.now += 1000;
    for (let times = 0; times < 3; times++) expect(await store.collect()).to.deep.equal({});
    realtime.report(reporter('b'), seriesOf('y'), { start: store.now });
    // The place is another one's, so the series of a is the overflow series by now.
    realtime.report(reporter('c'), seriesOf('x'), { start: store.now });
    realtime.delete('a');
    const shown = { 'age{name=y}': 0, 'age{otel.metric.overflow=true}': 0 };
    expect(await store.collect()).to.deep.equal(shown);
  });

  it('should show no negative time', async () => {
    const { store, realtime, seriesOf } = setUp();
    realtime.report(reporter('a'), seriesOf('x'), { start: 5000, end: 2000 });
    expect(await store.collect()).to.deep.equal({ 'age{name=x}': 0 });
  });

  it('should ignore owners that it does not know', () => {
    const { realtime } = setUp();
    expect(() => {
      realtime.complete('nobody', 0);
      realtime.delete('nobody');
    }).to.not.throw();
  });
});
