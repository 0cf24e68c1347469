// Real Prometheus servers that scrape, for run-prometheus.mjs: of version 3 and older ones.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, Peer, Prometheus } from './export-peers.mjs';
import { run } from './steps.mjs';

export class ScrapingPrometheus extends Peer {
  /** Each program as it is installed, and version 3 once more with what makes it use created times. */
  static async of(program) {
    const isNew = await Prometheus.suits(program);
    const { stdout, stderr } = await run(program, ['--version']);
    const version = /version (\d\S*)/.exec(stdout + stderr)?.[1] ?? (isNew ? '3' : 'of some version');
    const title = `Prometheus ${version}`;
    // Otherwise it thinks for five seconds before the first scrape. Older ones do not know the flag.
    const flags = isNew ? ['--scrape.discovery-reload-interval=100ms'] : [];
    const created = [...flags, '--enable-feature=created-timestamp-zero-ingestion'];
    const servers = [new ScrapingPrometheus(program, title, flags, { isNew })];
    return isNew
      ? [
          ...servers,
          new ScrapingPrometheus(program, `${title} with created times`, created, {
            isNew,
            usesCreated: true,
          }),
        ]
      : servers;
  }

  constructor(program, title, flags, { isNew, usesCreated = false }) {
    super(program);
    this.title = title;
    this.flags = flags;
    /** Version 3: names may be in UTF-8, and are where nothing else is said. */
    this.isNew = isNew;
    this.usesCreated = usesCreated;
  }

  /** `jobs`: URLs by name of job; of one that is called so, version 3 asks for names with underscores. */
  async prepare(jobs, scrapeMillis) {
    this.port = await freePort();
    this.readyUrl = `http://127.0.0.1:${this.port}/-/ready`;
    const config = Object.entries(jobs).map(([name, urls]) => ({
      job_name: name,
      scrape_interval: `${scrapeMillis}ms`,
      scrape_timeout: `${scrapeMillis}ms`,
      ...(this.isNew && name === 'underscores' && { metric_name_escaping_scheme: 'underscores' }),
      static_configs: [{ targets: urls.map(url => new URL(url).host) }],
    }));
    // JSON is YAML.
    writeFileSync(join(this.folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: config }));
  }

  args() {
    return [
      `--config.file=${join(this.folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${this.port}`,
      ...this.flags,
    ];
  }

  async isReady() {
    const ready = await fetch(this.readyUrl).catch(() => undefined);
    await ready?.arrayBuffer();
    return ready?.status === 200;
  }

  /** Series by a name and by labels as OpenTelemetry has them, but for the suffixes. */
  selector(name, labels, isUtf8 = this.isNew) {
    const written = text => (isUtf8 ? JSON.stringify(text) : text.replaceAll(/[^a-zA-Z0-9_]/g, '_'));
    const pairs = Object.entries(labels).map(([key, value]) => `${written(key)}=${JSON.stringify(value)}`);
    return isUtf8 ? `{${[written(name), ...pairs].join()}}` : `${written(name)}{${pairs.join()}}`;
  }

  /** The result of an instant query: a list of { metric, value }. */
  async query(text) {
    const { data, error } = await this.#ask(`query?query=${encodeURIComponent(text)}`);
    if (data === undefined) throw new Error(`${text}: ${error}`);
    return data.result;
  }

  /** The only number that a query gives; NaN when it gives none. */
  async number(text) {
    const result = await this.query(text);
    if (result.length > 1) throw new Error(`${text} gives ${result.length} series`);
    return Number(result[0]?.value[1] ?? NaN);
  }

  /** What went wrong with the last scrape of each target. */
  async scrapeErrors() {
    const { activeTargets } = (await this.#ask('targets?state=active')).data;
    return activeTargets.map(({ lastError }) => lastError).filter(text => text !== '');
  }

  /** What its page about cardinality shows; at most 1,000 of each. */
  async status() {
    return (await this.#ask('status/tsdb?limit=1000')).data;
  }

  async #ask(path) {
    return (await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}`)).json();
  }
}
