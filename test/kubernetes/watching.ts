// A list and a watch of a test's server, with waits that take no time and are remembered.
import { ApiClient, type ApiLimits } from '../../lib/kubernetes/api-client.js';
import type { CatchUpTimes } from '../../lib/kubernetes/catch-up.js';
import { ListWatch, type ListWatchStep, type WatchedEvent } from '../../lib/kubernetes/list-watch.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import type { Failure } from '../../lib/kubernetes/retries.js';
import type { TestApiServer, TestObject } from './test-api-server.js';

export const PATH = '/apis/argoproj.io/v1alpha1/workflows';

export function objectOf(name: string, more: object = {}): TestObject {
  return { metadata: { name, uid: `uid-${name}` }, ...more };
}

/** Its name and its version, or why it cannot be read. */
function nameOf(object: unknown): string {
  try {
    const { name, resourceVersion = '' } = (object as TestObject).metadata;
    return `${name}@${resourceVersion}`;
  } catch (error) {
    return (error as Error).message;
  }
}

export class Watching {
  /** What was taken: each list as one text, and each event. */
  readonly taken: string[] = [];
  /** Where a process after this one would go on. */
  position: string | undefined;
  readonly failures: Failure[] = [];
  /** How many objects and events were read. */
  parsed = 0;
  readonly steps: ListWatchStep[] = [];
  /** Each wait, also those that follow no failure. */
  readonly paused: number[] = [];
  readonly waits: number[] = [];
  readonly reasons: string[] = [];
  readonly #end = new AbortController();
  readonly #client: ApiClient;
  readonly done: Promise<void>;
  onEvent: (event: WatchedEvent) => unknown = () => undefined;
  /** Resolves when the first list was taken. */
  readonly listed: Promise<void>;

  /** @param from up to which a process before saw everything */
  constructor(
    server: TestApiServer,
    limits: Partial<ApiLimits> = {},
    access = proxyAccess(server.url),
    from?: string,
    catchUpTimes?: CatchUpTimes,
  ) {
    this.#client = new ApiClient(access, 'test', limits);
    let tellListed: () => void = () => undefined;
    this.listed = new Promise(resolve => (tellListed = resolve));
    const list = async (objects: AsyncIterable<unknown>): Promise<void> => {
      const names: string[] = [];
      try {
        for await (const object of objects) names.push(nameOf(object));
        this.taken.push(`[${names.join(' ')}]`);
      } catch (error) {
        this.taken.push(`[${[...names, `broken: ${(error as Error).message}`].join(' ')}]`);
      }
    };
    const event = (each: WatchedEvent, version: string | undefined): unknown => {
      this.position = version ?? this.position;
      this.taken.push(`${each.type} ${nameOf(each.object)}`);
      return this.onEvent(each);
    };
    this.done = new ListWatch({
      client: this.#client,
      path: PATH,
      labelSelector: 'a=b',
      from,
      onStep: step => this.steps.push(step),
      parse: bytes => {
        this.parsed++;
        return JSON.parse(bytes.toString()) as unknown;
      },
      ...(catchUpTimes && { catchUpTimes }),
      target: {
        ...{ list, event },
        listed: version => {
          this.position = version;
          tellListed();
        },
        moved: version => {
          this.position = version;
        },
        caughtUp: () => {
          this.taken.push('caught up');
        },
        rolledBack: () => this.taken.push('rolled back'),
      },
      onFailure: failure => this.#failed(failure),
      // Others have a turn, so that a test that is wrong ends.
      pause: millis => {
        this.paused.push(millis);
        return new Promise(resolve => setImmediate(resolve));
      },
      random: () => 1,
    }).run(this.#end.signal);
    this.done.catch(() => undefined);
  }

  #failed(failure: Failure): void {
    this.failures.push(failure);
    this.waits.push(failure.waitMillis);
    this.reasons.push(`${failure.verb}: ${(failure.error as Error).message}`);
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.done.catch(() => undefined);
    this.#client.close();
  }
}
