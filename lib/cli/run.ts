import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { closestWord } from '../guard/closest-word.js';
import { cardinality } from './cardinality.js';
import { compare } from './compare.js';
import { ExitCode } from './exit-code.js';
import { HELP_TEXT } from './help-text.js';
import { lint, LINT_FORMATS } from './lint.js';
import type { LintFormat } from './lint.js';
import { lintedCluster } from './lint-cluster-options.js';
import { printableLines } from './printable-text.js';
import { cardinalityOptionsOf, compareOptionsOf, countOf } from './page-options.js';
import { replay } from './replay.js';
import { parseRfc3339 } from './rfc3339.js';
import type { RunContext } from './run-context.js';
import { UsageError } from './usage-error.js';
import { watch } from './watch.js';
import { watchOptionsOf } from './watch-options.js';

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  'all-namespaces': { type: 'boolean' },
  at: { type: 'string' },
  cluster: { type: 'boolean' },
  config: { type: 'string' },
  'fail-on-empty': { type: 'boolean' },
  for: { type: 'string' },
  format: { type: 'string' },
  header: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'instance-id': { type: 'string' },
  json: { type: 'boolean' },
  kubeconfig: { type: 'string' },
  labels: { type: 'boolean' },
  listen: { type: 'string' },
  'max-series': { type: 'string' },
  'max-warnings': { type: 'string' },
  metric: { type: 'string', multiple: true },
  'metrics-config': { type: 'string' },
  namespace: { type: 'string', multiple: true },
  'print-config': { type: 'boolean' },
  check: { type: 'boolean' },
  quiet: { type: 'boolean' },
  server: { type: 'string' },
  state: { type: 'string' },
  strict: { type: 'boolean' },
  timeout: { type: 'string' },
  top: { type: 'string' },
  with: { type: 'string' },
} as const;

/** The options that mean something to a command. */
const OPTIONS_OF_COMMAND = {
  cardinality: ['header', 'json', 'max-series', 'metric', 'timeout', 'top'],
  compare: ['for', 'format', 'header', 'json', 'metric', 'timeout', 'with'],
  lint: [
    ...['all-namespaces', 'cluster', 'fail-on-empty', 'format', 'ignore', 'json', 'kubeconfig', 'labels'],
    ...['max-warnings', 'namespace', 'quiet', 'server', 'strict'],
  ],
  replay: ['at', 'config'],
  watch: [
    ...['all-namespaces', 'config', 'instance-id', 'kubeconfig', 'listen'],
    ...['check', 'metrics-config', 'namespace', 'print-config', 'server', 'state'],
  ],
} as const;

const COMMANDS = Object.keys(OPTIONS_OF_COMMAND);

/**
 * The command line. Touches nothing but what it is given, so it runs in a test as in a process.
 *
 * @param argv without the program's own name.
 * @returns the exit code; never rejects.
 */
export async function run(argv: readonly string[], context: RunContext): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    context.stderr.write(`otel-argo-metrics: ${printableLines(message)}\n`);
    if (isUsage) context.stderr.write('Try: otel-argo-metrics --help\n');
    return isUsage ? ExitCode.usage : ExitCode.failed;
  }
}

function dispatch(argv: readonly string[], context: RunContext): ExitCode | Promise<ExitCode> {
  const { values, positionals } = parse(argv);
  if (values.help === true) {
    context.stdout.write(HELP_TEXT);
    return ExitCode.ok;
  }
  if (values.version === true) {
    context.stdout.write(`${packageVersion()}\n`);
    return ExitCode.ok;
  }
  const [command, ...files] = positionals;
  switch (command) {
    case 'lint':
      refuseOthers('lint', values);
      return runLint(files, values, context);
    case 'replay':
      refuseOthers('replay', values);
      return runReplay(files, values, context);
    case 'cardinality':
      refuseOthers('cardinality', values);
      return cardinality(cardinalityOptionsOf(files, values), context);
    case 'compare':
      refuseOthers('compare', values);
      return compare(compareOptionsOf(files, values), context);
    case 'watch':
      refuseOthers('watch', values);
      if (files.length > 0) throw new UsageError(`watch reads no files; what is "${files.join(' ')}"?`);
      return watch({ ...watchOptionsOf(values), version: packageVersion() }, context);
    case undefined:
      throw new UsageError('a command is missing.');
    default:
      throw new UsageError(
        `there is no command "${command}"${meant(closestWord(command, COMMANDS)) || '.'} ` +
          `Commands are ${COMMANDS.join(', ')}.`,
      );
  }
}

