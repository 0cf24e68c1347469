// A certificate authority for one run, with the API server and one client that it lets do anything: made by openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Files `ca`, `server` and `admin` in the folder, each with `.crt` and `.key`. */
export function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const make = (name, subject, extensions) => {
    writeFileSync(join(folder, `${name}.ext`), extensions.join('\n'));
    openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-days', '2', ...authority, ...files);
  };
  openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=ca');
  make('server', '/CN=127.0.0.1', [
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
    'extendedKeyUsage=serverAuth',
  ]);
  make('admin', '/O=system:masters/CN=admin', ['extendedKeyUsage=clientAuth']);
  // The whole of Kubernetes signs the tokens of its accounts.
  openssl('genpkey', '-algorithm', 'RSA', '-out', 'accounts.key');
  openssl('pkey', '-in', 'accounts.key', '-pubout', '-out', 'accounts.pub');
}

/** A kubeconfig of that client; JSON is YAML. */
export function kubeconfigOf(folder, port) {
  const base64 = name => readFileSync(join(folder, name)).toString('base64');
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': base64('ca.crt'),
  };
  const user = { 'client-certificate-data': base64('admin.crt'), 'client-key-data': base64('admin.key') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'run',
    contexts: [{ name: 'run', context: { cluster: 'run', user: 'admin' } }],
    clusters: [{ name: 'run', cluster }],
    users: [{ name: 'admin', user }],
  });
}
