// The second emission with the same texts goes another way than the first; both have to come to the same.
import { expect } from 'chai';
import fc from 'fast-check';
import { CustomStore, metricsOf } from '../custom-store.js';

const metric = {
  name: 'runs',
  help: 'Runs',
  when: '{{status}} != Skipped',
  labels: [
    { key: 'status', value: '{{status}}' },
    { key: 'place', value: '{{namespace}}/{{name}}' },
  ],
  counter: { value: '{{n}}' },
};
const variables = { status: 'Failed', namespace: 'a', name: 'b', n: '2' };

describe('MetricEmitter', () => {
  it('should count again what it has counted before', async () => {
    const store = new CustomStore();
    const compiled = store.customMetrics.compile(metricsOf(metric));
    for (const n of ['2', '3', '0.5'])
      expect(compiled.emit({ variables: { ...variables, n } }, { owner: 'o' })).to.deep.equal([]);
    compiled.emit({ variables: { ...variables, name: 'c' } }, { owner: 'o' });
    expect(await store.collect()).to.deep.equal({
      'argo_workflows_runs{place=a/b,status=Failed}': 5.5,
      'argo_workflows_runs{place=a/c,status=Failed}': 2,
    });
  });

  it('should say the same of a bad value each time', () => {
    const compiled = new CustomStore().customMetrics.compile(metricsOf(metric));
    const emit = (changed: object): string[] =>
      compiled.emit({ variables: { ...variables, ...changed } }, { owner: 'o' }).map(({ code }) => code);
    expect(emit({})).to.deep.equal([]);
    for (let i = 0; i < 2; i++) {
      expect(emit({ n: 'x' })).to.deep.equal(['VALUE_INVALID']);
      expect(emit({ n: '-1' })).to.deep.equal(['COUNTER_VALUE_INVALID']);
      expect(emit({ n: undefined })).to.deep.equal(['TAG_UNRESOLVED']);
      expect(emit({ status: 'Skipped', n: 'x' })).to.deep.equal([]);
      expect(emit({ status: 'Skipped', n: undefined })).to.deep.equal([]);
      expect(emit({ name: undefined })).to.deep.equal(['TAG_UNRESOLVED']);
    }
  });

  it('should count as often as one that remembers nothing', async () => {
    const text = fc.constantFrom('a', 'b', 'Skipped', 'a/b', '');
    const scopes = fc.array(
      fc.record({ status: text, namespace: text, name: text, n: fc.constantFrom('1', '2', 'x') }),
    );
    await fc.assert(
      fc.asyncProperty(scopes, async emissions => {
        const [once, anew] = [new CustomStore(), new CustomStore()];
        const compiled = once.customMetrics.compile(metricsOf(metric));
        for (const scope of emissions) {
          const said = compiled.emit({ variables: scope }, { owner: 'o' });
          const fresh = anew.customMetrics.compile(metricsOf(metric));
          expect(said).to.deep.equal(fresh.emit({ variables: scope }, { owner: 'o' }));
        }
        expect(await once.collect()).to.deep.equal(await anew.collect());
      }),
      { numRuns: 30 },
    );
  });
});
