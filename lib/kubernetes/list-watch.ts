// All objects of one resource, and what becomes of them: a list in pages, then a watch from the list's version on, resumed where
// it broke. Only when the history does not reach back that far, another list follows. No event is lost by a connection that breaks, and
// of a gap that is too long, only what lies between two versions of an object. Who goes on where a process before stood begins
// with the watch, and looks at a list beside it to know when it has caught up.
import { recordAt, textAt } from '../guard/json-value.js';
import { textOf } from '../guard/thrown.js';
import { monotonicMillis } from '../waiting.js';
import type { ApiClient } from './api-client.js';
import { ApiError, SilenceError } from './api-error.js';
import { BoundedLines } from './bounded-lines.js';
import type { ReadBytes } from './bounded-bytes.js';
import { CatchUp, type CatchUpTimes, type Census } from './catch-up.js';
import { gathered } from './gathered.js';
import { ListPage, PageError } from './list-page.js';
import {
  listedObjectOf,
  parseBytes,
  unreadObject,
  type ListedObject,
  type ParseJson,
} from './listed-object.js';
import { compareVersions, isVersion } from './resource-version.js';
import { Retries, type Failure, type RetriesOptions } from './retries.js';
import { inVersionOrder } from './version-order.js';

export interface WatchedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Until it is taken. What could not be read throws why when its `metadata` is looked at. */
  readonly object: unknown;
}

/** Who takes what is there. One call after the other. */
export interface ListWatchTarget {
  /**
   * Takes a complete list, to its end. When it throws in between, the list is not complete, and comes again. Objects may come
   * twice. After a gap what has changed comes last, by version.
   */
  list(objects: AsyncIterable<unknown>): Promise<unknown>;
  /** @param version up to which everything was seen with this event; undefined: it does not say */
  event(event: WatchedEvent, version: string | undefined): unknown;
  /** A list was taken: everything up to this version was seen. */
  listed?(version: string): void;
  /** What a process before this one did not see any more, was seen. */
  caughtUp?(): void;
  /** Everything up to this version was seen, and nothing of it was for us. */
  moved?(version: string): void;
  /** The data of the server are older than what was seen, as those of a backup are. All of its versions mean something else now. */
  rolledBack?(): void;
}

/** What is done, for who wants to know whether it goes on. */
export type ListWatchStep =
  /** It goes on within so long, whatever happens. */
  | { readonly kind: 'waits'; readonly millisMax: number }
  /** A list follows, because the history does not reach back that far. */
  | { readonly kind: 'gap' }
  /** The watch is answered. */
  | { readonly kind: 'connected' }
  /** All that there was when it began was seen, by a list or by the watch. */
  | { readonly kind: 'caughtUp' }
  /** Undefined: the server ended the watch, as it does after some minutes. */
  | { readonly kind: 'disconnected'; readonly error: unknown };

export interface ListWatchOptions extends Omit<RetriesOptions, 'refused'> {
  readonly client: ApiClient;
  /** Of the resource: `/apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE`. */
  readonly path: string;
  readonly labelSelector: string;
  /** Up to which a process before this one saw everything. Undefined: it begins with a list. */
  readonly from?: string | undefined;
  /** Objects of one page. @defaultValue `100` */
  readonly pageSize?: number;
  readonly target: ListWatchTarget;
  /** Reads an object of a list, or an event of a watch. @defaultValue all of it at once */
  readonly parse?: ParseJson;
  /** Must not throw. */
  readonly onStep?: ((step: ListWatchStep) => void) | undefined;
  /** Of a watch that goes on where a process before stood. */
  readonly catchUpTimes?: CatchUpTimes;
}

