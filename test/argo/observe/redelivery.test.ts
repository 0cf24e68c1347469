// Every run of every node counts once, whatever the watch delivers twice, late or not at all.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import type { WorkflowEvent } from '../../../lib/argo/observe/workflow-observer.js';
import { ROOT } from '../../support/source-tree.js';
import { CustomStore } from '../custom-store.js';
import { Recording } from '../golden/recording.js';

const folder = join(ROOT, 'test/argo/golden/cases');
const recordings = readdirSync(folder).map(name => ({ name, recording: new Recording(join(folder, name)) }));
const anyRecording = fc.constantFrom(...recordings);

/** Event by number, or a list of all workflows as they are after the events so far. */
type Delivery = number | 'list';

async function deliver(
  recording: Recording,
  deliveries: readonly Delivery[],
): Promise<Record<string, number | string>> {
  const store = new CustomStore();
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  observer.sync([]);
  let latest = -1;
  for (const delivery of deliveries) {
    if (delivery === 'list') {
      observer.sync(listAfter(recording.events, latest));
      continue;
    }
    latest = Math.max(latest, delivery);
    store.now = recording.timeOf(latest);
    const event = recording.events[delivery];
    if (event) observer.observe(structuredClone(event));
  }
  return store.collect();
}

function listAfter(events: readonly WorkflowEvent[], last: number): unknown[] {
  const present = new Map<string, unknown>();
  for (const { type, object } of events.slice(0, last + 1)) {
    const { uid } = (object as { metadata: { uid: string } }).metadata;
    if (type === 'DELETED') present.delete(uid);
    else present.set(uid, object);
  }
  return [...present.values()];
}

function inOrder({ events }: Recording): number[] {
  return events.map((_, index) => index);
}

const expected = new Map<Recording, Promise<Record<string, number | string>>>();

function once(recording: Recording): Promise<Record<string, number | string>> {
  const known = expected.get(recording) ?? deliver(recording, inOrder(recording));
  expected.set(recording, known);
  return known;
}

/** Name → total, whatever the labels: what a gap hides are the phases in between. Only what is added up. */
function totals(
  collected: Record<string, number | string>,
  counted: ReadonlySet<string>,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [series, value] of Object.entries(collected)) {
    const name = series.replace(/\{.*$/s, '');
    if (counted.has(name)) result[name] = (result[name] ?? 0) + Number(String(value).replace(/\/.*$/, ''));
  }
  return result;
}

function uidOf({ object }: WorkflowEvent): string {
  return (object as { metadata: { uid: string } }).metadata.uid;
}

function isOver({ object }: WorkflowEvent): boolean {
  const { status } = object as { status?: { phase?: string } };
  return ['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '');
}

/** Counters that add one, and histograms. */
function countedNames(recording: Recording): Set<string> {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { name, histogram, counter } = value as Record<string, unknown>;
    const adds = histogram ?? (counter as { value?: unknown } | undefined)?.value === '1';
    if (typeof name === 'string' && adds) names.add(`argo_workflows_${name}`);
    Object.values(value).forEach(walk);
  };
  recording.events.forEach(walk);
  return names;
}

