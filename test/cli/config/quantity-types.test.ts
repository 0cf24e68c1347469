// Goal: durations and sizes are read as Go and Kubernetes read them, and printed so that they are read back.
import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import { duration, durationText, size, sizeText } from '../../../lib/cli/config/quantity-types.js';

const DAY = 86_400_000;
const times = duration(0, DAY);
const sizes = size(1, 2 ** 42);

function messageOf(type: typeof times, given: unknown): string | undefined {
  const report = new ConfigReport();
  expect(type.read(given, 'k', report)).to.equal(undefined);
  return report.complaints[0]?.message;
}

describe('durations of a configuration', () => {
  it('are read as Go writes them', () => {
    const read = (text: unknown): unknown => times.read(text, 'k', new ConfigReport());
    expect(read('75s')).to.equal(75_000);
    expect(read('1m15s')).to.equal(75_000);
    expect(read('1h30m')).to.equal(5_400_000);
    expect(read('1.5s')).to.equal(1500);
    expect(read('250ms')).to.equal(250);
    expect(read('0')).to.equal(0);
    expect(read(0), 'the one number that Go takes').to.equal(0);
    expect(read('0.1ms'), 'a part of a millisecond is no 0').to.equal(1);
    expect(read('24h')).to.equal(DAY);
  });

  it('are refused without a unit, with another one, with a sign and beyond their bounds', () => {
    for (const wrong of ['75', '', '1d', '1 s', '-1s', '+1s', '1e3s', 's', '1s ', '١s'])
      expect(messageOf(times, wrong), wrong).to.equal(
        `k must be a duration from 0s to 24h, got ${JSON.stringify(wrong)}`,
      );
    for (const wrong of [75, true, [], {}]) expect(messageOf(times, wrong)).to.match(/^k must be a duration/);
    expect(messageOf(times, '24h0.001s')).to.match(/^k must be a duration from 0s to 24h/);
    expect(messageOf(duration(100, DAY), 0)).to.equal('k must be a duration from 100ms to 24h, got 0');
    expect(messageOf(times, `${'9'.repeat(30)}h`), 'beyond what Go holds').to.match(/^k must be/);
    expect(messageOf(times, `${'1s'.repeat(1000)}`), 'long').to.match(/^k must be/);
  });

  it('read back from what they are printed as', () => {
    fc.assert(
      fc.property(fc.nat(DAY), millis => {
        expect(times.read(times.plain(millis), 'k', new ConfigReport())).to.equal(millis);
      }),
    );
    expect([0, 1, 999, 1000, 60_000, 75_000, 3_600_000, 5_400_500].map(durationText)).to.deep.equal([
      ...['0s', '1ms', '999ms', '1s', '1m', '1m15s', '1h', '1h30m500ms'],
    ]);
  });
});

describe('sizes of a configuration', () => {
  it('are read as Kubernetes writes them, and numbers as bytes', () => {
    const read = (text: unknown): unknown => sizes.read(text, 'k', new ConfigReport());
    expect(read('256Mi')).to.equal(2 ** 28);
    expect(read('1Gi')).to.equal(2 ** 30);
    expect(read('1.5Gi')).to.equal(1.5 * 2 ** 30);
    expect(read('10k')).to.equal(10_000);
    expect(read('1M')).to.equal(1e6);
    expect(read('4Ti')).to.equal(2 ** 42);
    expect(read('4096')).to.equal(4096);
    expect(read(4096)).to.equal(4096);
    expect(read('0.1Ki'), 'a part of a byte is a byte').to.equal(103);
  });

  it('are refused with another unit, with a sign and beyond their bounds', () => {
    for (const wrong of [
      '256MB',
      '256mi',
      '1Ki ',
      '-1Ki',
      '1e3',
      '',
      'Mi',
      '0',
      '5Ti',
      0.5,
      0,
      2 ** 42 + 1,
      null,
      [],
    ])
      expect(messageOf(sizes, wrong), String(wrong)).to.match(/^k must be a size from 1 to 4096Gi, got /);
  });

  it('read back from what they are printed as', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 42 }), bytes => {
        expect(sizes.read(sizes.plain(bytes), 'k', new ConfigReport())).to.equal(bytes);
      }),
    );
    expect([1, 1000, 1024, 1536, 2 ** 20, 2 ** 28, 2 ** 30].map(sizeText)).to.deep.equal([
      ...['1', '1000', '1Ki', '1536', '1Mi', '256Mi', '1Gi'],
    ]);
  });
});
