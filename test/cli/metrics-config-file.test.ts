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

  it('should read an object', async () => {
    expect(await read('\uFEFF{"metricsTTL": "10m"}')).to.deep.equal({ metricsTTL: '10m' });
  });

  it('should say that YAML is not read', async () => {
    expect(await refusal(read('metricsTTL: 10m\n'))).to.contain('YAML is not read');
  });

  it('should refuse JSON that is no object', async () => {
    for (const text of ['null', '[]', '"10m"', '1'])
      expect(await refusal(read(text))).to.contain('no object');
  });

  it('should say which file is missing', async () => {
    expect(await refusal(readMetricsConfig(join(folder, 'missing.json')))).to.contain('missing.json');
  });
});
