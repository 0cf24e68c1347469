import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { keepAlive, withDeadline } from '../../lib/guard/deadline.js';

describe('withDeadline', () => {
  it('B19: rejects what never settles, with the code', async () => {
    const never = new Promise(() => undefined);
    const error: unknown = await withDeadline(never, 1, 'EXPORT_TIMEOUT', 'it').catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('code', 'EXPORT_TIMEOUT');
  });

  it('gives through what settles in time', async () => {
    expect(await withDeadline(Promise.resolve(7), 1000, 'EXPORT_TIMEOUT', 'it')).to.equal(7);
  });
});

describe('keepAlive', () => {
  it('settles as the work does', async () => {
    expect(await keepAlive(Promise.resolve(7))).to.equal(7);
    const failure: unknown = await keepAlive(Promise.reject(new Error('x'))).catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'x');
  });

  it('holds a process that waits for a deadline, which alone holds none', () => {
    const entry = new URL('../../dist/guard/deadline.js', import.meta.url).href;
    const run = (wait: string): string => {
      const program = `import { keepAlive, withDeadline } from '${entry}';
        const work = withDeadline(new Promise(() => undefined), 50, 'EXPORT_TIMEOUT', 'it').catch(() => console.log('late'));
        await ${wait};`;
      return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout;
    };
    expect(run('work')).to.equal('');
    expect(run('keepAlive(work)')).to.equal('late\n');
  });
});
