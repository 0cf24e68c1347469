// Goal: the schema that editors use and the check of the command say the same. Method: examples that both take and that both
// refuse, and random documents. The validator knows draft 7, so the schema must be one of both drafts: no keyword is in it that
// 2020-12 has changed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { valuesOfFile } from '../../../lib/cli/config/file-values.js';
import { WATCH_KEY_PATHS } from '../../../lib/cli/config/watch-keys.js';
import { watchSchema } from '../../../lib/cli/config/watch-schema.js';
import { ROOT } from '../../support/source-tree.js';
import { arbitraryConfig, spoiledConfig } from './arbitrary-config.js';

const require = createRequire(import.meta.url);
const Ajv = require('ajv') as new (options: object) => {
  compile(schema: object): (data: unknown) => boolean;
};
const { $schema: draft, ...schema } = watchSchema();
const isValid = new Ajv({ allErrors: true }).compile(schema);

const FILE = join(ROOT, 'schema/watch.json');

/** What the check finds in a document, as JSON. */
function complaintsOf(document: unknown): string[] {
  const { problems } = valuesOfFile({ name: 'watch.json', text: JSON.stringify(document) });
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** What no schema can say, by the words of the check. */
const BEYOND_A_SCHEMA = [
  /must be a (?:duration|size) from .* got "/,
  /must be a regular expression of JavaScript, got "/,
  /may match the same instrument/,
  /both have a policy for the label/,
  // In `metricsConfig`, which is Argo's.
  /^unknown field '/,
];

/** Keywords that mean the same in drafts 6, 7 and 2020-12. */
const KEYWORDS = new Set(
  `$schema title description default type enum const anyOf required properties additionalProperties propertyNames minProperties
  maxProperties items minItems maxItems uniqueItems minimum maximum minLength maxLength pattern`.split(/\s+/),
);

interface Schema extends Readonly<Record<string, unknown>> {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** All schemas in a schema. */
function* schemasIn(node: Schema): Generator<Schema> {
  yield node;
  const { properties = {}, anyOf = [], items, additionalProperties, propertyNames } = node;
  const inner = [...Object.values(properties), ...anyOf, items, additionalProperties, propertyNames];
  for (const each of inner) if (typeof each === 'object') yield* schemasIn(each);
}

describe('schema/watch.json', () => {
  it('is what the table says', () => {
    const text = `${JSON.stringify(watchSchema(), null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, text);
    expect(existsSync(FILE), 'written by UPDATE_GOLDEN=1').to.equal(true);
    expect(readFileSync(FILE, 'utf8')).to.equal(text);
  });

  it('is of draft 2020-12, in keywords that have meant the same since draft 6', () => {
    expect(draft).to.equal('https://json-schema.org/draft/2020-12/schema');
    const keywords = [...schemasIn(schema)].flatMap(node => Object.keys(node));
    expect(keywords.length).to.be.greaterThan(100);
    expect(keywords.filter(keyword => !KEYWORDS.has(keyword))).to.deep.equal([]);
  });

  it('lets no unknown key pass, but in what is Argo’s', () => {
    const objects = [...schemasIn(schema)].filter(node => node['type'] === 'object');
    expect(objects.length).to.be.greaterThan(8);
    expect(objects.filter(node => node.additionalProperties === undefined)).to.deep.equal([
      { type: 'object', propertyNames: { pattern: '^(?!configMap$)' } },
    ]);
  });

  it('has a description for each key, and a default that it takes itself', () => {
    const properties = [...schemasIn(schema)].flatMap(node => Object.entries(node.properties ?? {}));
    expect(properties.length).to.be.greaterThan(WATCH_KEY_PATHS.length);
    for (const [key, property] of properties) {
      expect(property['description'], key).to.be.a('string');
      if (property['default'] !== undefined)
        expect(new Ajv({}).compile(property)(property['default']), key).to.equal(true);
    }
  });
});

describe('the schema and the check', () => {
  const good: object[] = [
    {},
    { namespaces: 'all' },
    { namespaces: ['argo', 'team-1'], instanceId: 'A.b_c-1' },
    { endpoint: { host: '::1', port: 0, zeroFor: 0 } },
    { endpoint: { zeroFor: '1h' } },
    { state: { dir: '/state', whenLost: 'refuse' } },
    { metricsConfig: 'metrics.yaml', limits: { maxBytes: 16777216, objectBytes: '1.5Mi' } },
    { metricsConfig: { metricsTTL: '10m', modifiers: { a: { disabled: true } } } },
    { metricsConfig: { configMap: 'argo/workflow-controller-configmap' } },
    { log: { format: 'json', level: 'none' }, views: [] },
    {
      views: [
        { instrumentName: 'a*', limit: 1, seriesTtl: '0', dryRun: false, labels: { l: { drop: true } } },
      ],
    },
    {
      views: [
        { instrumentName: 'a', labels: { l: { allow: ['', { pattern: '^x' }] }, m: { maxValues: 1 } } },
      ],
    },
  ];
  const bad: unknown[] = [
    ...[null, [], 'text', 3, { unknown: 1 }, { 'log.level': 'info' }, { election: {} }, { constructor: {} }],
    ...['none', [], ['a', 'a'], ['A'], ['a'.repeat(64)], {}, ['-a']].map(namespaces => ({ namespaces })),
    ...['', '-a', 3, null].map(instanceId => ({ instanceId })),
    ...[{ port: -1 }, { port: 65_536 }, { port: 1.5 }, { port: '1' }, { host: 'a b' }].map(endpoint => ({
      endpoint,
    })),
    ...[{ zeroFor: 75 }, { zeroFor: '75' }, { zeroFor: '-1s' }, { zeroFor: '1d' }].map(endpoint => ({
      endpoint,
    })),
    ...[true, null, { share: true }].map(log => ({ log })),
    ...[{ dir: '' }, { dir: 'a\0' }, { whenLost: 'Count' }, { share: true }, null].map(state => ({ state })),
    ...['a', 'a/', 'A/b', 'a/b/c', `${'a'.repeat(64)}/b`, 3, null].map(configMap => ({
      metricsConfig: { configMap },
    })),
    { metricsConfig: { configMap: 'a/b', metricsTTL: '1h' } },
    ...['', 3, []].map(metricsConfig => ({ metricsConfig })),
    ...[{ maxBytes: 1 }, { maxBytes: '256MB' }, { pageSize: 9 }, { pageSize: 501 }].map(limits => ({
      limits,
    })),
    ...[{ cardinalityLimit: 0 }, { pageSize: '10' }, { objectBytes: 2 ** 31 }].map(limits => ({ limits })),
    ...[{ format: 'xml' }, { level: 'INFO' }].map(log => ({ log })),
    ...[{}, [{}], [{ instrumentName: '*' }], [{ instrumentName: 'a', limit: 0 }]].map(views => ({ views })),
    ...[
      {},
      { drop: false },
      { drop: true, maxValues: 1 },
      { overflowValue: 'x' },
      { map: 'x' },
      { allow: [] },
      { allow: [1] },
    ].map(policy => ({ views: [{ instrumentName: 'a', labels: { l: policy } }] })),
    { views: [{ instrumentName: 'a', labels: {} }] },
    { views: [{ instrumentName: 'a', labels: { '': { drop: true } } }] },
  ];

  it('take the same examples', () => {
    for (const document of good) {
      expect(complaintsOf(document), JSON.stringify(document)).to.deep.equal([]);
      expect(isValid(document), JSON.stringify(document)).to.equal(true);
    }
  });

  it('refuse the same examples', () => {
    for (const document of bad) {
      expect(complaintsOf(document), JSON.stringify(document)).to.not.be.empty;
      expect(isValid(document), JSON.stringify(document)).to.equal(false);
    }
  });

  it('agree on random documents, good ones', () => {
    fc.assert(
      fc.property(arbitraryConfig, document => {
        expect(complaintsOf(document)).to.deep.equal([]);
        expect(isValid(document)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('agree on random documents, spoiled ones, but for what no schema can say', () => {
    fc.assert(
      fc.property(spoiledConfig, document => {
        const complaints = complaintsOf(document);
        if (!isValid(document)) expect(complaints, 'the schema refuses it').to.not.be.empty;
        else
          expect(
            complaints.filter(text => !BEYOND_A_SCHEMA.some(pattern => pattern.test(text))),
          ).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });
});
