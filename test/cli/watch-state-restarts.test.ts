// Goal: whatever comes, in whatever way it is taken apart by restarts, the state leads to what one process shows.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { WorkflowEvent } from '../../lib/argo/observe/workflow-observer.js';
import { START, workflow } from './watched-workflow.js';
import { WatchedProcess, watchedAt, type Shown, type WatchedProcessOptions } from './watched-process.js';

/** A sync costs nothing there. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const RUNS = process.env['STRESS_STATE_KILLS'] === undefined ? 15 : 500;

describe('WatchState, between restarts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(MEMORY, 'watch-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const processAt = (now: number, options: WatchedProcessOptions = {}): Promise<WatchedProcess> =>
    watchedAt(now, { folder, ...options });

  /** Shows the same as one that goes on, in whatever way the steps are taken apart by restarts. */
  const compare = async (
    steps: readonly (WorkflowEvent | number)[],
    options: WatchedProcessOptions,
    restartsBehind: (step: number) => boolean,
  ): Promise<Shown | undefined> => {
    const unbroken = new WatchedProcess(START, { ...options });
    let watched = await processAt(START, options);
    let shown: Shown | undefined;
    for (const [index, step] of steps.entries()) {
      if (typeof step === 'number') {
        unbroken.now += step;
        watched.now += step;
        shown = await unbroken.scrape();
        expect(await watched.scrape(), `step ${index}`).to.deep.equal(shown);
      } else {
        unbroken.observe(step);
        watched.observe(step, String(index));
      }
      if (!restartsBehind(index)) continue;
      await watched.end();
      expect(watched.errors).to.deep.equal([]);
      watched = await processAt(watched.now, options);
      // What no collection has had yet counts as used now: so it is for one that goes on and is collected now.
      expect(await watched.scrape(), `restart behind ${index}`).to.deep.equal(await unbroken.scrape());
    }
    await unbroken.end();
    await watched.end();
    return shown;
  };

  const EXPIRING: (WorkflowEvent | number)[] = [
    ...[workflow('a', 1), 1000, workflow('b', 2, { phase: 'Running', value: '3' }), 1000],
    ...[workflow('c', 3, { value: '9' }), 20_000, workflow('d', 4), workflow('e', 5), 1000],
    // The series of 9 expires here, and what comes then begins anew.
    ...[25_000, workflow('f', 6, { value: '9' }), 1000, workflow('b', 7, { value: '3', end: 50 }), 1000],
    ...[40_000, 1000, 1000, workflow('g', 8, { value: '3' }), 1000, workflow('h', 9), 1000],
  ];

  for (const [how, options] of Object.entries<WatchedProcessOptions>({
    'with all series': {},
    'with series that expire': { metrics: { metricsConfig: { metricsTTL: '30s' } } },
    'with a limit': { cardinalityLimit: 1 },
    'with a journal that is replaced all the time': {
      metrics: { metricsConfig: { metricsTTL: '30s' } },
      maxBytes: 200,
    },
  }))
    it(`should show the same after a restart behind each step, ${how}`, async () => {
      for (const restartsBehind of [() => true, () => false, (step: number) => step % 3 === 1]) {
        const shown = await compare(EXPIRING, options, restartsBehind);
        expect(Object.keys(shown ?? {})).to.have.length.greaterThan(4);
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      }
    });

  it('should show the same after restarts anywhere among any steps', async () => {
    const event = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      phase: fc.constantFrom('Running', 'Succeeded', 'Failed'),
      value: fc.constantFrom('1', '2', '0.3', '7'),
      end: fc.integer({ min: 1, max: 90 }),
      isDeleted: fc.integer({ min: 0, max: 9 }).map(number => number < 3),
    });
    const step = fc.oneof(
      fc.constantFrom(1, 1000, 9000, 31_000),
      event.map(({ name, isDeleted, ...more }) => ({ name, isDeleted, more })),
    );
    const runs = fc.array(fc.tuple(step, fc.boolean()), { maxLength: 25 });
    // Without a limit that is reached: places that are given back are free at once behind a restart, not some collections later.
    const options = fc.record({
      maxBytes: fc.constantFrom(300, 2 ** 24),
      metrics: fc.record({
        metricsConfig: fc.constantFrom({}, { metricsTTL: '30s' }),
        argoCompatibility: fc.constantFrom('corrected' as const, 'exact' as const),
      }),
    });
    await fc.assert(
      fc.asyncProperty(runs, options, async (steps, chosen) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        const all = steps.map(([each], index) => {
          if (typeof each === 'number') return each;
          const { type, object } = workflow(each.name, index + 1, each.more);
          return { type: each.isDeleted ? ('DELETED' as const) : type, object };
        });
        await compare(all, chosen, index => steps[index]?.[1] === true);
      }),
      { numRuns: RUNS },
    );
  });

  it('should not take a place for what it writes down, and keep what is in the overflow series there', async () => {
    const clock = { name: 'clock', help: 'Clock', gauge: { realtime: true, value: '{{workflow.duration}}' } };
    const labels = [{ key: 'name', value: '{{workflow.name}}' }];
    const running = (name: string, version: number): WorkflowEvent => {
      const event = workflow(name, version, { phase: 'Running' });
      Object.assign((event.object as { spec: object }).spec, {
        metrics: { prometheus: [{ ...clock, labels }] },
        templates: [],
      });
      return event;
    };
    const steps: WorkflowEvent[] = [
      ...[running('a', 1), running('b', 2), { ...running('a', 3), type: 'DELETED' as const }],
      ...[running('c', 4), { ...running('b', 5), type: 'DELETED' as const }],
    ];
    const [a, b, c] = ['"name":"a"', '"otel.metric.overflow":true', '"name":"c"'].map(
      label => `argo_workflows_clock{${label}}`,
    );
    // A snapshot at each collection, and one process for all, or for each step.
    const options = { cardinalityLimit: 1, maxBytes: 1 };
    for (const hasRestarts of [false, true]) {
      let watched = await processAt(START, options);
      const names: string[] = [];
      for (const step of steps) {
        watched.observe(step);
        // Behind some of them a place is free.
        for (let times = 0; times < 3; times++) await watched.scrape();
        names.push(
          Object.keys((await watched.scrape()) ?? {})
            .sort()
            .join(),
        );
        if (!hasRestarts) continue;
        await watched.end();
        watched = await processAt(START, options);
      }
      expect(names).to.deep.equal([a, `${a},${b}`, b, `${c},${b}`, c]);
      await watched.end();
      expect(watched.errors).to.deep.equal([]);
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    }
  });
});
