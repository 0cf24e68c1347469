// What the real controller exposed, scrape by scrape. GOLDEN_CASES names another folder of recordings to run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../../support/source-tree.js';
import { differences } from './exposition.js';
import { Recording } from './recording.js';

const folder = process.env['GOLDEN_CASES'] ?? join(ROOT, 'test/argo/golden/cases');

describe('recordings of a real controller', () => {
  const names = readdirSync(folder);

  it('should be there', () => {
    expect(names).to.not.be.empty;
  });

  for (const name of names) {
    it(`should equal ${name}`, async () => {
      const recording = new Recording(join(folder, name));
      const timed = recording.timedNames();
      const { scrapes, diagnostics } = await recording.replay();
      expect(scrapes).to.not.be.empty;
      const wrong = scrapes.flatMap(({ file, expected, actual }) =>
        differences(expected, actual, metric => timed.has(metric)).map(text => `${file}: ${text}`),
      );
      const said = [...new Set(diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`))];
      expect(wrong, [...wrong, 'diagnostics:', ...said].join('\n')).to.deep.equal([]);
    });
  }
});
