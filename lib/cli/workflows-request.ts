// What an API server is asked for, and what its refusals mean to people.
import { textOf } from '../guard/thrown.js';
import { ApiError } from '../kubernetes/api-error.js';

const API = '/apis/argoproj.io/v1alpha1';
const INSTANCE_ID = 'workflows.argoproj.io/controller-instanceid';

/** @param namespace undefined: all of them */
export function pathOf(namespace: string | undefined): string {
  return `${API}${namespace === undefined ? '' : `/namespaces/${namespace}`}/workflows`;
}

/** The controller takes no others either. @param instanceId undefined: those that name no controller */
export function selectorOf(instanceId: string | undefined): string {
  return instanceId === undefined ? `!${INSTANCE_ID}` : `${INSTANCE_ID}=${instanceId}`;
}

/** Why a request failed, and what that may mean. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? reasonOfNode(error) : textOf(error);
  const hint =
    error.status === 403
      ? '. Does this account have the verbs list and watch on workflows.argoproj.io there?'
      : error.status === 404
        ? '. Are the CRDs of Argo Workflows installed?'
        : '';
  return `${error.message}${hint}`;
}

function reasonOfNode({ message, name, code }: Error & { readonly code?: string }): string {
  if (code === 'ECONNRESET') return 'the connection broke';
  // Of a host with several addresses Node says nothing but the code.
  return message || code || name;
}
