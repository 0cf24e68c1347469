import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findInstalled } from '../../lib/register/installed-package.js';

describe('findInstalled', () => {
  const cwd = process.cwd();
  const program = process.argv[1] ?? '';
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')))));
  afterEach(() => {
    process.chdir(cwd);
    process.argv[1] = program;
    rmSync(folder, { recursive: true });
  });

  function install(name: string, place: string): string {
    const path = join(folder, place, 'node_modules', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, main: 'main.js' }));
    writeFileSync(join(path, 'main.js'), '');
    return join(path, 'main.js');
  }

  it('should look from the working directory, then from the program, then from here', () => {
    const [here, there] = [install('one', 'here'), install('one', 'there')];
    const other = install('two', 'there');
    process.chdir(join(folder, 'here'));
    process.argv[1] = join(folder, 'there/app.js');
    expect([findInstalled('one'), findInstalled('two')]).to.deep.equal([here, other]);
    process.chdir(folder);
    expect(findInstalled('one')).to.equal(there);
    expect(findInstalled('@opentelemetry/api')).to.match(/node_modules/);
  });

  it('should find nothing where there is nothing, or no program', () => {
    process.chdir(folder);
    process.argv.length = 1;
    expect(findInstalled('none-of-that-name')).to.equal(undefined);
  });

  it('should look from the other places when the working directory has been deleted', () => {
    const there = install('one', 'there');
    process.argv[1] = join(folder, 'there/app.js');
    const deleted = join(folder, 'deleted');
    mkdirSync(deleted);
    process.chdir(deleted);
    rmSync(deleted, { recursive: true });
    expect(findInstalled('one')).to.equal(there);
  });
});
