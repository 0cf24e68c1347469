// Goal: a process that goes on from the state of one before it shows what that would have shown, in everything; and what it
// cannot go on from, it says.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { WorkflowEvent } from '../../lib/argo/observe/workflow-observer.js';
import { ROOT } from '../support/source-tree.js';
import { Recording } from '../argo/golden/recording.js';
import type { METRICS } from './watched-workflow.js';
import { START, workflow } from './watched-workflow.js';
import { codeOfRejected, WatchedProcess, watchedAt, type WatchedProcessOptions } from './watched-process.js';

const CASES = join(ROOT, 'test/argo/golden/cases');
/** A sync costs nothing there. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** `npm run test:stress` takes all of them. */
const NAMES = readdirSync(CASES).filter(
  (name, index) =>
    process.env['STRESS_STATE_KILLS'] !== undefined ||
    index % 8 === 0 ||
    /ttl|numbers|shared|gauge/.test(name),
);

describe('WatchState', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(MEMORY, 'watch-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const processAt = (now: number, options: WatchedProcessOptions = {}): Promise<WatchedProcess> =>
    watchedAt(now, { folder, ...options });

  for (const argoCompatibility of ['corrected', 'exact'] as const)
    for (const name of NAMES)
      it(`should show the same after a restart behind each event of ${name}, ${argoCompatibility}`, async () => {
        const recording = new Recording(join(CASES, name));
        const metrics = { argoCompatibility, metricsConfig: recording.metricsConfig };
        const unbroken = new WatchedProcess(recording.timeOf(0), { metrics });
        for (const [index, event] of recording.events.entries()) {
          const now = recording.timeOf(index);
          const watched = new WatchedProcess(now, { folder, metrics });
          const found = await watched.begin();
          expect(found?.outcome).to.equal(index === 0 ? 'none' : 'found');
          expect(found?.position).to.equal(index === 0 ? undefined : String(index));
          unbroken.now = now;
          // Twice: some of what is remembered shows in the collection behind the next one.
          for (let times = 0; times < 2; times++)
            expect(await watched.scrape()).to.deep.equal(await unbroken.scrape());
          watched.observe(event, String(index + 1));
          unbroken.observe(event);
          if (index % 2 === 0) expect(await watched.scrape()).to.deep.equal(await unbroken.scrape());
          await watched.end();
          expect(watched.errors).to.deep.equal([]);
        }
        await unbroken.end();
      });

  it('should go on from a gauge that was set with what is added to it', async () => {
    const metrics = (operation: string, value: string): typeof METRICS => ({
      prometheus: [{ name: 'level', help: 'Level', gauge: { operation, value } }],
    });
    const first = await processAt(START);
    first.observe(workflow('a', 1, { metrics: metrics('Set', '7') }));
    await first.scrape();
    await first.end();
    const second = await processAt(START);
    second.observe(workflow('b', 2, { metrics: metrics('Add', '1') }));
    expect(await second.scrape()).to.deep.equal({ 'argo_workflows_level{}': '8' });
    await second.end();
  });

  it('should keep when a series began, by a clock that goes on within an event', async () => {
    const first = await processAt(START);
    first.tick = 7;
    first.observe(workflow('a', 1));
    first.observe(workflow('b', 2, { value: '2' }));
    const shown = await first.scrape();
    const now = first.now;
    await first.end();
    const second = await processAt(now);
    expect(await second.scrape()).to.deep.equal(shown);
    await second.end();
  });

  it('should keep numbers that JSON has not', async () => {
    const values = ['NaN', '+Inf', '-Inf', '-0'];
    const metrics = {
      prometheus: values.flatMap((value, index) => [
        { name: `gauge_${index}`, help: 'G', gauge: { value } },
        ...(value === 'NaN'
          ? []
          : [{ name: `sizes_${index}`, help: 'S', histogram: { buckets: [1], value } }]),
      ]) as never,
    };
    for (const isScraped of [true, false]) {
      const first = await processAt(START);
      first.observe(workflow('a', 1, { metrics }));
      const shown = await first.scrape();
      if (!isScraped) first.observe(workflow('b', 2, { metrics }));
      await first.end();
      const second = await processAt(START);
      if (isScraped) expect(await second.scrape()).to.deep.equal(shown);
      else expect(Object.keys((await second.scrape()) ?? {})).to.have.length(7);
      await second.end();
    }
    expect(readFileSync(join(folder, 'journal'), 'latin1')).to.include('"-Infinity"');
  });

  it('should go on exactly from a journal that was cut behind any record', async () => {
    const recording = new Recording(join(CASES, 'realtime-shared-by-two'));
    const { events } = recording;
    const whole = await processAt(START);
    for (const [index, event] of events.entries()) {
      whole.observe(event, String(index + 1));
      await whole.scrape();
    }
    const shown = await whole.scrape();
    const bytes = readFileSync(join(folder, 'journal'));
    await whole.end();
    const ends = [...bytes.keys()].filter(at => bytes[at] === 10);
    const positions = new Set<string | undefined>();
    for (const end of ends) {
      writeFileSync(join(folder, 'journal'), bytes.subarray(0, end + 1));
      const rest = new WatchedProcess(START, { folder, whenLost: 'count' });
      const found = await rest.begin();
      positions.add(found?.position);
      for (const [index, event] of events.entries())
        if (index >= Number(found?.position ?? 0)) rest.observe(event, String(index + 1));
      expect(await rest.scrape(), `cut at ${end}`).to.deep.equal(shown);
      await rest.end();
    }
    expect(positions.size).to.equal(events.length + 1);
  });

  it('should count an event once that comes twice, because the position behind it was not written', async () => {
    const first = await processAt(START);
    first.observe(workflow('a', 1));
    first.observe(workflow('b', 2), '2');
    await first.end();
    const second = await processAt(START);
    expect(second.state?.position).to.equal('2');
    for (const event of [workflow('a', 1), workflow('b', 2), workflow('c', 3)]) second.observe(event);
    expect(await second.scrape()).to.include({ 'argo_workflows_level{}': '3' });
    await second.end();
  });

  it('should count what came and ended in a gap that only a list tells of, and forget what is gone', async () => {
    const objects = (events: readonly WorkflowEvent[]): unknown[] => events.map(({ object }) => object);
    const first = await processAt(START);
    first.observer.sync(objects([workflow('a', 1), workflow('b', 2, { phase: 'Running' })]));
    await first.end();
    const second = await processAt(START);
    second.observer.sync(objects([workflow('a', 1), workflow('b', 3), workflow('c', 4)]));
    // The first list was the baseline: a is not counted.
    expect(await second.scrape()).to.include({ 'argo_workflows_level{}': '2' });
    second.observer.sync([]);
    await second.end();
    const third = await processAt(START);
    third.observe(workflow('c', 5));
    third.observer.sync(objects([workflow('d', 6)]));
    expect(await third.scrape()).to.include({ 'argo_workflows_level{}': '3' });
    await third.end();
  });

  it('should go on exactly between two slices of those that are forgotten', async () => {
    const objects = Array.from({ length: 1200 }, (_, index) => workflow(`w-${index}`, index + 1, { end: 1 }));
    const finished: number[] = [];
    for (let index = 0; index < 4; index++) {
      const watched = await processAt(START);
      if (index === 0) for (const event of objects) watched.observe(event);
      watched.observer.sync(objects.map(({ object }) => object));
      watched.observer.keepFinished(1);
      watched.observe(workflow(`r-${index}`, 2000 + index, { phase: 'Running' }));
      finished.push(watched.observer.count().finished);
      expect(await watched.scrape(), `process ${index}`).to.include({ 'argo_workflows_level{}': '1200' });
      await watched.end();
    }
    expect(finished).to.deep.equal([700, 200, 1, 1]);
  });

  it('should begin with a baseline once more when the first list was not complete', async () => {
    const first = await processAt(START);
    await first.observer.sync(
      (async function* () {
        yield workflow('a', 1).object;
        await Promise.resolve();
        throw new Error('the connection is gone');
      })(),
    );
    await first.end();
    const second = await processAt(START);
    second.observer.sync([workflow('a', 1).object, workflow('b', 2).object]);
    expect(await second.scrape()).to.deep.equal({});
    await second.end();
  });

  it('should not count again what a cluster shows that was restored from a backup', async () => {
    const first = await processAt(START);
    first.observe(workflow('a', 900), '900');
    await first.end();
    const second = await processAt(START);
    second.state?.apply('500', () => second.observer.forgetVersions());
    second.observer.sync([workflow('a', 450).object]);
    await second.end();
    const third = await processAt(START);
    expect(third.state?.position).to.equal('500');
    // Of a workflow of the same versions as before, that ran again.
    third.observe(workflow('a', 460, { phase: 'Running' }));
    third.observe(workflow('b', 470));
    expect(await third.scrape()).to.include({ 'argo_workflows_level{}': '2' });
    await third.end();
  });

  it('should show nothing any more once another process has the folder, which goes on from all of it', async () => {
    const first = await processAt(START);
    first.observe(workflow('a', 1), '1');
    const second = new WatchedProcess(START, { folder });
    const begins = second.begin();
    // Behind what the second one has read, and before it has the folder.
    first.observe(workflow('b', 2), '2');
    expect((await begins)?.position).to.equal('2');
    expect(await second.scrape()).to.include({ 'argo_workflows_level{}': '2' });
    first.observe(workflow('c', 3), '3');
    expect(await codeOfRejected(() => first.scrape())).to.equal('STATE_TAKEN');
    await first.end();
    second.observe(workflow('c', 3), '3');
    expect(await second.scrape()).to.include({ 'argo_workflows_level{}': '3' });
    await second.end();
  });

  it('should give back only what the configuration shows by now, with its time to live', async () => {
    const first = await processAt(START);
    first.observe(workflow('a', 1));
    await first.scrape();
    await first.end();
    const metricsConfig = { modifiers: { level: { disabled: true }, last: { ttl: '1s' } } };
    const second = await processAt(START, { metrics: { metricsConfig } });
    expect(Object.keys((await second.scrape()) ?? {}).sort()).to.deep.equal([
      'argo_workflows_clock{"value":"1"}',
      'argo_workflows_last{}',
      'argo_workflows_runs{"value":"1"}',
      'argo_workflows_sizes{}',
    ]);
    second.now += 2000;
    await second.scrape();
    expect(await second.scrape()).to.not.have.property('argo_workflows_last{}');
    await second.end();
  });

  it('should begin anew what expired by a time to live that was set between two processes', async () => {
    const first = await processAt(START);
    first.observe(workflow('a', 1));
    await first.scrape();
    await first.end();
    const metrics = { metricsConfig: { metricsTTL: '30s' } };
    const second = await processAt(START, { metrics });
    await second.scrape();
    second.now += 60_000;
    await second.scrape();
    second.observe(workflow('b', 2));
    const shown = await second.scrape();
    expect(shown?.['argo_workflows_runs{"value":"1"}']).to.match(/^0.1 since/);
    await second.end();
    const third = await processAt(second.now, { metrics });
    expect(await third.scrape()).to.deep.equal(shown);
    await third.end();
  });

  it('should say what has no room any more', async () => {
    const first = await processAt(START);
    for (const value of ['1', '2', '3']) first.observe(workflow(value, Number(value), { value }));
    await first.scrape();
    await first.end();
    const second = await processAt(START, { cardinalityLimit: 2 });
    expect(second.errors.join()).to.match(/1 series of argo_workflows_runs have no room/);
    await second.end();
  });
});
