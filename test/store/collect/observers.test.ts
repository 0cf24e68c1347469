import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { createCore } from '../../../lib/store/store-core.js';

describe('Observers', () => {
  it('should tell what failed in the order in which the callbacks were added', async () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22 });
    const meter = meterOf(core, 'm');
    for (const name of ['first', 'second', 'third'])
      meter.createObservableGauge(name).addCallback(() => {
        throw new Error(`${name} is broken`);
      });
    const { errors } = await core.openReader(() => 'cumulative').collect();
    expect(errors.map(({ message }) => /(\w+) is broken/.exec(message)?.[1])).to.deep.equal([
      'first',
      'second',
      'third',
    ]);
    core.shutdown();
  });
});