type Values = ReturnType<typeof parse>['values'];

function runLint(paths: readonly string[], values: Values, context: RunContext): Promise<ExitCode> {
  const cluster = lintedCluster(paths, values);
  if (paths.length === 0 && cluster === undefined)
    throw new UsageError('lint needs files or folders, or "-" for the standard input, or --cluster.');
  if (paths.includes(''))
    throw new UsageError(
      'a path of lint is empty; it needs files or folders, or "-" for the standard input.',
    );
  const { ignore: ignored = [], quiet = false, strict = false } = values;
  if (ignored.some(pattern => /^[./\\]*$/.test(pattern)))
    throw new UsageError('--ignore needs a path or a pattern such as charts/*.');
  const format = formatOf(values);
  const withLabels = values.labels ?? false;
  if (withLabels && format !== 'text' && format !== 'json')
    throw new UsageError(`--labels goes with --format text and json, not with ${format}.`);
  const options = {
    ...{ paths, ignored, isQuiet: quiet, isStrict: strict, version: packageVersion() },
    ...{ format, withLabels, cluster },
    warningsMax: countOf('max-warnings', values['max-warnings']),
    failsOnEmpty: values['fail-on-empty'] ?? false,
  };
  return lint(options, context);
}

/** `--json` is the older name of `--format json`. */
function formatOf({ format, json }: Values): LintFormat {
  if (format === undefined) return json === true ? 'json' : 'text';
  const known = LINT_FORMATS.find(name => name === format);
  if (known === undefined)
    throw new UsageError(`--format is "${format}", expected one of ${LINT_FORMATS.join(', ')}.`);
  if (json === true && known !== 'json')
    throw new UsageError(`--json and --format ${known} exclude each other.`);
  return known;
}

function runReplay(files: readonly string[], values: Values, context: RunContext): Promise<ExitCode> {
  const [file, ...rest] = files;
  if (file === undefined || file === '')
    throw new UsageError(
      'replay needs a file with watch events or workflows, or "-" for the standard input.',
    );
  if (values.config === '') throw new UsageError('--config needs a file.');
  if (rest.length > 0) throw new UsageError(`replay reads one file; what is "${rest.join(' ')}"?`);
  return replay({ file, atUnixMillis: atOf(values.at), configFile: values.config }, context);
}

/** An option that another command has would be ignored, and who typed it would not know. */
function refuseOthers(command: keyof typeof OPTIONS_OF_COMMAND, values: Values): void {
  const own: readonly string[] = OPTIONS_OF_COMMAND[command];
  const foreign = Object.keys(values).find(name => !own.includes(name));
  if (foreign !== undefined) throw new UsageError(`${command} has no option --${foreign}.`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: withNegatives(argv), options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [, unknown] = /^Unknown option '--([^'=]+)/.exec(message) ?? [];
    const close = unknown === undefined ? undefined : closestWord(unknown, Object.keys(OPTIONS));
    throw close === undefined
      ? new UsageError(message.replace(/\s*\n\s*/g, ' '), { cause })
      : new UsageError(`there is no option '--${unknown}'${meant(`--${close}`)}`, { cause });
  }
}

function meant(word: string | undefined): string {
  return word === undefined ? '' : `; did you mean "${word}"?`;
}

/** A number with a minus sign is the value of the option before it, which then says what it expects. */
function withNegatives(argv: readonly string[]): string[] {
  const args: string[] = [];
  for (const arg of argv) {
    const option = args.at(-1) ?? '';
    const name = option.replace(/^--/, '');
    const takesText = option.startsWith('--') && Object.hasOwn(OPTIONS, name) && !args.includes('--');
    const isNegative =
      takesText && /^-\d/.test(arg) && OPTIONS[name as keyof typeof OPTIONS].type === 'string';
    if (isNegative) args[args.length - 1] = `${option}=${arg}`;
    else args.push(arg);
  }
  return args;
}

function atOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const unixMillis = parseRfc3339(text);
  if (unixMillis === undefined)
    throw new UsageError(`--at is "${text}", expected a time in RFC 3339 such as 2026-11-23T04:07:45Z.`);
  return unixMillis;
}

/** From the package that this file is part of, built or not. */
function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
