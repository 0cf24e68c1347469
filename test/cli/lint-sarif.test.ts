// Goal: what SARIF's own schema takes. Method: the schema, and a validator of JSON schemas.
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { lintSarif } from '../../lib/cli/lint-sarif.js';
import { finding, reportOf } from './finding-fixture.js';
import type { LintReport } from '../../lib/cli/lint-report.js';

const require = createRequire(import.meta.url);
const Ajv = require('ajv') as new (options: object) => {
  addMetaSchema(schema: object): void;
  compile(schema: object): ((data: unknown) => boolean) & { readonly errors?: unknown };
};
const ajv = new Ajv({ schemaId: 'auto', allErrors: true, logger: false, unknownFormats: 'ignore' });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
const isSarif = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object);

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

function logOf(report: LintReport): Log {
  const log = JSON.parse([...lintSarif(report, '1.2.3')].join('')) as Log;
  expect(isSarif(log), JSON.stringify(isSarif.errors)).to.equal(true);
  return log;
}

describe('lintSarif', () => {
  it('should write what the schema of SARIF 2.1.0 takes, whatever was found', () => {
    logOf(reportOf());
    const [run] = logOf(
      reportOf(
        finding,
        { ...finding, code: 'FILE_UNREADABLE', path: '', severity: 'warning', hint: 'Look.' },
        { ...finding, severity: 'note' },
      ),
    ).runs;
    expect(run?.tool.driver.rules.map(({ id }) => id)).to.deep.equal(['FILE_UNREADABLE', 'HELP_MISSING']);
    expect(run?.results.map(({ ruleIndex, level }) => `${ruleIndex} ${level}`)).to.deep.equal([
      '1 error',
      '0 warning',
      '1 note',
    ]);
    expect(run?.results[1]?.message.text).to.equal('no help\nLook.');
  });

  it('should notice a log that is none', () => {
    expect(isSarif({ version: '2.1.0', runs: [{ results: [] }] })).to.equal(false);
  });

  it('should write places as URIs, relative ones where the file is below the folder', () => {
    const uriOf = (file: string): string | undefined =>
      logOf(reportOf({ ...finding, file })).runs[0]?.results[0]?.locations[0]?.physicalLocation
        .artifactLocation.uri;
    expect(uriOf('./a b/ä#%.yaml')).to.equal('a%20b/%C3%A4%23%25.yaml');
    expect(uriOf('/tmp/a b.yaml')).to.equal('file:///tmp/a%20b.yaml');
    expect(uriOf('../x.yaml')).to.match(/^file:\/\/\/.*x\.yaml$/);
  });
});