const PAGE_SIZE = 100;
const PAGE_SIZE_MIN = 10;
/** Objects of a page that cannot be read. What has more of them is something else. */
const UNREAD_MAX = 1000;
/** Longer tokens have no place in a request. */
const TOKEN_LENGTH_MAX = 8192;
/** A watch ends by itself after so long, by chance, so that not all of them come back together. */
const WATCH_SECONDS_MIN = 240;
const WATCH_SECONDS_SPREAD = 60;
/** A server that has not ended it by then is gone. */
const WATCH_GRACE_SECONDS = 30;
/** A watch that is ended earlier, without an event, was not ended because its time was over. */
const WATCH_EARLY_MILLIS = 30_000;
/** A server that does not know our version so often in a row never will: its data are older, as those of a backup are. */
const TOO_LARGE_MAX = 5;

/** What says that this is a watch, and that it goes on. */
const TYPES: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

interface ListInWork {
  version: string | undefined;
  failure: Error | undefined;
  isComplete: boolean;
}

export class ListWatch {
  readonly #options: ListWatchOptions;
  readonly #retries: Retries;
  readonly #random: () => number;
  #pageSize: number;
  /** Everything up to this version was seen. */
  #version: string | undefined;
  #needsList = true;
  /** A connection broke: what answers next may have the data of a backup. */
  #mayBeRolledBack = false;
  #isCaughtUp: boolean;
  #tooLarge = 0;

