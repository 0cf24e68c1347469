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

/** Milliseconds that pass, an event, or all that there is. */
type Step = number | WorkflowEvent | { readonly list: readonly unknown[] };

type Program =
  | number
  | { readonly lacks: readonly string[] }
  | {
      readonly name: string;
      readonly phase: string;
      readonly value: string;
      readonly end: number;
      readonly isDeleted: boolean;
      readonly isMissed: boolean;
    };

const RUNS = process.env['STRESS_STATE_KILLS'] === undefined ? 15 : 500;

describe('WatchState, between restarts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(MEMORY, 'watch-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const processAt = (now: number, options: WatchedProcessOptions = {}): Promise<WatchedProcess> =>
    watchedAt(now, { folder, ...options });

  /**
   * Shows the same as one that goes on, in whatever way the steps are taken apart by restarts.
   *
   * @param scrapes of both behind each step
   */
  const compare = async (
    steps: readonly Step[],
    options: WatchedProcessOptions,
    restartsBehind: (step: number) => boolean,
    scrapes = 0,
  ): Promise<Shown | undefined> => {
    const unbroken = new WatchedProcess(START, { ...options });
    let watched = await processAt(START, options);
    let shown: Shown | undefined;
    const scrape = async (what: string): Promise<void> => {
      shown = await unbroken.scrape();
      expect(await watched.scrape(), what).to.deep.equal(shown);
      expect(watched.observer.count(), what).to.deep.equal(unbroken.observer.count());
    };
    for (const [index, step] of steps.entries()) {
      for (const each of [unbroken, watched])
        if (typeof step === 'number') each.now += step;
        else if ('list' in step) each.sync(step.list, String(index));
        else each.observe(step, String(index));
      for (let times = typeof step === 'number' ? 0 : 1; times <= scrapes; times++)
        await scrape(`step ${index}`);
      if (!restartsBehind(index)) continue;
      await watched.end();
      expect(watched.errors).to.deep.equal([]);
      watched = await processAt(watched.now, options);
      // What no collection has had yet counts as used now: so it is for one that goes on and is collected now.
      await scrape(`restart behind ${index}`);
    }
    await unbroken.end();
    await watched.end();
    return shown;
  };

  const EXPIRING: Step[] = [
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

  /** Workflows that come, end, are deleted and come again. What was missed only a list tells, which may lack some. */
  const stepsOf = (programs: readonly Program[]): Step[] => {
    const last = new Map<string, unknown>();
    return programs.map((program, index) => {
      if (typeof program === 'number') return program;
      if ('lacks' in program) {
        for (const name of program.lacks) last.delete(name);
        return { list: [...last.values()] };
      }
      const { name, isDeleted, isMissed, ...more } = program;
      const { object } = workflow(name, index + 1, more);
      last.set(name, object);
      if (isDeleted) last.delete(name);
      return isMissed ? 0 : { type: isDeleted ? 'DELETED' : 'MODIFIED', object };
    });
  };

  const NAMES = ['a', 'b', 'c'];
  const event = fc.record({
    name: fc.constantFrom(...NAMES),
    phase: fc.constantFrom('Running', 'Succeeded', 'Failed'),
    value: fc.constantFrom('1', '2', '0.3', '7'),
    end: fc.integer({ min: 1, max: 90 }),
    isDeleted: fc.integer({ min: 0, max: 9 }).map(number => number < 3),
    isMissed: fc.integer({ min: 0, max: 9 }).map(number => number < 1),
  });
  const program: fc.Arbitrary<Program> = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(1, 1000, 9000, 31_000) },
    { weight: 5, arbitrary: event },
    { weight: 1, arbitrary: fc.record({ lacks: fc.subarray(NAMES) }) },
  );
  const metrics = fc.record({
    metricsConfig: fc.constantFrom({}, { metricsTTL: '30s' }),
    argoCompatibility: fc.constantFrom('corrected' as const, 'exact' as const),
  });
  const maxBytes = fc.constantFrom(1, 300, 2 ** 24);

  /** @param scrapes places that are given back are free at once behind a restart, and otherwise behind so many collections */
  const compareAny = (options: fc.Arbitrary<WatchedProcessOptions>, scrapes: number): Promise<void> =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(program, fc.boolean()), { maxLength: 25 }),
        options,
        async (steps, chosen) => {
          rmSync(folder, { recursive: true });
          mkdirSync(folder);
          const all = stepsOf(steps.map(([each]) => each));
          await compare(all, chosen, index => steps[index]?.[1] === true, scrapes);
        },
      ),
      { numRuns: RUNS },
    );

  it('should show the same after restarts anywhere among any steps', () =>
    compareAny(fc.record({ maxBytes, metrics, finishedKept: fc.constantFrom(1, 2, 1000) }), 0));

  it('should show the same at a limit, once places are free that were given back', () =>
    compareAny(fc.record({ maxBytes, metrics, cardinalityLimit: fc.constantFrom(1, 2, 3) }), 4));

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
