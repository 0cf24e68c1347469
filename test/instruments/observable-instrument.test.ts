// What callbacks of users may do is in test/faults/observables.test.ts and test/specification/callbacks.test.ts.
import type { BatchObservableCallback, ObservableResult } from '@opentelemetry/api';
import { expect } from 'chai';
import {
  BatchCallbacks,
  ObservableInstrument,
  reportOnce,
} from '../../lib/instruments/observable-instrument.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import type { View } from '../../lib/store/definition/view.js';

describe('ObservableInstrument', () => {
  let core: StoreCore;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, attributes: { thread: 'main' } });
  });
  afterEach(() => core.shutdown());

  const gaugeOf = (name: string, process?: View['process'], of = core): ObservableInstrument => {
    const names = { name, description: '', unit: '', scope: { name: 'm' } };
    const rest = { valueType: 1, boundaries: [], limit: 10, verbatim: false } as const;
    const { stream } = of.writer({ ...names, ...rest, kind: 'OBSERVABLE_GAUGE' }, process)!;
    return new ObservableInstrument(of, name, [{ stream, process }]);
  };
  const observed = async (): Promise<unknown[]> => {
    const { observations, errors } = await core.observers.observe(60_000);
    expect(errors).to.deep.equal([]);
    return observations.map(({ stream, attributes, value }) => [stream, attributes, value]);
  };

  it('should report what its callback observed last of each set, with the attributes of its thread', async () => {
    const gauge = gaugeOf('g');
    gauge.addCallback(result => {
      result.observe(1, { k: 'a' });
      result.observe(2, { k: 'b' });
      result.observe(3, { k: 'a' });
    });
    expect(await observed()).to.have.deep.members([
      [0, { k: 'a', thread: 'main' }, 3],
      [0, { k: 'b', thread: 'main' }, 2],
    ]);
  });

  it('should run a callback once however often it was added, and no more when it was removed', async () => {
    const gauge = gaugeOf('g');
    let calls = 0;
    const callback = (result: ObservableResult): void => result.observe(++calls);
    gauge.addCallback(callback);
    gauge.addCallback(callback);
    expect(await observed()).to.deep.equal([[0, { thread: 'main' }, 1]]);
    gauge.removeCallback(callback);
    gauge.removeCallback(callback);
    expect([await observed(), calls]).to.deep.equal([[], 1]);
  });

  it("should hand its attributes to the View's function, and overflow where that throws", async () => {
    const process = ({ k }: object & { k?: unknown }): { kept: string } => {
      if (k === 'bad') throw new Error('no');
      return { kept: String(k) };
    };
    const gauge = gaugeOf('g', process);
    gauge.addCallback(result => {
      result.observe(1, { k: 'a' });
      result.observe(2, { k: 'bad' });
    });
    expect(await observed()).to.deep.equal([
      [0, { kept: 'a' }, 1],
      [0, { 'otel.metric.overflow': true }, 2],
    ]);
  });

  it('should take no callback after the end of its store', async () => {
    const gauge = gaugeOf('g');
    core.shutdown();
    gauge.addCallback(result => result.observe(1));
    new BatchCallbacks(core, { name: 'm' }).add(() => undefined, [gauge]);
    expect(await observed()).to.deep.equal([]);
  });

  describe('in a batch callback', () => {
    it('should report what was observed for it, if it was named and is of this store', async () => {
      const other = createCore({ shared: false, maxBytes: 2 ** 22 });
      const [named, unnamed, foreign] = [gaugeOf('a'), gaugeOf('b'), gaugeOf('c', undefined, other)];
      const callbacks = new BatchCallbacks(core, { name: 'm' });
      callbacks.add(
        result => [named, unnamed, foreign].forEach(each => result.observe(each, 1)),
        [named, foreign],
      );
      expect(await observed()).to.deep.equal([[0, { thread: 'main' }, 1]]);
      other.shutdown();
    });

    it('should be known again by the callback together with its observables, in any order', async () => {
      const [a, b] = [gaugeOf('a'), gaugeOf('b')];
      const callbacks = new BatchCallbacks(core, { name: 'm' });
      const callback: BatchObservableCallback = result => result.observe(a, 1);
      callbacks.add(callback, [a, b]);
      callbacks.add(callback, [b, a]);
      callbacks.remove(callback, [a]);
      expect(await observed()).to.have.length(1);
      callbacks.remove(callback, [b, a]);
      expect(await observed()).to.deep.equal([]);
    });

    it('should be reported once, without the attributes of a thread, where all threads say the same', async () => {
      const gauge = gaugeOf('g');
      const callbacks = new BatchCallbacks(core, { name: 'm' });
      for (let thread = 0; thread < 3; thread++) {
        const callback: BatchObservableCallback = result => result.observe(gauge, 7);
        reportOnce(callback, 'the same words');
        callbacks.add(callback, [gauge]);
      }
      expect(await observed()).to.deep.equal([[0, {}, 7]]);
    });
  });
});
