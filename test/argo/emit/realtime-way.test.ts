import { expect } from 'chai';
import { CustomStore, metricsOf } from '../custom-store.js';

const gauge = {
  name: 'age',
  help: 'Age',
  when: '{{status}} != Skipped',
  labels: [{ key: 'status', value: '{{status}}' }],
  gauge: { realtime: true, value: '{{duration}}' },
};

function setUp() {
  const store = new CustomStore();
  const compiled = store.customMetrics.compile(metricsOf(gauge));
  const start = store.now;
  return {
    store,
    emit: (variables: Record<string, string>, seconds?: number): string[] => {
      const duration = seconds === undefined ? start : { start, end: start + seconds * 1000 };
      return compiled
        .emit({ variables, realtime: { duration } }, { owner: 'o', subject: 's' })
        .map(({ code }) => code);
    },
  };
}

describe('RealtimeWay', () => {
  it('should grow, and follow the labels of who reports', async () => {
    const { store, emit } = setUp();
    expect(emit({ status: 'Pending' })).to.deep.equal([]);
    store.now += 2000;
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{status=Pending}': 2 });
    expect(emit({ status: 'Running' })).to.deep.equal([]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{status=Running}': 2 });
  });

  for (const [why, variables, codes] of [
    ['whose `when` holds no more', { status: 'Skipped' }, []],
    ['whose labels cannot be filled in any more', {}, ['TAG_UNRESOLVED']],
  ] as const)
    it(`should end one ${why}, once what it is about has ended`, async () => {
      const { store, emit } = setUp();
      emit({ status: 'Running' });
      store.now += 10_000;
      expect(emit(variables)).to.deep.equal(codes);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{status=Running}': 10 });
      expect(emit(variables, 4)).to.deep.equal(codes);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{status=Running}': 4 });
    });
});
