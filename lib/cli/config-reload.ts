// What becomes of a configuration that changes while `watch` runs. It is checked first. One that is wrong is said, and changes
// nothing. Of one that is right, `metricsConfig` counts for what is recorded from now on; of everything else is said that it needs a restart.
import { isDeepStrictEqual } from 'node:util';
import type { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { resolveMetricsConfig } from '../argo/emit/metrics-config.js';
import { isRecord } from '../guard/json-value.js';
import { textOf } from '../guard/thrown.js';
import type { ApiClient } from '../kubernetes/api-client.js';
import { compareWatchConfigs } from './compare-watch-configs.js';
import { configProblemLine } from './config-problem-text.js';
import { metricsConfigSource, type MetricsConfigSource } from './metrics-config-source.js';
import type { RunContext } from './run-context.js';
import { runTogether } from './run-together.js';
import type { WatchConfig } from './watch-config.js';
import type { WatchLog } from './watch-log.js';
import type { WatchMetrics } from './watch-metrics.js';
import type { WatchOptions } from './watch-options.js';
import { readWatchSources } from './watch-setup.js';
import { watchFile } from './watched-file.js';

export interface ConfigReloadOptions {
  /** That which the command runs with. */
  readonly config: WatchConfig;
  readonly options: Pick<WatchOptions, 'flags' | 'configFile'>;
  readonly context: Pick<RunContext, 'env' | 'onHangup' | 'signal'>;
  readonly client: ApiClient;
  readonly log: WatchLog;
  /** How often files are looked at. */
  readonly lookMillis?: number | undefined;
}

/** Who is given a configuration, and who is told whether what was read last is in use. */
export interface ConfigTakers {
  readonly customMetrics: Pick<CustomMetrics, 'configure'>;
  readonly metrics: Pick<WatchMetrics, 'configReloaded'>;
}

type Part = 'file' | 'metricsConfig';

export class ConfigReload {
  readonly #options: ConfigReloadOptions;
  readonly #source: MetricsConfigSource;
  readonly #wrong = new Set<Part>();
  #takers: ConfigTakers | undefined;
  /** What is in use. */
  #metricsConfig: object;
  /** What came last, right or wrong. */
  #seen: { readonly metricsConfig: object; readonly isRight: boolean };
  #fileText: string | undefined;

  private constructor(options: ConfigReloadOptions, source: MetricsConfigSource, metricsConfig: object) {
    this.#options = options;
    this.#source = source;
    this.#metricsConfig = metricsConfig;
    this.#seen = { metricsConfig, isRight: true };
  }

  /**
   * With the `metricsConfig` that there is. Closes the client where that cannot be had.
   *
   * @throws Error that says why (rejections)
   */
  static async begin(options: ConfigReloadOptions): Promise<ConfigReload> {
    const { client, config, context, log, lookMillis } = options;
    const source = metricsConfigSource({
      ...{ setting: config.metricsConfig, client, context, lookMillis },
      onDelay: (key, why) => log.sayOnce('warning', `metricsConfig ${key}`, why),
    });
    try {
      return new ConfigReload(options, source, await source.read(context.signal));
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get metricsConfig(): object {
    return this.#metricsConfig;
  }

  /** Where it is, as messages call it; empty where that is the configuration itself. */
  get metricsConfigName(): string {
    return this.#source.name;
  }

  /** Until the signal is aborted. */
  async run(takers: ConfigTakers, signal: AbortSignal): Promise<void> {
    const { options, context, log, lookMillis } = this.#options;
    this.#takers = takers;
    takers.metrics.configReloaded(true);
    const source = this.#source;
    const ofSource = {
      take: (metricsConfig: object) => this.#take(metricsConfig, source.name),
      failed: (why: string) => {
        this.#note('metricsConfig', false);
        log.sayOnce('error', `metricsConfig ${why}`, `${why}; the metricsConfig of before is kept`);
      },
    };
    const works = [(end: AbortSignal) => source.run(ofSource, end)];
    const path = options.configFile;
    if (path !== undefined) {
      const read = (isAsked: boolean): Promise<boolean> => this.#readFile(path, isAsked);
      works.push(end => watchFile({ path, read, onHangup: context.onHangup, lookMillis }, end));
    }
    await runTogether(works, signal);
  }

  async #readFile(path: string, isAsked: boolean): Promise<boolean> {
    const { log, options, context, config } = this.#options;
    let read: Awaited<ReturnType<typeof readWatchSources>>;
    try {
      read = await readWatchSources(options, context.env);
    } catch (error) {
      this.#note('file', false);
      const why = reasonOf(error);
      log.sayOnce('error', `config ${why}`, `${why}; the configuration of before is kept`);
      return false;
    }
    const { problems, config: after, text } = read;
    if (text === this.#fileText && !isAsked) {
      if (after !== undefined) this.#note('file', true);
      return true;
    }
    const isFirst = this.#fileText === undefined && isDeepStrictEqual(after?.entries, config.entries);
    this.#fileText = text;
    // It is what was read at the start, where all of this was said.
    if (isFirst && !isAsked) {
      this.#note('file', true);
      return true;
    }
    for (const problem of problems)
      log.say(problem.severity === 'note' ? 'info' : problem.severity, configProblemLine(problem));
    this.#note('file', after !== undefined);
    if (after === undefined) log.say('error', `${path}: the configuration of before is kept`);
    else this.#compare(path, after);
    return true;
  }

  #compare(path: string, after: WatchConfig): void {
    const { log, config } = this.#options;
    const { needRestart } = compareWatchConfigs(config, after);
    const setting = after.metricsConfig;
    const isHere = this.#source.name === '' && (setting === undefined || 'inline' in setting);
    if (isHere) this.#take(setting === undefined ? {} : setting.inline, path);
    if (needRestart.length > 0)
      log.say(
        'warning',
        `${path}: needs a restart, until which the values of before count: ${needRestart.join(', ')}`,
      );
    else log.say('info', `${path} was read again`);
  }

  /** One that is right is used from now on. */
  #take(metricsConfig: object, name: string): void {
    if (isDeepStrictEqual(metricsConfig, this.#seen.metricsConfig))
      return this.#note('metricsConfig', this.#seen.isRight);
    const { log } = this.#options;
    const { diagnostics } = resolveMetricsConfig(metricsConfig);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const isRight = errors.length === 0;
    this.#seen = { metricsConfig, isRight };
    if (isRight) this.#use(metricsConfig, name);
    for (const { path, message, code } of errors) log.say('error', `${name}: ${path}: ${message} [${code}]`);
    if (!isRight) log.say('error', `${name}: the metricsConfig of before is kept`);
    this.#note('metricsConfig', isRight);
  }

  #use(metricsConfig: object, name: string): void {
    const { log } = this.#options;
    const changed = changedPaths(this.#metricsConfig, metricsConfig);
    if (changed.length === 0) return;
    this.#metricsConfig = metricsConfig;
    this.#takers?.customMetrics.configure(metricsConfig);
    log.say('info', `${name}: metricsConfig counts for what is recorded from now on: ${changed.join(', ')}`);
    const times = changed.filter(path => /^metricsTTL$|^modifiers\..*\.ttl$/.test(path));
    if (times.length > 0)
      log.say('warning', `${name}: metrics that are there already need a restart for ${times.join(', ')}`);
    const buckets = changed.filter(path => /^modifiers\..*\.histogramBuckets$/.test(path));
    if (buckets.length > 0)
      log.say('warning', `${name}: metrics that are there already keep their buckets: ${buckets.join(', ')}`);
  }

  #note(part: Part, isRight: boolean): void {
    if (isRight) this.#wrong.delete(part);
    else this.#wrong.add(part);
    this.#takers?.metrics.configReloaded(this.#wrong.size === 0);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : textOf(error);
}

/** As `metricsTTL`, `modifiers.runs.ttl`. */
function changedPaths(before: unknown, after: unknown, path = '', depth = 0): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const isNamed = path.startsWith('modifiers') || path === '';
  if (!isNamed || depth > 2) return [path];
  const [old, young] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return keys.flatMap(key =>
    changedPaths(old[key], young[key], path === '' ? key : `${path}.${key}`, depth + 1),
  );
}
