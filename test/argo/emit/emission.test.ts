// Through CustomMetrics, because an emission without a store would prove nothing about series.
import { expect } from 'chai';
import fc from 'fast-check';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { isCountable, prepareEmission, recordEmission } from '../../../lib/argo/emit/emission.js';
import type { CustomSeries } from '../../../lib/instruments/custom-instrument.js';
import { CustomStore, metricsOf } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', counter: { value: '{{v}}' } };

function emit(store: CustomStore, metric: unknown, variables: Record<string, string> = {}): string[] {
  const emitted = store.customMetrics.compile(metricsOf(metric)).emit({ variables }, { owner: 'o' });
  return emitted.map(({ code, message }) => `${code}: ${message}`);
}

describe('prepareEmission', () => {
  it('should leave no series behind when the value is bad', async () => {
    const store = new CustomStore();
    expect(emit(store, counter, { v: 'abc' })).to.deep.equal([
      `VALUE_INVALID: could not construct metric 'runs': strconv.ParseFloat: parsing "abc": invalid syntax`,
    ]);
    for (const v of ['-1', 'NaN', 'Inf'])
      expect(emit(store, counter, { v })[0]).to.match(/^COUNTER_VALUE_INVALID/);
    expect(emit(store, { name: 'h', help: 'H', histogram: { value: 'NaN' } })[0]).to.match(
      /^HISTOGRAM_VALUE/,
    );
    expect(await store.collect()).to.deep.equal({});
  });

  it('should not ask for the value where when is false, other than Argo', () => {
    const store = new CustomStore();
    expect(emit(store, { ...counter, when: 'a == b' })).to.deep.equal([]);
    expect(
      emit(new CustomStore({ argoCompatibility: 'exact' }), { ...counter, when: 'a == b' }),
    ).to.deep.equal([
      "TAG_UNRESOLVED: unable to substitute parameters for metric 'runs': failed to resolve {{v}}",
    ]);
    expect(emit(store, { ...counter, when: 'a == b' }, { v: '1' })).to.deep.equal([]);
    expect(emit(store, { ...counter, when: '{{v}} >' }, { v: '1' })[0]).to.match(
      /^WHEN_INVALID: unable to compute 'when' clause for metric 'runs': Invalid 'when' expression '1 >': Unexp/,
    );
  });

  it('should set, add and subtract', async () => {
    const store = new CustomStore();
    const gauge = (operation: string, value: string): unknown => ({
      name: 'g',
      help: 'G',
      gauge: { operation, value },
    });
    emit(store, gauge('Set', '10'));
    emit(store, gauge('Add', '5'));
    emit(store, gauge('Sub', '1.5'));
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_g{}': 13.5 });
  });

  it('should report another help and another type, and keep the first', async () => {
    const store = new CustomStore();
    emit(store, counter, { v: '1' });
    expect(emit(store, { ...counter, help: 'Other' }, { v: '1' })).to.deep.equal([
      "HELP_CONFLICT: could not construct metric 'runs': help for metric runs is already set to Runs, it cannot be changed",
    ]);
    expect(emit(store, { name: 'runs', help: 'Runs', gauge: { value: '1' } })).to.deep.equal([
      "TYPE_CONFLICT: could not construct metric 'runs': found existing counter for custom metric runs of type gauge",
    ]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{}': 1 });
  });

  it('should check names and keys once their tags are filled in', () => {
    const store = new CustomStore();
    expect(emit(store, { ...counter, name: '{{n}}' }, { n: 'a.b', v: '1' })[0]).to.match(/^NAME_INVALID/);
    const labels = [{ key: '{{n}}', value: 'x' }];
    expect(emit(store, { ...counter, labels }, { n: 'a-b', v: '1' })[0]).to.match(/^LABEL_INVALID/);
  });

  it('should never throw, whatever the variables are', () => {
    const store = new CustomStore();
    const labels = [{ key: 'a', value: '{{v}}' }];
    fc.assert(
      fc.property(fc.string(), v => {
        emit(store, { ...counter, labels, when: '{{v}} != x' }, { v });
      }),
    );
  });

  it('should not ask the target for anything while when is false', () => {
    const refuse = (): never => expect.fail('the target was asked');
    const target = {
      prefix: '',
      define: refuse,
      modifierOf: refuse,
      reportRealtime: refuse,
      endRealtime: refuse,
    };
    const [metric] = compileMetrics(metricsOf({ ...counter, when: 'false' }), '').metrics;
    const emission =
      metric && prepareEmission(metric, { variables: { v: '1' } }, target, { owner: 'o', subject: '' });
    expect(emission).to.deep.equal({ series: undefined, number: 0 });
  });
});

describe('recordEmission', () => {
  it('should do what the kind of the metric and its operation say', () => {
    const calls: string[] = [];
    const note =
      (name: string) =>
      (value: number): void => {
        calls.push(`${name} ${value}`);
      };
    const [add, set, record] = ['add', 'set', 'record'].map(note);
    const unused = (): never => expect.fail('not for values');
    const series = { add, set, record, recordElapsed: unused, hold: unused, clear: unused } as CustomSeries;
    const values = [
      { counter: { value: '1' } },
      { gauge: { value: '1' } },
      { gauge: { value: '1', operation: 'Sub' } },
      { histogram: { value: '1' } },
    ];
    const { metrics } = compileMetrics(
      metricsOf(...values.map(value => ({ name: 'm', help: 'H', ...value }))),
      '',
    );
    for (const { value } of metrics) recordEmission(value, series, 2);
    expect(calls).to.deep.equal(['add 2', 'set 2', 'add -2', 'record 2']);
  });
});

describe('isCountable', () => {
  it('should refuse what a counter or a histogram cannot take', () => {
    expect([-1, NaN, Infinity, 0].map(number => isCountable('counter', number))).to.deep.equal([
      ...[false, false, false, true],
    ]);
    expect([-1, NaN, Infinity].map(number => isCountable('histogram', number))).to.deep.equal([
      true,
      false,
      true,
    ]);
    expect(isCountable('gauge', NaN)).to.equal(true);
  });
});
