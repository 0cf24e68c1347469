// What the controller writes into `spec.metrics` while it works on them, undone: the workflow's variables and the texts of
// realtime gauges at the first reconcile, all other texts at the end. A later run of the same workflow carries all of it.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { jsonOf, SharedObjects } from './shared-objects.js';
import { markOf } from './text-mark.js';
import type { WrittenState } from './tracker-state.js';

/** What the controller left of a metric when the run ended, and what it was before. */
interface Written {
  /** Of its JSON; 0 for what is no JSON. */
  readonly mark: number;
  /** {@link UNCHANGED} when it was the same. */
  readonly original: unknown;
}

const UNCHANGED = Symbol('unchanged');
const NOTHING_WRITTEN: readonly Written[] = [];

/** Kubernetes allows a hundred. */
const METRICS_MAX = 1000;
/** Longer ones are not compared with what came of them. */
const TEMPLATE_LENGTH_MAX = 5000;

/** The `metrics` of one workflow, from one of its objects to the next. */
export class WrittenMetrics {
  readonly #shared: SharedObjects;
  /** As first seen in this run, or as somebody changed them since. */
  #first: unknown;
  /** Of the JSON of the last object that the controller had worked on. */
  #started: number | undefined;
  #written = NOTHING_WRITTEN;
  #saved: WrittenState | undefined;
  #savedOf: readonly Written[] | undefined;

  constructor(shared = new SharedObjects()) {
    this.#shared = shared;
  }

  /** @param isStarted the controller has worked on this object, so from now on only a person changes it */
  running(current: unknown, isStarted: boolean): unknown {
    const original = this.#originalOf(current);
    const isFirst = (this.#first ?? undefined) === undefined;
    if (isFirst) this.#first = this.#shared.share(original);
    if (isStarted) {
      const mark = jsonMarkOf(current);
      if (this.#started !== undefined && mark !== this.#started)
        this.#first = this.#shared.share(withRealtimeOf(this.#first, original));
      this.#started = mark;
    }
    return isFirst ? original : withRealtimeOf(this.#first, original);
  }

  /** Of the object that ended the run: what was written last belongs to this end, and holds for it. */
  ended(current: unknown): unknown {
    const metrics = this.running(current, false);
    this.#remember(current, hasName);
    return metrics;
  }

  /** The end of the run was missed, and this object is of the run after it: what that end may have written is undone. */
  missedEnd(current: unknown): void {
    if (this.#first !== undefined) this.#remember(current, isFilledIn);
    this.restart();
  }

  /** The same object as before if nothing is new. */
  save(): WrittenState {
    const saved = this.#saved;
    const isSame =
      this.#savedOf === this.#written && saved?.first === this.#first && saved?.started === this.#started;
    if (saved !== undefined && isSame) return saved;
    this.#savedOf = this.#written;
    return (this.#saved = {
      first: this.#first,
      started: this.#started,
      written: this.#written.map(({ mark, original }) =>
        original === UNCHANGED
          ? { mark, isChanged: false, original: undefined }
          : { mark, isChanged: true, original },
      ),
    });
  }

  restore(state: WrittenState): void {
    this.#first = this.#shared.share(state.first);
    this.#started = state.started;
    this.#written = state.written.map(({ mark, isChanged, original }) => ({
      mark,
      original: isChanged ? this.#shared.share(original) : UNCHANGED,
    }));
  }

  /** What had ended runs again. */
  restart(): void {
    this.#first = undefined;
    this.#started = undefined;
  }

  #remember(current: unknown, isFrom: (metric: unknown, original: unknown) => boolean): void {
    const first = metricsIn(this.#first);
    this.#written = metricsIn(current).map((metric, index) => ({
      mark: jsonMarkOf(metric),
      original: isFrom(metric, first[index]) ? first[index] : UNCHANGED,
    }));
  }

  /** A metric that is as an earlier end left it is what it was before that end. Others were changed by a person. */
  #originalOf(current: unknown): unknown {
    if (this.#written.length === 0 || !isRecord(current)) return current;
    const prometheus = metricsIn(current).map((metric, index) => {
      const mark = jsonMarkOf(metric);
      const same = this.#written[index];
      const written = same?.mark === mark ? same : this.#written.find(other => other.mark === mark);
      return written && mark !== 0 && written.original !== UNCHANGED ? written.original : metric;
    });
    return { ...current, prometheus };
  }
}

/** The current metrics, with the realtime gauges as they were at first. */
function withRealtimeOf(first: unknown, current: unknown): unknown {
  if (first === current || !isRecord(current) || !Array.isArray(current['prometheus'])) return current;
  const before = metricsIn(first);
  const prometheus = listAt(current, 'prometheus').map((metric, index) => {
    const original = before[index];
    const isSame = hasName(metric, original) && isRealtime(metric) && isRealtime(original);
    return isSame ? original : metric;
  });
  return { ...current, prometheus };
}

function metricsIn(metrics: unknown): readonly unknown[] {
  return listAt(metrics, 'prometheus').slice(0, METRICS_MAX);
}

/** A name is filled in like everything else. */
function hasName(metric: unknown, original: unknown): boolean {
  return mayBecome(textAt(original, 'name'), textAt(metric, 'name'));
}

function isFilledIn(metric: unknown, original: unknown): boolean {
  return mayBecome(jsonOf(original) ?? '', jsonOf(metric) ?? '');
}

/** Whether the text is what the template has between its tags, with anything in their places. */
function mayBecome(template: string, text: string): boolean {
  if (template === text) return true;
  if (template.length > TEMPLATE_LENGTH_MAX) return false;
  const [first = '', ...others] = template.split(/\{\{.*?\}\}/s);
  const last = others.pop();
  if (last === undefined || !text.startsWith(first)) return false;
  let position = first.length;
  for (const part of others) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

function isRealtime(metric: unknown): boolean {
  return recordAt(metric, 'gauge')['realtime'] === true;
}

function jsonMarkOf(value: unknown): number {
  const json = jsonOf(value);
  return json === undefined ? 0 : markOf(json);
}
