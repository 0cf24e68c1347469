// The recordings of a real controller, as objects that an API server takes: each in a namespace and with metrics of its own,
// so that all of them may be played at once and again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.mjs';

const CASES = join(ROOT, 'test/argo/golden/cases');
/** What an API server takes as the value of a label. */
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Every list of metrics in it, wherever it stands. */
function* metricLists(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    if (key === 'prometheus' && Array.isArray(inner)) yield inner;
    else yield* metricLists(inner);
}

function prepared(event, namespace, prefix) {
  const { type, object } = structuredClone(event);
  const { annotations, generateName, labels = {}, name } = object.metadata;
  for (const [key, value] of Object.entries(labels)) if (!LABEL_VALUE.test(value)) labels[key] = 'cleaned';
  for (const list of metricLists(object))
    for (const metric of list) if (typeof metric?.name === 'string') metric.name = prefix + metric.name;
  return { type, object: { ...object, metadata: { name, namespace, generateName, labels, annotations } } };
}

/** Those that `isWanted`: { name, prefix of its metrics, events }. */
export function readCases(isWanted = () => true) {
  return readdirSync(CASES).flatMap((name, index) => {
    if (!isWanted(name)) return [];
    const lines = readFileSync(join(CASES, name, 'events.ndjson'), 'utf8')
      .split('\n')
      .filter(Boolean);
    return [{ name, prefix: `c${index}_`, events: lines.map(line => JSON.parse(line)) }];
  });
}

/** Of metrics, as exposed. */
function namesOf(cases, isWanted) {
  const names = new Set();
  for (const each of cases)
    for (const { object } of each.events)
      for (const list of metricLists(object))
        for (const metric of list)
          if (isWanted(metric, each)) names.add(`argo_workflows_${each.prefix}${metric.name}`);
  return names;
}

/** Whose value is the time: no two readers see the same. */
export function runningNames(cases) {
  return namesOf(cases, ({ gauge }) => gauge?.realtime === true);
}

/** A retry by hand takes nodes away, and both of its runs are of one second. */
const RETRIED = 'manual-retry-of-a-dag';

/** Which show versions that are gone with the history: what a workflow's status was, and that of a daemon while it ran. */
export function namesOfVersions(cases) {
  return namesOf(
    cases,
    (metric, { name }) =>
      name === RETRIED || name.startsWith('daemon-') || JSON.stringify(metric).includes('workflow.status'),
  );
}

/** Those of one case, in a namespace of this round. */
export function* eventsOf({ name, prefix, events }, round) {
  for (const event of events) yield prepared(event, `${name}-${round}`, prefix);
}

/** So many are under way at a time. */
const LANES = 6;

/** The events of all cases in one order, as controllers that work side by side would write them. */
export function* interleaved(cases, round, random) {
  const waiting = cases.map(({ name, prefix, events }) => ({
    ...{ prefix, namespace: `${name}-${round}`, order: random() },
    ...{ events, next: 0 },
  }));
  waiting.sort((a, b) => a.order - b.order);
  const lanes = waiting.splice(0, LANES);
  while (lanes.length > 0) {
    const index = Math.floor(random() * lanes.length);
    const lane = lanes[index];
    yield prepared(lane.events[lane.next++], lane.namespace, lane.prefix);
    if (lane.next === lane.events.length) lanes.splice(index, 1, ...waiting.splice(0, 1));
  }
}
