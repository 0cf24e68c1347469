import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { run } from '../../lib/cli/run.js';
import { readWatchSetup } from '../../lib/cli/watch-setup.js';
import { recordingStream } from './recording-stream.js';

describe(readWatchSetup.name, () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'otel-argo-metrics-'));
    file = join(folder, 'watch.yaml');
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Of a command that only prints, or says why not. */
  async function printed(
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: ExitCode; out: string; said: string }> {
    const [out, said]: [string[], string[]] = [[], []];
    const code = await run(['watch', '--print-config', ...argv], {
      ...{ stdin: Readable.from([]), stdout: recordingStream(out), stderr: recordingStream(said), env },
      ...{ clock: { now: () => 0 }, signal: new AbortController().signal },
    });
    return { code, out: out.join(''), said: said.join('') };
  }

  it('should print what is set and by whom, so that it reads back, and ask no cluster', async () => {
    await writeFile(file, 'endpoint: {port: 1, zeroFor: 30s}\nlog: {level: warn}\n');
    const argv = ['--config', file, '--namespace', 'argo'];
    const { code, out, said } = await printed(argv, { OTEL_EXPORTER_PROMETHEUS_PORT: '2' });
    expect([code, said]).to.deep.equal([ExitCode.ok, '']);
    expect(out).to.contain('namespaces: # from --namespace\n  - argo\n');
    expect(out).to.contain('  port: 2 # from OTEL_EXPORTER_PROMETHEUS_PORT\n');
    expect(out).to.contain(`  zeroFor: 30s # from ${file}:1\n`);
    await writeFile(file, out);
    const again = await printed(['--config', file]);
    expect(again.out.replace(/ # .*/g, '')).to.equal(out.replace(/ # .*/g, ''));
  });

  it('should say all that is wrong, and end with 2 when it is the command line', async () => {
    await writeFile(file, 'endpiont: {}\nlimits: {pageSize: 5}\n');
    const ofFile = await printed(['--config', file]);
    expect([ofFile.code, ofFile.out]).to.deep.equal([ExitCode.failed, '']);
    expect(ofFile.said).to.contain(`${file}:1:1: error FIELD_UNKNOWN: unknown key "endpiont"`);
    expect(ofFile.said).to.contain("hint: Did you mean 'endpoint'?");
    expect(ofFile.said).to.contain('limits.pageSize must be a whole number from 10 to 500, got 5');
    const ofFlags = await printed(['--config', file, '--namespace', 'A', '--listen', 'here']);
    expect(ofFlags.code).to.equal(ExitCode.usage);
    expect(ofFlags.said)
      .to.contain('--listen: error CONFIG_INVALID: --listen is "here"')
      .and.contain('--namespace');
    const ofEnvironment = await printed([], { OTEL_ARGO_METRICS_LOG_FORMAT: 'xml' });
    expect(ofEnvironment.code).to.equal(ExitCode.failed);
  });

  it('should name a file that cannot be read', async () => {
    const missing = join(folder, 'missing.yaml');
    expect(await printed(['--config', missing])).to.deep.include({ code: ExitCode.failed, out: '' });
    expect((await printed(['--config', missing])).said).to.contain(missing);
    await writeFile(file, Buffer.from([0x61, 0x3a, 0x20, 0xff]));
    expect((await printed(['--config', file])).said).to.contain(`${file}: line 1 is not UTF-8`);
    expect((await printed(['--config', folder])).said).to.contain(folder);
    await writeFile(file, `# ${'x'.repeat(300_000)}`);
    expect((await printed(['--config', file])).said).to.contain('MANIFEST_TOO_LARGE');
  });

  it('should go on where only a variable of OpenTelemetry is not understood', async () => {
    const { code, said } = await printed([], { OTEL_LOG_LEVEL: 'loud' });
    expect(code).to.equal(ExitCode.ok);
    expect(said).to.contain('OTEL_LOG_LEVEL: warning CONFIG_INVALID');
    const stderr = new PassThrough();
    const { config } = await readWatchSetup({ flags: {}, configFile: undefined }, { env: {}, stderr });
    expect(config?.endpoint).to.deep.equal({ host: '0.0.0.0', port: 9464, zeroStartMillis: 75_000 });
  });
});