describe('redelivered events', () => {
  it('should count once, however often and late earlier ones come again', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecording, fc.infiniteStream(fc.nat()), async ({ name, recording }, choices) => {
        const deliveries = inOrder(recording).flatMap(index => {
          const echoes = Array.from(
            { length: choices.next().value % 4 },
            () => choices.next().value % (index + 1),
          );
          return [index, ...echoes];
        });
        expect(await deliver(recording, deliveries), name).to.deep.equal(await once(recording));
      }),
      { numRuns: 50 },
    );
  });

  it('should count once when a list repeats what was seen', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecording, fc.nat(), async ({ name, recording }, choice) => {
        const all = inOrder(recording);
        const at = (choice % all.length) + 1;
        const deliveries = [...all.slice(0, at), 'list', ...all.slice(at), 'list'] as const;
        expect(await deliver(recording, deliveries), name).to.deep.equal(await once(recording));
      }),
      { numRuns: 30 },
    );
  });

  it('should count what a gap hid once, when a list follows', async () => {
    let gaps = 0;
    await fc.assert(
      fc.asyncProperty(anyRecording, fc.nat(), fc.nat(), async ({ name, recording }, one, other) => {
        const all = inOrder(recording);
        const [from = 0, to = 0] = [one % all.length, other % all.length].sort((a, b) => a - b);
        // What was deleted inside the gap is gone, and nobody can count it.
        fc.pre(!recording.events.slice(from, to).some(({ type }) => type === 'DELETED'));
        // So is an end that was followed by a manual retry.
        const isRetried = (event: WorkflowEvent, index: number): boolean =>
          isOver(event) &&
          recording.events.slice(index).some(later => uidOf(later) === uidOf(event) && !isOver(later));
        fc.pre(
          !recording.events.some((event, index) => index >= from && index < to && isRetried(event, index)),
        );
        gaps += to - from;
        const counted = countedNames(recording);
        const store = await deliverWithGap(recording, from, to);
        expect(totals(store, counted), name).to.deep.equal(totals(await once(recording), counted));
      }),
      { numRuns: 50 },
    );
    expect(gaps).to.be.greaterThan(0);
  });
});

/** As a controller writes workflows with many nodes. */
function compressed(event: WorkflowEvent): WorkflowEvent {
  const object = structuredClone(event.object) as { status?: { nodes?: unknown; compressedNodes?: string } };
  const { status } = object;
  if (status?.nodes === undefined) return event;
  status.compressedNodes = gzipSync(JSON.stringify(status.nodes)).toString('base64');
  delete status.nodes;
  return { ...event, object };
}

describe('other ways to deliver', () => {
  it('should count the same when nodes are compressed', async () => {
    for (const { name, recording } of recordings) {
      const store = new CustomStore();
      const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
      for (const [index, event] of recording.events.entries()) {
        store.now = recording.timeOf(index);
        expect(
          observer.observe(compressed(event)).map(({ code }) => code),
          name,
        ).to.not.include('NODES_NOT_IN_OBJECT');
      }
      expect(await store.collect(), name).to.deep.equal(await once(recording));
    }
  });

  it('should count each run in exactly one of two processes that take turns', async () => {
    // Which of two helps is the first is decided anew in a process that starts with nothing.
    const alike = recordings.filter(({ name }) => name !== 'help-conflict-between-workflows');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...alike), fc.nat(), async ({ name, recording }, choice) => {
        const { events } = recording;
        const at = choice % (events.length + 1);
        const stores = [new CustomStore(), new CustomStore()];
        const [first, second] = stores.map(({ customMetrics }) => new WorkflowObserver({ customMetrics }));
        for (const event of events.slice(0, at)) first?.observe(event);
        second?.sync(listAfter(events, at - 1));
        for (const event of events.slice(at)) second?.observe(event);
        const counted = countedNames(recording);
        const sum: Record<string, number> = {};
        for (const store of stores)
          for (const [metric, count] of Object.entries(totals(await store.collect(), counted)))
            sum[metric] = (sum[metric] ?? 0) + count;
        expect(sum, `${name}, after ${at} events`).to.deep.equal(totals(await once(recording), counted));
      }),
      { numRuns: 80 },
    );
  });
});

/** Without the events `from` up to `to`; then a list, then the rest. */
async function deliverWithGap(
  recording: Recording,
  from: number,
  to: number,
): Promise<Record<string, number | string>> {
  const store = new CustomStore();
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  observer.sync([]);
  for (const [index, event] of recording.events.entries()) {
    store.now = recording.timeOf(index);
    if (index === to) observer.sync(listAfter(recording.events, to - 1));
    if (index < from || index >= to) observer.observe(event);
  }
  return store.collect();
}
