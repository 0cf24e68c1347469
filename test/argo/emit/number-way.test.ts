import { expect } from 'chai';
import fc from 'fast-check';
import { CustomStore, emitted, metricsOf } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', counter: { value: '{{v}}' } };

describe('NumberWay', () => {
  it('should leave no series behind when the value is bad', async () => {
    const store = new CustomStore();
    expect(emitted(store, counter, { v: 'abc' })).to.deep.equal([
      `VALUE_INVALID: could not construct metric 'runs': strconv.ParseFloat: parsing "abc": invalid syntax`,
    ]);
    for (const v of ['-1', 'NaN', 'Inf'])
      expect(emitted(store, counter, { v })[0]).to.match(/^COUNTER_VALUE_INVALID/);
    expect(emitted(store, { name: 'h', help: 'H', histogram: { value: 'NaN' } })[0]).to.match(
      /^HISTOGRAM_VALUE/,
    );
    expect(await store.collect()).to.deep.equal({});
  });

  it('should not ask for the value where when is false, other than Argo', () => {
    const store = new CustomStore();
    expect(emitted(store, { ...counter, when: 'a == b' })).to.deep.equal([]);
    expect(
      emitted(new CustomStore({ argoCompatibility: 'exact' }), { ...counter, when: 'a == b' }),
    ).to.deep.equal([
      "TAG_UNRESOLVED: unable to substitute parameters for metric 'runs': failed to resolve {{v}}",
    ]);
    expect(emitted(store, { ...counter, when: 'a == b' }, { v: '1' })).to.deep.equal([]);
    expect(emitted(store, { ...counter, when: '{{v}} >' }, { v: '1' })[0]).to.match(
      /^WHEN_INVALID: unable to compute 'when' clause for metric 'runs': Invalid 'when' expression '1 >': Unexp/,
    );
  });

  it('should never throw, whatever the variables are', () => {
    const store = new CustomStore();
    const labels = [{ key: 'a', value: '{{v}}' }];
    fc.assert(
      fc.property(fc.string(), v => {
        emitted(store, { ...counter, labels, when: '{{v}} != x' }, { v });
      }),
    );
  });

  it('should touch nothing of the store while when is false', () => {
    const store = new CustomStore();
    expect(emitted(store, { ...counter, when: 'false' }, { v: '1' })).to.deep.equal([]);
    const another = { name: 'runs', help: 'Others', gauge: { value: '1' } };
    expect(emitted(store, another), 'the name is still free').to.deep.equal([]);
  });

  it('should make the series of a bad value as Argo does, each time', async () => {
    for (const [kind, collected] of [
      ['counter', { 'argo_workflows_m{}': 0 }],
      ['gauge', { 'argo_workflows_m{}': 0 }],
      ['histogram', {}],
    ] as const) {
      const store = new CustomStore({ argoCompatibility: 'exact' });
      const metric = { name: 'm', help: 'H', [kind]: { value: '{{v}}' } };
      const compiled = store.customMetrics.compile(metricsOf(metric));
      for (let i = 0; i < 2; i++) {
        const said = compiled.emit({ variables: { v: 'x' } }, { owner: 'o' });
        expect(said.map(({ code }) => code)).to.deep.equal(['VALUE_INVALID']);
      }
      expect(await store.collect(), kind).to.deep.equal(collected);
      compiled.emit({ variables: { v: '2' } }, { owner: 'o' });
      compiled.emit({ variables: { v: 'x' } }, { owner: 'o' });
      expect(await store.collect(), kind).to.deep.equal({
        'argo_workflows_m{}': kind === 'histogram' ? '1/2' : 2,
      });
    }
  });
});
