import { expect } from 'chai';
import { policiesOf } from '../../../lib/store/record/stream-policies.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { reportCardinality, reportStatistics, reportStreams } from '../../../lib/store/store-report.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';

const DEFINITION: StreamDefinition = {
  ...{ scope: { name: 's' }, name: 'c', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], verbatim: false, limit: 9 },
};

const RULES = [
  { label: 'a', maxValues: 2, overflowValue: '_OTHER' },
  { label: 'b', drop: true as const, overflowValue: '_OTHER' },
];

const open = () => {
  const core = createCore({ maxBytes: 2 ** 22, shared: false });
  return { core, policies: (name: string) => policiesIn(core, { ...DEFINITION, name }) };
};

function policiesIn(core: StoreCore, definition: StreamDefinition) {
  return policiesOf(core.stream(definition)!, RULES, {
    placesOptions: core.placesOptions,
    maxLabelValueLength: 100,
    register: places => core.stream(places),
  });
}

describe('policiesOf', () => {
  const admit = (policies: ReturnType<typeof policiesIn>, a: string): unknown =>
    policies.admit(
      policies.decide(
        new Map([
          ['a', a],
          ['b', 'x'],
        ]),
      ),
      labels => Object.fromEntries(labels),
    );

  it('should share the places of a label among all who ask for the same stream, and with no other stream', () => {
    const { core, policies } = open();
    const [first, second, other] = [policies('c'), policies('c'), policies('d')];
    expect(admit(first, '1')).to.deep.equal({ a: '1' });
    expect(admit(second, '2')).to.deep.equal({ a: '2' });
    for (const each of [first, second]) {
      expect(admit(each, '3')).to.deep.equal({ a: '_OTHER' });
      expect(admit(each, '2')).to.deep.equal({ a: '2' });
    }
    expect(admit(other, '3')).to.deep.equal({ a: '3' });
    core.shutdown();
  });

  it('should not show the places in anything that is reported', () => {
    const { core, policies } = open();
    for (const a of ['1', '2', '3']) admit(policies('c'), a);
    expect(reportStatistics(core)).to.deep.include({ streams: 1, series: 0 });
    expect(reportStatistics(core).refused.overflowedSeries).to.equal(0);
    expect(reportStreams(core).map(({ name }) => name)).to.deep.equal(['c']);
    expect(reportCardinality(core).metrics.map(({ name }) => name)).to.deep.equal(['c']);
    core.shutdown();
  });
});
