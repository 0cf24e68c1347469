// Goal: docs/watch-config.md says what the command checks. Method: its tables are made of the table of keys, and its examples are
// read. UPDATE_GOLDEN=1 writes the tables anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configProblemText } from '../../lib/cli/config-problem-text.js';
import { WATCH_KEY_PATHS, watchKey, type WatchKeyPath } from '../../lib/cli/config/watch-keys.js';
import { VIEWS } from '../../lib/cli/config/views-type.js';
import { readWatchConfig } from '../../lib/cli/watch-config.js';
import { tableRows } from '../support/document-table.js';
import { ROOT, readText } from '../support/source-tree.js';

const PATH = 'docs/watch-config.md';

/** Heads of the tables, and the rows that belong under them. */
const TABLES: Readonly<Record<string, () => string[]>> = {
  '| key | | default | flag · variable |': () => WATCH_KEY_PATHS.map(rowOf),
  '| key of a View | |': () => rowsOf(viewSchema().properties),
  '| key of a policy | |': () =>
    (viewSchema().properties['labels']?.additionalProperties?.anyOf ?? []).flatMap(policy =>
      rowsOf(policy.properties),
    ),
};

interface Documented {
  readonly description: string;
  readonly additionalProperties?: { readonly anyOf: readonly { readonly properties: Members }[] };
}

type Members = Readonly<Record<string, Documented>>;

function viewSchema(): { readonly properties: Members } {
  return VIEWS.schema['items'] as { readonly properties: Members };
}

function rowOf(path: WatchKeyPath): string {
  const { type, fallback, without, description, flag, variables } = watchKey(path);
  const flags = path === 'namespaces' ? ['namespace', 'all-namespaces'] : flag === undefined ? [] : [flag];
  const ways = [...flags.map(name => `--${name}`), ...variables.map(({ name }) => name)];
  const cells = [
    `\`${path}\``,
    `${description} ${type.expected.charAt(0).toUpperCase()}${type.expected.slice(1)}`,
    without ?? `\`${Array.isArray(fallback) ? '[]' : String(fallback)}\``,
    ways.map(way => `\`${way}\``).join(' · '),
  ];
  return `| ${cells.join(' | ')} |`.replace(/ +\|/g, ' |');
}

function rowsOf(members: Members): string[] {
  return Object.entries(members).map(([key, { description }]) => `| \`${key}\` | ${description} |`);
}

/** The document with its tables filled. */
function filled(text: string): string {
  return Object.entries(TABLES).reduce((document, [head, rows]) => {
    const start = document.indexOf(`${head}\n`);
    expect(start, head).to.be.greaterThan(0);
    const bodyStart = document.indexOf('\n', start + head.length + 1) + 1;
    const body = /^(?:\|.*\n)*/.exec(document.slice(bodyStart))?.[0] ?? '';
    const made = rows()
      .map(row => `${row}\n`)
      .join('');
    return document.slice(0, bodyStart) + made + document.slice(bodyStart + body.length);
  }, text);
}

describe(PATH, () => {
  it('has a row for each key, made of the table that the command checks with', () => {
    const text = readText(PATH);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(ROOT, PATH), filled(text));
    expect(readText(PATH)).to.equal(filled(text));
    expect(tableRows(readText(PATH), /^`[a-zA-Z.]+`$/).length).to.be.greaterThan(WATCH_KEY_PATHS.length);
  });

  it('shows files that the command takes', () => {
    const examples = [...readText(PATH).matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);
    expect(examples.length).to.be.greaterThan(1);
    for (const example of examples) {
      const { config, problems } = readWatchConfig({ file: { name: 'watch.yaml', text: example } });
      expect(problems, example).to.deep.equal([]);
      expect(Object.values(config?.entries.sources ?? {}).some(({ kind }) => kind === 'file')).to.equal(true);
    }
  });

  it('shows what is said of a wrong one', () => {
    const [, said] = /```text\n(.*?)```/s.exec(readText(PATH)) ?? [];
    const { problems } = readWatchConfig({ file: { name: 'watch.yaml', text: 'endpoint:\n  prot: 9464\n' } });
    expect(problems.map(problem => configProblemText(problem, false)).join('')).to.equal(said);
  });
});
