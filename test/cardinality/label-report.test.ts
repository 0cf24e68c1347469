import { expect } from 'chai';
import fc from 'fast-check';
import { HashedLabels } from '../../lib/cardinality/hashed-labels.js';
import { LabelRoom, MetricLabels, type LabelTexts } from '../../lib/cardinality/label-report.js';

const TEXTS: LabelTexts = {
  key: (bytes, from, to) => bytes.toString('utf8', from, to),
  value: (bytes, from, to) => bytes.toString('utf8', from, to),
};

type Labels = Readonly<Record<string, string>>;

function feed(metric: MetricLabels, labels: Labels): void {
  const hashed = new HashedLabels();
  const bytes = Buffer.from(Object.entries(labels).flat().join(''));
  let at = 0;
  for (const [key, value] of Object.entries(labels)) {
    const [keyEnd, valueEnd] = [at + Buffer.byteLength(key), at + Buffer.byteLength(key + value)];
    hashed.add(bytes, at, keyEnd, keyEnd, valueEnd);
    at = valueEnd;
  }
  metric.add(hashed, bytes);
}

/** The plain way: every set is kept. */
function expectedOf(sets: readonly Labels[], top: number) {
  const textOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort());
  const keys = [...new Set(sets.flatMap(set => Object.keys(set)))];
  return keys
    .map(key => {
      const counts = new Map<string, number>();
      for (const set of sets)
        if (set[key] !== undefined) counts.set(set[key], (counts.get(set[key]) ?? 0) + 1);
      const without = new Set(sets.map(({ [key]: _, ...rest }) => textOf(rest)));
      return {
        ...{ key, distinct: counts.size, exact: true, seriesWithout: without.size },
        top: [...counts]
          .map(([value, count]) => ({ value, count, atLeast: false }))
          .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
          .slice(0, top),
      };
    })
    .sort((a, b) => a.seriesWithout - b.seriesWithout || b.distinct - a.distinct || (a.key < b.key ? -1 : 1));
}

describe('MetricLabels', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const value = fc.constantFrom('x', 'y', 'z', 'a', '');

  it('should say what a count of all sets says, also of labels that come late or go', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, value), { maxLength: 60 }), sets => {
        const metric = new MetricLabels(new LabelRoom(), TEXTS);
        for (const set of sets) feed(metric, set);
        expect(metric.report(3)).to.deep.equal(expectedOf(sets, 3));
        const all = new Set(sets.map(set => JSON.stringify(Object.entries(set).sort())));
        expect([metric.sets.count, metric.sets.isExact]).to.deep.equal([all.size, true]);
      }),
    );
  });

  it('should name the label that makes a flood, with many sets', () => {
    const metric = new MetricLabels(new LabelRoom(), TEXTS);
    for (let index = 0; index < 30_000; index++)
      feed(metric, { phase: `p${index % 5}`, pod: `pod-${index}`, region: `r${index % 8}` });
    const [pod, ...others] = metric.report(2);
    expect(pod).to.include({ key: 'pod', exact: false, seriesWithout: 40 });
    expect(pod?.distinct).to.be.closeTo(30_000, 1800);
    // Both leave about as many.
    expect(others.map(({ key: name, distinct }) => [name, distinct])).to.have.deep.members([
      ['region', 8],
      ['phase', 5],
    ]);
  });

  it('should bound the labels of one metric and of all, and go on with those that it has', () => {
    const room = new LabelRoom();
    const metric = new MetricLabels(room, TEXTS);
    for (let index = 0; index < 300; index++) feed(metric, { [`key${index}`]: 'x', same: `${index}` });
    expect(metric.report(1)).to.have.lengthOf(128);
    expect(metric.report(1).find(({ key: name }) => name === 'same')?.distinct).to.equal(300);
    expect(room.isFull).to.equal(false);
    for (let index = 0; index < 100; index++)
      for (let label = 0; label < 100; label++)
        if (label === 0) feed(new MetricLabels(room, TEXTS), { a: 'x' });
        else feed(new MetricLabels(room, TEXTS), { a: 'x', b: 'y' });

    expect(room.isFull).to.equal(true);
    const late = new MetricLabels(room, TEXTS);
    feed(late, { a: 'x' });
    expect([late.report(1), late.sets.count]).to.deep.equal([[], 1]);
  });

  it('should join what others saw of the same sets', () => {
    const registersOf = (count: number, from: number): [MetricLabels, Labels[]] => {
      const metric = new MetricLabels(new LabelRoom(), TEXTS);
      const sets = Array.from({ length: count }, (_, index) => ({ pod: `p${from + index}`, phase: 'x' }));
      return [metric, sets];
    };
    const [metric, sets] = registersOf(20, 0);
    for (const set of sets) feed(metric, set);
    const registers = new Uint8Array(4096);
    metric.join(registers, []);
    expect(
      metric.report(1).map(({ key: name, seriesWithout, exact }) => [name, seriesWithout, exact]),
    ).to.deep.equal([
      ['pod', 1, false],
      ['phase', 20, false],
    ]);
    expect(metric.sets.isExact).to.equal(false);
  });
});
