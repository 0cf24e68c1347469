// Goal: the Dockerfile makes an image of what the package has. Method: read it, and compare with what it names.
// scripts/run-deploy.mjs lays out its folders and starts what is in them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT, readText } from '../support/source-tree.js';
import { at, onlyOf } from './manifests.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

const lines = readText('deploy/Dockerfile')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'));
const manifest = JSON.parse(readText('package.json')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('the image of deploy/Dockerfile', () => {
  it('should be made of files that npm packs', () => {
    const copied = lines
      .filter(line => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap(line => line.split(' ').slice(1, -1));
    expect(copied.length).to.be.greaterThan(3);
    const packed = [...manifest.files, 'package.json', 'LICENSE'];
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).to.equal(true);
      expect(
        packed.some(name => path === name || path.startsWith(`${name}/`)),
        path,
      ).to.equal(true);
    }
  });

  it('should start the command of the package as the user that the pod says', () => {
    const [entry] = lines.filter(line => line.startsWith('ENTRYPOINT '));
    const [, program] = JSON.parse(entry?.replace('ENTRYPOINT ', '') ?? '[]') as string[];
    expect(program).to.equal(`/app/${manifest.bin['otel-argo-metrics']}`);
    const user = at(onlyOf('StatefulSet'), 'spec', 'template', 'spec', 'securityContext', 'runAsUser');
    expect(lines).to.include(`USER ${String(user)}:${String(user)}`);
  });

  it('should name base images that an argument replaces, and no digest that nobody looked up', () => {
    const bases = lines.filter(line => line.startsWith('FROM '));
    expect(bases).to.deep.equal(['FROM ${NODE_IMAGE} AS packages', 'FROM ${RUNTIME_IMAGE}']);
    const defaults = lines.filter(line => line.startsWith('ARG '));
    expect(defaults.length).to.equal(2);
    // The same major version, and a tag.
    for (const line of defaults) expect(line).to.match(/22[-\w]*(:nonroot)?$/);
    expect(defaults.filter(line => line.includes('@'))).to.deep.equal([]);
  });

  it('should have the packages that the command needs, as they are tried here', () => {
    const { dependencies } = JSON.parse(readText('deploy/image/package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    // Of the peers it takes only the API: what it has of the SDK are types.
    expect(Object.keys(dependencies).sort()).to.deep.equal(
      ['@opentelemetry/api', ...Object.keys(manifest.dependencies)].sort(),
    );
    const own = (JSON.parse(readText('deploy/image/package-lock.json')) as Lock).packages;
    const tried = (JSON.parse(readText('package-lock.json')) as Lock).packages;
    for (const [name, version] of Object.entries(dependencies)) {
      const key = `node_modules/${name}`;
      expect(own[key]?.version, name).to.equal(version);
      expect(own[key]?.version, name).to.equal(tried[key]?.version);
      expect(own[key]?.integrity, name).to.equal(tried[key]?.integrity);
    }
    expect(Object.keys(own).length, 'nothing else is installed').to.equal(
      1 + Object.keys(dependencies).length,
    );
  });
});
