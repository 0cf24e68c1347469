// One object of an API server, by its name: read, then watched from the version that was read, then read again. Requests name the object,
// so rights on this one name are enough.
import { recordAt, textAt } from '../guard/json-value.js';
import { monotonicMillis } from '../waiting.js';
import type { ApiClient } from './api-client.js';
import { ApiError } from './api-error.js';
import { BoundedBytes } from './bounded-bytes.js';
import { BoundedLines } from './bounded-lines.js';
import { parseBytes } from './listed-object.js';
import { Retries, type RetriesOptions } from './retries.js';

export interface ObjectWatchOptions extends Omit<RetriesOptions, 'refused'> {
  readonly client: ApiClient;
  /** Of the resource: `/api/v1/namespaces/NAMESPACE/configmaps`. */
  readonly path: string;
  readonly name: string;
}

/** A watch ends by itself after so long; then the object is read again. */
const WATCH_SECONDS = 270;
/** A server that has not ended it by then is gone. */
const WATCH_GRACE_SECONDS = 30;
/** A watch that ends earlier, without an event, was not ended because its time was over. */
const WATCH_EARLY_MILLIS = 30_000;
/** etcd takes less. */
const OBJECT_BYTES_MAX = 4 * 1024 ** 2;

export class ObjectWatch {
  readonly #options: ObjectWatchOptions;
  readonly #retries: Retries;
  #version: string | undefined;
  /** The history does not reach back to the object's version, as where the server was started anew: a watch without one begins with it. */
  #isTooOld = false;

  constructor(options: ObjectWatchOptions) {
    const { client, onFailure, pause, random } = options;
    this.#options = options;
    this.#retries = new Retries({
      onFailure,
      refused: () => client.refused(),
      ...(pause && { pause }),
      ...(random && { random }),
    });
  }

  /**
   * The object as it is. What may pass is tried again.
   *
   * @throws ApiError 403, 404, or 401 for a minute
   */
  async read(signal: AbortSignal): Promise<object> {
    for (;;)
      try {
        return await this.#get(signal);
      } catch (error) {
        const isFinal = error instanceof ApiError && (error.status === 403 || error.status === 404);
        if (isFinal || signal.aborted) throw error;
        await this.#retries.failed('get', error, signal);
        if (signal.aborted) throw error;
      }
  }

  /**
   * Goes on behind `read`, until the signal is aborted. While the object is not there, or may not be read, that is a failure, and
   * tried again.
   *
   * @param take gets the object each time when it may have changed
   */
  async run(take: (object: object) => void, signal: AbortSignal): Promise<void> {
    this.#retries.begun();
    let verb: 'get' | 'watch' = 'watch';
    while (!signal.aborted)
      try {
        if (this.#version === undefined) {
          verb = 'get';
          take(await this.#get(signal));
        }
        verb = 'watch';
        await this.#watch(take, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.isGone) this.#isTooOld = true;
        await this.#retries.failed(verb, error, signal);
      }
  }

  async #get(signal: AbortSignal): Promise<object> {
    const { client, path, name } = this.#options;
    const body = new BoundedBytes(OBJECT_BYTES_MAX);
    for await (const piece of client.page(`${path}/${encodeURIComponent(name)}`, signal)) body.push(piece);
    const object = objectIn(parseBytes(body.take()));
    if (textAt(recordAt(object, 'metadata'), 'name') !== name)
      throw new ApiError(0, 'the answer is not the object that was asked for: is this an API server?');
    this.#version = textAt(recordAt(object, 'metadata'), 'resourceVersion');
    return object;
  }

  async #watch(take: (object: object) => void, signal: AbortSignal): Promise<void> {
    const { client, path, name } = this.#options;
    const query = new URLSearchParams({
      watch: '1',
      timeoutSeconds: `${WATCH_SECONDS}`,
      fieldSelector: `metadata.name=${name}`,
      ...(!this.#isTooOld && { resourceVersion: this.#version ?? '' }),
    });
    // However this one ends, the next one begins with what is there.
    this.#version = undefined;
    const lines = new BoundedLines(OBJECT_BYTES_MAX);
    const begin = monotonicMillis();
    const lifeMillis = (WATCH_SECONDS + WATCH_GRACE_SECONDS) * 1000;
    let hasEvent = false;
    for await (const piece of client.stream(`${path}?${query.toString()}`, lifeMillis, signal))
      for (const line of lines.push(piece)) {
        const event = objectIn(parseBytes(line));
        const object: object = recordAt(event, 'object');
        const type = textAt(event, 'type');
        if (type === 'ERROR') throw ApiError.ofEvent(object);
        if (type === 'DELETED') return;
        hasEvent = true;
        this.#retries.succeeded();
        if (type === 'ADDED' || type === 'MODIFIED') take(object);
      }
    if (!hasEvent && monotonicMillis() - begin < WATCH_EARLY_MILLIS)
      throw new ApiError(0, 'the server ended the watch at once');
    this.#retries.succeeded();
  }
}

function objectIn(parsed: ReturnType<typeof parseBytes>): object {
  if ('why' in parsed) throw new ApiError(0, parsed.why);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null) throw new ApiError(0, 'the answer is no object');
  return value;
}
