// The handle: plain data that any number of threads can be given, at the same time and in any order. It holds nothing
// that must be transferred, and no thread depends on another one being alive.
import { MetricStoreError } from '../errors.js';
import { shown } from '../guard/option-checks.js';
import { FORMAT_VERSION } from '../memory/layout.js';
import { resolveOptions, type ResolvedOptions } from './definition/store-options.js';
import { ruleDataOf, type LabelRuleData } from './definition/label-rule.js';
import type { View } from './definition/view.js';

/** Opaque. Give it to a Worker with `workerData` or `postMessage`, and to `attachStore` there. */
export type StoreHandle = object & { readonly __brand: 'StoreHandle' };

/** A store of `createStore` or `attachStore`, as far as its series are concerned. `MetricStore` is one. */
export interface StoreReference {
  readonly handle: StoreHandle;
}

export const HANDLE_TAG = 'otel-argo-metrics.store';

/**
 * The number grows when a handle or the `StoreCore` changes its shape; the layout of the memory has one of its own. Two copies
 * of the package in one thread share the cores of stores, and those of two versions must not.
 */
export const SHAPE = `5.${FORMAT_VERSION}`;

/** A View without its functions, which cannot be cloned. */
export type ViewData = Omit<View, 'process' | 'labels'> & {
  readonly hasProcess: boolean;
  readonly labels?: readonly LabelRuleData[];
};

export function viewDataOf({ process: rewrite, labels, ...view }: View): ViewData {
  return {
    ...view,
    hasProcess: rewrite !== undefined,
    ...(labels !== undefined && { labels: labels.map(ruleDataOf) }),
  };
}

/** The View of which nothing is missing in the data; undefined when it has a function. */
function viewOf({ hasProcess, labels, ...view }: ViewData): View | undefined {
  if (hasProcess || labels?.some(({ isMapped }) => isMapped === true) === true) return undefined;
  return labels === undefined ? view : { ...view, labels };
}

/**
 * For who records nothing: a View whose functions change nothing in the place of those that it has. What they would do if it
 * were more than tried is not known there.
 */
export function viewWithoutFunctions({ hasProcess, labels, ...view }: ViewData): View {
  const isUnknown = view.dryRun === true && labels?.some(({ isMapped }) => isMapped === true) === true;
  if (isUnknown) return viewWithoutFunctions({ selector: view.selector, hasProcess });
  return {
    ...view,
    ...(hasProcess && { process: attributes => attributes }),
    ...(labels !== undefined && {
      labels: labels.map(({ isMapped, ...rule }) =>
        isMapped === true ? { ...rule, map: (value: string) => value } : rule,
      ),
    }),
  };
}

export interface HandleData {
  readonly tag: typeof HANDLE_TAG;
  readonly shape: string;
  readonly id: string;
  /** What tells the store apart from the others of the process, in all its threads. */
  readonly number: string;
  readonly processId: number;
  /** The shared WebAssembly memory. */
  readonly memory: object;
  readonly options: ResolvedOptions;
  readonly views: readonly ViewData[];
}

/**
 * Looks at a handle before anything is made of it; `attachRegion` looks at its memory.
 *
 * @throws MetricStoreError NOT_A_STORE_HANDLE, HANDLE_CROSSED_PROCESS, LAYOUT_MISMATCH
 */
export function readHandle(handle: unknown): HandleData {
  const data = handleDataOf(handle);
  if (data.processId !== process.pid)
    throw new MetricStoreError(
      'HANDLE_CROSSED_PROCESS',
      `this handle is of process ${data.processId}, but this is process ${process.pid}: a store is shared by the threads of one process; ` +
        'give each process a store of its own',
    );
  if (data.shape !== SHAPE)
    throw new MetricStoreError(
      'LAYOUT_MISMATCH',
      `this handle has shape ${shown(data.shape ?? 1)}, this version of otel-argo-metrics expects ${SHAPE}: use one version of the package in all threads`,
    );
  if (!isComplete(data)) throw notAHandle('one that was put together by hand, or changed');
  return data;
}

function handleDataOf(handle: unknown): HandleData {
  try {
    const { tag, processId } = { ...(handle as HandleData) };
    if (tag === HANDLE_TAG && typeof processId === 'number') return handle as HandleData;
  } catch {
    // Nothing that has properties, or that lets them be read.
  }
  throw notAHandle(handle === null ? 'null' : typeof handle);
}

function notAHandle(got: string): MetricStoreError {
  return new MetricStoreError(
    'NOT_A_STORE_HANDLE',
    `expected the handle of a store (store.handle), got ${got}`,
  );
}

/** Whether a handle of this version has everything that one has, within the bounds that `createStore` keeps to. */
function isComplete({ id, number, options, views }: HandleData): boolean {
  try {
    const resolved = resolveOptions({ ...options, ...options.layout }, 1);
    return (
      typeof id === 'string' &&
      typeof number === 'string' &&
      Array.isArray(views) &&
      (views as readonly ViewData[]).every(view => typeof view.hasProcess === 'boolean') &&
      JSON.stringify(views) !== undefined &&
      JSON.stringify(sorted(options)) === JSON.stringify(sorted(resolved))
    );
  } catch {
    return false;
  }
}

/**
 * The Views of a handle, with the functions that this thread was given.
 *
 * @throws MetricStoreError VIEW_MISSING, VIEWS_MISMATCH
 */
export function viewsOf(data: HandleData, given: readonly View[] | undefined): readonly View[] {
  if (given !== undefined && given.length !== data.views.length)
    throw new MetricStoreError(
      'VIEWS_MISMATCH',
      `the store has ${data.views.length} Views, attachStore was given ${given.length}`,
    );
  return data.views.map((view, index) => {
    const own = given?.[index] ?? viewOf(view);
    if (own === undefined)
      throw new MetricStoreError(
        'VIEW_MISSING',
        `View ${index} of the store has a function, which a handle cannot carry: give attachStore the same views, in the same order`,
      );
    const difference = JSON.stringify(sorted(viewDataOf(own)));
    if (difference !== JSON.stringify(sorted(view)))
      throw new MetricStoreError(
        'VIEWS_MISMATCH',
        `View ${index} differs from the store's: got ${difference}`,
      );
    return own;
  });
}

function sorted(value: object): unknown[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [
      key,
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? sorted(item as object)
        : (item as unknown),
    ]);
}
