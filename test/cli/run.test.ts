import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { HELP_TEXT } from '../../lib/cli/help-text.js';
import { runInMemory } from './run-in-memory.js';

describe('run', () => {
  for (const argv of [['--help'], ['-h'], ['replay', '--help'], ['-h', '-v']])
    it(`should print the help for ${argv.join(' ')}`, async () => {
      expect(await runInMemory(argv)).to.deep.equal({ exitCode: ExitCode.ok, stdout: HELP_TEXT, stderr: '' });
    });

  for (const argv of [['--version'], ['-v']])
    it(`should print the version of the package for ${argv.join(' ')}`, async () => {
      const { version } = JSON.parse(
        readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
      ) as {
        version: string;
      };
      expect(await runInMemory(argv)).to.deep.equal({
        exitCode: ExitCode.ok,
        stdout: `${version}\n`,
        stderr: '',
      });
    });

  const refused: readonly (readonly [string[], string])[] = [
    [[], 'a command is missing'],
    [
      ['lnit', 'x.yaml'],
      'no command "lnit"; did you mean "lint"? Commands are cardinality, compare, lint, replay, watch.',
    ],
    [['something'], 'no command "something". Commands are'],
    [['watch', '--namspace', 'a'], `no option '--namspace'; did you mean "--namespace"?`],
    [['watch', '--all-namespaces=x'], '--all-namespaces'],
    [['watch', 'file'], 'watch reads no files; what is "file"?'],
    [['watch', '--at', 'x'], 'watch has no option --at'],
    [['watch', '--config', ''], '--config needs a file'],
    [['lint', 'a', '--namespace', 'b'], '--namespace of lint goes with --cluster'],
    [['lint'], 'needs files or folders'],
    [['lint', 'a', '--at', 'x'], 'lint has no option --at'],
    [['lint', ''], 'a path of lint is empty'],
    [['lint', 'a', ''], 'a path of lint is empty'],
    [['lint', 'a', '--max-warnings', 'few'], '"few", expected a whole number from 0 to 999999999'],
    [['lint', 'a', '--max-warnings', '-1'], '--max-warnings is "-1", expected a whole number from 0'],
    [['lint', 'a', '--max-warnings=-1'], '--max-warnings is "-1", expected a whole number from 0'],
    [['lint', 'a', '--max-warnings', '--quiet'], "'--max-warnings'"],
    [['lint', 'a', '--format', '-1'], '--format is "-1", expected one of text'],
    [['lint', 'a', '--quiet', '-1'], "'-1'"],
    [['replay', 'a', '--at', '-1'], '--at is "-1", expected a time in RFC 3339'],
    [['replay', 'a', '--config', ''], '--config needs a file'],
    [['lint', 'a', '--format', 'xml'], '"xml", expected one of text, json, sarif, github'],
    [['lint', 'a', '--json', '--format', 'text'], 'exclude each other'],
    [['lint', 'a', '--ignore', './'], '--ignore needs a path'],
    [['replay', 'a', '--strict'], 'replay has no option --strict'],
    [['replay', 'a', '--json'], 'replay has no option --json'],
    [['replay'], 'needs a file'],
    [['replay', 'a', 'b'], 'what is "b"'],
    [['replay', 'a', '--nope'], "'--nope'"],
    [['replay', 'a', '--at'], '--at'],
    [['replay', 'a', '--at', 'yesterday'], '"yesterday", expected a time in RFC 3339'],
    [['--help=yes'], '--help'],
  ];
  for (const [argv, reason] of refused)
    it(`should refuse "${argv.join(' ')}"`, async () => {
      const { exitCode, stdout, stderr } = await runInMemory(argv);
      expect(exitCode).to.equal(ExitCode.usage);
      expect(stdout).to.equal('');
      expect(stderr)
        .to.contain(reason)
        .and.to.match(/^otel-argo-metrics: .*\nTry: otel-argo-metrics --help\n$/);
    });
});
