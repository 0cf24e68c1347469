import { expect } from 'chai';
import { WATCH_FIGURES } from '../../lib/cli/watch-figures.js';
import { tableRows } from '../support/document-table.js';
import { readText } from '../support/source-tree.js';

describe('the table of what watch says about itself', () => {
  it('should be the one of docs/watch.md, by the names that Prometheus shows', () => {
    const rows = tableRows(readText('docs/watch.md'), /^`otel_argo_metrics_/);
    const names = rows.map(([first = '']) => /^`(\w+)/.exec(first)?.[1]);
    const units: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };
    expect(names).to.deep.equal(
      WATCH_FIGURES.map(
        ({ name, unit, kind }) =>
          `otel_argo_metrics_${name}${units[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`,
      ),
    );
  });

  it('should have each name once, and say what it is', () => {
    expect(new Set(WATCH_FIGURES.map(({ name }) => name)).size).to.equal(WATCH_FIGURES.length);
    for (const { description } of WATCH_FIGURES) expect(description).to.match(/^[A-Z].*\.$/);
  });
});
