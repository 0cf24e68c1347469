// Names, types and helps as text, byte for byte as the real controller serves them, and in OpenTelemetry's style.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import type { CustomMetricsOptions } from '../../../lib/argo/emit/custom-metrics.js';
import { ROOT } from '../../support/source-tree.js';
import { CustomStore, exposed } from '../custom-store.js';
import { Recording } from './recording.js';

const folder = join(ROOT, 'test/argo/golden/cases');

/** The lines that say what there is, sorted: the order of metrics means nothing. */
function headLines(text: string): string[] {
  return text
    .split('\n')
    .filter(line => /^# (?:HELP|TYPE) /.test(line))
    .sort();
}

async function headsOf(name: string, options: Omit<CustomMetricsOptions, 'store'>): Promise<string[]> {
  const store = new CustomStore(options);
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  for (const event of new Recording(join(folder, name)).events) observer.observe(event);
  return headLines(await exposed(store.store));
}

/** The last exposition of a recording; the corrected one where there is one. */
function recordedHeads(name: string): string[] {
  const files = readdirSync(join(folder, name));
  const last = files.filter(file => file.startsWith('metrics-')).sort().at(-1) ?? '';
  const corrected = last.replace('metrics-', 'corrected-');
  return headLines(readFileSync(join(folder, name, files.includes(corrected) ? corrected : last), 'utf8'));
}

describe('names of custom metrics', () => {
  // Durations and deletions do not matter here; a controller that starts anew, and time that passes, do.
  const names = readdirSync(folder).filter(name => !['controller-restart', 'metrics-ttl'].includes(name));

  it('should be those of the real controller', async () => {
    for (const name of names) expect(await headsOf(name, {}), name).to.deep.equal(recordedHeads(name));
    expect(names.flatMap(recordedHeads).length).to.be.greaterThan(100);
  });

  it('should have no prefix in OpenTelemetry’s style, nor another suffix', async () => {
    for (const name of names) {
      const bare = recordedHeads(name).map(line => line.replace(/^(# \w+) argo_workflows_/, '$1 ')).sort();
      expect(await headsOf(name, { prefix: '' }), name).to.deep.equal(bare);
    }
  });
});
