// The alerts of deploy/, checked and tried by promtool.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { codeBlocks } from '../documents.mjs';
import { ROOT, runOrThrow } from '../steps.mjs';

const RULE = 'deploy/components/prometheus-operator/prometheus-rule.yaml';
const TESTS = 'test/deploy/alerts.promtool.yaml';

/** Groups of rules, as a Prometheus has them in a file. */
export function readRules() {
  return parse(readFileSync(join(ROOT, RULE), 'utf8')).spec;
}

export async function checkRules(steps, promtool, folder) {
  const rules = readRules();
  writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(rules)); // JSON is YAML.
  await steps.step('promtool: takes the alerts', () =>
    runOrThrow(promtool, ['check', 'rules', 'rules.yaml'], { cwd: folder }),
  );
  const tests = readFileSync(join(ROOT, TESTS), 'utf8');
  writeFileSync(join(folder, 'tests.yaml'), tests);
  await steps.step('promtool: each alert comes when it must, and not before', () => {
    for (const { alert } of rules.groups.flatMap(group => group.rules))
      if (!tests.includes(`alertname: ${alert}`)) throw new Error(`${TESTS} has no test of ${alert}`);
    return runOrThrow(promtool, ['test', 'rules', 'tests.yaml'], { cwd: folder });
  });
  await steps.step('promtool: takes the scrape configuration of docs/watch-deploy.md', () => {
    const shown = codeBlocks(readFileSync(join(ROOT, 'docs/watch-deploy.md'), 'utf8'));
    const config = parse(shown.find(({ name }) => name === 'prometheus.yml').code);
    // What knows pods is left out of the builds that are at hand.
    for (const scrape of config.scrape_configs) delete scrape.kubernetes_sd_configs;
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    return runOrThrow(promtool, ['check', 'config', 'prometheus.yml'], { cwd: folder });
  });
}
