// Every query of the dashboard, sent to a real Prometheus that scrapes a running `watch` and has the alerts too.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.mjs';
import { ScrapingPrometheus } from '../scraping-prometheus.mjs';
import { readRules } from './rules.mjs';

const SCRAPE_MILLIS = 1000;
const PATIENCE_MILLIS = 60_000;
const VARIABLES = { $__rate_interval: '10s', $__range: '1m', $instance: '.+' };
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** { title, query } of each target, as Grafana would send it. */
export function queriesOf(dashboard, variables) {
  return dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      title,
      query: expr.replaceAll(/\$\w+/g, name => {
        if (!Object.hasOwn(variables, name)) throw new Error(`${title}: nobody says what ${name} is`);
        return variables[name];
      }),
    })),
  );
}

export class WatchingPrometheus {
  #server;

  constructor(server) {
    this.#server = server;
  }

  static async start(program, url) {
    const [server] = await ScrapingPrometheus.of(program);
    await server.prepare({ watch: [url] }, SCRAPE_MILLIS);
    const path = join(server.folder, 'prometheus.yml');
    const config = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(join(server.folder, 'rules.yaml'), JSON.stringify(readRules()));
    const rules = { rule_files: ['rules.yaml'], global: { evaluation_interval: '1s' } };
    writeFileSync(path, JSON.stringify({ ...config, ...rules }));
    await server.start();
    return new WatchingPrometheus(server);
  }

  get title() {
    return this.#server.title;
  }

  remove() {
    return this.#server.remove();
  }

  /** @param metric a custom one. Resolves with how many queries there were. */
  async checkDashboard(metric) {
    const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy/dashboard.json'), 'utf8'));
    const queries = queriesOf(dashboard, { ...VARIABLES, $metric: metric });
    let empty = [];
    for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await pause(500)) {
      empty = [];
      for (const each of queries) if (!hasData(await this.#server.query(each.query))) empty.push(each);
      if (empty.length === 0) return queries.length;
    }
    throw new Error(`no data:\n${empty.map(({ title, query }) => `${title}: ${query}`).join('\n')}`);
  }

  /** Names of own metrics that stand behind the queries, and are not on a page. */
  async checkAlerts() {
    const { groups } = (
      await (await fetch(`http://127.0.0.1:${this.#server.port}/api/v1/rules?type=alert`)).json()
    ).data;
    const rules = groups.flatMap(group => group.rules);
    const unwell = rules.filter(({ health }) => health !== 'ok');
    if (unwell.length > 0 || rules.length === 0)
      throw new Error(
        unwell.map(({ name, health, lastError }) => `${name}: ${health} ${lastError}`).join('\n'),
      );
    return rules.filter(({ state }) => state !== 'inactive').map(({ name }) => name);
  }
}

/** Something, and no NaN. */
function hasData(result) {
  return result.length > 0 && result.every(({ value }) => !Number.isNaN(Number(value[1])));
}
