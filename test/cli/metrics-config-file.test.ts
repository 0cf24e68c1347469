import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MetricsConfigError, readMetricsConfig } from '../../lib/cli/metrics-config-file.js';

describe('readMetricsConfig', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'metrics-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  const read = async (text: string): Promise<object> => {
    const path = join(folder, 'config');
    await writeFile(path, text);
    return readMetricsConfig(path);
  };
  const refusal = async (reading: Promise<object>): Promise<string> => {
    const error = await reading.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MetricsConfigError);
    return (error as Error).message;
  };

  it('should read JSON, behind a byte order mark too', async () => {
    expect(await read('\uFEFF{"metricsTTL": "10m"}')).to.deep.equal({ metricsTTL: '10m' });
  });

  it('should read YAML, as Argo does', async () => {
    expect(await read('metricsTTL: 10m\nsecure: off\nmodifiers: {"*": {disabled: yes}}')).to.deep.equal({
      metricsTTL: '10m',
      secure: false,
      modifiers: { '*': { disabled: true } },
    });
  });

  it('should say in one line where it nests too deeply', async () => {
    const blocks = Array.from({ length: 1300 }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    for (const deep of [blocks, '- '.repeat(1300), `a: ${'['.repeat(900)}`, '{"a":'.repeat(5000)]) {
      const message = await refusal(read(deep));
      expect(message).to.match(/config: nested too deeply.* at line \d+, column \d+$/);
      expect(message).to.not.include('\n');
    }
    const inside = JSON.stringify({ kind: 'ConfigMap', data: { config: '- '.repeat(1300) } });
    expect(await refusal(read(inside))).to.match(/nested too deeply/);
  });

  it('should find it under its key and in both kinds of ConfigMap', async () => {
    const configMap = (data: Record<string, string>): string =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data });
    for (const text of [
      'metricsConfig: {port: 1}',
      configMap({ metricsConfig: 'port: 1' }),
      configMap({ config: 'metricsConfig:\n  port: 1\nparallelism: 5' }),
    ])
      expect(await read(text)).to.deep.equal({ port: 1 });
    for (const text of [configMap({}), configMap({ config: 'parallelism: 5' })])
      expect(await read(text)).to.deep.equal({});
  });

  it('should refuse what is no YAML, and aliases that blow up', async () => {
    expect(await refusal(read('{"a": '))).to.contain('neither YAML nor JSON');
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(await refusal(read(['l0: &l0 x', ...levels].join('\n')))).to.contain('neither YAML nor JSON');
  });

  it('should refuse what is no object', async () => {
    for (const text of ['null', '[]', '"10m"', '1', '', 'metricsConfig: 5', 'kind: ConfigMap\ndata: 5'])
      expect(await refusal(read(text))).to.contain('no object');
  });

  it('should say which file is missing', async () => {
    expect(await refusal(readMetricsConfig(join(folder, 'missing.json')))).to.contain('missing.json');
  });

  it('should end with what never ends and with a pipe that nobody writes to', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(await refusal(readMetricsConfig(fifo))).to.equal(
      `${fifo} holds no object. It must be what stands under metricsConfig.`,
    );
    expect(await refusal(readMetricsConfig('/dev/zero'))).to.equal('/dev/zero: larger than 4194304 bytes');
  });
});
