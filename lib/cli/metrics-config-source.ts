// Argo's `metricsConfig`, from where the configuration says that it is, and what becomes of it there.
import type { ApiClient } from '../kubernetes/api-client.js';
import { ApiError } from '../kubernetes/api-error.js';
import { ObjectWatch } from '../kubernetes/object-watch.js';
import type { Failure } from '../kubernetes/retries.js';
import { textOf } from '../guard/thrown.js';
import type { ConfigMapName, MetricsConfigSetting } from './config/metrics-config-type.js';
import { metricsConfigOfConfigMap, readMetricsConfig } from './metrics-config-file.js';
import type { RunContext } from './run-context.js';
import { watchFile } from './watched-file.js';

/** Who is told what became of it. */
export interface MetricsConfigTaker {
  /** It may be another one. */
  take(metricsConfig: object): void;
  /** It cannot be had; what was there counts. */
  failed(why: string): void;
}

export interface MetricsConfigSourceOptions {
  readonly setting: MetricsConfigSetting | undefined;
  readonly client: ApiClient;
  readonly context: Pick<RunContext, 'onHangup'>;
  /** Told when the API server does not give it; it is tried again. */
  readonly onDelay: (key: string, why: string) => void;
  /** How often a file is looked at. */
  readonly lookMillis?: number | undefined;
}

export interface MetricsConfigSource {
  /** As messages call it; empty where it stands in the configuration itself. */
  readonly name: string;
  /**
   * What is there at the start; nothing when the signal is aborted before it is known.
   *
   * @throws Error that says what is missing (rejections)
   */
  read(signal: AbortSignal): Promise<object>;
  /** Goes on behind `read`, until the signal is aborted. */
  run(taker: MetricsConfigTaker, signal: AbortSignal): Promise<void>;
}

export function metricsConfigSource(options: MetricsConfigSourceOptions): MetricsConfigSource {
  const { setting } = options;
  if (setting === undefined) return new InlineSource({});
  if ('inline' in setting) return new InlineSource(setting.inline);
  return 'file' in setting
    ? new FileSource(setting.file, options)
    : new ConfigMapSource(setting.configMap, options);
}

/** Where there is none, or it stands in the configuration: who reads that again sees it. */
class InlineSource implements MetricsConfigSource {
  readonly name = '';
  readonly #metricsConfig: object;

  constructor(metricsConfig: object) {
    this.#metricsConfig = metricsConfig;
  }

  read(): Promise<object> {
    return Promise.resolve(this.#metricsConfig);
  }

  run(_: MetricsConfigTaker, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
  }
}

class FileSource implements MetricsConfigSource {
  readonly name: string;
  readonly #options: MetricsConfigSourceOptions;

  constructor(path: string, options: MetricsConfigSourceOptions) {
    this.name = path;
    this.#options = options;
  }

  read(): Promise<object> {
    return readMetricsConfig(this.name);
  }

  run(taker: MetricsConfigTaker, signal: AbortSignal): Promise<void> {
    const read = async (): Promise<boolean> => {
      try {
        taker.take(await this.read());
        return true;
      } catch (error) {
        taker.failed(reasonOf(error));
        return false;
      }
    };
    const { context, lookMillis } = this.#options;
    return watchFile({ path: this.name, read, onHangup: context.onHangup, lookMillis }, signal);
  }
}

class ConfigMapSource implements MetricsConfigSource {
  readonly name: string;
  readonly #watch: ObjectWatch;
  readonly #onDelay: MetricsConfigSourceOptions['onDelay'];
  #taker: MetricsConfigTaker | undefined;

  constructor({ namespace, name }: ConfigMapName, { client, onDelay }: MetricsConfigSourceOptions) {
    this.#onDelay = onDelay;
    this.name = `configmaps ${name} in namespace ${namespace}`;
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    this.#watch = new ObjectWatch({ client, path, name, onFailure: failure => this.#failed(failure) });
  }

  async read(signal: AbortSignal): Promise<object> {
    try {
      return this.#metricsConfigOf(await this.#watch.read(signal));
    } catch (cause) {
      if (signal.aborted) return {};
      if (!(cause instanceof ApiError)) throw cause;
      throw new Error(this.#sentenceOf('get', cause), { cause });
    }
  }

  run(taker: MetricsConfigTaker, signal: AbortSignal): Promise<void> {
    this.#taker = taker;
    const take = (configMap: object): void => {
      let metricsConfig: object;
      try {
        metricsConfig = this.#metricsConfigOf(configMap);
      } catch (error) {
        return taker.failed(reasonOf(error));
      }
      taker.take(metricsConfig);
    };
    return this.#watch.run(take, signal);
  }

  #metricsConfigOf(configMap: object): object {
    return metricsConfigOfConfigMap(configMap, this.name);
  }

  #failed({ verb, error, waitMillis }: Failure): void {
    const sentence = this.#sentenceOf(verb, error);
    const status = error instanceof ApiError ? error.status : 0;
    if (verb === 'get' && (status === 403 || status === 404)) this.#taker?.failed(sentence);
    else {
      const seconds = Math.ceil(waitMillis / 1000);
      this.#onDelay(`${verb} ${status}`, `${sentence}; tried again in ${seconds} s`);
    }
  }

  #sentenceOf(verb: string, error: unknown): string {
    const said = reasonOf(error);
    const isRefused = error instanceof ApiError && error.status === 403;
    const hint = isRefused ? '. Does this account have the verbs get and watch on it?' : '';
    return `${verb} of ${this.name}: ${said}${hint}`;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : textOf(error);
}
