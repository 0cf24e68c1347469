// What the real controller exposed, scrape by scrape. GOLDEN_CASES names another folder of recordings to run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../../support/source-tree.js';
import { differences, readExposition } from './exposition.js';
import { Recording } from './recording.js';

const folder = process.env['GOLDEN_CASES'] ?? join(ROOT, 'test/argo/golden/cases');

describe('recordings of a real controller', () => {
  const names = readdirSync(folder);

  it('should be found', () => {
    expect(names).to.not.be.empty;
  });

  for (const name of names)
    it(`should equal ${name}`, async () => {
      const { wrong, said } = await wrongIn(new Recording(join(folder, name)), 'corrected');
      expect(wrong, [...wrong, 'diagnostics:', ...said].join('\n')).to.deep.equal([]);
    });
});

/** Recordings that show a defect: the scrapes that `argoCompatibility: 'exact'` does not copy, and why. */
const DEFECTIVE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'broken-metrics': {},
  'controller-restart': {},
  'daemon-that-fails': {},
  'entry-node-variables': {},
  'hooks-on-steps-and-tasks': {},
  'hooks-on-tasks-that-others-need': {},
  'http-templates': {},
  'manual-retry-of-a-dag': {},
  'memoized-behind-a-mutex': {},
  'metrics-ttl': {},
  'mutex-in-template': {},
  'odd-buckets': { 'metrics-after-003.prom': 'a histogram that counted NaN' },
  'plugin-templates': {},
  'pod-spec-patch': {},
  'realtime-of-retries': {},
  'retried-dag-in-a-loop': {},
  numbers: { 'metrics-after-003.prom': 'a histogram that counted NaN, and a gauge whose value is empty' },
  'realtime-node-duration': {},
  'realtime-shared-by-two': { 'metrics-after-007-2.prom': 'comes back at a reconcile that changes no object' },
  'retry-of-steps': {},
  'ttl-and-restart-from-zero': {},
};

describe("recordings with defects, with argoCompatibility 'exact'", () => {
  const names = readdirSync(folder);

  it('should all be in the table', () => {
    const isOwn = process.env['GOLDEN_CASES'] === undefined;
    const defective = names.filter(name => new Recording(join(folder, name)).hasDefect);
    if (isOwn) expect(defective.filter(name => !(name in DEFECTIVE))).to.deep.equal([]);
    if (isOwn) expect(defective.length).to.be.greaterThan(4);
  });

  for (const [name, notCopied] of Object.entries(DEFECTIVE).filter(([each]) => names.includes(each)))
    it(`should equal ${name}${Object.keys(notCopied).length > 0 ? ', in part' : ''}`, async () => {
      const { wrong } = await wrongIn(new Recording(join(folder, name)), 'exact');
      const files = new Set(wrong.map(text => text.replace(/: .*$/s, '')));
      expect([...files].sort(), wrong.join('\n')).to.deep.equal(Object.keys(notCopied).sort());
    });
});

async function wrongIn(
  recording: Recording,
  compatibility: 'corrected' | 'exact',
): Promise<{ wrong: string[]; said: string[] }> {
  const timed = recording.timedNames();
  const { scrapes, diagnostics } = await recording.replay(compatibility);
  expect(scrapes).to.not.be.empty;
  const wrong = scrapes.flatMap(({ file, expected, actual }) =>
    differences(expected, actual, metric => timed.has(metric)).map(text => `${file}: ${text}`),
  );
  const said = diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`);
  return { wrong, said: [...new Set(said)] };
}

describe('the rule of comparing', () => {
  const text = (type: string, ...samples: string[]): string =>
    ['# HELP m Help', `# TYPE m ${type}`, ...samples].join('\n');
  const compare = (ours: string, recorded: string, isTimed = false): number =>
    differences(readExposition(recorded), readExposition(ours), () => isTimed).length;

  it('should notice another value, type, label and name', () => {
    const recorded = text('gauge', 'm{a="1"} 5');
    expect(compare(recorded, recorded)).to.equal(0);
    expect(compare(text('gauge', 'm{a="1"} 5.5'), recorded)).to.equal(1);
    expect(compare(text('counter', 'm{a="1"} 5'), recorded)).to.equal(1);
    expect(compare(text('gauge', 'm{a="2"} 5'), recorded)).to.equal(1);
    expect(compare('', recorded)).to.equal(1);
  });

  it('should allow a second and a little for durations, no more', () => {
    const recorded = text('gauge', 'm 5');
    expect(compare(text('gauge', 'm 6'), recorded, true)).to.equal(0);
    expect(compare(text('gauge', 'm 6.2'), recorded, true)).to.equal(1);
  });

  it('should notice an observation in a bucket that no rounding explains', () => {
    const histogram = (one: number, five: number): string =>
      text(
        'histogram',
        `m_bucket{le="1"} ${one}`,
        `m_bucket{le="5"} ${five}`,
        'm_bucket{le="+Inf"} 2',
        'm_sum 5',
        'm_count 2',
      );
    expect(compare(histogram(0, 2), histogram(0, 2), true)).to.equal(0);
    expect(compare(histogram(1, 2), histogram(0, 2), true)).to.equal(0);
    expect(compare(histogram(1, 2), histogram(0, 2), false)).to.equal(1);
    expect(compare(histogram(0, 0), histogram(1, 2), true)).to.equal(1);
  });
});