  constructor(options: ListWatchOptions) {
    const { client, from, onFailure, pageSize = PAGE_SIZE, pause, random = Math.random } = options;
    this.#options = options;
    this.#pageSize = pageSize;
    this.#version = from;
    this.#needsList = from === undefined;
    this.#isCaughtUp = from === undefined;
    this.#random = random;
    this.#retries = new Retries({
      onFailure: failure => this.#failed(failure, onFailure),
      refused: () => client.refused(),
      random,
      ...(pause && { pause }),
    });
  }

  /**
   * Goes on until the signal is aborted.
   *
   * @throws ApiError 401 or 403 when the server lets nobody in for a minute, from the begin on
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const verb = this.#needsList ? 'list' : 'watch';
      try {
        if (this.#needsList) await this.#list(signal);
        else await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#noteGap(error);
        await this.#retries.failed(verb, error, signal);
      }
    }
  }

  #noteGap(error: unknown): void {
    if (!(error instanceof ApiError)) {
      this.#mayBeRolledBack = true;
      return;
    }
    this.#tooLarge = error.isVersionTooLarge ? this.#tooLarge + 1 : 0;
    if (error.isGone && !this.#needsList) this.#retries.gap();
    if (error.isGone || this.#tooLarge >= TOO_LARGE_MAX) this.#needList();
  }

  #needList(): void {
    if (!this.#needsList) this.#step({ kind: 'gap' });
    this.#needsList = true;
  }

  #failed(failure: Failure, onFailure: (failure: Failure) => void): void {
    this.#waits(failure.waitMillis);
    onFailure(failure);
  }

  #waits(millisMax: number): void {
    this.#step({ kind: 'waits', millisMax });
  }

  #step(step: ListWatchStep): void {
    this.#options.onStep?.(step);
  }

  async #list(signal: AbortSignal): Promise<void> {
    await this.#noticeRollback(signal);
    const list: ListInWork = { version: undefined, failure: undefined, isComplete: false };
    await this.#options.target.list(this.#objects(list, signal));
    if (signal.aborted) return;
    const { version } = list;
    if (!list.isComplete || version === undefined)
      throw list.failure ?? new Error('the list was not taken to its end');
    this.#version = version;
    this.#needsList = false;
    this.#mayBeRolledBack = false;
    this.#isCaughtUp = true;
    this.#tooLarge = 0;
    this.#step({ kind: 'caughtUp' });
    this.#options.target.listed?.(version);
  }

  /** A list says its version last. Of one that is older than what was seen, it must be known first. */
  async #noticeRollback(signal: AbortSignal): Promise<void> {
    const { target } = this.#options;
    if (this.#version === undefined) return;
    const now = await this.#versionNow(signal);
    this.#mayBeRolledBack = false;
    if (!(compareVersions(now, this.#version) < 0)) return;
    this.#version = undefined;
    this.#needList();
    target.rolledBack?.();
  }

  async #versionNow(signal: AbortSignal): Promise<string> {
    const objects = this.#pageOnce({ limit: '1' }, signal);
    for (;;) {
      const { done, value } = await objects.next();
      if (done === true) return textAt(value, 'resourceVersion');
    }
  }

  async *#objects(list: ListInWork, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const { parse } = this.#options;
    try {
      const pages = this.#pages(list, signal);
      if (this.#version !== undefined) yield* inVersionOrder(pages, this.#version, { parse });
      else for await (const { object } of pages) yield object;
      list.isComplete = true;
    } catch (error) {
      list.failure = error instanceof Error ? error : new Error(textOf(error));
      throw error;
    }
  }

  async *#pages(list: ListInWork, signal: AbortSignal): AsyncGenerator<ListedObject, void, undefined> {
    let token = '';
    do {
      const metadata: Readonly<Record<string, unknown>> = yield* this.#page(token, signal);
      const next = textAt(metadata, 'continue');
      // As of one version, which all pages have.
      list.version ??= textAt(metadata, 'resourceVersion');
      if (!isVersion(list.version)) throw new PageError('the list has no version');
      if (next !== '' && (next === token || next.length > TOKEN_LENGTH_MAX))
        throw new PageError('the list has no next page: its token is too long, or that of this page');
      token = next;
    } while (token !== '');
  }

  /** Tried again until it comes, or the list has to begin anew. Returns the metadata. */
  async *#page(
    token: string,
    signal: AbortSignal,
  ): AsyncGenerator<ListedObject, Readonly<Record<string, unknown>>, undefined> {
    for (;;)
      try {
        const parameters = { limit: `${this.#pageSize}`, ...(token !== '' && { continue: token }) };
        const metadata = yield* this.#pageOnce(parameters, signal);
        this.#retries.succeeded();
        return metadata;
      } catch (error) {
        if (signal.aborted || (error instanceof ApiError && error.isGone)) throw error;
        const isSlow = error instanceof SilenceError || (error instanceof ApiError && error.status === 504);
        if (isSlow)
          this.#pageSize = Math.max(Math.min(PAGE_SIZE_MIN, this.#pageSize), Math.floor(this.#pageSize / 2));
        await this.#retries.failed('list', error, signal);
        if (signal.aborted) throw error;
      }
  }

  async *#pageOnce(
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<ListedObject, Readonly<Record<string, unknown>>, undefined> {
    const { client, parse } = this.#options;
    const page = new ListPage(client.limits.objectBytes);
    const url = this.#url(parameters);
    let unread = 0;
    // An answer, and what is on its way to be one.
    this.#waits(client.limits.pageMillis + 2 * client.limits.silenceMillis);
    for await (const piece of client.page(url, signal))
      for (const read of page.push(piece)) {
        const listed = listedObjectOf(read, parse);
        if (listed.bytes.length === 0 && ++unread > UNREAD_MAX)
          throw new PageError(`more than ${UNREAD_MAX} objects of the answer cannot be read`);
        yield listed;
      }
    const envelope = page.end();
    if (!textAt(envelope, 'kind').endsWith('List'))
      throw new PageError('the answer is no list of Kubernetes');
    return recordAt(envelope, 'metadata');
  }

  async #watch(signal: AbortSignal): Promise<void> {
    // Of a version that is still to come, a watch shows nothing and says nothing, and later leaves out all before it.
    if (this.#mayBeRolledBack) await this.#noticeRollback(signal);
    if (this.#needsList) return;
    const { client } = this.#options;
    const from = this.#version ?? '';
    const seconds = WATCH_SECONDS_MIN + Math.round(this.#random() * WATCH_SECONDS_SPREAD);
    const url = this.#url({
      ...{ watch: '1', allowWatchBookmarks: 'true' },
      ...{ timeoutSeconds: `${seconds}`, resourceVersion: from },
    });
    const begin = monotonicMillis();
    const lifeMillis = (seconds + WATCH_GRACE_SECONDS) * 1000;
    this.#waits(lifeMillis + 2 * client.limits.silenceMillis);
    await this.#follow(url, lifeMillis, signal);
    const isEarly = this.#version === from && monotonicMillis() - begin < WATCH_EARLY_MILLIS;
    if (isEarly && !this.#needsList) throw new ApiError(0, 'the server ended the watch at once');
  }

  /** To the end of the watch, or of its use. */
  async #follow(url: string, lifeMillis: number, signal: AbortSignal): Promise<void> {
    const { client, pause } = this.#options;
    const lines = new BoundedLines(client.limits.objectBytes);
    const end = new AbortController();
    const endAll = (): void => end.abort();
    signal.addEventListener('abort', endAll);
    const catchUp = this.#catchUp(endAll);
    const answered = (): void => {
      this.#retries.begun();
      this.#step({ kind: 'connected' });
      catchUp?.begin();
    };
    try {
      signal.throwIfAborted();
      const pieces = client.stream(url, lifeMillis, end.signal, answered);
      for await (const piece of gathered(pieces, () => this.#isCaughtUp, end.signal, pause))
        for (const line of lines.push(piece)) {
          await this.#take(line);
          catchUp?.came();
        }
      this.#step({ kind: 'disconnected', error: undefined });
    } catch (error) {
      if (signal.aborted) throw error;
      this.#step({ kind: 'disconnected', error });
      // Ended here, for the list.
      if (!end.signal.aborted) throw error;
    } finally {
      catchUp?.close();
      signal.removeEventListener('abort', endAll);
    }
  }

  /** @param end ends the watch */
  #catchUp(end: () => void): CatchUp | undefined {
    if (this.#isCaughtUp) return undefined;
    const { catchUpTimes: times, target } = this.#options;
    return new CatchUp({
      position: () => this.#version ?? '',
      census: signal => this.#census(signal),
      caughtUp: () => {
        this.#isCaughtUp = true;
        this.#step({ kind: 'caughtUp' });
        target.caughtUp?.();
      },
      failed: () => {
        this.#needList();
        end();
      },
      ...(times && { times }),
    });
  }

  async #census(signal: AbortSignal): Promise<Census> {
    const list: ListInWork = { version: undefined, failure: undefined, isComplete: false };
    let newest: string | undefined;
    for await (const { version } of this.#pages(list, signal))
      // Of what cannot be read nothing is known.
      if (version !== '' && (newest === undefined || !(compareVersions(version, newest) <= 0)))
        newest = version;
    return { version: list.version ?? '', newest };
  }

  async #take(line: ReadBytes): Promise<void> {
    const { target, parse } = this.#options;
    const parsed = parseBytes(line, parse);
    if ('why' in parsed) {
      await target.event({ type: 'MODIFIED', object: unreadObject(parsed.why) }, undefined);
      return;
    }
    const type = textAt(parsed.value, 'type');
    const object: unknown = recordAt(parsed.value, 'object');
    if (type === 'ERROR') throw ApiError.ofEvent(object);
    const text = textAt(recordAt(object, 'metadata'), 'resourceVersion');
    const version = isVersion(text) ? text : undefined;
    if (type !== 'BOOKMARK') await target.event({ type: type as WatchedEvent['type'], object }, version);
    else if (version !== undefined) target.moved?.(version);
    // Only now: what was not taken comes again.
    this.#version = version ?? this.#version;
    if (!TYPES.has(type)) return;
    this.#tooLarge = 0;
    this.#retries.succeeded();
  }

  #url(parameters: Readonly<Record<string, string>>): string {
    const { labelSelector, path } = this.#options;
    const query = new URLSearchParams({ ...parameters, labelSelector });
    return `${path}?${query.toString()}`;
  }
}
