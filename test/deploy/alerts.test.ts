// Goal: alerts and the dashboard ask for metrics that there are, and each alert says what to do. Method: parse them, and read the
// documents. scripts/run-deploy.mjs runs them with promtool and in a real Prometheus.
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { WATCH_FIGURES } from '../../lib/cli/watch-figures.js';
import { codeBlocks } from '../../scripts/documents.mjs';
import { runInMemory } from '../cli/run-in-memory.js';
import { readText } from '../support/source-tree.js';
import { at, listAt, onlyOf } from './manifests.js';

const DOCUMENT = 'docs/watch-deploy.md';

/** What `watch` says of itself: names as exposed, without their prefix, and labels. */
const OWN_METRICS: Readonly<Record<string, readonly string[]>> = {
  ready: [],
  watch_lag_seconds: [],
  events_total: ['type'],
  reconnects_total: ['reason'],
  relists_total: [],
  workflows: ['state'],
  workflows_lost_total: ['reason'],
  emissions_total: [],
  diagnostics_total: ['code', 'template'],
  state_bytes: [],
  state_age_seconds: [],
  state_errors_total: [],
  forgotten_total: [],
  config_reload_success: [],
};

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules = listAt(onlyOf('PrometheusRule'), 'spec', 'groups').flatMap(group =>
  listAt(group, 'rules'),
) as Rule[];
const dashboard = JSON.parse(readText('deploy/dashboard.json')) as unknown;
const panels = listAt(dashboard, 'panels');
const queries = panels.flatMap(panel => listAt(panel, 'targets').map(target => String(at(target, 'expr'))));

function namesIn(text: string): string[] {
  return [...text.matchAll(/\botel_argo_metrics_(\w+)/g)].map(([, name = '']) => name);
}

const SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };

describe('the alerts of deploy/', () => {
  it('should know all that watch says of itself', () => {
    const names = WATCH_FIGURES.map(
      ({ name, unit, kind }) => name + (SUFFIXES[unit] ?? '') + (kind === 'counter' ? '_total' : ''),
    );
    expect(Object.keys(OWN_METRICS)).to.deep.equal(names);
  });

  it('should ask for metrics that there are', () => {
    for (const { alert, expr } of rules) {
      expect(expr, alert).to.match(/otel_argo_metrics_|argo_workflows_/);
      expect(
        namesIn(expr).filter(name => !Object.hasOwn(OWN_METRICS, name)),
        alert,
      ).to.deep.equal([]);
    }
  });

  it('should each have a section that says what to do, and there is none without an alert', () => {
    const [, section = ''] = /^## Alerts\n(.*?)^## /ms.exec(readText(DOCUMENT)) ?? [];
    const headings = [...section.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
    expect(headings).to.deep.equal(rules.map(({ alert }) => alert));
    for (const { alert, annotations } of rules)
      expect(annotations['runbook']).to.equal(`otel-argo-metrics/${DOCUMENT}#${alert.toLowerCase()}`);
  });

  it('should show what they know of in their summary, and only that', () => {
    for (const { alert, expr, annotations, labels } of rules) {
      expect(labels['severity'], alert).to.be.oneOf(['critical', 'warning', 'info']);
      const shown = [...(annotations['summary'] ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name);
      const [, grouped = ''] = /by \(([^)]*)\)/.exec(expr) ?? [];
      expect(
        shown.filter(name => !grouped.split(', ').includes(name ?? '')),
        alert,
      ).to.deep.equal([]);
    }
  });
});

describe('the dashboard of deploy/', () => {
  it('should ask for metrics and labels that there are', () => {
    expect(queries.length).to.be.greaterThan(15);
    for (const query of queries)
      for (const name of namesIn(query)) {
        expect(Object.keys(OWN_METRICS), query).to.include(name);
        const [, grouped = ''] = /sum by \(([^)]*)\)/.exec(query) ?? [];
        expect(OWN_METRICS[name], query).to.include.members(
          grouped.split(', ').filter(label => label !== ''),
        );
      }
  });

  it('should show everything that watch says of itself', () => {
    const asked = new Set(queries.flatMap(namesIn));
    expect(Object.keys(OWN_METRICS).filter(name => !asked.has(name))).to.deep.equal([]);
  });

  it('should have panels that do not overlap, with names of their own, and no data source of somebody else', () => {
    const cells = panels.flatMap(panel => {
      const place = at(panel, 'gridPos') as Record<'x' | 'y' | 'w' | 'h', number>;
      expect(place.x + place.w).to.be.at.most(24);
      return Array.from({ length: place.w * place.h }, (_, index) => {
        const [column, row] = [index % place.w, Math.floor(index / place.w)];
        return `${place.x + column}.${place.y + row}`;
      });
    });
    expect(new Set(cells).size).to.equal(cells.length);
    expect(new Set(panels.map(panel => at(panel, 'id'))).size).to.equal(panels.length);
    for (const panel of panels) expect(at(panel, 'datasource', 'uid')).to.equal('${datasource}');
  });
});

describe(DOCUMENT, () => {
  it('should show a workflow that lint has nothing to say of', async () => {
    const hello = codeBlocks(readText(DOCUMENT)).find(({ name }) => name === 'hello.yaml');
    const stdin = Readable.from([Buffer.from(hello?.code ?? '')]);
    const { exitCode, stdout } = await runInMemory(['lint', '-'], { stdin });
    expect(stdout).to.match(/0 errors, 0 warnings in 1 metric/);
    expect(exitCode).to.equal(0);
  });

  it('should name only folders of deploy/ that there are, and metrics of ours', () => {
    const text = readText(DOCUMENT);
    const named = [...text.matchAll(/package\/(deploy\/[\w/-]+[\w.]*)/g)].map(([, path = '']) => path);
    expect(named.length).to.be.greaterThan(3);
    for (const path of named)
      expect(() => readText(path.includes('.') ? path : pathOf(path)), path).to.not.throw();
    expect(namesIn(text).filter(name => !Object.hasOwn(OWN_METRICS, name))).to.deep.equal([]);
  });
});

function pathOf(folder: string): string {
  return /Dockerfile$/.test(folder) ? folder : `${folder}/kustomization.yaml`;
}
