import { expect } from 'chai';
import { WrittenMetrics } from '../../../lib/argo/observe/written-metrics.js';
import { metricsOf } from '../custom-store.js';

const counter = (status: string, more: object = {}): unknown => ({
  name: 'n',
  labels: [{ key: 's', value: status }],
  counter: { value: '1' },
  ...more,
});
const age = (status: string): unknown => ({
  name: 'age',
  labels: [{ key: 's', value: status }],
  gauge: { realtime: true, value: '{{duration}}' },
});
const tag = '{{status}}';

describe('WrittenMetrics', () => {
  it('should keep realtime gauges as they were first, and take the rest as it is', () => {
    const written = new WrittenMetrics();
    written.running(metricsOf(counter(tag), age(tag)), false);
    const later = written.running(metricsOf(counter('x'), age('Pending')), true);
    expect(later).to.deep.equal(metricsOf(counter('x'), age(tag)));
    const end = written.ended(metricsOf(counter('Failed'), age('Pending')));
    expect(end).to.deep.equal(metricsOf(counter('Failed'), age(tag)));
  });

  it('should give a later run the texts from before the end, in any number of runs', () => {
    const written = new WrittenMetrics();
    written.running(metricsOf(counter(tag), counter('Failed')), true);
    for (let run = 0; run < 3; run++) {
      const left = metricsOf(counter('Failed'), counter('Failed'));
      written.ended(left);
      written.restart();
      expect(written.running(left, true)).to.deep.equal(metricsOf(counter(tag), counter('Failed')));
      expect(written.ended(left)).to.deep.equal(metricsOf(counter(tag), counter('Failed')));
    }
  });

  it('should know in another process what it knew', () => {
    let written = new WrittenMetrics();
    const goOn = (): void => {
      const state = written.save();
      expect(written.save()).to.equal(state);
      written = new WrittenMetrics();
      written.restore(JSON.parse(JSON.stringify(state)) as typeof state);
      expect(written.save()).to.deep.equal(state);
    };
    goOn();
    written.running(metricsOf(counter(tag), age(tag)), true);
    goOn();
    for (let run = 0; run < 3; run++) {
      const left = metricsOf(counter('Failed'), age('Pending'));
      expect(written.ended(left)).to.deep.equal(metricsOf(counter(run === 0 ? 'Failed' : tag), age(tag)));
      goOn();
      written.restart();
      goOn();
      expect(written.running(left, true)).to.deep.equal(metricsOf(counter(tag), age(tag)));
      goOn();
    }
  });

  it('should know a name that was filled in, and no other', () => {
    for (const [before, after, isKnown] of [
      ['{{status}}_n', 'Failed_n', true],
      ['n_{{ workflow.name }}_{{status}}', 'n_wf_Failed', true],
      ['n_{{status}}', 'm_Failed', false],
      ['n_{{status}}_seconds', 'n_seconds', false],
      ['{{status}}_n_{{status}}', 'Failed_m_Failed', false],
      ['n', 'n_Failed', false],
    ] as const) {
      const written = new WrittenMetrics();
      written.running(metricsOf(counter(tag, { name: before })), true);
      const left = metricsOf(counter('Failed', { name: after }));
      written.ended(left);
      written.restart();
      const right = isKnown ? metricsOf(counter(tag, { name: before })) : left;
      expect(written.running(left, true), before).to.deep.equal(right);
    }
  });

  it('should undo what a missed end may have written, and take what it cannot have written as it is', () => {
    const written = new WrittenMetrics();
    written.missedEnd(metricsOf(counter('Failed')));
    written.running(metricsOf(counter(tag), counter(tag), counter('x')), true);
    const left = metricsOf(counter('Failed'), counter('Failed', { help: 'mine' }), counter('y'));
    written.missedEnd(left);
    const right = metricsOf(counter(tag), counter('Failed', { help: 'mine' }), counter('y'));
    expect(written.running(left, true)).to.deep.equal(right);
    expect(written.ended(left)).to.deep.equal(right);
  });

  it('should take what a person changed after the end as it is, and find the rest in another place', () => {
    const written = new WrittenMetrics();
    written.running(metricsOf(counter(tag), counter(tag, { name: 'm' })), true);
    written.ended(metricsOf(counter('Failed'), counter('Failed', { name: 'm' })));
    written.restart();
    const edited = metricsOf(counter('mine'), counter('mine', { name: 'm' }));
    expect(written.running(edited, true)).to.deep.equal(edited);
    const moved = metricsOf(counter('Failed', { name: 'm' }));
    expect(written.running(moved, true)).to.deep.equal(metricsOf(counter(tag, { name: 'm' })));
  });

  it('should remember what a person changed while it ran', () => {
    const written = new WrittenMetrics();
    written.running(metricsOf(counter('{{workflow.name}}')), false);
    written.running(metricsOf(counter('wf')), true);
    written.running(metricsOf(counter('{{workflow.status}}')), true);
    written.ended(metricsOf(counter('Failed')));
    written.restart();
    expect(written.running(metricsOf(counter('Failed')), false)).to.deep.equal(
      metricsOf(counter('{{workflow.status}}')),
    );
  });

  it('should live with what is no list and no JSON', () => {
    const written = new WrittenMetrics();
    const circular: Record<string, unknown> = { name: 'n' };
    circular['self'] = circular;
    for (const metrics of [undefined, null, 5, {}, { prometheus: 5 }, metricsOf(null, 5, circular)]) {
      written.running(metrics, true);
      expect(written.ended(metrics)).to.deep.equal(metrics);
      written.restart();
    }
  });
});
